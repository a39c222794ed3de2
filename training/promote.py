"""Putting a trained model live: compared with the live one, copied into the store, activated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.artifact import ArtifactError, Manifest, load_manifest
from models.classifier import Classifier
from models.model_store import Activation, ModelStore
from training import corpus
from training.card import write_card
from training.compare import FEWEST, answers_of, compare
from training.corpus import ANNOTATED


class PromotionError(ValueError):
    """A model that must not go live without a reason; `objections` are what speaks against it."""

    def __init__(self, version: str, objections: Sequence[str]) -> None:
        listed = "\n".join(f"- {one}" for one in objections)
        super().__init__(
            f"{version} does not go live:\n{listed}\n"
            "(`compare` shows all figures; --force with a --reason puts it live all the same)"
        )
        self.objections = list(objections)


def promote(
    run: Path,
    store: ModelStore,
    *,
    by: str,
    reason: str,
    data: Sequence[Path] = (ANNOTATED,),
    force: bool = False,
) -> Activation:
    """Make the artifact in `run` the live version of `store` and return the history entry.

    It is compared with the live version on the test rows of `data` first. Running
    services notice the store's pointer and reload. Promoting a version that the
    store already holds, with the same weights, only activates it.
    Raise `PromotionError` when it is worse than the live one (with `force`, that is kept in
    the history instead), `ArtifactError` when the artifact is damaged or the version
    is taken by other weights, and `ValueError` when `force` comes without a reason.
    """
    if force and not reason.strip():
        raise ValueError("--force needs a --reason: the history keeps why it was right")
    manifest = load_manifest(run)
    held = {entry.version: entry.files for entry in store.versions()}
    known = manifest.version in held
    if known and held[manifest.version] != manifest.files:
        raise ArtifactError(
            f"model version '{manifest.version}' is in {store.root} with other weights; "
            "train it under another name"
        )
    source = store.path(manifest.version) if known else run
    found = objections(source, store, data)
    if found and not force:
        raise PromotionError(manifest.version, found)
    if not known:
        write_card(run)
        store.add(run)
    return store.activate(manifest.version, by=by, reason=reason.strip(), overridden=found)


def objections(candidate: Path, store: ModelStore, data: Sequence[Path]) -> list[str]:
    """Return what speaks against putting `candidate` live: why it is worse, or cannot be judged.

    Nothing does where no version is live yet, or the live one answers the same.
    """
    history = store.history()
    if not history:
        return []
    live = history[-1].version
    try:
        against = Classifier.load(store.path(live))
    except ArtifactError as error:
        # The history travels with the weights: it must not name folders of this machine.
        why = str(error).replace(str(store.root), "the store")
        return [f"not compared, the live version {live} cannot be loaded: {why}"]
    if _same(load_manifest(candidate), against.manifest):
        return []
    rows = [row for row in corpus.load(data) if row.split == "test"]
    if len(rows) < FEWEST:
        return [f"not compared with {live}: {len(rows)} test rows, at least {FEWEST} are needed"]
    ours = answers_of(Classifier.load(candidate), rows)
    return compare(rows, ours, answers_of(against, rows)).regressions


def _same(one: Manifest, other: Manifest) -> bool:
    """Return whether both answer the same: equal weights, and equal numbers to decide by."""
    return (one.files, one.calibration, one.decisions) == (
        other.files,
        other.calibration,
        other.decisions,
    )
