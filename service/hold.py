"""One moderator holds a comment for a while, so that two do not answer it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from service.comments import no_such_comment
from service.errors import Problem
from service.house import House
from service.store.tables import Comment

WAITING: Final = ("open", "escalated")
"""Statuses of comments that somebody still has to decide on."""


def claim(
    session: Session, house: House, comment_id: int, moderator: str, now: datetime
) -> datetime:
    """Give the comment to `moderator`, or prolong it; return until when.

    Raise the problems `comment-not-found`, `already-decided`, `held-by-another`.
    """
    until = now + timedelta(minutes=house.settings.hold_minutes)
    # One statement decides, so that of two moderators who ask at once only one gets it.
    taken = session.execute(
        update(Comment)
        .where(
            Comment.id == comment_id,
            Comment.status.in_(WAITING),
            or_(
                Comment.held_by.is_(None),
                Comment.held_by == moderator,
                Comment.held_until <= now,
            ),
        )
        .values(held_by=moderator, held_until=until)
        .returning(Comment.id)
    ).scalar_one_or_none()
    if taken is None:
        comment = session.get(Comment, comment_id)
        if comment is None:
            raise no_such_comment(comment_id)
        refuse_decided(comment)
        refuse_held(comment, moderator, now)
        raise Problem("held-by-another", f"comment {comment_id} was taken a moment ago")
    return until


def release(session: Session, comment_id: int, moderator: str) -> None:
    """Let go of the comment, if `moderator` holds it."""
    session.execute(
        update(Comment)
        .where(Comment.id == comment_id, Comment.held_by == moderator)
        .values(held_by=None, held_until=None)
    )


def refuse_decided(comment: Comment) -> None:
    """Raise the problem `already-decided` unless somebody still has to decide."""
    if comment.status not in WAITING:
        raise Problem("already-decided", f"comment {comment.id} is already {comment.status}")


def refuse_held(comment: Comment, moderator: str, now: datetime) -> None:
    """Raise the problem `held-by-another` if somebody else holds the comment now."""
    if comment.held_by in (None, moderator) or comment.held_until is None:
        return
    if comment.held_until > now:
        until = comment.held_until.isoformat()
        raise Problem(
            "held-by-another",
            f"comment {comment.id} is held by {comment.held_by} until {until}",
            held_by=comment.held_by,
            held_until=until,
        )
