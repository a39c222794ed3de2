"""The page of a comment that is decided, or is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Open = Callable[..., Any]
RUSSIAN = "Здравствуйте! Сообщение получили, специалисты уже проверяют."


def test_decided_comments_are_read_only(at: Open, comments: Any) -> None:
    page = at("cold")
    page.decide("approve", reply="own", text__own=RUSSIAN, label__sentiment="neutral")
    page.get(f"/console/comments/{comments['cold']}")
    assert "Reply edited and approved" in page.page
    assert RUSSIAN in page.page
    assert "<s>Negative</s> Neutral" in page.page
    assert 'value="approve"' not in page.page
    assert "<select" not in page.page
    page.get("/console/?status=approved")
    assert "Третий день" in page.page


def test_no_such_comment(browser: Open) -> None:
    chris = browser()
    chris.post("/console/comments/77/review", action="reject", reason="spam")
    assert chris.status == 404
    chris.post(f"/console/comments/{2**70}/review", action="approve")
    assert chris.status == 404
