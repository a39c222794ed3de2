"""Rumours gaining ground, on a page: what to answer first, and what to make a claim of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from models.claims.claim import CLAIM_LANGUAGES
from service.api.access import HouseHere
from service.claim_registry import by_id
from service.console.claims import may_edit
from service.console.links import ROOT
from service.console.messages import Messages
from service.console.moments import Moment, past
from service.console.page import render
from service.console.visitor import Moderator
from service.rumours import Rumour, gaining

router: Final = APIRouter()

_SHOWN: Final = 50


@dataclass(frozen=True)
class Row:
    """A rumour with its words as this visitor reads them best."""

    rumour: Rumour
    text: str
    language: str
    """Of `text`, "" for words of a comment."""
    first: Moment
    href: str
    """The claim, or the form that makes a claim of a cluster; "" without the rights for it."""
    to_check: bool
    """Whether it waits for this visitor to make a claim of it."""


@router.get("/rumours")
def list_rumours(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Show what spreads, the fastest growing first."""
    now, messages = house.now(), visitor.messages
    with house.sessions.reading() as session:
        found = gaining(session, house, now, limit=_SHOWN)
        named = by_id(session, [one.claim_id for one in found if one.claim_id])
    rows = []
    for one in found:
        text, language = _worded(one, messages)
        kept = named.get(one.claim_id or "")
        to_check = kept is None and may_edit(visitor)
        known = f"{ROOT}/claims/{kept.number}" if kept else ""
        href = _claim_form(one) if to_check else known
        rows.append(Row(one, text, language, past(messages, one.first_seen, now), href, to_check))
    return render(
        request,
        visitor,
        "rumours.html",
        rows=rows,
        hours=house.settings.likeness_hours,
    )


def _worded(rumour: Rumour, messages: Messages) -> tuple[str, str]:
    for code in (messages.language, *CLAIM_LANGUAGES):
        if code in rumour.texts:
            return rumour.texts[code], code
    return rumour.texts[""], ""


def _claim_form(rumour: Rumour) -> str:
    """Return the address of the form with the rumour's words in it; the verdict is open."""
    words = rumour.texts.get("", "")[:1_000]
    return f"{ROOT}/claims/new?{urlencode({'phrasing': words})}"
