"""Incidents on pages: how many report the same outage, and one answer for all of them."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from service import comments, incidents
from service.api.access import HouseHere
from service.console.accounts import see_other
from service.console.links import ROOT
from service.console.moments import past
from service.console.page import render
from service.console.visitor import FormHere, Moderator, Sender, Visitor
from service.errors import Problem
from service.house import House
from service.replies import Reply
from service.review import ReviewInput, suggestions

router: Final = APIRouter()

REFRESH_SECONDS: Final = 20
"""How often a page that is looked at counts anew; it needs no script for that."""
_SHOWN: Final = 50
OWN_WORDS: Final = "own"
FIELDS: Final = ("action", "reply", "text")


@router.get("/incidents")
def list_incidents(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Show the incidents, the newest reports first; the counts rise while one looks."""
    now, messages = house.now(), visitor.messages
    with house.sessions.reading() as session:
        found = incidents.newest(session, house, limit=_SHOWN)
    return render(
        request,
        visitor,
        "incidents.html",
        rows=[
            (one, past(messages, one.first_seen, now), past(messages, one.last_seen, now))
            for one in found
        ],
        refresh=REFRESH_SECONDS,
    )


@router.get("/incidents/{incident_id}")
def show_incident(
    request: Request, house: HouseHere, visitor: Moderator, incident_id: int
) -> Response:
    """Show one incident with its reports."""
    return _page(request, house, visitor, incident_id)


@router.get("/incidents/{incident_id}/answer")
def show_form(request: Request, house: HouseHere, visitor: Moderator, incident_id: int) -> Response:
    """Show the replies that fit; this page stands still while one writes."""
    return _page(request, house, visitor, incident_id, form=dict.fromkeys(FIELDS, ""))


@router.post("/incidents/{incident_id}/answer")
def answer_all(
    request: Request, house: HouseHere, visitor: Sender, posted: FormHere, incident_id: int
) -> Response:
    """Decide on every open report, or show what is wrong with the answer."""
    form = {name: posted.get(name, "") for name in FIELDS}
    try:
        done = incidents.review_all(house, incident_id, visitor.name, _given(form), house.now())
    except Problem as problem:
        if problem.code == "incident-not-found":
            raise
        return _page(request, house, visitor, incident_id, form=form, fault=problem.detail)
    if done.refused and not done.decided:
        fault = next(iter(done.refused.values())).detail
        return _page(request, house, visitor, incident_id, form=form, fault=fault)
    address = f"{ROOT}/incidents/{incident_id}"
    return see_other(f"{address}?decided={len(done.decided)}&refused={len(done.refused)}")


def _given(form: dict[str, str]) -> ReviewInput:
    """Return the decision of a form; own words go out as they are, a template as it speaks."""
    if form["action"] == "escalate":
        return ReviewInput("escalate")
    if form["reply"] in {"", OWN_WORDS}:
        return ReviewInput("edit", reply_text=form["text"].strip())
    return ReviewInput("approve", template_id=form["reply"])


def _page(
    request: Request,
    house: House,
    visitor: Visitor,
    incident_id: int,
    *,
    form: dict[str, str] | None = None,
    fault: str = "",
) -> Response:
    now, messages = house.now(), visitor.messages
    offered: list[Reply] = []
    with house.sessions.reading() as session:
        try:
            incident = incidents.get(session, incident_id)
        except Problem:
            raise Problem("not-found", "there is no such incident") from None
        waiting = incidents.open_members(session, incident_id)
        if form is not None and waiting:
            oldest = comments.get(session, waiting[0])
            offered = [
                one for one in suggestions(session, house, oldest) if not one["missing_slots"]
            ]
    return render(
        request,
        visitor,
        "incident.html",
        status=422 if fault else 200,
        incident=incident,
        members=[(one, past(messages, one.received_at, now)) for one in incident.sample],
        first=past(messages, incident.first_seen, now),
        last=past(messages, incident.last_seen, now),
        offered=offered,
        own_words=OWN_WORDS,
        form=form,
        fault=fault,
        refresh=REFRESH_SECONDS if form is None else None,
        **_done(request),
    )


def _done(request: Request) -> dict[str, Any]:
    """Return how many were just answered, and how many not, by the address."""
    given = {name: request.query_params.get(name, "") for name in ("decided", "refused")}
    return {
        name: int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
        for name, number in given.items()
    }
