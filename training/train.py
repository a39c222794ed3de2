"""From annotated comments to an artifact: learn, calibrate on dev, measure on test, save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from models.artifact import Manifest, save_artifact
from models.calibrate import Thresholds, load_thresholds
from models.classifier import Classifier
from models.fast import pack, unpack
from models.labels import HEADS
from models.taxonomy import load_taxonomy
from training.calibration import NO_MIXTURE, calibrate
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
        features=dict(recipe.raw["features"]),
        temperatures=dict.fromkeys(HEADS, 1.0),
        thresholds=dict.fromkeys(HEADS, 0.0),
        decisions=_decisions(thresholds),
    )
    calibrated = calibrate(manifest, tier, parts["dev"], thresholds)
    classifier = Classifier(calibrated, tier, load_taxonomy())
    measured = {
        split: evaluate(classifier, part)
        for split, part in parts.items()
        if part and split != "train"
    }
    complete = replace(
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


def _decisions(thresholds: Thresholds) -> dict[str, float]:
    """Return the numbers of the thresholds file that the classifier needs at run time."""
    names = (
        "rumour_possible",
        "parent_weight",
        "fragment_words",
        "likely_urgency",
        "sure_word",
        "alternatives",
    )
    # How much sure words of both languages speak for `mixed` is fitted with the calibration.
    return {name: float(getattr(thresholds, name)) for name in names} | dict(NO_MIXTURE)
