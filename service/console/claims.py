"""The known claims: a list to look through, and each on a page where it can be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from models.claims.claim import CLAIM_LANGUAGES, VERDICTS, Claim, ClaimError
from service import claim_lists, claim_registry
from service.api.access import HouseHere
from service.claim_lists import ClaimFilters, Found
from service.claim_registry import KeptClaim
from service.console.accounts import see_other
from service.console.claim_faults import ShownFault, shown
from service.console.claim_form import EMPTY, ClaimForm, claim_in, filled_in, read_claim_form
from service.console.links import ROOT
from service.console.messages import Messages
from service.console.moments import Moment, past
from service.console.page import render
from service.console.visitor import FormHere, Moderator, Sender, Visitor
from service.errors import Problem
from service.house import House
from service.store.tables import LARGEST_ID

router: Final = APIRouter()

PAGE_LENGTH: Final = 25
_COMMENTS_SHOWN: Final = 20
STATES: Final = ("current", "expired", "example", "deleted")
DONE: Final = ("created", "changed", "unchanged", "deleted", "restored", "examples-gone")
"""What can have happened before; the next page says so."""


@dataclass(frozen=True)
class Row:
    """One claim of the list."""

    kept: KeptClaim
    found: Found
    text: str
    language: str
    """Of `text`, "" for a phrasing."""
    updated: Moment
    expired: bool


def may_edit(visitor: Visitor) -> bool:
    """Say whether this visitor may change claims."""
    return visitor.principal is not None and visitor.principal.may("claims:write")


def editor(visitor: Sender) -> Visitor:
    """Return the sender of a form, who may change claims; raise `scope-missing`."""
    if not may_edit(visitor):
        raise Problem("scope-missing", "this user may not change claims")
    return visitor


Editor = Annotated[Visitor, Depends(editor)]


@router.get("/claims")
def list_claims(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Show the claims that pass the filters of the address, the newest first."""
    query = request.query_params
    verdict = query.get("verdict") if query.get("verdict") in VERDICTS else None
    state = query.get("state") if query.get("state") in STATES else None
    words = query.get("q", "")[:200].strip()
    filters = ClaimFilters(
        verdict,
        words,
        expired={"current": False, "expired": True}.get(state or ""),
        example=True if state == "example" else None,
        deleted=state == "deleted",
    )
    with house.sessions.reading() as session:
        try:
            page = claim_lists.page(
                session, filters, house.today(), limit=PAGE_LENGTH, cursor=query.get("cursor")
            )
        except Problem:  # an address cut short in a chat: begin at the beginning
            return see_other(f"{ROOT}/claims")
        examples = claim_lists.count(session, example=True)
    given: dict[str, Any] = {"q": words, "verdict": verdict, "state": state}
    address = {name: value for name, value in given.items() if value}
    return render(
        request,
        visitor,
        "claims.html",
        rows=[_row(house, visitor, kept, found) for kept, found in page.items],
        examples=examples,
        verdicts=VERDICTS,
        states=STATES,
        **given,
        query="?" + urlencode(address) if address else "",
        next_page="?" + urlencode({**address, "cursor": page.next_cursor})
        if page.next_cursor
        else None,
        later="cursor" in query,
        done=done(request),
        may_edit=may_edit(visitor),
    )


