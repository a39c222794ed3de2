"""A comment's page shows who else wrote the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from plain_browser import Browser
from spreading import RUMOUR, label_all, spread

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


def test_why_they_are_flagged_is_said_in_the_language_of_the_reader(
    browser: Callable[..., Browser], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    label_all(house, monkeypatch, intent="claim")
    spread(house, RUMOUR)
    opened = browser("bolat")
    opened.get("/console/comments/1")
    assert "3 аккаунта, за 24 ч" in opened.page
    assert "nearly the same" not in opened.page
