"""A comment's page shows who else wrote the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from plain_browser import Browser
from spreading import RUMOUR, label_all, spread

from service import comments
from service.house import House


def test_the_others_are_shown(browser: Callable[..., Browser], write: Callable[..., int]) -> None:
    ids = [write(RUMOUR, author=name, intent="claim") for name in ("first", "second", "third")]
    opened = browser()
    opened.get(f"/console/comments/{ids[0]}")
    assert "Others write the same" in opened.page
    assert "3 accounts" in opened.page
    assert f'href="/console/comments/{ids[2]}"' in opened.page


def test_nothing_is_shown_of_a_text_of_its_own(
    browser: Callable[..., Browser], write: Callable[..., int]
) -> None:
    opened = browser()
    opened.get(f"/console/comments/{write(RUMOUR, author='first')}")
    assert "Others write the same" not in opened.page


NAMES = ("first", "second", "third")
OWN = "Здравствуйте! Сообщение получили, специалисты уже проверяют."


@pytest.fixture
def ids(write: Callable[..., int]) -> list[int]:
    """The numbers of three comments that say the same."""
    return [write(RUMOUR, author=name, intent="claim") for name in NAMES]


def _decisions(house: House, ids: list[int]) -> list[tuple[str, str | None]]:
    with house.sessions.reading() as session:
        found = [comments.get(session, number) for number in ids]
    return [(one.status, one.review.reply_text if one.review else None) for one in found]


def test_one_decision_for_all_who_wrote_the_same(
    browser: Callable[..., Browser], ids: list[int], house: House
) -> None:
    opened = browser()
    opened.get(f"/console/comments/{ids[0]}")
    assert "Decide 2 similar comments alike" in opened.page
    opened.decide("approve", reply="own", text__own=OWN, alike=str(ids[-1]))
    assert _decisions(house, ids) == [("approved", OWN)] * 3
    assert "The edited reply is approved. The same goes for 2 similar comments." in opened.page


def test_without_the_tick_the_others_stay(
    browser: Callable[..., Browser], ids: list[int], house: House
) -> None:
    opened = browser()
    opened.get(f"/console/comments/{ids[0]}")
    opened.decide("reject", reason="spam")
    assert [status for status, _ in _decisions(house, ids)] == ["rejected", "open", "open"]
    opened.get(f"/console/comments/{ids[0]}")
    assert 'name="alike"' not in opened.page


def test_what_another_moderator_has_is_left(
    browser: Callable[..., Browser], ids: list[int], house: House
) -> None:
    browser("bolat").get(f"/console/comments/{ids[1]}")
    opened = browser()
    opened.get(f"/console/comments/{ids[0]}")
    opened.decide("reject", reason="spam", alike=str(ids[-1]))
    assert [status for status, _ in _decisions(house, ids)] == ["rejected", "open", "rejected"]
    assert "1 comment could not be decided like this and stays open." in opened.page


def test_own_words_for_all_call_nobody_by_name(
    browser: Callable[..., Browser], write: Callable[..., int], house: House
) -> None:
    ids = [write(RUMOUR, author=name, intent="claim") for name in ("Анна", "second", "third")]
    opened = browser()
    opened.get(f"/console/comments/{ids[0]}")
    words = f"Анна! {OWN}"
    opened.decide("approve", reply="own", text__own=words, alike=str(ids[-1]))
    assert opened.status == 422
    assert "calls one of them by name" in opened.page
    assert words in opened.page
    assert f'name="alike" value="{ids[-1]}" data-alike checked' in opened.page
    assert [status for status, _ in _decisions(house, ids)] == ["open"] * 3
    opened.decide("approve", reply="own", text__own=words, alike="")
    assert [status for status, _ in _decisions(house, ids)] == ["approved", "open", "open"]


def test_a_copy_that_came_in_since_is_left(
    browser: Callable[..., Browser], write: Callable[..., int], ids: list[int], house: House
) -> None:
    opened = browser()
    opened.get(f"/console/comments/{ids[0]}")
    ids.append(write(RUMOUR, author="fourth", intent="claim"))
    opened.decide("reject", reason="spam", alike=str(ids[2]))
    assert [status for status, _ in _decisions(house, ids)] == [*["rejected"] * 3, "open"]


def test_what_was_passed_up_together_is_put_back_together(
    browser: Callable[..., Browser], ids: list[int], house: House
) -> None:
    opened = browser()
    for action, status in (("escalate", "escalated"), ("return", "open")):
        opened.get(f"/console/comments/{ids[0]}")
        opened.decide(action, alike=str(ids[-1]))
        assert [found for found, _ in _decisions(house, ids)] == [status] * 3


def test_copies_get_the_language_that_was_chosen(
    browser: Callable[..., Browser], ids: list[int], house: House
) -> None:
    opened = browser()
    opened.get(f"/console/comments/{ids[0]}")
    opened.decide("language.kk")
    opened.decide("approve", alike=str(ids[-1]))
    with house.sessions.reading() as session:
        reviews = [comments.get(session, number).review for number in ids]
    assert [one and one.language for one in reviews] == ["kk"] * 3
    texts = [one.reply_text or "" for one in reviews if one]
    assert all(name in text for name, text in zip(NAMES, texts, strict=True))


def test_why_they_are_flagged_is_said_in_the_language_of_the_reader(
    browser: Callable[..., Browser], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    label_all(house, monkeypatch, intent="claim")
    spread(house, RUMOUR)
    opened = browser("bolat")
    opened.get("/console/comments/1")
    assert "3 аккаунта, за 24 ч" in opened.page
    assert "nearly the same" not in opened.page
