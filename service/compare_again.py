"""Compare waiting comments with the claims again once these have changed or run out.

Every comment carries the version of the registry it was compared with; those behind it are
taken in pieces, the newest first, outside any request. What is not done when a process stops
is behind still when the next one starts. Only what claims say about a comment changes, and
only while it waits: the other labels keep its place in the queue, a comment that a moderator
holds does not change under their eyes, and a decided one keeps what they saw.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.orm import Session

from models.analysis import Analysis
from models.labels import needs_answer
from service.claim_expiry import expiry_is_noted, note_expiry
from service.claim_lists import forget_matches, record_matches
from service.comments import newest_opinion
from service.coordination import judge_again, keep_reason
from service.house import House
from service.incident_groups import join_incidents, leave_incidents, report_of
from service.store.group_tables import IncidentMember
from service.store.tables import Comment, Opinion
from service.store.turns import take_lease, take_turn
from service.text_groups import account_of

logger: Final = logging.getLogger(__name__)

EVERY_SECONDS: Final = 2.0
LEASE: Final = timedelta(seconds=30)
"""Nobody else compares while one worker does; longer than a piece takes."""
_WORK: Final = "compare again"
_PIECE: Final = 32
"""Comments analysed between two looks at what else there is to do."""


@dataclass(frozen=True)
class _Changed:
    """A waiting comment of which the claims say something else now than they did."""

    comment: Comment
    opinion: Opinion
    analysis: dict[str, Any]


async def keep_comparing(house: House, stop: asyncio.Event, pause: float = EVERY_SECONDS) -> None:
    """Compare what is behind, piece by piece, until `stop` is set."""
    if house.settings.recheck_comments == 0:
        return
    holder = uuid.uuid4().hex
    done = 0
    while not stop.is_set():
        if done == 0:
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                pass
            else:
                return
        try:
            done = await asyncio.to_thread(compare_piece, house, holder)
        except Exception as error:  # whatever it is, the next round tries again
            done = 0
            logger.warning("comments wait to be compared again: %s", type(error).__name__)


def compare_piece(house: House, holder: str) -> int:
    """Compare the newest comments that are behind the claims; return how many were.

    `holder` names who does it: of several processes only one has the work.
    """
    _let_expire(house)
    with house.sessions.reading() as session:
        index = house.claims.current(session)
        version = house.claims.seen
        behind = _behind(session, house, version)
    if not behind:
        return 0
    with house.sessions.writing() as session:
        if not take_lease(session, _WORK, holder, house.now(), LEASE):
            return 0
    answers = house.live_model.current().analyse(  # in no transaction: it takes its time
        [comment.text for comment in behind],
        [comment.parent_text for comment in behind],
        claims=index,
    )
    fresh = {comment.id: answer for comment, answer in zip(behind, answers, strict=True)}
    with house.sessions.writing() as session:
        done, changed = _store(session, house, fresh, version, house.now())
    house.metrics.comparisons.labels("yes").inc(changed)
    house.metrics.comparisons.labels("no").inc(done - changed)
    return done


def _let_expire(house: House) -> None:
    """Take claims that have run out for changed ones; most of the time there are none."""
    today = house.today()
    with house.sessions.reading() as session:
        noted = expiry_is_noted(session, today)
    if not noted:
        with house.sessions.writing() as session:
            note_expiry(session, today)


def _behind(session: Session, house: House, version: int) -> Sequence[Comment]:
    """Return the newest waiting comments that were compared with an older registry."""
    settings = house.settings
    since = house.now() - timedelta(days=settings.recheck_days)
    newest = (
        select(Comment.id, Comment.received_at, Comment.claims_version)
        .where(Comment.status == "open", Comment.received_at > since)
        .order_by(Comment.received_at.desc(), Comment.id.desc())
        .limit(settings.recheck_comments)
        .subquery()
    )
    behind = (
        select(Comment)
        .join(newest, newest.c.id == Comment.id)
        .where(newest.c.claims_version < version, _free(house.now()))
        .order_by(newest.c.received_at.desc(), newest.c.id.desc())
        .limit(_PIECE)
    )
    return session.scalars(behind).all()


def _free(now: datetime) -> ColumnElement[bool]:
    """Return the condition that no moderator has the comment before them."""
    return or_(Comment.held_until.is_(None), Comment.held_until <= now)


def _store(
    session: Session, house: House, fresh: Mapping[int, Analysis], version: int, now: datetime
) -> tuple[int, int]:
    """Store what changed; return of how many comments was known, and of how many it did.

    A comment that somebody holds or decides on at this moment is left alone; should it wait
    still, it is behind still.
    """
    take_turn(session)
    waiting = session.scalars(
        select(Comment.id)
        .where(Comment.id.in_(list(fresh)), Comment.status == "open", _free(now))
        .with_for_update(skip_locked=True)
    ).all()
    found = session.execute(
        select(Comment, Opinion)
        .join(Opinion, Opinion.id == newest_opinion())
        .where(Comment.id.in_(waiting))
    )
    changed = [
        _Changed(comment, opinion, analysis)
        for comment, opinion in found
        if (analysis := _told_anew(opinion.analysis, fresh[comment.id])) is not None
    ]
    session.execute(
        update(Comment).where(Comment.id.in_(waiting)).values(claims_version=version),
        execution_options={"synchronize_session": False},
    )
    if changed:
        _opine(session, changed, now, house.today())
        _regroup(session, house, changed, now)
    return len(waiting), len(changed)


def _told_anew(old: Mapping[str, Any], fresh: Analysis) -> dict[str, Any] | None:
    """Return the analysis with what the claims say now; None where that is the same.

    A score alone is no news: it moves a little with every claim.
    """
    misinformation = fresh["misinformation"]
    needed = needs_answer(old["intent"]["label"], misinformation["flag"])
    told = keep_reason(old, {**old, "misinformation": misinformation, "needs_answer": needed})
    return None if _gist(told) == _gist(old) else told


def _gist(analysis: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    misinformation = analysis["misinformation"]
    reasons = [
        {name: told for name, told in one.items() if name != "score"}
        for one in misinformation["reasons"]
    ]
    return misinformation["flag"], reasons


def _opine(session: Session, changed: Sequence[_Changed], now: datetime, today: date) -> None:
    """Store an opinion behind the last one, and let the queue's filters and lists see it."""
    opinions = [
        {
            "comment_id": one.comment.id,
            "model_version": one.opinion.model_version,
            "taxonomy_version": one.opinion.taxonomy_version,
            "analysis": one.analysis,
            "created_at": now,
        }
        for one in changed
    ]
    session.execute(insert(Opinion), opinions)
    for one in changed:
        one.comment.flag = one.analysis["misinformation"]["flag"]
        one.comment.needs_answer = one.analysis["needs_answer"]
    session.flush()
    analysed = [(one.comment.id, one.analysis) for one in changed]
    forget_matches(session, analysed, today)
    record_matches(session, analysed, now)


def _regroup(session: Session, house: House, changed: Sequence[_Changed], now: datetime) -> None:
    """Let rumours leave their incident and be judged with those like them; reports join one."""
    rumours = [one.comment.id for one in changed if one.comment.flag != "none"]
    leave_incidents(session, rumours)
    judge_again(session, rumours)
    window = timedelta(hours=house.settings.incident_hours)
    ids = [one.comment.id for one in changed]
    members = select(IncidentMember.comment_id).where(IncidentMember.comment_id.in_(ids))
    joined = set(session.scalars(members))
    reports = [
        report_of(
            one.comment.id,
            one.analysis,
            text=one.comment.text,
            parent_text=one.comment.parent_text,
            account=account_of(one.comment.platform, one.comment.author),
        )
        for one in changed
        if one.comment.id not in joined and one.comment.received_at > now - window
    ]
    join_incidents(session, list(filter(None, reports)), now, window)
