"""The console as an application of its own: its pages, its files, its way of saying no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from service.api.problems import from_status
from service.console import (
    accounts,
    claim_import,
    claims,
    comment,
    decide,
    incidents,
    interface,
    model,
    queue,
    rumours,
    templates,
)
from service.console.links import ROOT
from service.console.page import FOLDERS, render
from service.console.protection import Assets, Protection
from service.console.visitor import FormRefused, LogInNeeded, Visitor, current, guest
from service.errors import Problem
from service.house import House

entrance: Final = APIRouter(include_in_schema=False)
"""For the application around the console: the addresses people type."""


@entrance.get("/")
@entrance.get(ROOT)
def enter() -> Response:
    """Lead to the queue, or by way of the log-in."""
    return RedirectResponse(f"{ROOT}/", status_code=307)


@entrance.get("/docs")
def show_interface() -> Response:
    """Lead to the page about the interface, or by way of the log-in."""
    return RedirectResponse(f"{ROOT}/interface", status_code=307)


def build_console(house: House, document: Callable[[], dict[str, Any]]) -> FastAPI:
    """Return the application to mount at `links.ROOT`; `document` describes the interface."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.house = house
    app.state.document = document
    app.add_middleware(Protection)
    for name, folder in FOLDERS.items():
        app.mount(f"/{name}", Assets(directory=folder), name=name)
    parts = (
        accounts,
        queue,
        comment,
        decide,
        incidents,
        claim_import,
        claims,
        rumours,
        templates,
        model,
        interface,
    )
    for part in parts:
        app.include_router(part.router)
    app.exception_handler(LogInNeeded)(_on_log_in_needed)
    app.exception_handler(FormRefused)(_on_form_refused)
    app.exception_handler(Problem)(_on_problem)
    app.exception_handler(HTTPException)(_on_http_exception)
    app.exception_handler(RequestValidationError)(_on_validation_error)
    return app


def _visitor(request: Request) -> Visitor:
    """Return whoever looks at a page that went wrong, logged in or not."""
    return current(request, request.app.state.house) or guest(request)


def _on_log_in_needed(request: Request, error: LogInNeeded) -> Response:
    """Show the log-in, and what was being sent when the session ended: nothing is lost."""
    if request.method == "GET":
        return accounts.send_to_log_in(request)
    return render(request, _visitor(request), "session_over.html", status=401, draft=error.draft)


def _on_form_refused(request: Request, error: FormRefused) -> Response:
    return render(request, _visitor(request), "refused.html", status=403, draft=error.draft)


def _on_problem(request: Request, problem: Problem) -> Response:
    response = render(
        request, _visitor(request), "problem.html", status=problem.status, problem=problem
    )
    response.headers.update(problem.headers)
    return response


def _on_http_exception(request: Request, error: HTTPException) -> Response:
    problem = from_status(error.status_code, str(error.detail), error.headers)
    return _on_problem(request, problem)


def _on_validation_error(request: Request, _: RequestValidationError) -> Response:
    """Answer a path or query that makes no sense like a page that does not exist."""
    return _on_problem(request, Problem("not-found", "there is no such page"))
