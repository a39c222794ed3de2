"""Paging through the queue: no comment lost, none twice, whatever happens in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from models.labels import URGENCIES
from service.errors import Problem
from service.house import House
from service.queue import QueueFilters, counts, following, page, read_cursor, write_cursor
from service.store.tables import Comment, Opinion

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
positions = st.tuples(st.integers(0, 3), st.integers(0, 3))
"""Minutes until due, rank of urgency: few values, hence many ties."""


def fill(session: Session, entries: list[tuple[int, int]], **columns: Any) -> None:
    """Put one comment a (minutes, rank) into an empty queue."""
    session.execute(delete(Opinion))
    session.execute(delete(Comment))
    rows = [
        {
            "id": number,
            "platform": "vk",
            "external_id": str(number),
            "text": f"пікір {number}",
            "received_at": NOW,
            "due_at": NOW + timedelta(minutes=minutes),
            "status": "open",
            "language": "kk-Cyrl",
            "topic": ("heating", "roads")[number % 2],
            "urgency": URGENCIES[rank],
            "urgency_rank": rank,
            "sentiment": "neutral",
            "flag": "none",
            "needs_answer": True,
            **columns,
        }
        for number, (minutes, rank) in enumerate(entries, start=1)
    ]
    if rows:
        session.execute(insert(Comment), rows)
        session.execute(
            insert(Opinion),
            [
                {
                    "comment_id": row["id"],
                    "model_version": "m",
                    "taxonomy_version": "t",
                    "analysis": {},
                    "created_at": NOW,
                }
                for row in rows
            ],
        )


def walk(session: Session, filters: QueueFilters, limit: int) -> list[int]:
    """Return the ids of all pages."""
    ids: list[int] = []
    cursor = None
    while True:
        found = page(session, filters, limit=limit, cursor=cursor)
        ids += [item.id for item in found.items]
        assert len(found.items) == limit or found.next_cursor is None
        if (cursor := found.next_cursor) is None:
            return ids


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(entries=st.lists(positions, max_size=25), limit=st.integers(1, 8))
def test_every_comment_once_and_in_order(
    house: House, entries: list[tuple[int, int]], limit: int
) -> None:
    with house.sessions.writing() as session:
        fill(session, entries)
        ids = walk(session, QueueFilters(), limit)
        roads = walk(session, QueueFilters(topic="roads"), limit)
    expected = sorted(range(1, len(entries) + 1), key=lambda number: (entries[number - 1], number))
    assert ids == expected
    assert roads == [number for number in expected if number % 2]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(entries=st.lists(positions, min_size=4, max_size=12), data=st.data())
def test_what_happens_between_two_pages(
    house: House, entries: list[tuple[int, int]], data: st.DataObject
) -> None:
    decided = data.draw(st.sets(st.integers(1, len(entries))))
    with house.sessions.writing() as session:
        fill(session, entries)
        first = page(session, QueueFilters(), limit=2)
        session.execute(update(Comment).where(Comment.id.in_(decided)).values(status="approved"))
        cursor, rest = first.next_cursor, []
        while cursor is not None:
            found = page(session, QueueFilters(), limit=2, cursor=cursor)
            rest += [item.id for item in found.items]
            cursor = found.next_cursor
    seen = [item.id for item in first.items]
    assert len(set(seen + rest)) == len(seen + rest)
    assert set(seen + rest) >= set(range(1, len(entries) + 1)) - decided


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(entries=st.lists(positions, max_size=15), limit=st.integers(1, 5))
def test_the_newest_decision_first(
    house: House, entries: list[tuple[int, int]], limit: int
) -> None:
    with house.sessions.writing() as session:
        fill(session, entries, status="approved")
        for number, (minutes, _) in enumerate(entries, start=1):
            decided = NOW + timedelta(minutes=minutes)
            change = update(Comment).where(Comment.id == number).values(decided_at=decided)
            session.execute(change)
        ids: list[int] = []
        cursor = None
        while True:
            found = page(
                session, QueueFilters("approved"), limit=limit, cursor=cursor, order="decided"
            )
            ids += [item.id for item in found.items]
            if (cursor := found.next_cursor) is None:
                break
    expected = sorted(range(1, len(entries) + 1), key=lambda number: (entries[number - 1], number))
    assert ids == expected[::-1]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("Пікір 2", [2]),
        ("ПІКІР", [1, 2, 3]),
        ("100%", [3]),
        ("%", [3]),
        ("a_b", [3]),
        ("a-b", []),
        ("#2", [2]),
        ("әйгерім", [1, 2, 3]),
        ("#", []),
        (f"{2**63}", []),
    ],
)
def test_words(house: House, words: str, ids: list[int]) -> None:
    with house.sessions.writing() as session:
        fill(session, [(1, 0), (2, 1), (3, 1)], author="Әйгерім")
        session.execute(update(Comment).where(Comment.id == 3).values(text="пікір A_B 100%"))
        assert walk(session, QueueFilters(words=words), 2) == ids


def test_filters(house: House) -> None:
    with house.sessions.writing() as session:
        fill(session, [(1, 0), (2, 1), (3, 1)], flag="possible", needs_answer=False)
        assert walk(session, QueueFilters(urgency="high"), 5) == [2, 3]
        assert walk(session, QueueFilters(flag="possible", topic="heating"), 5) == [2]
        assert walk(session, QueueFilters(needs_answer=True), 5) == []
        assert walk(session, QueueFilters(status="approved"), 5) == []
        assert walk(session, QueueFilters(status=None, language="kk-Cyrl"), 5) == [1, 2, 3]


def test_counts(house: House) -> None:
    with house.sessions.writing() as session:
        fill(session, [(1, 0), (2, 1), (3, 1)])
        found = counts(session, NOW + timedelta(minutes=2, seconds=1))
    assert found == {
        "open": 3,
        "overdue": 2,
        "urgency": {"critical": 1, "high": 2, "normal": 0, "low": 0},
    }


def test_the_next_comment_for_a_moderator(house: House) -> None:
    with house.sessions.writing() as session:
        fill(session, [(1, 0), (2, 0), (3, 0), (4, 0)])
        held = {"held_by": "aigul", "held_until": NOW + timedelta(minutes=5)}
        session.execute(update(Comment).where(Comment.id == 2).values(held))

        def after(number: int | None, moderator: str, now: datetime = NOW) -> int | None:
            return following(session, QueueFilters(), after=number, moderator=moderator, now=now)

        assert after(None, "dana") == 1
        assert after(1, "dana") == 3
        assert after(1, "aigul") == 2
        assert after(1, "dana", NOW + timedelta(minutes=6)) == 2
        assert after(4, "dana") == 1
        session.execute(delete(Opinion).where(Opinion.comment_id != 4))
        session.execute(delete(Comment).where(Comment.id != 4))
        assert after(4, "dana") is None


@given(
    microseconds=st.integers(0, 2**52),
    rank=st.integers(0, 3),
    number=st.integers(1, 2**63 - 1),
)
def test_a_cursor_comes_back_as_it_went(microseconds: int, rank: int, number: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    position = moment, rank, number
    assert read_cursor(write_cursor(position)) == position


@given(cursor=st.text(max_size=60))
def test_any_other_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as caught:
        read_cursor(cursor)
    assert caught.value.code == "bad-cursor"


@pytest.mark.parametrize(
    "position",
    [
        (NOW, 4, 1),
        (NOW, -1, 1),
        (NOW, 0, 0),
        (NOW, 0, 2**63),
        (NOW.replace(tzinfo=None), 0, 1),
        (NOW.astimezone(None).replace(tzinfo=None), 0, 1),
    ],
)
def test_cursors_nobody_gave_out(position: tuple[datetime, int, int]) -> None:
    with pytest.raises(Problem):
        read_cursor(write_cursor(position))
