"""Ask the model about comments, and the templates for replies to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.analysis import Analysis
from service.house import House
from service.replies import Catalogue, Outcome, Reply, suggest
from service.settings import LOCAL_ZONE
from service.store.tables import TemplateOutcome

SUGGESTIONS = 3
"""Replies offered for one comment."""


@dataclass(frozen=True)
class Shelf:
    """The templates and how they fared: what suggesting needs from the database."""

    catalogue: Catalogue
    outcomes: Mapping[str, Outcome]


def analyse(
    house: House,
    texts: Sequence[str],
    parents: Sequence[str | None],
    *,
    explain: bool = False,
) -> list[Analysis]:
    """Return one analysis a text, in order; the texts have been checked before."""
    analyses = house.live_model.current().analyse(texts, parents, explain=explain)
    for analysis in analyses:
        house.metrics.analyses.labels(analysis["language"]["label"]).inc()
        for head in ("language", "topic", "urgency", "sentiment", "intent"):
            if analysis[head]["abstained"]:  # type: ignore[literal-required]
                house.metrics.abstentions.labels(head).inc()
    return analyses


def open_shelf(session: Session, house: House) -> Shelf:
    """Read the templates and their outcomes."""
    outcomes = {
        row.template_id: Outcome(row.accepted, row.edited, row.rejected)
        for row in session.scalars(select(TemplateOutcome))
    }
    return Shelf(house.catalogue(session), outcomes)


def replies(
    house: House,
    shelf: Shelf,
    analysis: Mapping[str, Any],
    *,
    platform: str | None,
    author: str | None,
) -> list[Reply]:
    """Return the best replies to a comment with this analysis, best first."""
    return suggest(
        analysis,
        shelf.catalogue,
        platform=platform,
        author=author,
        today=house.now().astimezone(LOCAL_ZONE).date(),
        outcomes=shelf.outcomes,
        limit=SUGGESTIONS,
    )
