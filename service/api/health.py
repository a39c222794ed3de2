"""Is the service alive, can it work, and what did it do: for machines that watch it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from service.api.access import HouseHere, authenticate, bearer
from service.api.answers import HealthAnswer, answer
from service.api.problems import documented
from service.errors import Problem
from service.metrics import CONTENT_TYPE
from service.queue import counts

router = APIRouter(tags=["health"])

_GAUGES: Final[Mapping[str, str]] = {
    "open": "Comments waiting for a decision.",
    "overdue": "Of those, comments past their deadline.",
}


@router.get("/health/live", summary="Is the process alive?", response_model=HealthAnswer)
async def live() -> Response:
    """Answers whenever the process does."""
    return answer({"status": "ok", "checks": {}})


@router.get(
    "/health/ready",
    summary="Can it work?",
    response_model=HealthAnswer,
    responses=documented("not-ready"),
)
def ready(house: HouseHere) -> Response:
    """Database and model; a new model that could not be loaded shows here, the old one serving."""
    checks = {"database": "ok"}
    try:
        with house.sessions.reading() as session:
            counts(session, house.now())
    except SQLAlchemyError as error:
        checks["database"] = type(error).__name__
        raise Problem("not-ready", "the database cannot be read", checks=checks) from error
    checks["model"] = house.live_model.current().version
    if house.live_model.fault is not None:
        checks["model_fault"] = house.live_model.fault
    return answer({"status": "ok", "checks": checks})


@router.get(
    "/metrics",
    summary="Counters for Prometheus",
    response_class=Response,
    dependencies=[Depends(bearer)],
    responses={
        200: {
            "description": "Prometheus text format",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **documented("key-missing", "key-invalid"),
    },
)
def metrics(request: Request, house: HouseHere) -> Response:
    """Any valid key will do; with QULAQ_OPEN_METRICS=true none is needed."""
    if not house.settings.open_metrics:
        authenticate(request, house)
    with house.sessions.reading() as session:
        waiting = counts(session, house.now())
    gauges = {
        f"qulaq_queue_{name}": (documentation, float(waiting[name]))
        for name, documentation in _GAUGES.items()
    }
    return Response(house.metrics.exposition(gauges), media_type=CONTENT_TYPE)
