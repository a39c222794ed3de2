"""Whatever goes wrong leaves in one shape: RFC 9457 problem+json."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError, TimeoutError  # noqa: A004 - of the pool
from starlette.exceptions import HTTPException

from service.api.body import field_errors
from service.errors import KINDS, Problem, field_problem

logger: Final = logging.getLogger(__name__)

_RETRY_SECONDS: Final = 30
MEDIA_TYPE: Final = "application/problem+json"

_BY_STATUS: Final[Mapping[int, str]] = {
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
    429: "too-many-attempts",
    500: "internal-error",
    503: "not-ready",
}

ACCESS_PROBLEMS: Final = ("key-missing", "key-invalid", "scope-missing")
BODY_PROBLEMS: Final = (
    "body-too-large",
    "unsupported-media-type",
    "invalid-utf-8",
    "invalid-json",
    "json-too-deep",
    "invalid-request",
    "wrong-type",
    "missing-field",
    "unknown-field",
    "duplicate-field",
    "invalid-value",
    "lone-surrogate",
    "nul-byte",
)
TEXT_PROBLEMS: Final = (*BODY_PROBLEMS, "unknown-platform", "blank-text", "text-too-long")
BATCH_PROBLEMS: Final = (*BODY_PROBLEMS, "empty-batch", "too-many-items")
"""Faults of single items are not among them: those are answered inside `results`."""
QUERY_PROBLEMS: Final = ("invalid-request", "unknown-field", "duplicate-field", "invalid-value")


def problem_response(problem: Problem) -> Response:
    """Return the answer for `problem`."""
    body = json.dumps(problem.body(), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, problem.status, problem.headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make `app` answer every error as a problem."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(OperationalError, _on_storage_error)
    app.add_exception_handler(TimeoutError, _on_storage_error)


def from_status(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the problem for an error of the framework, which only knows its status."""
    code = _BY_STATUS.get(status, "http-error")
    return Problem(code, detail, headers=headers, status=status)


async def _on_problem(_request: Request, problem: Exception) -> Response:
    return problem_response(cast(Problem, problem))


async def _on_http_exception(request: Request, raised: Exception) -> Response:
    error = cast(HTTPException, raised)
    details = {
        404: "nothing is found under this path",
        405: f"{request.method} is not possible here",
    }
    detail = details.get(error.status_code, str(error.detail))
    return problem_response(from_status(error.status_code, detail, error.headers))


async def _on_validation_error(_request: Request, error: Exception) -> Response:
    """Name the faulty part of a query or path; the values themselves are not repeated."""
    found: list[Any] = list(cast(RequestValidationError, error).errors())
    return problem_response(field_problem(field_errors(found, skip=1)))


async def _on_storage_error(_request: Request, raised: Exception) -> Response:
    """Tell a full disk or a database out of reach from a fault of the program: it may pass."""
    logger.error("the database cannot be used: %s", getattr(raised, "orig", None) or raised)
    detail = "nothing was stored or changed; try again later"
    headers = {"Retry-After": str(_RETRY_SECONDS)}
    return problem_response(Problem("storage-unavailable", detail, headers=headers))


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says about the problems an operation can answer with."""
    responses: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        status, title = KINDS[code]
        entry = responses.setdefault(
            status,
            {
                "description": "",
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/ProblemAnswer"},
                        "examples": {},
                    }
                },
            },
        )
        entry["description"] = "; ".join(filter(None, (entry["description"], title)))
        entry["content"][MEDIA_TYPE]["examples"][code] = {
            "value": {
                "type": f"/problems/{code}",
                "title": title,
                "status": status,
                "detail": title.lower(),
                "errors": [],
            }
        }
    return responses
