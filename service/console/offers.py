"""The replies on offer on a comment's page: the suggested ones, and those looked for by words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from service.comments import CommentView
from service.console.forms import Draft
from service.house import House
from service.replies import Reply, Template, find_templates
from service.suggestions import asked_for, suggestions

_SHOWN: Final = 5
"""Found replies, so that each has a digit as its key."""


@dataclass(frozen=True)
class Offers:
    """What to choose from, and how the search went."""

    suggested: list[Reply]
    found: list[Reply]
    nothing: bool = False
    """Whether words were looked for in vain."""
    more: bool = False
    """Whether there are more such replies than are shown."""


NOTHING_OFFERED: Final = Offers([], [])


def offers(
    session: Session, house: House, comment: CommentView, draft: Draft, language: str
) -> Offers:
    """Return the replies for the labels, the language and the search of the form.

    A reply that was found and chosen stays, whatever is looked for next.
    """
    right = draft.corrections(comment.analysis)
    suggested = suggestions(session, house, comment, language, right)
    others = {
        code: template
        for code, template in house.catalogue(session).templates.items()
        if code not in {reply["template_id"] for reply in suggested}
    }

    def replies(templates: Iterable[Template]) -> list[Reply]:
        return asked_for(
            session,
            house,
            comment,
            templates,
            language=language,
            corrections=right,
            limit=_SHOWN + 1,
        )

    hits = replies(find_templates(draft.find, others.values()))
    shown = hits[:_SHOWN]
    chosen = others.get(draft.chosen or "") if draft.chosen in draft.found else None
    if chosen is not None and chosen.id not in {reply["template_id"] for reply in shown}:
        shown += replies([chosen])
    return Offers(suggested, shown, bool(draft.find) and not hits, len(hits) > _SHOWN)
