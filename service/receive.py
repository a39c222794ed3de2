"""Take comments in: analyse them, store them, put them in the queue.

What tells one comment from another is platform and external_id. The unique
constraint decides which of two requests was first, whatever their timing; the
other one finds the comment already there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.analysis import Analysis
from models.labels import URGENCIES
from service.analyse import Shelf, analyse, open_shelf, replies
from service.claim_lists import record_matches
from service.comments import newest_opinion
from service.coordination import notice
from service.deadlines import due_at
from service.errors import FieldError, Problem
from service.house import House
from service.incident_groups import forget_incidents, join_incidents, report_of
from service.replies import Reply
from service.store.tables import Comment, Opinion
from service.store.turns import take_turn
from service.text_groups import Written, account_of, forget

_CHUNK: Final = 500
"""Keys looked up at once; their bound values stay below the limits of both databases."""

Key = tuple[str, str]
"""Platform and external_id."""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A comment that has been checked and waits to be stored."""

    text: str
    external_id: str
    platform: str = "other"
    parent_text: str | None = None
    author: str | None = None
    url: str | None = None
    posted_at: datetime | None = None
    suggest: bool = False
    explain: bool = False

    @property
    def key(self) -> Key:
        """What tells this comment from all others."""
        return self.platform, self.external_id


@dataclass(frozen=True)
class Received:
    """A comment that is stored; `created` is False when it had been before."""

    id: int
    status: str
    created: bool
    analysis: Mapping[str, Any]
    replies: list[Reply]


@dataclass(frozen=True)
class _Kept:
    """What is in the store under a key."""

    id: int
    status: str
    text: str
    analysis: Mapping[str, Any]


def receive(
    session: Session, house: House, items: Sequence[Incoming], now: datetime
) -> list[Received | Problem]:
    """Store the comments that are new and return one result an item, in order.

    An item whose key is known answers with the comment there is, or with the
    problem `external-id-conflict` if its text differs. Nothing is durable before
    the caller commits. The model works before the transaction begins.
    """
    if not items:
        return []
    # Read before: the index may be ahead of it, then they are compared once too often.
    claims_version = house.claims.seen
    analyses = analyse(
        house,
        [item.text for item in items],
        [item.parent_text for item in items],
        [item.explain for item in items],
    )
    shelf = _shelf(house, items)
    first: dict[Key, tuple[Incoming, Analysis]] = {}
    for item, analysis in zip(items, analyses, strict=True):
        first.setdefault(item.key, (item, analysis))
    new = _notice(session, house, _insert(session, first, now, claims_version), first, now)
    known = _find(session, [key for key in first if key not in new])
    for platform, number in Counter(platform for platform, _ in new).items():
        house.metrics.comments.labels(platform).inc(number)
    results: list[Received | Problem] = []
    for item in items:
        created = item.key in new and first[item.key][0] is item
        kept = new.get(item.key) or known[item.key]
        results.append(_result(house, shelf, item, kept, created=created))
    return results


def _shelf(house: House, items: Sequence[Incoming]) -> Shelf | None:
    """Return the templates if any item wants replies; in a transaction that keeps nobody out."""
    if not any(item.suggest for item in items):
        return None
    with house.sessions.reading() as session:
        return open_shelf(session, house)


def _result(
    house: House, shelf: Shelf | None, item: Incoming, kept: _Kept, *, created: bool
) -> Received | Problem:
    """Answer one item with what is stored under its key."""
    if item.text != kept.text:
        return Problem(
            "external-id-conflict",
            f"comment {kept.id} has this platform and external_id, but another text",
            errors=[FieldError("external_id", "external-id-conflict", "names another text")],
            id=kept.id,
        )
    suggested: list[Reply] = []
    if shelf is not None and item.suggest:
        suggested = replies(
            house,
            shelf,
            kept.analysis,
            text=item.text,
            platform=item.platform,
            author=item.author,
        )
    return Received(kept.id, kept.status, created, kept.analysis, suggested)


