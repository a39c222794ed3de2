"""What moderators decided, as annotated comments to learn from (`data/annotated`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models.labels import ANNOTATED_HEADS
from models.personal_data import mask_personal_data
from service.store.keyset import behind
from service.store.tables import Comment, ImportedAnnotation, Opinion, Review

_PAGE: Final = 500
_CONFIRMING: Final = frozenset({"approve", "edit"})
"""Decisions that answer the comment as it was labelled."""


def annotated_comments(session: Session, since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Yield one row a decided comment, oldest decision first, then what was imported.

    A label is the moderator's correction or, left as it was, the model's that the
    moderator had before them when they answered. Who rejects or passes a comment on
    without a correction has confirmed nothing: no row, or the model would learn its
    own guesses. Personal data are masked; author and address of the comment stay
    out. `since` lets pass what was decided or imported then or later.
    """
    for comment, opinion, review in _reviewed(session, since):
        if review.decision in _CONFIRMING or review.corrections:
            yield annotation(comment, opinion, review)
    ours = _own_ids(session)
    query = select(ImportedAnnotation).order_by(ImportedAnnotation.annotation_id).limit(_PAGE)
    if since is not None:
        query = query.where(ImportedAnnotation.imported_at >= since)
    last = ""
    while page := session.scalars(query.where(ImportedAnnotation.annotation_id > last)).all():
        yield from (row.body for row in page if row.annotation_id not in ours)
        last = page[-1].annotation_id


def annotation(comment: Comment, opinion: Opinion, review: Review) -> dict[str, Any]:
    """Return the row of `data/annotated` for one decided comment."""
    corrections = review.corrections
    seen = opinion.analysis
    row: dict[str, Any] = {
        "id": annotation_id(comment.platform, comment.external_id),
        "text": mask_personal_data(comment.text),
    }
    for head in ANNOTATED_HEADS:
        row[head] = corrections.get(head, seen[head]["label"])
    row["misinformation"] = corrections.get(
        "misinformation", seen["misinformation"]["flag"] == "likely"
    )
    row["toxic"] = corrections.get("toxicity", seen["toxicity"]["label"]) == "toxic"
    if comment.parent_text is not None:
        row["parent_text"] = mask_personal_data(comment.parent_text)
    return row | {
        "platform": comment.platform,
        "source": "moderator",
        "annotator": review.moderator,
    }


def annotation_id(platform: str, external_id: str) -> str:
    """Return an id that is the same in every installation, and does not lead to the author."""
    whole = hashlib.sha256(f"{platform}\n{external_id}".encode()).hexdigest()
    return f"moderated-{whole[:20]}"


def _own_ids(session: Session) -> set[str]:
    """Return the ids of all decided comments: a copy of one of them is no news in any period."""
    decided = select(Comment.platform, Comment.external_id).join(
        Review, Review.comment_id == Comment.id
    )
    return {
        annotation_id(platform, external_id) for platform, external_id in session.execute(decided)
    }


def _reviewed(
    session: Session, since: datetime | None
) -> Iterator[tuple[Comment, Opinion, Review]]:
    """Yield the decided comments page by page, so that a long export holds nothing long.

    Each comes once, with the last decision: who puts a comment back has decided nothing.
    """
    order = (Review.decided_at, Review.id)
    any_of_it = aliased(Review)
    last_one = (
        select(func.max(any_of_it.id))
        .where(any_of_it.comment_id == Review.comment_id, any_of_it.decision != "return")
        .scalar_subquery()
    )
    query = (
        select(Comment, Opinion, Review)
        .join(Review, Review.comment_id == Comment.id)
        .join(Opinion, Opinion.id == Review.opinion_id)
        .where(Review.id == last_one)
        .order_by(*order)
        .limit(_PAGE)
    )
    if since is not None:
        query = query.where(Review.decided_at >= since)
    page = session.execute(query).all()
    while page:
        yield from page
        last = page[-1][2]
        session.expunge_all()
        further = query.where(behind(order, (last.decided_at, last.id)))
        page = session.execute(further).all()
