"""Incidents on pages: the count, the reports, and one answer for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from plain_browser import Browser

from service.house import House

REPORTS = (
    "Срочно, нет воды на улице Абая",
    "на абая вторые сутки нет воды",
    "Когда дадут воду на Абая?",
)


@pytest.fixture
def reports(house: House, write: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of three reports of one outage."""
    classifier = house.live_model.current()
    analyse = classifier.analyse

    def wet(*given: object, **named: object) -> list[dict[str, object]]:
        found = analyse(*given, **named)
        return [{**one, "topic": {**one["topic"], "label": "water"}} for one in found]

    monkeypatch.setattr(classifier, "analyse", wet)
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
    opened.post("/console/incidents/1/answer", action="approve", reply="own", text=text)
    assert opened.status == 200
    assert "3 comments are decided." in opened.page
    assert "All answered" in opened.page
    opened.get(f"/console/comments/{reports[0]}")
    assert text in opened.page


def test_an_empty_answer_is_refused(browser: Callable[..., Browser], reports: list[int]) -> None:
    opened = browser()
    opened.get("/console/incidents/1/answer")
    opened.post("/console/incidents/1/answer", action="approve", reply="own", text=" ")
    assert opened.status == 422
    assert "3 wait for an answer" in opened.page


def test_all_can_be_escalated(browser: Callable[..., Browser], reports: list[int]) -> None:
    opened = browser()
    opened.get("/console/incidents/1/answer")
    opened.post("/console/incidents/1/answer", action="escalate")
    assert "3 comments are decided." in opened.page


def test_nothing_there(browser: Callable[..., Browser]) -> None:
    opened = browser()
    opened.get("/console/incidents")
    assert "No incident" in opened.page
    opened.get("/console/incidents/9")
    assert opened.status == 404
