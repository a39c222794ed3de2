"""The review queue: which comments wait, the most pressing first.

Pages follow the order (deadline, urgency, id), which never changes for a
comment, so a page begins where the last one ended whatever came in between.
What is decided can be had in the order of decisions, the newest first.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from models.labels import URGENCIES
from service.comments import QueueItem, item_fields, newest_opinion
from service.errors import FieldError, field_problem
from service.store.keyset import ahead, behind
from service.store.tables import LARGEST_ID, Comment, Opinion

Position = tuple[datetime, int, int]
"""Where a comment stands in the order: deadline (or decision), rank of its urgency, id."""

ORDERS: Final = ("deadline", "decided")
_ORDER = (Comment.due_at, Comment.urgency_rank, Comment.id)
_DECIDED = (Comment.decided_at, Comment.urgency_rank, Comment.id)
"""Followed backwards."""
_MOST_WORDS: Final = 6
_CURSOR_LIMIT: Final = 256

Selection = TypeVar("Selection", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class QueueFilters:
    """Which comments; None lets all pass. `flag` is that of misinformation.

    Each of `words` must stand in the text or the author's name, or be the comment's number.
    """

    status: str | None = "open"
    topic: str | None = None
    urgency: str | None = None
    language: str | None = None
    flag: str | None = None
    needs_answer: bool | None = None
    words: str | None = None


@dataclass(frozen=True)
class QueuePage:
    """Part of the queue; `next_cursor` is None on the last page."""

    items: list[QueueItem]
    next_cursor: str | None


def page(
    session: Session,
    filters: QueueFilters,
    *,
    limit: int,
    cursor: str | None = None,
    order: str = "deadline",
) -> QueuePage:
    """Return up to `limit` comments after `cursor`; raise the problem `bad-cursor`.

    In the order "decided" there is only what is decided or passed up, the newest first.
    """
    query = (
        _filtered(select(Comment, Opinion), filters)
        .join(Opinion, Opinion.id == newest_opinion())
        .limit(limit + 1)
    )
    if order == "decided":
        query = query.where(Comment.decided_at.is_not(None))
        query = query.order_by(*(column.desc() for column in _DECIDED))
        further, position = ahead, _decided_position
    else:
        query = query.order_by(*_ORDER)
        further, position = behind, _position
    if cursor is not None:
        columns = _DECIDED if order == "decided" else _ORDER
        query = query.where(further(columns, read_cursor(cursor)))
    rows = session.execute(query).all()
    items = [QueueItem(**item_fields(comment, opinion)) for comment, opinion in rows[:limit]]
    more = len(rows) > limit
    return QueuePage(items, write_cursor(position(rows[limit - 1][0])) if more else None)


def following(
    session: Session, filters: QueueFilters, *, after: int | None, moderator: str, now: datetime
) -> int | None:
    """Return the id of the next comment that nobody but `moderator` holds, or None.

    Next is the first behind comment `after`; behind the last one comes the first of all.
    """
    query = (
        _filtered(select(Comment.id), filters)
        .where(
            or_(
                Comment.held_by.is_(None),
                Comment.held_by == moderator,
                Comment.held_until.is_(None),
                Comment.held_until <= now,
            )
        )
        .order_by(*_ORDER)
        .limit(1)
    )
    present = session.get(Comment, after) if after is not None else None
    if present is None:
        return session.scalar(query)
    query = query.where(Comment.id != present.id)
    found = session.scalar(query.where(behind(_ORDER, _position(present))))
    return found if found is not None else session.scalar(query)


def newest(session: Session) -> int:
    """Return the id of the comment that came last, 0 without any."""
    return session.scalar(select(func.max(Comment.id))) or 0


def arrived(session: Session, filters: QueueFilters, *, after: int) -> int:
    """Return how many comments that pass `filters` came after the comment `after`."""
    query = _filtered(select(func.count()).select_from(Comment), filters)
    return session.scalar(query.where(Comment.id > after)) or 0


def counts(session: Session, now: datetime) -> dict[str, Any]:
    """Return {"open", "overdue", "urgency": {code: open comments of it}}."""
    waiting = Comment.status == "open"
    found = session.execute(
        select(Comment.urgency, func.count()).where(waiting).group_by(Comment.urgency)
    )
    by_urgency = dict.fromkeys(URGENCIES, 0) | {row[0]: row[1] for row in found}
    overdue = session.scalar(
        select(func.count()).select_from(Comment).where(waiting, Comment.due_at < now)
    )
    return {"open": sum(by_urgency.values()), "overdue": overdue or 0, "urgency": by_urgency}


def write_cursor(position: Position) -> str:
    """Return `position` as the opaque string callers pass back."""
    raw = json.dumps([position[0].isoformat(), *position[1:]], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Position:
    """Return the position `cursor` stands for; raise the problem `bad-cursor`."""
    try:
        if len(cursor) > _CURSOR_LIMIT:
            raise ValueError("too long")
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        moment, rank, number = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        position = datetime.fromisoformat(moment), int(rank), int(number)
        known = position[0].utcoffset() == timedelta(0) and rank in range(len(URGENCIES))
        if not known or not 0 < number <= LARGEST_ID or write_cursor(position) != cursor:
            raise ValueError("not ours")
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        detail = "cursor is not one that this service gave out"
        raise field_problem([FieldError("cursor", "bad-cursor", detail)]) from error
    return position


def _position(comment: Comment) -> Position:
    return comment.due_at, comment.urgency_rank, comment.id


def _decided_position(comment: Comment) -> Position:
    if comment.decided_at is None:
        raise ValueError("nothing is decided on this comment")
    return comment.decided_at, comment.urgency_rank, comment.id


def _filtered(query: Selection, filters: QueueFilters) -> Selection:
    """Return `query` for comments that pass `filters`."""
    for name in ("status", "topic", "urgency", "language", "flag", "needs_answer"):
        if (value := getattr(filters, name)) is not None:
            query = query.where(getattr(Comment, name) == value)
    for word in (filters.words or "").split()[:_MOST_WORDS]:
        query = query.where(_mentions(word))
    return query


def _mentions(word: str) -> ColumnElement[bool]:
    """Return the condition that a comment has `word`, large letters or small.

    SQLite takes only ASCII letters for the same in both sizes: the usual ones are tried.
    """
    written = sorted({word, word.lower(), word.upper(), word.capitalize()})
    found = [
        column.icontains(one, autoescape=True)
        for column in (Comment.text, Comment.author)
        for one in written
    ]
    number = word.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        found.append(Comment.id == int(number))
    return or_(*found)
