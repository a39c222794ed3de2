"""Where a decision, a skip and the way back to the queue lead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

Open = Callable[..., Any]
RUSSIAN = "Здравствуйте! Сообщение получили, специалисты уже проверяют."


DECISIONS = {
    "approve": {},
    "edit": {"reply": "own", "text__own": RUSSIAN},
    "reject": {"reason": "spam"},
    "escalate": {},
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_leads_to_the_most_pressing(
    at: Open, browser: Open, comments: Any, decision: str
) -> None:
    browser("bolat").get(f"/console/comments/{comments['gas']}")
    page = at("cold")
    page.decide("approve" if decision == "edit" else decision, **DECISIONS[decision])
    assert page.address == f"/console/comments/{comments['manhole']}?done={decision}"


def test_skipping_goes_on_and_comes_round(at: Open, browser: Open, comments: Any) -> None:
    chris = browser()
    queue = chris.get("/console/?topic=heating")
    order = re.findall(r'row-link" href="/console/comments/(\d+)', queue)
    assert len(order) == 3
    page = at("gas", query="?topic=heating")
    for number in (*order[1:], *order):
        page.decide("skip")
        assert page.address == f"/console/comments/{number}?topic=heating&done=skip"
    for number in order[:2]:
        chris.get(f"/console/comments/{number}?topic=heating")
        chris.decide("reject", reason="spam")
    chris.decide("skip")
    assert chris.address == "/console/?topic=heating&done=skip"


def test_leaving_for_the_queue_lets_go(at: Open, comments: Any) -> None:
    page = at("gas", query="?topic=heating")
    leave = re.search(r'action="(/console/comments/\d+/leave[^"]*)"', page.page)
    assert leave is not None
    assert '<button form="leave" aria-current="page">' in page.page
    page.client.post(leave[1], data={"csrf": "0" * 64})
    other = at("gas", "bolat")
    assert "chris" in other.page
    page.post(leave[1])
    assert page.address == "/console/?topic=heating"
    assert "chris" not in at("gas", "bolat").page
    page.get(f"/console/comments/{comments['gas']}")
    assert "/leave" not in page.page
    page.post(leave[1])
    assert "bolat" in at("gas").page


def test_the_last_one_leads_back_to_the_queue(at: Open) -> None:
    page = at("rumour", query="?flag=likely")
    page.decide("reject", reason="answered")
    assert page.address == "/console/?flag=likely&done=reject"
    assert "The comment is rejected." in page.page
