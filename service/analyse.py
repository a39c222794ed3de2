"""Ask the model about comments, and the templates for replies to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.analysis import Analysis, Highlight
from models.labels import LABEL_HEADS
from service.house import House
from service.replies import Catalogue, Outcome, Reply, suggest
from service.store.tables import TemplateOutcome

SUGGESTIONS: Final = 3
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
    explain: Sequence[bool],
) -> list[Analysis]:
    """Return one analysis a text, in order, with highlights where `explain` says so.

    The texts have been checked before.
    """
    classifier = house.live_model.current()
    with house.sessions.reading() as session:
        claims = house.claims.current(session)
    analyses: list[Analysis | None] = [None] * len(texts)
    for explained in (False, True):
        rows = [row for row, wanted in enumerate(explain) if wanted is explained]
        if rows:
            answers = classifier.analyse(
                [texts[row] for row in rows],
                [parents[row] for row in rows],
                explain=explained,
                claims=claims,
            )
            for row, answer in zip(rows, answers, strict=True):
                analyses[row] = answer
    complete = [analysis for analysis in analyses if analysis is not None]
    _count(house, complete)
    return complete


def highlights(house: House, text: str, parent_text: str | None) -> dict[str, list[Highlight]]:
    """Return which words moved each label, as the model in use now sees it."""
    answer = house.live_model.current().analyse([text], [parent_text], explain=True)[0]
    return answer.get("highlights", {})


def _count(house: House, analyses: Sequence[Mapping[str, Any]]) -> None:
    """Count the analyses by written form, and the heads that were not sure."""
    languages = Counter(analysis["language"]["label"] for analysis in analyses)
    for language, number in languages.items():
        house.metrics.analyses.labels(language).inc(number)
    for head in LABEL_HEADS:
        number = sum(analysis[head]["abstained"] for analysis in analyses)
        house.metrics.abstentions.labels(head).inc(number)


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
    text: str,
    platform: str | None,
    author: str | None,
    language: str | None = None,
) -> list[Reply]:
    """Return the best replies to a comment of this text and analysis, best first.

    They are in `language` (kk, ru or en) or, without one, that of the comment.
    """
    return suggest(
        analysis,
        shelf.catalogue,
        text=text,
        platform=platform,
        author=author,
        today=house.today(),
        outcomes=shelf.outcomes,
        limit=SUGGESTIONS,
        language=language,
        claim_of=house.claims.get,
    )
