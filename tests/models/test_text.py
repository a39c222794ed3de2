"""Text as it arrives: what is refused, and the two shapes it is read in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import TextError, check_text, normalise, skeleton, words

REFUSED = [
    ("", "blank-text"),
    (" \n\t\u00a0", "blank-text"),
    ("\u200b\u200d", "blank-text"),
    ("су \x00 жоқ", "nul-byte"),
    ("су \ud800 жоқ", "lone-surrogate"),
    ("ж" * 10_001, "text-too-long"),
    (7, "not-a-string"),
    (None, "not-a-string"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_refused_with_its_code(text: object, code: str) -> None:
    with pytest.raises(TextError) as caught:
        check_text(text)
    assert caught.value.code == code
    assert caught.value.detail


@pytest.mark.parametrize("text", ["😀", "?", "1", "ж" * 10_000, "а\u0301" * 5_000, "\u202eсу"])
def test_odd_texts_are_comments_too(text: str) -> None:
    assert check_text(text) == text


def test_the_limit_is_named() -> None:
    with pytest.raises(TextError, match=r"11 characters; the limit is 10"):
        check_text("a" * 11, 10)


@given(st.text(max_size=300))
def test_skeleton_keeps_the_length(text: str) -> None:
    assert len(skeleton(text)) == len(text)


def test_skeleton_folds_kazakh_letters() -> None:
    assert skeleton("Үшінші КҮН жылу жоқ, Һәм ёлка") == "ушинши кун жылу жок, хам елка"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Жылу\n жоқ  ", "жылу жоқ"),
        ("жоооооқ!!!!", "жооқ!!"),
        ("СВЕТА НЕТ", "света нет \ue002"),
        ("смотри https://a.kz/x?y и gov.kz", "смотри \ue000 и \ue000"),
        ("@akimat_astana жауап [id12|Аян], күтеміз", "\ue001 жауап \ue001, күтеміз"),
        ("и\u0306", "й"),
        ("ﬁx", "fix"),
        ("су\u200b жо\u00adқ", "су жоқ"),
    ],
)
def test_normalised(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text(max_size=300))
def test_normalising_never_fails(text: str) -> None:
    assert "  " not in normalise(text)


def test_words_have_places() -> None:
    text = "ж-к Д'Артаньян, 😀 не?"
    assert [text[start:end] for start, end in words(text)] == ["ж-к", "Д'Артаньян", "не"]
