"""Logging in and out, and choosing the language of the console."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from models.labels import REPLY_LANGUAGES
from service import auth
from service.accounts import set_language
from service.api.access import HouseHere
from service.console.links import ROOT, own_path
from service.console.page import render
from service.console.visitor import (
    FormHere,
    FormRefused,
    Sender,
    Visitor,
    current,
    end_session,
    guest,
    keep_guest,
    keep_language,
    keep_session,
    refuse_foreign,
    same_token,
)
from service.errors import Problem

router: Final = APIRouter()


def see_other(path: str) -> RedirectResponse:
    """Return the answer to a form: go and get the page at `path`."""
    return RedirectResponse(path, status_code=303)


def send_to_log_in(request: Request) -> RedirectResponse:
    """Return the way to the log-in, and from there back to the page that was asked for."""
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = own_path(request.url.path + query)
    back = "" if wanted == f"{ROOT}/" else "?" + urlencode({"next": wanted})
    return see_other(f"{ROOT}/log-in{back}")


@router.get("/log-in")
def log_in_page(request: Request, house: HouseHere) -> Response:
    """Show the form; who has a session already goes straight on."""
    wanted = own_path(request.query_params.get("next"))
    if current(request, house) is not None:
        return see_other(wanted)
    return _log_in_form(request, guest(request), wanted=wanted)


@router.post("/log-in")
def log_in(request: Request, house: HouseHere, form: FormHere) -> Response:
    """Begin a session and go to the page that was asked for."""
    refuse_foreign(request)
    visitor = guest(request)
    wanted, name = own_path(form.get("next")), form.get("name", "").strip()
    if not same_token(visitor, form):
        return _log_in_form(request, visitor, wanted=wanted, name=name, fault="expired")
    address = request.client.host if request.client is not None else ""
    try:
        with house.sessions.writing() as session:
            token = auth.log_in(
                session,
                house.settings,
                name,
                form.get("password", ""),
                house.now(),
                address=address,
            )
            if form.get("lang") in REPLY_LANGUAGES:
                set_language(session, name, form["lang"])
    except Problem as problem:
        response = _log_in_form(
            request,
            visitor,
            wanted=wanted,
            name=name,
            fault=problem.code,
            status=problem.status,
        )
        response.headers.update(problem.headers)
        return response
    response = see_other(wanted)
    keep_session(
        response,
        token,
        secure=house.settings.secure_cookies,
        seconds=house.settings.session_hours * 3600,
    )
    return response


@router.post("/log-out")
def log_out(house: HouseHere, visitor: Sender) -> Response:
    """End the session, here and in the store."""
    with house.sessions.writing() as session:
        auth.log_out(session, visitor.token)
    response = see_other(f"{ROOT}/log-in")
    end_session(response, secure=house.settings.secure_cookies)
    return response


@router.post("/language")
def choose_language(house: HouseHere, visitor: Sender, form: FormHere) -> Response:
    """Speak another language to this user from now on."""
    language = form.get("language")
    if language not in REPLY_LANGUAGES or visitor.principal is None:
        raise FormRefused
    with house.sessions.writing() as session:
        set_language(session, visitor.principal.name, language)
    response = see_other(own_path(form.get("next")))
    keep_language(response, language, secure=house.settings.secure_cookies)
    return response


def _log_in_form(
    request: Request,
    visitor: Visitor,
    *,
    wanted: str,
    name: str = "",
    fault: str | None = None,
    status: int | None = None,
) -> Response:
    response = render(
        request,
        visitor,
        "log_in.html",
        status=status or (403 if fault else 200),
        wanted=wanted,
        name=name,
        fault=fault,
        chosen=visitor.messages.language if "lang" in request.query_params else "",
    )
    keep_guest(response, visitor, secure=request.app.state.house.settings.secure_cookies)
    return response
