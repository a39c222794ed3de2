"""Putting a trained model live: copied into the store, described, activated."""

from __future__ import annotations

from pathlib import Path

from models.artifact import load_manifest
from models.model_store import Activation, ModelStore
from training.card import write_card


def promote(run: Path, store: ModelStore, *, by: str, reason: str) -> Activation:
    """Make the artifact in `run` the live version of `store` and return the history entry.

    Running services notice the store's pointer and reload. Promoting a version
    that the store already holds, with the same weights, only activates it.
    Raise `ArtifactError` when the artifact is damaged or the version is taken by
    other weights.
    """
    manifest = load_manifest(run)
    write_card(run)
    held = {entry.version: entry.files for entry in store.versions()}
    if held.get(manifest.version) != manifest.files:
        store.add(run)
    return store.activate(manifest.version, by=by, reason=reason)