def _insert(
    session: Session,
    items: Mapping[Key, tuple[Incoming, Analysis]],
    now: datetime,
    claims_version: int,
) -> dict[Key, _Kept]:
    """Insert the comments whose key is free, with their opinions, and return those."""
    table = Comment.metadata.tables[Comment.__tablename__]
    dialect = session.get_bind().dialect.name
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    # Sorted, so that two batches with the same keys wait for each other instead of deadlocking.
    rows = [{**_row(*items[key], now), "claims_version": claims_version} for key in sorted(items)]
    inserted = session.execute(
        statement.on_conflict_do_nothing(index_elements=["platform", "external_id"]).returning(
            table.c.id, table.c.platform, table.c.external_id
        ),
        rows,
    )
    new: dict[Key, _Kept] = {}
    for number, platform, external_id in inserted:
        item, analysis = items[platform, external_id]
        new[platform, external_id] = _Kept(number, "open", item.text, analysis)
    if new:
        session.execute(insert(Opinion), [_opinion(kept, now) for kept in new.values()])
        record_matches(session, [(kept.id, kept.analysis) for kept in new.values()], now)
    return new


def _notice(
    session: Session,
    house: House,
    new: dict[Key, _Kept],
    items: Mapping[Key, tuple[Incoming, Analysis]],
    now: datetime,
) -> dict[Key, _Kept]:
    """Compare the new comments with what others wrote; return them with what that changed."""
    if not new:
        return new
    written = [
        Written(
            comment_id=kept.id,
            text=kept.text,
            account=account_of(key[0], items[key][0].author),
            seen_at=min(items[key][0].posted_at or now, now),
        )
        for key, kept in new.items()
    ]
    take_turn(session)
    changed = notice(session, house.settings, written, now)
    seen = {
        key: replace(kept, analysis=changed.get(kept.id, kept.analysis))
        for key, kept in new.items()
    }
    reports = [
        report_of(
            one.comment_id,
            seen[key].analysis,
            text=one.text,
            parent_text=items[key][0].parent_text,
            account=one.account,
        )
        for key, one in zip(new, written, strict=True)
    ]
    forgotten = now - timedelta(days=house.settings.history_days)
    forget(session, forgotten)
    forget_incidents(session, forgotten)
    window = timedelta(hours=house.settings.incident_hours)
    join_incidents(session, list(filter(None, reports)), now, window)
    return seen


def _find(session: Session, keys: Sequence[Key]) -> dict[Key, _Kept]:
    """Return what is stored under these keys."""
    known: dict[Key, _Kept] = {}
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        found = session.execute(
            select(Comment, Opinion)
            .join(Opinion, Opinion.id == newest_opinion())
            .where(tuple_(Comment.platform, Comment.external_id).in_(chunk))
        )
        for comment, opinion in found:
            known[comment.platform, comment.external_id] = _Kept(
                comment.id, comment.status, comment.text, opinion.analysis
            )
    return known


def _row(item: Incoming, analysis: Analysis, now: datetime) -> dict[str, Any]:
    """Return the row of the comment; the labels repeat the analysis, for the queue's index."""
    urgency = analysis["urgency"]["label"]
    return {
        "platform": item.platform,
        "external_id": item.external_id,
        "text": item.text,
        "parent_text": item.parent_text,
        "author": item.author,
        "url": item.url,
        "posted_at": item.posted_at,
        "received_at": now,
        "due_at": due_at(now, urgency, analysis["answer_within_minutes"]),
        "status": "open",
        "language": analysis["language"]["label"],
        "topic": analysis["topic"]["label"],
        "urgency": urgency,
        "urgency_rank": URGENCIES.index(urgency),
        "sentiment": analysis["sentiment"]["label"],
        "flag": analysis["misinformation"]["flag"],
        "needs_answer": analysis["needs_answer"],
    }


def _opinion(kept: _Kept, now: datetime) -> dict[str, Any]:
    return {
        "comment_id": kept.id,
        "model_version": kept.analysis["model_version"],
        "taxonomy_version": kept.analysis["taxonomy_version"],
        "analysis": kept.analysis,
        "created_at": now,
    }
