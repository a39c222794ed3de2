"""The review queue as a page, and the way from one comment to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from models.labels import URGENCIES
from service.answer_all import Answered
from service.api.access import HouseHere
from service.api.answers import answer
from service.comments import QueueItem
from service.console.accounts import see_other
from service.console.links import (
    FILTERS,
    ROOT,
    WORDS_LENGTH,
    filter_query,
    number_in,
    read_filters,
    way_back,
)
from service.console.moments import Moment, deadline, past
from service.console.page import render
from service.console.protection import LIVE_POLICY, POLICY_HEADER
from service.console.visitor import Moderator, Visitor
from service.errors import Problem
from service.hold import WAITING
from service.house import House
from service.incidents import IncidentLink, of_comments
from service.queue import QueueFilters, QueuePage, arrived, counts, following, newest, page

router: Final = APIRouter()

PAGE_LENGTH: Final = 25
NEWS_SECONDS: Final = 20
"""How often a page that is looked at asks what has come in since."""
DONE: Final = ("approve", "edit", "reject", "escalate", "return", "skip")
"""What can have happened to the comment before; the next page says so."""


@dataclass(frozen=True)
class Row:
    """One comment of the list, with its moments in words."""

    item: QueueItem
    due: Moment
    received: Moment
    decided: Moment | None
    held: bool
    """Whether another moderator has it."""
    incident: IncidentLink | None


@router.get("/")
def show_queue(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Show the comments that pass the filters of the address, the most pressing first.

    What is decided comes in the order of decisions, the newest first.
    """
    filters = read_filters(request.query_params)
    cursor = request.query_params.get("cursor")
    now = house.now()
    order = "deadline" if filters.status in WAITING else "decided"
    with house.sessions.reading() as session:
        seen = newest(session)
        try:
            found = page(session, filters, limit=PAGE_LENGTH, cursor=cursor, order=order)
        except Problem:  # an address cut short in a chat: begin at the beginning
            return see_other(f"{ROOT}/{filter_query(filters)}")
        standing = counts(session, now)
        parts = of_comments(session, house, [item.id for item in found.items])
    response = render(
        request,
        visitor,
        "queue.html",
        rows=[_row(visitor, item, now, parts.get(item.id)) for item in found.items],
        filters=filters,
        options=FILTERS,
        words_length=WORDS_LENGTH,
        urgencies=URGENCIES,
        narrowed=filters != QueueFilters(),
        query=filter_query(filters),
        back=filter_query(filters, cursor=cursor),
        news=f"{ROOT}/news{filter_query(filters, after=seen)}",
        news_every=NEWS_SECONDS,
        query_with=lambda **changes: filter_query(filters, **changes),
        standing=standing,
        next_page=_next_page(filters, found),
        later=cursor is not None,
        **done(request),
    )
    response.headers[POLICY_HEADER] = LIVE_POLICY
    return response


@router.get("/news")
def count_news(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Say how many comments that pass the filters came in after the one numbered `after`."""
    after = request.query_params.get("after", "")
    known = after.isascii() and after.isdigit() and len(after) < 19
    with house.sessions.reading() as session:
        filters = read_filters(request.query_params)
        number = arrived(session, filters, after=int(after)) if known else 0
    return answer({"number": number, "words": visitor.messages.count("queue.news", number)})


@router.get("/next")
def go_to_next(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Go to the most pressing comment, or back to the queue when there is none."""
    return see_other(next_path(house, visitor, request.query_params))


def next_path(
    house: House,
    visitor: Visitor,
    query: Mapping[str, str],
    *,
    skipped: int | None = None,
    did: str | None = None,
    alike: Answered | None = None,
) -> str:
    """Return the address of the next comment in the filters of `query`, else of the queue.

    It tells the next page what was just done, also to those `alike`.

    Next is the most pressing one, whatever came in or was passed over meanwhile;
    only after one that was `skipped` comes the one behind it. Decided comments do
    not come in a row: their filter leads back to the list.
    """
    found = None
    filters = read_filters(query)
    told: dict[str, object] = {"done": did}
    if alike is not None:
        told |= {"alike": len(alike.decided) or None, "left": alike.left or None}
    if filters.status in WAITING:
        with house.sessions.reading() as session:
            found = following(
                session, filters, after=skipped, moderator=visitor.name, now=house.now()
            )
    if found is None:
        return f"{ROOT}/{filter_query(filters, **told)}"
    return f"{ROOT}/comments/{found}{way_back(query, **told)}"


def _row(visitor: Visitor, item: QueueItem, now: datetime, incident: IncidentLink | None) -> Row:
    """Return `item` as a row of the list."""
    messages = visitor.messages
    held = bool(item.held_by and item.held_until and item.held_until > now)
    return Row(
        item,
        deadline(messages, item.due_at, now),
        past(messages, item.received_at, now),
        past(messages, item.decided_at, now) if item.decided_at else None,
        held and item.held_by != visitor.name,
        incident,
    )


def done(request: Request) -> dict[str, Any]:
    """Return what the address says has just been done: one of our words, and to how many."""
    did = request.query_params.get("done")
    return {
        "done": did if did in DONE else None,
        "alike": number_in(request.query_params, "alike"),
        "left": number_in(request.query_params, "left"),
    }


def _next_page(filters: QueueFilters, found: QueuePage) -> str | None:
    """Return the address of the next page."""
    if found.next_cursor is None:
        return None
    return f"{ROOT}/{filter_query(filters, cursor=found.next_cursor)}"
