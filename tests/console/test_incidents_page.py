"""Incidents on pages: the count, the reports, and one answer for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from plain_browser import Browser
from spreading import REPORTS, label_all

from service.house import House

OWN = {"action": "approve", "reply": "own"}


@pytest.fixture
def reports(house: House, write: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of three reports of one outage."""
    label_all(house, monkeypatch, topic="water")
    return [write(text, author=str(number)) for number, text in enumerate(REPORTS)]


def test_the_list_counts_by_itself(
    browser: Callable[..., Browser], reports: list[int], write: Callable[..., int]
) -> None:
    opened = browser()
    opened.get("/console/incidents")
    assert "3 comments" in opened.page
    assert 'http-equiv="refresh"' in opened.page
    write("Абая, воды нет", author="another")
    opened.get("/console/incidents")
    assert "4 comments" in opened.page


def test_one_answer_for_all(
    browser: Callable[..., Browser], reports: list[int], house: House
) -> None:
    opened = browser()
    opened.get("/console/incidents/1")
    assert REPORTS[0] in opened.page
    opened.get("/console/incidents/1/answer")
    assert 'http-equiv="refresh"' not in opened.page
    text = "Здравствуйте! Сообщение передано специалистам, они проверяют."
    opened.post("/console/incidents/1/answer", **OWN, **{"text.own": text})
    assert opened.status == 200
    assert "3 comments are decided." in opened.page
    assert "All answered" in opened.page
    opened.get(f"/console/comments/{reports[0]}")
    assert text in opened.page


def test_an_empty_answer_is_refused(browser: Callable[..., Browser], reports: list[int]) -> None:
    opened = browser()
    opened.get("/console/incidents/1/answer")
    opened.post("/console/incidents/1/answer", **OWN, **{"text.own": " "})
    assert opened.status == 422
    assert "The reply is empty." in opened.page
    assert "3 wait for an answer" in opened.page


def test_all_can_be_escalated(browser: Callable[..., Browser], reports: list[int]) -> None:
    opened = browser()
    opened.get("/console/incidents/1/answer")
    opened.post("/console/incidents/1/answer", action="escalate")
    assert "3 comments are decided." in opened.page


def test_a_template_is_sent_with_its_slot_filled(
    browser: Callable[..., Browser], reports: list[int]
) -> None:
    opened = browser()
    opened.get("/console/incidents/1/answer")
    filled = "fixed-please-check"
    chosen = {"action": "approve", "reply": filled}
    opened.post("/console/incidents/1/answer", **chosen)
    assert opened.status == 422
    assert "Not filled in yet: «<bdi>what was done</bdi>»" in opened.page
    opened.post("/console/incidents/1/answer", **chosen, **{f"slot.{filled}.done": "насос"})
    assert "3 comments are decided." in opened.page
    opened.get(f"/console/comments/{reports[0]}")
    assert "насос" in opened.page


def test_all_can_be_rejected_for_a_reason(
    browser: Callable[..., Browser], reports: list[int]
) -> None:
    opened = browser()
    opened.get("/console/incidents/1/answer")
    opened.post("/console/incidents/1/answer", action="reject", reason="")
    assert opened.status == 422
    assert "Please choose a reason" in opened.page
    opened.post("/console/incidents/1/answer", action="reject", reason="answered")
    assert "3 comments are decided." in opened.page
    opened.get(f"/console/comments/{reports[0]}")
    assert "Already answered elsewhere" in opened.page


def test_enter_in_a_field_answers_nobody(
    browser: Callable[..., Browser], reports: list[int]
) -> None:
    opened = browser()
    opened.get("/console/incidents/1/answer")
    opened.post("/console/incidents/1/answer", action="stay", **{"text.own": "Половина"})
    assert opened.status == 200
    assert "Половина" in opened.page
    assert "3 wait for an answer" in opened.page


def test_nothing_there(browser: Callable[..., Browser]) -> None:
    opened = browser()
    opened.get("/console/incidents")
    assert "No incident" in opened.page
    opened.get("/console/incidents/9")
    assert opened.status == 404


def test_a_comment_says_which_incident_it_belongs_to(
    browser: Callable[..., Browser], reports: list[int], write: Callable[..., int]
) -> None:
    opened = browser()
    link = 'href="/console/incidents/1"'
    opened.get("/console/")
    assert opened.page.count(link) == 3
    assert "Incident · 3 comments" in opened.page
    opened.get(f"/console/comments/{reports[0]}")
    assert opened.page.count(link) == 1
    opened.decide("reject", reason="answered")
    opened.get(f"/console/comments/{reports[0]}")
    assert link in opened.page


def test_two_reports_are_no_incident(
    browser: Callable[..., Browser],
    house: House,
    write: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    label_all(house, monkeypatch, topic="water")
    for number, text in enumerate(REPORTS[:2]):
        write(text, author=str(number))
    assert "/console/incidents/" not in browser().get("/console/")
