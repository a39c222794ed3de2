"""Incidents on pages: how many report the same outage, and one answer for all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from service import comments, incidents
from service.api.access import HouseHere
from service.console.accounts import see_other
from service.console.comment import REASONS, Notice, shown_faults
from service.console.decide import notice_of
from service.console.forms import Draft, read_draft
from service.console.links import ROOT, number_in
from service.console.messages import Messages
from service.console.moments import past
from service.console.page import render
from service.console.protection import LIVE_POLICY, POLICY_HEADER
from service.console.reply_cards import ReplyCard, cards, choose_card
from service.console.visitor import FormHere, Moderator, Sender, Visitor
from service.errors import Problem
from service.house import House
from service.incidents import IncidentItem
from service.review import ReviewInput
from service.suggestions import suggestions

router: Final = APIRouter()

REFRESH_SECONDS: Final = 20
"""How often a page that is looked at counts anew; without scripts it loads anew instead."""
_SHOWN: Final = 50
_ASKED: Final = 10
"""So many of the oldest open reports say what the usual one is."""


@router.get("/incidents")
def list_incidents(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Show the incidents, the newest reports first; the counts rise while one looks."""
    now, messages = house.now(), visitor.messages
    with house.sessions.reading() as session:
        found = incidents.newest(session, house, limit=_SHOWN)
    rows = [(one, past(messages, one.last_seen, now)) for one in found]
    return _live(render(request, visitor, "incidents.html", rows=rows, refresh=REFRESH_SECONDS))


@router.get("/incidents/{incident_id}")
def show_incident(
    request: Request, house: HouseHere, visitor: Moderator, incident_id: int
) -> Response:
    """Show one incident with its reports."""
    return _live(_page(request, house, visitor, incident_id))


@router.get("/incidents/{incident_id}/answer")
def show_form(request: Request, house: HouseHere, visitor: Moderator, incident_id: int) -> Response:
    """Show the replies that fit; this page stands still while one writes."""
    return _page(request, house, visitor, incident_id, draft=Draft())


@router.post("/incidents/{incident_id}/answer")
def answer_all(
    request: Request, house: HouseHere, visitor: Sender, posted: FormHere, incident_id: int
) -> Response:
    """Decide on every open report, or show what is wrong with the answer."""
    draft, action = read_draft(posted), posted.get("action", "")
    if action not in {"approve", "reject", "escalate"}:
        return _page(request, house, visitor, incident_id, draft=draft)
    if action == "reject" and draft.reason not in REASONS:
        notice = Notice("reason-missing", 422)
        return _page(request, house, visitor, incident_id, draft=draft, notice=notice)
    given = _given(action, draft)
    try:
        done = incidents.review_all(house, incident_id, visitor.name, given, house.now())
    except Problem as problem:
        if problem.code == "incident-not-found":
            raise
        notice = notice_of(problem)
        return _page(request, house, visitor, incident_id, draft=draft, notice=notice)
    if done.refused and not done.decided:
        notice = notice_of(next(iter(done.refused.values())))
        return _page(request, house, visitor, incident_id, draft=draft, notice=notice)
    address = f"{ROOT}/incidents/{incident_id}"
    return see_other(f"{address}?decided={len(done.decided)}&refused={len(done.refused)}")


def _live(response: Response) -> Response:
    """Let the page fetch itself."""
    response.headers[POLICY_HEADER] = LIVE_POLICY
    return response


def _given(action: str, draft: Draft) -> ReviewInput:
    """Return the decision of a form; own words go out as they are, a template as it speaks."""
    if action == "reject":
        return ReviewInput("reject", reason=draft.reason)
    if action == "escalate":
        return ReviewInput("escalate", reason=draft.note or None)
    if draft.template_id is None:
        return ReviewInput("edit", reply_text=draft.text.strip(), confirm=draft.confirm)
    return ReviewInput(
        "approve",
        template_id=draft.template_id,
        slots=draft.chosen_slots,
        confirm=draft.confirm,
    )


def _page(
    request: Request,
    house: House,
    visitor: Visitor,
    incident_id: int,
    *,
    draft: Draft | None = None,
    notice: Notice | None = None,
) -> Response:
    now, messages = house.now(), visitor.messages
    offered: list[ReplyCard] = []
    with house.sessions.reading() as session:
        try:
            incident = incidents.get(session, incident_id)
        except Problem:
            raise Problem("not-found", "there is no such incident") from None
        if draft is not None and incident.waiting:
            offered = _offered(session, house, incident, draft, messages)
    chosen = choose_card(draft, offered) if draft is not None and offered else ""
    return render(
        request,
        visitor,
        "incident.html",
        status=notice.status if notice is not None else 200,
        incident=incident,
        members=[(one, past(messages, one.received_at, now)) for one in incident.sample],
        first=past(messages, incident.first_seen, now),
        last=past(messages, incident.last_seen, now),
        cards=offered,
        chosen=chosen,
        draft=draft,
        reasons=REASONS,
        notice=notice,
        faults=shown_faults(notice, offered, chosen),
        refresh=REFRESH_SECONDS,
        **_done(request),
    )


def _offered(
    session: Session, house: House, incident: IncidentItem, draft: Draft, messages: Messages
) -> list[ReplyCard]:
    """Return the replies that fit the usual report of the incident, in the moderator's language.

    They speak to nobody here: each person gets theirs in their own language and by name.
    """
    waiting = incidents.open_members(session, incident.id)[:_ASKED]
    asked = [comments.get(session, comment_id) for comment_id in waiting]
    reports = [one for one in asked if one.analysis["intent"]["label"] == "problem"] or asked
    pressing = Counter(one.analysis["urgency"]["label"] for one in reports)
    usual, _ = pressing.most_common(1)[0]
    shown = next(one for one in reports if one.analysis["urgency"]["label"] == usual)
    about = {**shown.analysis["topic"], "label": incident.topic, "abstained": False}
    to_all = replace(shown, author=None, analysis={**shown.analysis, "topic": about})
    suggested = suggestions(session, house, to_all, messages.language)
    return cards(suggested, house.catalogue(session), draft, None, messages)


def _done(request: Request) -> dict[str, Any]:
    """Return how many were just answered, and how many not, by the address."""
    return {name: number_in(request.query_params, name) for name in ("decided", "refused")}
