"""The model in use: its version, how well it does, and which versions were live before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from models import ArtifactError
from models.labels import HEADS
from models.model_store import Activation
from service.api.access import HouseHere
from service.console.messages import Messages
from service.console.moments import Moment, past
from service.console.page import render
from service.console.visitor import Moderator
from service.house import House

router: Final = APIRouter()

FIGURES: Final = ("macro_f1", "accuracy", "precision_when_sure", "coverage")
"""What is shown of each head, where it was measured."""
SPLITS: Final = ("test", "dev")
"""Measured on the first of these that the manifest has."""


@dataclass(frozen=True)
class Entry:
    """One activation, with its moment in words."""

    activation: Activation
    at: Moment


@router.get("/model")
def show_model(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Show the model that answers now."""
    classifier = house.live_model.current()
    manifest = getattr(classifier, "manifest", None)
    metrics: Mapping[str, Any] = manifest.metrics if manifest is not None else {}
    split = next((name for name in SPLITS if name in metrics), None)
    return render(
        request,
        visitor,
        "model.html",
        version=classifier.version,
        created=_moment(visitor.messages, manifest.created, house) if manifest else None,
        rows=dict(manifest.data.get("rows", {})) if manifest is not None else {},
        figures=metrics.get(split, {}) if split is not None else {},
        split=split,
        heads=tuple(HEADS),
        names=FIGURES,
        history=_history(visitor.messages, house),
        fault=house.live_model.fault,
        taxonomy_version=house.taxonomy.version,
    )


def _history(messages: Messages, house: House) -> list[Entry]:
    """Return every activation, newest first; none where the store cannot be read."""
    try:
        activations = house.live_model.store.history()
    except (ArtifactError, OSError):
        return []
    return [
        Entry(activation, _moment(messages, activation.at, house))
        for activation in reversed(activations)
    ]


def _moment(messages: Messages, written: str, house: House) -> Moment:
    """Return a moment that a file has as ISO 8601; one without a zone is in UTC."""
    moment = datetime.fromisoformat(written)
    return past(messages, moment if moment.tzinfo else moment.replace(tzinfo=UTC), house.now())
