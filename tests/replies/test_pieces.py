"""Slots, optional parts, and values that are put in as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies.pieces import PieceError, all_slots, fill, pieces, required_slots

THANKS = "[[{author}, ]]рақмет! Сілтеме: {link}"


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Рақмет!", {}, "Рақмет!"),
        ("Қараңыз: {link}", {"link": "https://a.kz"}, "Қараңыз: https://a.kz"),
        ("Қараңыз: {link}", {}, "Қараңыз: {link}"),
        ("[[{author}, ]]рақмет!", {"author": "Айгүл"}, "Айгүл, рақмет!"),
        ("[[{author}, ]]рақмет!", {}, "Рақмет!"),
        ("[[{author}, ]]eGov арқылы көріңіз", {}, "eGov арқылы көріңіз"),
        ("Да. [[{author}, ]]спасибо", {}, "Да. Спасибо"),
        ("Да, [[{author}, ]]спасибо", {}, "Да, спасибо"),
        ("Да.[[ Тут: {link}]]", {}, "Да."),
        ("Да.[[ Тут: {link}]]", {"link": "https://a.kz"}, "Да. Тут: https://a.kz"),
        ("{answer}. Ждём", {"answer": "Да"}, "Да. Ждём"),
        ("{answer}. Ждём", {"answer": "Да!"}, "Да! Ждём"),
        ("{answer}. Ждём", {"answer": "Да."}, "Да. Ждём"),
        ("{a}{b}", {"a": "{b}", "b": "[[{a}]]"}, "{b}[[{a}]]"),
    ],
)
def test_fill(text: str, values: dict[str, str], expected: str) -> None:
    assert fill(text, values) == expected


@pytest.mark.parametrize(
    "text",
    ["{", "}", "{Name}", "{ name }", "{}", "a {b", "[[без слота]]", "[[{a}", "{a}]]", "[[{a}{b}]]"],
)
def test_braces_that_do_not_add_up_are_refused(text: str) -> None:
    with pytest.raises(PieceError):
        pieces(text)


def test_slots_come_in_order_and_once() -> None:
    assert all_slots("{b} {a} {b}[[ {c}]]") == ("b", "a", "c")
    assert required_slots(THANKS) == ("link",)


@given(st.text(), st.text())
def test_values_go_in_as_they_are(author: str, link: str) -> None:
    assert fill(THANKS, {"author": author, "link": link}) == (
        f"{author}, рақмет! Сілтеме: {link}".strip()
    )


@given(st.text(alphabet="[]{}ab ,.", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = pieces(text)
    except PieceError:
        return
    assert {piece.slot for piece in found if piece.slot} == set(all_slots(text))
