"""GET /v1/models and activation: which model versions there are, and which one answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from models import ArtifactError
from service.api.access import HouseHere, needs, require
from service.api.answers import Activation, ModelsAnswer, answer
from service.api.problems import ACCESS_PROBLEMS, documented
from service.errors import Problem
from service.house import House
from service.principal import Principal

router = APIRouter(tags=["models"])


@router.get(
    "/v1/models",
    dependencies=[needs("models:read")],
    summary="List the model versions",
    response_model=ModelsAnswer,
    responses=documented(*ACCESS_PROBLEMS),
)
def show(house: HouseHere) -> Response:
    """The versions in the store, their metrics, and which was live when."""
    store = house.live_model.store
    in_use = house.live_model.current().version
    history = [asdict(entry) for entry in _history(house)]
    active = history[-1]["version"] if history else in_use
    versions: list[dict[str, Any]] = [
        {
            "version": manifest.version,
            "created": manifest.created,
            "active": manifest.version == active,
            "metrics": manifest.metrics,
        }
        for manifest in store.versions()
    ]
    return answer(
        {
            "in_use": in_use,
            "active": active,
            "fault": house.live_model.fault,
            "versions": versions,
            "history": history,
        }
    )


@router.post(
    "/v1/models/{version}/activate",
    summary="Make a model version live",
    response_model=Activation,
    responses=documented(*ACCESS_PROBLEMS, "model-not-found", "model-refused"),
)
def activate(
    house: HouseHere,
    caller: Annotated[Principal, Depends(require("models:write"))],
    version: str,
) -> Response:
    """Checked before it goes live; every worker follows at its next request."""
    store = house.live_model.store
    try:
        store.path(version)
    except ArtifactError as error:
        raise Problem("model-not-found", "there is no model version of this name") from error
    try:
        entry = store.activate(version, by=caller.actor, reason="asked for through the interface")
    except (ArtifactError, OSError) as error:
        raise Problem("model-refused", str(error)) from error
    house.live_model.current()
    return answer(asdict(entry))


def _history(house: House) -> list[Any]:
    """Return the activations; a pointer file that cannot be read shows in `fault`."""
    try:
        return list(house.live_model.store.history())
    except ArtifactError:
        return []
