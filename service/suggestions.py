"""What to answer to a stored comment, by the labels a moderator has put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from models.taxonomy import Taxonomy
from service.analyse import open_shelf, replies
from service.comments import CommentView
from service.deadlines import ROUND_THE_CLOCK
from service.house import House
from service.replies import Reply, Template, replies_from


def suggestions(
    session: Session,
    house: House,
    comment: CommentView,
    language: str | None = None,
    corrections: Mapping[str, Any] | None = None,
) -> list[Reply]:
    """Return the best replies to a stored comment, in `language` or that of the comment.

    `corrections`: right label by head, as in a review.
    """
    house.claims.current(session)
    return replies(
        house,
        open_shelf(session, house),
        corrected(comment.analysis, corrections or {}, house.taxonomy),
        text=comment.text,
        platform=comment.platform,
        author=comment.author,
        language=language,
    )


def asked_for(
    session: Session,
    house: House,
    comment: CommentView,
    templates: Iterable[Template],
    *,
    language: str | None = None,
    corrections: Mapping[str, Any] | None = None,
    limit: int,
) -> list[Reply]:
    """Return up to `limit` replies to a stored comment from these templates, in their order."""
    house.claims.current(session)
    return replies_from(
        templates,
        corrected(comment.analysis, corrections or {}, house.taxonomy),
        house.catalogue(session),
        platform=comment.platform,
        author=comment.author,
        today=house.today(),
        limit=limit,
        language=language,
        claim_of=house.claims.get,
    )


def corrected(
    analysis: Mapping[str, Any], corrections: Mapping[str, Any], taxonomy: Taxonomy
) -> dict[str, Any]:
    """Return the analysis as it would read with the moderator's labels; the original stays.

    A person is sure. Whoever says that it is not pressing says that there is no danger.
    """
    right = dict(analysis)
    for head, label in corrections.items():
        if head == "misinformation":
            right[head] = {**analysis[head], "flag": "likely" if label else "none"}
        else:
            right[head] = {**analysis[head], "label": label, "confidence": 1.0, "abstained": False}
    if (urgency := corrections.get("urgency")) is not None:
        right["answer_within_minutes"] = taxonomy.minutes[urgency]
        if urgency not in ROUND_THE_CLOCK:
            right["urgency"]["override"] = None
    return right
