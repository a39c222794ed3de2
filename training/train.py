"""From annotated comments to an artifact: learn, calibrate on dev, measure on test, save."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from models.artifact import Manifest, save_artifact
from models.calibrate import Floats, Thresholds, load_thresholds, softmax
from models.classifier import Classifier
from models.fast import head_slices, pack, unpack
from models.labels import HEADS
from models.taxonomy import load_taxonomy
from training.corpus import Row, fingerprint
from training.evaluate import evaluate
from training.fit import Progress, fit
from training.recipe import Recipe

_FEWEST_TO_CALIBRATE = 20


def train(
    rows: Sequence[Row],
    recipe: Recipe,
    folder: Path,
    version: str,
    progress: Progress = lambda _label: None,
) -> Manifest:
    """Train on the train rows, calibrate on dev, measure on test; write the artifact to `folder`.

    Raise `ValueError` when train or dev rows are missing.
    """
    parts = {
        split: [row for row in rows if row.split == split] for split in ("train", "dev", "test")
    }
    if len(parts["dev"]) < _FEWEST_TO_CALIBRATE:
        raise ValueError(
            f"{len(parts['dev'])} dev rows are too few to calibrate on, "
            f"at least {_FEWEST_TO_CALIBRATE} are needed"
        )
    learned = fit(parts["train"], recipe, progress)
    tier = unpack(recipe.features, pack(learned))  # measure what is stored, not what was learned
    thresholds = load_thresholds()
    manifest = Manifest(
        version=version,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        taxonomy_version=load_taxonomy().version,
        features={name: recipe.raw["features"][name] for name in recipe.raw["features"]},
        temperatures=dict.fromkeys(HEADS, 1.0),
        thresholds=dict.fromkeys(HEADS, 0.0),
        decisions=_decisions(thresholds),
    )
    raw = Classifier(manifest, tier, load_taxonomy())
    temperatures, abstain = _calibrate(raw, parts["dev"], thresholds)
    calibrated = _with(manifest, temperatures=temperatures, thresholds=abstain)
    classifier = Classifier(calibrated, tier, load_taxonomy())
    measured = {
        split: evaluate(classifier, part)
        for split, part in parts.items()
        if part and split != "train"
    }
    complete = _with(
        calibrated,
        metrics=measured,
        data={
            "fingerprint": fingerprint(rows),
            "rows": {split: len(part) for split, part in parts.items()},
            "moderator_rows": sum(row.source == "moderator" for row in rows),
        },
        recipe={**recipe.raw, "thresholds_dated": thresholds.dated.isoformat()},
    )
    return save_artifact(folder, complete, tier)


def _with(manifest: Manifest, **changes: Any) -> Manifest:
    """Return `manifest` with some fields replaced."""
    return Manifest(**{**vars(manifest), **changes})


def _decisions(thresholds: Thresholds) -> dict[str, float]:
    """Return the numbers of the thresholds file that the classifier needs at run time."""
    names = ("rumour_possible", "parent_weight", "fragment_words", "alternatives")
    return {name: float(getattr(thresholds, name)) for name in names}


def _calibrate(
    classifier: Classifier, rows: Sequence[Row], thresholds: Thresholds
) -> tuple[dict[str, float], dict[str, float]]:
    """Return, by head, the temperature and the probability below which it abstains."""
    logits = classifier.logits([row.text for row in rows], [row.parent_text for row in rows])
    temperatures, abstain = {}, {}
    for head, columns in head_slices().items():
        gold = np.array([HEADS[head].index(row.labels[head]) for row in rows])
        temperatures[head] = _temperature(logits[:, columns], gold)
        probabilities = softmax(logits[:, columns], temperatures[head])
        abstain[head] = _threshold(
            probabilities, gold, thresholds.target_precision[head], thresholds.lowest
        )
    return temperatures, abstain


def _temperature(logits: Floats, gold: npt.NDArray[np.int_]) -> float:
    """Return the temperature with the least negative log-likelihood on `gold`, 3 decimals."""

    def loss(log_temperature: float) -> float:
        probabilities = softmax(logits, float(np.exp(log_temperature)))
        chosen = probabilities[np.arange(len(gold)), gold]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    best = minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded")
    return round(float(np.exp(best.x)), 3)


def _threshold(
    probabilities: Floats, gold: npt.NDArray[np.int_], precision: float, lowest: float
) -> float:
    """Return the lowest probability above which at least `precision` of the guesses are right.

    When no cut reaches it, the cut that comes nearest among those that keep a tenth of the rows.
    """
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    right = probabilities.argmax(axis=1)[order] == gold[order]
    running = np.cumsum(right) / np.arange(1, len(right) + 1)
    reached = np.flatnonzero(running >= precision)
    tenth = max(len(right) // 10, 1) - 1
    cut = int(reached[-1]) if len(reached) else tenth + int(running[tenth:].argmax())
    return round(max(float(confidence[order][cut]), lowest), 4)
