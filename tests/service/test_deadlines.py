"""By when to answer: minutes of the clock for what is urgent, of working days for the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.deadlines import due_at, is_working_day

# A Friday before an ordinary week-end, then one before Nauryz, then the eve of a holiday.
CASES = [
    ("2026-11-20T15:00+05:00", "critical", 30, "2026-11-20T15:30+05:00"),
    ("2026-11-20T23:50+05:00", "critical", 30, "2026-11-21T00:20+05:00"),
    ("2026-11-21T10:00+05:00", "high", 240, "2026-11-21T14:00+05:00"),
    ("2026-11-19T15:00+05:00", "normal", 1_440, "2026-11-20T15:00+05:00"),
    ("2026-11-20T15:00+05:00", "normal", 1_440, "2026-11-23T15:00+05:00"),
    ("2026-11-21T15:00+05:00", "normal", 1_440, "2026-11-24T00:00+05:00"),
    ("2026-11-20T15:00+05:00", "low", 4_320, "2026-11-25T15:00+05:00"),
    ("2026-03-20T15:00+05:00", "normal", 1_440, "2026-03-26T15:00+05:00"),
    ("2026-12-15T09:00+05:00", "normal", 1_440, "2026-12-17T09:00+05:00"),
    ("2026-12-31T20:00+05:00", "normal", 1_440, "2027-01-05T20:00+05:00"),
]


@pytest.mark.parametrize(("received", "urgency", "minutes", "due"), CASES)
def test_deadlines(received: str, urgency: str, minutes: int, due: str) -> None:
    moment = datetime.fromisoformat(received).astimezone(UTC)
    found = due_at(moment, urgency, minutes)
    assert found == datetime.fromisoformat(due)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 1, 7), False),
        (date(2026, 3, 23), False),
        (date(2026, 3, 24), False),
        (date(2026, 12, 16), False),
        (date(2026, 7, 6), False),
    ],
)
def test_working_days(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@given(
    received=st.integers(0, 5 * 365 * 24 * 60),
    minutes=st.integers(1, 10_000),
)
def test_days_off_only_ever_put_a_deadline_off(received: int, minutes: int) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=received)
    urgent = due_at(moment, "high", minutes)
    patient = due_at(moment, "normal", minutes)
    assert urgent == moment + timedelta(minutes=minutes)
    assert patient >= urgent
    assert due_at(moment, "normal", minutes + 1) > patient
