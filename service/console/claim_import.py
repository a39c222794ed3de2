"""Claims from a file: sent from the console, taken in, and what was not taken named."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from models.claims.read import COLUMNS
from service.api.access import HouseHere
from service.console.claim_faults import shown_all
from service.console.claims import may_edit
from service.console.page import render
from service.console.visitor import (
    FormRefused,
    Moderator,
    Visitor,
    moderator,
    refuse_foreign,
    same_token,
)
from service.errors import Problem
from service.take_in_claims import take_in

router: Final = APIRouter()

_SHOWN: Final = 200
_FIELDS: Final = 8


async def uploaded(request: Request, house: HouseHere) -> tuple[Visitor, bytes, bool]:
    """Return who sent a file, the file, and whether it may replace what is known.

    Raise `LogInNeeded`, `FormRefused` or `scope-missing`, like any other form.
    """
    refuse_foreign(request)
    visitor = await run_in_threadpool(moderator, request, house)
    if not may_edit(visitor):
        raise Problem("scope-missing", "this user may not change claims")
    async with request.form(max_files=1, max_fields=_FIELDS) as form:
        plain = {name: value for name, value in form.items() if isinstance(value, str)}
        if not same_token(visitor, plain):
            raise FormRefused
        file = form.get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
    return visitor, content, plain.get("replace") == "yes"


Uploaded = Annotated[tuple[Visitor, bytes, bool], Depends(uploaded)]


@router.get("/claims/import")
def import_page(request: Request, visitor: Moderator) -> Response:
    """Show what files can be sent."""
    return _page(request, visitor)


@router.post("/claims/import")
def send(request: Request, house: HouseHere, sent: Uploaded) -> Response:
    """Take the claims of a file in, and show what was not taken."""
    visitor, content, overwrite = sent
    if not content:
        return _page(request, visitor, missing=True, status=422)
    taken = take_in(house.sessions, content, visitor.name, house.now(), overwrite=overwrite)
    return _page(
        request,
        visitor,
        counts=taken.counts,
        faults=shown_all(taken.faults[:_SHOWN]),
        more=max(0, len(taken.faults) - _SHOWN),
        faulty=taken.faulty,
        status=200 if taken.counts else 422,
    )


def _page(request: Request, visitor: Visitor, *, status: int = 200, **found: Any) -> Response:
    nothing: dict[str, Any] = {
        "counts": None,
        "faults": [],
        "more": 0,
        "faulty": 0,
        "missing": False,
    }
    return render(
        request,
        visitor,
        "claim_import.html",
        status=status,
        columns=COLUMNS,
        may_edit=may_edit(visitor),
        **{**nothing, **found},
    )
