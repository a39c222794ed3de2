"""Copies are found however they are spelt; what everybody says is nobody's copy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.likeness import BANDS, NEAR, likeness, signature

KAZAKH = "Қалада су уланған, балаларға шүмектен су бермеңіздер, барлығына таратыңыздар"
RUSSIAN = "Вода в городе отравлена, не давайте детям пить воду из крана, передайте всем"
PINNED = 6007935614554247179
ORDINARY = ("рахмет", "жарық жоқ", "су жоқ бізде", "нет света", "+++", "👍👍👍", "", "5 кв 12 үй")


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        (KAZAKH, "Калада су уланган, балаларга шумектен су бермениздер, барлыгына таратыныздар"),
        (KAZAKH, "Qalada sw ulanğan, balalarğa şümekten su bermeñizder, barlığına taratıñızdar"),
        (RUSSIAN, RUSSIAN.upper() + "!!! 😱"),
        (RUSSIAN, "Срочно! " + RUSSIAN.replace("крана", "под крана")),
    ],
)
def test_copies_share_a_key_and_are_near(text: str, copy: str) -> None:
    one, other = signature(text), signature(copy)
    assert one is not None
    assert other is not None
    assert set(one.keys) & set(other.keys)
    assert likeness(one, other) >= NEAR


def test_another_text_on_the_same_matter_is_not_near() -> None:
    one = signature(RUSSIAN)
    other = signature("Почему вода из крана опять ржавая, когда в городе поменяют трубы?")
    assert one is not None
    assert other is not None
    assert likeness(one, other) < 0.2


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_short_texts_have_none(text: str) -> None:
    assert signature(text) is None


def test_keys_mean_the_same_tomorrow() -> None:
    found = signature(RUSSIAN)
    assert found is not None
    assert found.keys[0] == PINNED


@given(st.text(max_size=300))
def test_any_text_can_be_signed(text: str) -> None:
    found = signature(text)
    if found is not None:
        assert len(found.keys) == BANDS
        assert all(0 <= key < 2**63 for key in found.keys)
        assert likeness(found, found) == 1
