"""Figures of a period: what came in, what was decided, how fast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.labels import FLAGS, HEADS
from service.queue import counts
from service.review import DECISIONS, STATUSES
from service.store.tables import Comment, Review

_COLUMNS: Final[Mapping[str, tuple[InstrumentedAttribute[str], tuple[str, ...]]]] = {
    "status": (Comment.status, STATUSES),
    "topic": (Comment.topic, HEADS["topic"]),
    "urgency": (Comment.urgency, HEADS["urgency"]),
    "sentiment": (Comment.sentiment, HEADS["sentiment"]),
    "language": (Comment.language, HEADS["language"]),
    "flag": (Comment.flag, FLAGS),
}


def stats(
    session: Session, now: datetime, *, since: datetime | None = None, until: datetime | None = None
) -> dict[str, Any]:
    """Return counts by label of the comments received in the period, and how they fared.

    `open` and `overdue` are of this moment, whatever the period; the median is over
    the decisions made in the period, in minutes since receipt.
    """
    received = _within(Comment.received_at, since, until)
    waiting = counts(session, now)
    decided = [Review.decision != "return", *_within(Review.decided_at, since, until)]
    return {
        "since": since,
        "until": until,
        "comments": session.scalar(select(func.count()).select_from(Comment).where(*received)),
        "decided": session.scalar(select(func.count()).select_from(Review).where(*decided)),
        "open": waiting["open"],
        "overdue": waiting["overdue"],
        "median_minutes_to_decision": _median_minutes(session, decided),
        "decision": _decisions(session, received),
    } | {
        name: _count_by(session, column, codes, received)
        for name, (column, codes) in _COLUMNS.items()
    }


def _within(
    column: InstrumentedAttribute[datetime], since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    """Return the conditions for `column` to lie in the period."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(column >= since)
    if until is not None:
        conditions.append(column < until)
    return conditions


def _count_by(
    session: Session,
    column: InstrumentedAttribute[str],
    codes: tuple[str, ...],
    conditions: list[ColumnElement[bool]],
) -> dict[str, int]:
    """Return how many comments have each code; a code nobody has counts 0."""
    found = session.execute(select(column, func.count()).where(*conditions).group_by(column))
    return dict.fromkeys(codes, 0) | dict(found.all())


def _decisions(session: Session, conditions: list[ColumnElement[bool]]) -> dict[str, int]:
    """Return how many of these comments were decided how; approved as it was or edited, too."""
    query = select(Review.decision, func.count()).join(Comment, Comment.id == Review.comment_id)
    found = session.execute(query.where(*conditions).group_by(Review.decision))
    return dict.fromkeys(DECISIONS, 0) | dict(found.all())


def _median_minutes(session: Session, conditions: list[ColumnElement[bool]]) -> float | None:
    """Return the median time to a decision; neither database need have a function for it."""
    number = session.scalar(select(func.count()).select_from(Review).where(*conditions)) or 0
    if not number:
        return None
    middle = session.scalars(
        select(Review.seconds)
        .where(*conditions)
        .order_by(Review.seconds)
        .offset((number - 1) // 2)
        .limit(2 - number % 2)
    ).all()
    return round(sum(middle) / len(middle) / 60, 2)
