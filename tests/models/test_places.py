"""Places are found beside street words and by capitals, in every spelling the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.claims.concepts import LEXICON
from models.places import mentions, places


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Абай көшесінде жарық жоқ", "Абай"),
        ("Нет света на улице Абая уже час", "Абая"),
        ("Samal yqshamaudanynda su joq", "Samal"),
        ("8 мкр, нет отопления", "8"),
        ("no power on Abai street", "Abai"),
        ("ул. Кенесары 15 нет воды", "Кенесары"),
        ("Когда дадут свет в Чубарах?", "Чубарах"),
    ],
)
def test_named(text: str, shown: str) -> None:
    assert next(iter(places(text).values())) == shown


@pytest.mark.parametrize(
    "text", ["жарық жоқ", "Нет света, Акимат молчит", "Су жоқ, Астана қатып жатыр", "НЕТ ВОДЫ", ""]
)
def test_nothing_is_named(text: str) -> None:
    assert places(text) == {}


def test_spellings_meet() -> None:
    (key,) = places("Абай көшесінде жарық жоқ")
    for text in ("на абая нет света", "Abaida jaryq joq", "АБАЯ 15 БЕЗ СВЕТА"):
        assert key in mentions(text)


def test_no_place_is_taken_for_a_word_that_means_nothing() -> None:
    known = {
        key
        for key, entries in LEXICON.entries.items()
        if any(entry.kind == "places" for entry in entries)
    }
    assert known.isdisjoint(LEXICON.function)


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    assert places(text).keys() <= mentions(text)
