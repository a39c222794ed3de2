"""A stored comment as others see it: with the model's opinion and the human's decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import Problem
from service.store.tables import Comment, Opinion, Review
from service.text_groups import GroupView, group_of


@dataclass(frozen=True, kw_only=True)
class QueueItem:
    """A comment with the newest opinion of the model; moments are in UTC."""

    id: int
    platform: str
    external_id: str
    text: str
    parent_text: str | None
    author: str | None
    url: str | None
    posted_at: datetime | None
    received_at: datetime
    due_at: datetime
    status: str
    analysis: dict[str, Any]
    held_by: str | None
    held_until: datetime | None
    decided_at: datetime | None
    """When it got its status; none while it is open."""


@dataclass(frozen=True)
class ReviewView:
    """What a human decided: decision is approve, edit, reject, escalate or return."""

    decision: str
    moderator: str
    decided_at: datetime
    template_id: str | None
    language: str | None
    reply_text: str | None
    corrections: dict[str, Any]
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class CommentView(QueueItem):
    """A comment with everything known about it."""

    review: ReviewView | None
    """The decision that holds; none while the comment is open."""
    history: list[ReviewView]
    """What was decided before, the oldest first: passed up, put back."""
    group: GroupView | None = None
    """The comments nearly like it, if there are any."""


def get(session: Session, comment_id: int) -> CommentView:
    """Return the comment, or raise the problem `comment-not-found`."""
    found = session.execute(
        select(Comment, Opinion)
        .join(Opinion, Opinion.id == newest_opinion())
        .where(Comment.id == comment_id)
    ).one_or_none()
    if found is None:
        raise no_such_comment(comment_id)
    comment, opinion = found
    past = select(Review).where(Review.comment_id == comment_id).order_by(Review.id)
    history = [review_view(review) for review in session.scalars(past)]
    return CommentView(
        **item_fields(comment, opinion),
        review=history.pop() if history and comment.status != "open" else None,
        history=history,
        group=group_of(session, comment_id),
    )


def newest_opinion() -> Any:
    """Return the subquery for the id of a comment's newest opinion, to join on."""
    return (
        select(Opinion.id)
        .where(Opinion.comment_id == Comment.id)
        .order_by(Opinion.id.desc())
        .limit(1)
        .correlate(Comment)
        .scalar_subquery()
    )


def item_fields(comment: Comment, opinion: Opinion) -> dict[str, Any]:
    """Return the fields of a `QueueItem` of these two rows."""
    return {
        "id": comment.id,
        "platform": comment.platform,
        "external_id": comment.external_id,
        "text": comment.text,
        "parent_text": comment.parent_text,
        "author": comment.author,
        "url": comment.url,
        "posted_at": comment.posted_at,
        "received_at": comment.received_at,
        "due_at": comment.due_at,
        "status": comment.status,
        "analysis": opinion.analysis,
        "held_by": comment.held_by,
        "held_until": comment.held_until,
        "decided_at": comment.decided_at,
    }


def review_view(review: Review) -> ReviewView:
    """Return the decision of this row."""
    return ReviewView(
        review.decision,
        review.moderator,
        review.decided_at,
        review.template_id,
        review.language,
        review.reply_text,
        review.corrections,
        review.reason,
    )


def no_such_comment(comment_id: int) -> Problem:
    """Return the problem for an id nobody has."""
    return Problem("comment-not-found", f"there is no comment {comment_id}")
