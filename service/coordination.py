"""The same text from several accounts within a window: a reason to look, never proof alone.

The reason goes into an opinion of its own, behind the model's, also for those who wrote
before it was noticed. Reports of a problem and questions never get it, however many copy
them: people pass on that the heating is off, and they are right to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from models.analysis import Reason
from models.labels import FLAGS
from service.settings import Settings
from service.store.group_tables import TextGroup, TextMember
from service.store.tables import Comment, Opinion
from service.text_groups import Written, join

KIND: Final = "coordinated"
_CHUNK: Final = 500
_HONEST: Final = frozenset({"problem", "question"})
_NONE, _POSSIBLE, _ = FLAGS


def notice(
    session: Session, settings: Settings, written: Sequence[Written], now: datetime
) -> dict[int, dict[str, Any]]:
    """Group new comments with those like them; return the analyses that changed, by comment.

    Their opinions have to be stored already, and the comments' labels are updated.
    """
    window = timedelta(hours=settings.likeness_hours)
    changed: dict[int, dict[str, Any]] = {}
    for number, newcomers in join(session, written, now, window).items():
        latest = max(one.seen_at for one in newcomers)
        within = (
            TextMember.group_id == number,
            TextMember.seen_at > latest - window,
            TextMember.seen_at <= latest,
        )
        accounts = session.scalar(select(func.count(TextMember.account.distinct())).where(*within))
        if accounts is None or accounts < settings.coordinated_accounts:
            continue
        unjudged = session.scalars(
            select(TextMember.comment_id).where(*within, TextMember.judged.is_(False))
        ).all()
        reason = _reason(accounts, settings)
        changed |= _give_reason(session, unjudged, reason, now)
        session.execute(
            update(TextGroup)
            .where(TextGroup.id == number, TextGroup.coordinated_at.is_(None))
            .values(coordinated_at=now)
        )
    return changed


def _reason(accounts: int, settings: Settings) -> Reason:
    """Return the reason; each doubling of the accounts halves the doubt."""
    detail = f"nearly the same text from {accounts} accounts within {settings.likeness_hours} h"
    doubt = settings.coordinated_accounts / (2 * accounts)
    return {
        "kind": KIND,
        "detail": detail,
        "score": round(1 - doubt, 3),
        "accounts": accounts,
        "hours": settings.likeness_hours,
    }


def _give_reason(
    session: Session, ids: Sequence[int], reason: Reason, now: datetime
) -> dict[int, dict[str, Any]]:
    """Store an opinion with the reason for each of these comments that can have it."""
    changed: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        opinions: list[dict[str, Any]] = []
        for row in _newest(session, chunk):
            analysis = with_reason(row.analysis, reason)
            if analysis is None:
                continue
            changed[row.comment_id] = analysis
            opinions.append({**row._mapping, "analysis": analysis, "created_at": now})
        if opinions:
            session.execute(insert(Opinion), opinions)
            _relabel(session, [row["comment_id"] for row in opinions])
        judged = update(TextMember).where(TextMember.comment_id.in_(chunk))
        session.execute(judged.values(judged=True))
    return changed


def with_reason(analysis: Mapping[str, Any], reason: Reason) -> dict[str, Any] | None:
    """Return the analysis with the reason and at least `possible`; None if it may have none.

    What is flagged for other reasons keeps its flag, an honest report that is not stays plain.
    """
    found = analysis["misinformation"]
    if found["flag"] == _NONE and analysis["intent"]["label"] in _HONEST:
        return None
    if any(one["kind"] == KIND for one in found["reasons"]):
        return None
    flagged = {
        "flag": max(found["flag"], _POSSIBLE, key=FLAGS.index),
        "confidence": max(found["confidence"], reason["score"]),
        "reasons": [*found["reasons"], reason],
    }
    if found["flag"] == _NONE:
        flagged["confidence"] = reason["score"]
    return {**analysis, "misinformation": flagged, "needs_answer": True}


def keep_reason(old: Mapping[str, Any], fresh: dict[str, Any]) -> dict[str, Any]:
    """Return a fresh analysis with the reason that the old one had, where it may have one."""
    reasons = old["misinformation"]["reasons"]
    reason = next((one for one in reasons if one["kind"] == KIND), None)
    return (with_reason(fresh, reason) if reason is not None else None) or fresh


def judge_again(session: Session, comment_ids: Sequence[int]) -> None:
    """Let the next one who writes the same have these looked at, too: they are no reports now."""
    if comment_ids:
        session.execute(
            update(TextMember).where(TextMember.comment_id.in_(comment_ids)).values(judged=False)
        )


def _newest(session: Session, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the newest opinion of each comment."""
    newest = (
        select(func.max(Opinion.id)).where(Opinion.comment_id.in_(ids)).group_by(Opinion.comment_id)
    )
    return session.execute(
        select(
            Opinion.comment_id, Opinion.model_version, Opinion.taxonomy_version, Opinion.analysis
        ).where(Opinion.id.in_(newest))
    ).all()


def _relabel(session: Session, ids: Sequence[int]) -> None:
    """Let the queue's filters see the flag."""
    session.execute(
        update(Comment)
        .where(Comment.id.in_(ids), Comment.flag == _NONE)
        .values(flag=_POSSIBLE, needs_answer=True)
    )
