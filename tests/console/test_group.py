"""A comment's page shows who else wrote the same."""

from __future__ import annotations

from collections.abc import Callable

from plain_browser import Browser

TEXT = "Сегодня ночью весь рынок закрывают навсегда, забирайте товар, передайте соседям"


def test_the_others_are_shown(browser: Callable[..., Browser], write: Callable[..., int]) -> None:
    ids = [write(TEXT, author=name, intent="claim") for name in ("first", "second", "third")]
    opened = browser()
    opened.get(f"/console/comments/{ids[0]}")
    assert "Others write the same" in opened.page
    assert "3 accounts" in opened.page
    assert f'href="/console/comments/{ids[2]}"' in opened.page


def test_nothing_is_shown_of_a_text_of_its_own(
    browser: Callable[..., Browser], write: Callable[..., int]
) -> None:
    opened = browser()
    opened.get(f"/console/comments/{write(TEXT, author='first')}")
    assert "Others write the same" not in opened.page