@router.get("/claims/new")
def new_claim(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Show the empty form, with the words of a comment in it if the address has some."""
    form = ClaimForm(EMPTY.values, {}, {}, request.query_params.get("phrasing", "")[:2_000])
    return claim_page(request, house, visitor, form)


@router.post("/claims/new")
def enter(request: Request, house: HouseHere, visitor: Editor, posted: FormHere) -> Response:
    """Enter a claim, or show what is wrong with it."""
    form = read_claim_form(posted)
    try:
        claim = claim_in(form, None)
    except ClaimError as error:
        return claim_page(request, house, visitor, form, fault=shown(str(error)), status=422)
    result = _put(house, visitor, claim, overwrite=False)
    if isinstance(result, Problem):
        fault = ShownFault("known-otherwise", "claim_id", result.detail)
        return claim_page(request, house, visitor, form, fault=fault, status=409)
    return see_other(f"{ROOT}/claims/{result.kept.number}?done={result.status}")


@router.post("/claims/examples/delete")
def remove_examples(house: HouseHere, visitor: Editor) -> Response:
    """Take every example out."""
    with house.sessions.writing() as session:
        claim_registry.delete_examples(session, visitor.name, house.now())
    return see_other(f"{ROOT}/claims?done=examples-gone")


@router.get("/claims/{number}")
def show_claim(request: Request, house: HouseHere, visitor: Moderator, number: int) -> Response:
    """Show one claim with its history and the comments it was found in."""
    kept = _by_number(house, number)
    form = filled_in(kept.claim, kept.revision)
    return claim_page(request, house, visitor, form, kept=kept)


@router.post("/claims/{number}")
def change(
    request: Request, house: HouseHere, visitor: Editor, posted: FormHere, number: int
) -> Response:
    """Change a claim, unless somebody else has done so since the page was opened."""
    kept = _by_number(house, number)
    form = read_claim_form(posted)
    if form.revision != str(kept.revision):
        fault = ShownFault("changed-meanwhile", "", kept.updated_by)
        form = ClaimForm(**{**vars(form), "revision": str(kept.revision)})
        return claim_page(request, house, visitor, form, kept=kept, fault=fault, status=409)
    try:
        claim = claim_in(form, kept.claim)
    except ClaimError as error:
        fault = shown(str(error))
        return claim_page(request, house, visitor, form, kept=kept, fault=fault, status=422)
    result = _put(house, visitor, claim, overwrite=True)
    if isinstance(result, Problem):
        raise result
    status = "restored" if kept.deleted_at is not None else result.status
    return see_other(f"{ROOT}/claims/{number}?done={status}")


@router.post("/claims/{number}/delete")
def remove(house: HouseHere, visitor: Editor, number: int) -> Response:
    """Take a claim out; it can be looked at and restored."""
    kept = _by_number(house, number)
    with house.sessions.writing() as session:
        claim_registry.delete(session, kept.claim.claim_id, visitor.name, house.now())
    return see_other(f"{ROOT}/claims?done=deleted")


def claim_page(
    request: Request,
    house: House,
    visitor: Visitor,
    form: ClaimForm,
    *,
    kept: KeptClaim | None = None,
    fault: ShownFault | None = None,
    status: int = 200,
) -> Response:
    """Return the page of one claim, or of a new one, with everything of `form` filled in."""
    about: dict[str, Any] = {"edits": [], "comments": [], "found": Found()}
    if kept is not None:
        about = _about(house, visitor, kept)
    return render(
        request,
        visitor,
        "claim.html",
        status=status,
        form=form,
        kept=kept,
        title=worded(kept.claim, visitor.messages)[0] if kept is not None else "",
        fault=fault,
        verdicts=VERDICTS,
        languages=CLAIM_LANGUAGES,
        done=done(request),
        may_edit=may_edit(visitor),
        **about,
    )


def done(request: Request) -> str | None:
    """Return what the address says has just been done, if it is one of our words."""
    did = request.query_params.get("done")
    return did if did in DONE else None


def worded(claim: Claim, messages: Messages) -> tuple[str, str]:
    """Return the claim as this visitor reads it best, and in which language that is."""
    for code in (messages.language, *CLAIM_LANGUAGES):
        if code in claim.text:
            return claim.text[code], code
    return claim.phrasings[0], ""


def _about(house: House, visitor: Visitor, kept: KeptClaim) -> dict[str, Any]:
    """Return what the page shows beside the form: what was done to it, where it was found."""
    now, messages = house.now(), visitor.messages
    with house.sessions.reading() as session:
        edits = claim_registry.edits(session, kept.number)
        page = claim_lists.matches(session, kept.number, limit=_COMMENTS_SHOWN)
        found = claim_lists.found_in(session, [kept.number]).get(kept.number, Found())
    return {
        "edits": [(edit, past(messages, edit.at, now)) for edit in edits],
        "comments": [(one, past(messages, one.received_at, now)) for one in page.items],
        "found": found,
    }


def _row(house: House, visitor: Visitor, kept: KeptClaim, found: Found) -> Row:
    text, language = worded(kept.claim, visitor.messages)
    return Row(
        kept,
        found,
        text,
        language,
        past(visitor.messages, kept.updated_at, house.now()),
        not kept.claim.looked_for(house.today()),
    )


def _put(
    house: House, visitor: Visitor, claim: Claim, *, overwrite: bool
) -> claim_registry.Put | Problem:
    with house.sessions.writing() as session:
        (result,) = claim_registry.put(
            session, [claim], visitor.name, house.now(), overwrite=overwrite
        )
    return result


def _by_number(house: House, number: int) -> KeptClaim:
    if not 0 < number <= LARGEST_ID:
        raise Problem("not-found", "there is no such claim")
    with house.sessions.reading() as session:
        try:
            return claim_registry.by_number(session, number)
        except Problem:
            raise Problem("not-found", "there is no such claim") from None
