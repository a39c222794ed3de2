"""Looking through the claim registry: pages of claims, and of the comments each was found in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from service.claim_registry import KeptClaim, folded, kept
from service.errors import FieldError, field_problem
from service.store.tables import LARGEST_ID, ClaimMatch, Comment, RegisteredClaim

_CHUNK: Final = 500
_MOST_WORDS: Final = 12


@dataclass(frozen=True)
class ClaimFilters:
    """Which claims; None lets all pass, `words` must all be found in it. Deleted ones apart."""

    verdict: str | None = None
    words: str = ""
    expired: bool | None = None
    example: bool | None = None
    deleted: bool = False


@dataclass(frozen=True)
class Found:
    """In how many comments a claim was found, and how many of them were flagged."""

    comments: int = 0
    flagged: int = 0


@dataclass(frozen=True)
class ClaimPage:
    """Part of the registry, the newest first; `next_cursor` is None on the last page."""

    items: list[tuple[KeptClaim, Found]]
    next_cursor: str | None


@dataclass(frozen=True)
class MatchedComment:
    """A comment in which a claim was found; `revision` is that of the claim then."""

    comment_id: int
    text: str
    platform: str
    author: str | None
    received_at: datetime
    status: str
    flag: str
    score: float
    revision: int


@dataclass(frozen=True)
class MatchPage:
    """Part of the comments a claim was found in, the newest first."""

    items: list[MatchedComment]
    next_cursor: str | None


def page(
    session: Session, filters: ClaimFilters, today: date, *, limit: int, cursor: str | None = None
) -> ClaimPage:
    """Return up to `limit` claims behind `cursor`; raise the problem `bad-cursor`."""
    query = _filtered(filters, today).order_by(RegisteredClaim.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(RegisteredClaim.id < read_cursor(cursor))
    rows = session.scalars(query).all()
    more = len(rows) > limit
    counted = found_in(session, [row.id for row in rows[:limit]])
    items = [(kept(row), counted.get(row.id, Found())) for row in rows[:limit]]
    return ClaimPage(items, str(rows[limit - 1].id) if more else None)


def everything(session: Session, filters: ClaimFilters, today: date) -> Iterator[KeptClaim]:
    """Yield every claim that passes `filters`, the oldest first."""
    query = _filtered(filters, today).order_by(RegisteredClaim.id)
    for row in session.scalars(query.execution_options(yield_per=_CHUNK)):
        yield kept(row)


def count(session: Session, *, example: bool | None = None) -> int:
    """Return how many claims there are."""
    query = select(func.count()).select_from(RegisteredClaim)
    query = query.where(RegisteredClaim.deleted_at.is_(None))
    if example is not None:
        query = query.where(RegisteredClaim.example.is_(example))
    return session.scalar(query) or 0


def found_in(session: Session, numbers: Sequence[int]) -> dict[int, Found]:
    """Return for claims by number in how many comments they were found."""
    flagged = func.sum(case((ClaimMatch.flag == "none", 0), else_=1))
    query = (
        select(ClaimMatch.claim_number, func.count(), flagged)
        .where(ClaimMatch.claim_number.in_(numbers))
        .group_by(ClaimMatch.claim_number)
    )
    return {number: Found(comments, hits) for number, comments, hits in session.execute(query)}


def matches(session: Session, number: int, *, limit: int, cursor: str | None = None) -> MatchPage:
    """Return the comments that claim `number` was found in; raise the problem `bad-cursor`."""
    query = (
        select(ClaimMatch, Comment)
        .join(Comment, Comment.id == ClaimMatch.comment_id)
        .where(ClaimMatch.claim_number == number)
        .order_by(ClaimMatch.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(ClaimMatch.id < read_cursor(cursor))
    rows = session.execute(query).all()
    items = [_matched(match, comment) for match, comment in rows[:limit]]
    return MatchPage(items, str(rows[limit - 1][0].id) if len(rows) > limit else None)


def record_matches(
    session: Session, analysed: Sequence[tuple[int, Mapping[str, Any]]], now: datetime
) -> None:
    """Write down which claims were found in these comments (id and analysis).

    A claim that left the registry meanwhile is written down all the same, one that was
    never in it is not.
    """
    found = [
        (comment_id, reason["claim_id"], reason["flag"], reason["score"])
        for comment_id, analysis in analysed
        for reason in analysis["misinformation"]["reasons"]
        if reason["kind"] == "claim_match"
    ]
    known = _numbers(session, sorted({claim_id for _, claim_id, _, _ in found}))
    rows = {
        (comment_id, known[claim_id][0]): {
            "comment_id": comment_id,
            "claim_number": known[claim_id][0],
            "revision": known[claim_id][1],
            "flag": flag,
            "score": score,
            "matched_at": now,
        }
        for comment_id, claim_id, flag, score in reversed(found)
        if claim_id in known
    }
    if rows:
        session.execute(insert(ClaimMatch), list(rows.values()))


def forget_matches(
    session: Session, analysed: Sequence[tuple[int, Mapping[str, Any]]], today: date
) -> None:
    """Forget what was found in comments that are about to be written down again.

    What a claim that was deleted or ran out was found in stays known, unless it is found
    once more.
    """
    found = {
        reason["claim_id"]
        for _, analysis in analysed
        for reason in analysis["misinformation"]["reasons"]
        if reason["kind"] == "claim_match"
    }
    claim = RegisteredClaim
    looked_for = and_(claim.deleted_at.is_(None), _runs(today))
    current = select(claim.id).where(or_(looked_for, claim.claim_id.in_(found)))
    session.execute(
        delete(ClaimMatch).where(
            ClaimMatch.comment_id.in_([comment_id for comment_id, _ in analysed]),
            ClaimMatch.claim_number.in_(current),
        )
    )


def read_cursor(cursor: str) -> int:
    """Return the number `cursor` stands for; raise the problem `bad-cursor`."""
    plain = cursor.isascii() and cursor.isdigit() and len(cursor) < 20
    if not plain or not 0 < int(cursor) <= LARGEST_ID:
        detail = "cursor is not one that this service gave out"
        raise field_problem([FieldError("cursor", "bad-cursor", detail)])
    return int(cursor)


def _numbers(session: Session, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return number and revision of the claims under these ids."""
    known: dict[str, tuple[int, int]] = {}
    for start in range(0, len(ids), _CHUNK):
        query = select(RegisteredClaim.claim_id, RegisteredClaim.id, RegisteredClaim.revision)
        chunk = query.where(RegisteredClaim.claim_id.in_(ids[start : start + _CHUNK]))
        known |= {row[0]: (row[1], row[2]) for row in session.execute(chunk)}
    return known


def _filtered(filters: ClaimFilters, today: date) -> Select[RegisteredClaim]:
    """Return the query for claims that pass `filters`."""
    table = RegisteredClaim
    query = select(table).where(
        table.deleted_at.is_not(None) if filters.deleted else table.deleted_at.is_(None)
    )
    if filters.verdict is not None:
        query = query.where(table.verdict == filters.verdict)
    if filters.example is not None:
        query = query.where(table.example.is_(filters.example))
    if filters.expired is not None:
        query = query.where(table.expires < today if filters.expired else _runs(today))
    for word in folded([filters.words]).split()[:_MOST_WORDS]:
        query = query.where(table.search_text.contains(word, autoescape=True))
    return query


def _runs(today: date) -> ColumnElement[bool]:
    """Return the condition that a claim has not expired."""
    return or_(RegisteredClaim.expires.is_(None), RegisteredClaim.expires >= today)


def _matched(match: ClaimMatch, comment: Comment) -> MatchedComment:
    return MatchedComment(
        comment.id,
        comment.text,
        comment.platform,
        comment.author,
        comment.received_at,
        comment.status,
        match.flag,
        match.score,
        match.revision,
    )
