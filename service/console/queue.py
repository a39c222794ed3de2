"""The review queue as a page, and the way from one comment to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request, Response

from models.labels import URGENCIES
from service.api.access import HouseHere
from service.comments import QueueItem
from service.console.accounts import see_other
from service.console.links import FILTERS, ROOT, filter_query, read_filters
from service.console.moments import Moment, deadline, past
from service.console.page import render
from service.console.visitor import Moderator, Visitor
from service.errors import Problem
from service.house import House
from service.queue import QueueFilters, QueuePage, counts, following, page

router: Final = APIRouter()

PAGE_LENGTH: Final = 25
DONE: Final = ("approve", "edit", "reject", "escalate", "skip")
"""What can have happened to the comment before; the next page says so."""


@dataclass(frozen=True)
class Row:
    """One comment of the list, with its moments in words."""

    item: QueueItem
    due: Moment
    received: Moment
    held: bool
    """Whether another moderator has it."""


@router.get("/")
def show_queue(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Show the comments that pass the filters of the address, the most pressing first."""
    filters = read_filters(request.query_params)
    cursor = request.query_params.get("cursor")
    now = house.now()
    with house.sessions.reading() as session:
        try:
            found = page(session, filters, limit=PAGE_LENGTH, cursor=cursor)
        except Problem:  # an address cut short in a chat: begin at the beginning
            return see_other(f"{ROOT}/{filter_query(filters)}")
        standing = counts(session, now)
    return render(
        request,
        visitor,
        "queue.html",
        rows=[_row(visitor, item, now) for item in found.items],
        filters=filters,
        options=FILTERS,
        urgencies=URGENCIES,
        narrowed=filters != QueueFilters(),
        query=filter_query(filters),
        query_with=lambda **changes: filter_query(filters, **changes),
        standing=standing,
        next_page=_next_page(filters, found),
        later=cursor is not None,
        done=done(request),
    )


@router.get("/next")
def go_to_next(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Go to the most pressing comment, or back to the queue when there is none."""
    return see_other(next_path(house, visitor, read_filters(request.query_params)))


def next_path(
    house: House,
    visitor: Visitor,
    filters: QueueFilters,
    *,
    skipped: int | None = None,
    did: str | None = None,
) -> str:
    """Return the address of the next comment in these filters, else of the queue.

    Next is the most pressing one, whatever came in or was passed over meanwhile;
    only after one that was `skipped` comes the one behind it. Decided comments do
    not come in a row: their filter leads back to the list.
    """
    found = None
    if filters.status == "open":
        with house.sessions.reading() as session:
            found = following(
                session, filters, after=skipped, moderator=visitor.name, now=house.now()
            )
    query = filter_query(filters, done=did)
    return f"{ROOT}/comments/{found}{query}" if found is not None else f"{ROOT}/{query}"


def _row(visitor: Visitor, item: QueueItem, now: datetime) -> Row:
    """Return `item` as a row of the list."""
    messages = visitor.messages
    held = bool(item.held_by and item.held_until and item.held_until > now)
    return Row(
        item,
        deadline(messages, item.due_at, now),
        past(messages, item.received_at, now),
        held and item.held_by != visitor.name,
    )


def done(request: Request) -> str | None:
    """Return what the address says has just been done, if it is one of our words."""
    did = request.query_params.get("done")
    return did if did in DONE else None


def _next_page(filters: QueueFilters, found: QueuePage) -> str | None:
    """Return the address of the next page."""
    if found.next_cursor is None:
        return None
    return f"{ROOT}/{filter_query(filters, cursor=found.next_cursor)}"
