"""How other systems use the service: its OpenAPI document, to read and to try out."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from service.console.page import render
from service.console.protection import INTERFACE_POLICY, POLICY_HEADER
from service.console.visitor import Moderator

router: Final = APIRouter()


@router.get("/interface")
def interface_page(request: Request, visitor: Moderator) -> Response:
    """Show the operations of the interface, with their examples."""
    response = render(request, visitor, "interface.html")
    response.headers[POLICY_HEADER] = INTERFACE_POLICY
    return response


@router.get("/interface.json")
def interface_document(request: Request, _: Moderator) -> Response:
    """Return the document that the page shows; programs get it with a key, elsewhere."""
    return JSONResponse(request.app.state.document())
