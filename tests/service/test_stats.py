"""Figures of a period."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.house import House
from service.receive import Incoming, receive
from service.review import ReviewInput, review

TEXTS = ["люк ашық", "жылу жоқ", "рахмет", "люк ашық, қауесет", "автобус қашан"]


def fill(house: House, clock: Any) -> None:
    """Receive a comment a minute, then decide on the first three after 10, 20 and 60 minutes."""
    start = clock()
    for number, text in enumerate(TEXTS):
        with house.sessions.writing() as session:
            item = Incoming(text=text, external_id=str(number))
            receive(session, house, [item], start)
    for number, minutes in enumerate((10, 20, 60), start=1):
        with house.sessions.writing() as session:
            given = ReviewInput("escalate" if number == 3 else "reject")
            review(session, house, number, "dana", given, start + timedelta(minutes=minutes))


def test_counts_and_the_median(api: TestClient, house: House, clock: Any) -> None:
    fill(house, clock)
    clock.forward(minutes=45)
    found = api.get("/v1/stats").json()
    assert found["comments"] == 5
    assert found["status"] == {"open": 2, "approved": 0, "rejected": 2, "escalated": 1}
    assert found["decision"] == {"approve": 0, "edit": 0, "reject": 2, "escalate": 1, "return": 0}
    assert found["topic"]["roads"] == 2
    assert found["topic"]["heating"] == 1
    assert found["topic"]["water"] == 0
    assert found["urgency"] == {"critical": 2, "high": 1, "normal": 1, "low": 1}
    assert found["flag"] == {"none": 4, "possible": 0, "likely": 1}
    assert found["open"] == 2
    assert found["overdue"] == 1
    assert found["decided"] == 3
    assert found["median_minutes_to_decision"] == 20


def test_a_period(api: TestClient, house: House, clock: Any) -> None:
    fill(house, clock)
    begin = clock().isoformat()
    half_an_hour_later = (clock() + timedelta(minutes=30)).isoformat()
    early = api.get("/v1/stats", params={"since": begin, "until": half_an_hour_later}).json()
    late = api.get("/v1/stats", params={"since": half_an_hour_later}).json()
    assert (early["comments"], early["decided"]) == (5, 2)
    assert early["median_minutes_to_decision"] == 15
    assert (late["comments"], late["decided"]) == (0, 1)
    assert late["median_minutes_to_decision"] == 60
    assert late["open"] == 2


def test_nothing_yet(api: TestClient) -> None:
    found = api.get("/v1/stats").json()
    assert found["comments"] == 0
    assert found["median_minutes_to_decision"] is None


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("since=2026-11-24T00:00:00Z&until=2026-11-23T00:00:00Z", "until", "lies before since"),
        ("since=2026-11-24T00:00:00Z&since=2026-11-23T00:00:00Z", "since", "is given twice"),
        ("since=2026-11-24", "since", "needs a time zone"),
        ("since=2026-11-24%2009:00", "since", "needs a time zone"),
        ("since=9999-01-01T00:00:00Z", "since", "should lie between 1970-01-01 and 9000-01-01"),
    ],
)
def test_periods_that_are_none(api: TestClient, query: str, field: str, words: str) -> None:
    answer = api.get(f"/v1/stats?{query}")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert words in error["detail"]


@pytest.mark.parametrize("zone", ["%2B05:00", "+05:00", "%2005:00", "+0500", "+05"])
@pytest.mark.parametrize("time", ["T09:00:00", "T09:00", "%2009:00:00.5"])
def test_a_plus_may_arrive_as_a_blank(api: TestClient, zone: str, time: str) -> None:
    answer = api.get(f"/v1/stats?since=2026-11-23{time}{zone}&until=2026-11-23T09:00:01+05:00")
    assert answer.status_code == 200, answer.text
    assert answer.json()["since"].startswith("2026-11-23T04:00:00")
