"""From annotated comments to an artifact: learn, calibrate on dev, measure on test, save."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.artifact import ENCODER, TOKENIZER, Manifest, Tiers, save_artifact
from models.calibrate import Calibration, Thresholds, load_thresholds, uniform
from models.claims.claim import Claim
from models.classifier import Classifier
from models.encoder_tier import EncoderTier
from models.fast import pack, unpack
from models.labels import HEADS
from models.taxonomy import load_taxonomy
from training import claims_evaluation
from training.calibration import calibrate
from training.claims_evaluation import Commented
from training.corpus import Row, fingerprint
from training.evaluate import evaluate
from training.examples import Example
from training.fit import fit
from training.recipe import Recipe

_FEWEST_TO_CALIBRATE = 20

Encoded = Mapping[str, bytes]
"""Contents of the encoder's files, by their names in the artifact."""
Learn = Callable[[Sequence[Row], Sequence[Example]], Encoded]
"""Learns the encoder tier from train rows and weighted open examples."""


@dataclass(frozen=True)
class Material:
    """What a model is made from, beside the recipe."""

    rows: Sequence[Row]
    open_sets: Mapping[str, Sequence[Example]] | None = None
    """Examples of open labelled sets, by the name the recipe weighs them with."""
    encoder: Learn | None = None
    """Without it, there is the fast tier alone."""
    encoder_from: Mapping[str, str] = field(default_factory=dict)
    """What the encoder was before, as `run_folder.origin` says it; empty: our pre-trained one."""
    claims: tuple[Sequence[Claim], Sequence[Commented]] | None = None
    """Claims, and comments about them, to measure flags on."""

    def split(self, name: str) -> list[Row]:
        """Return the rows of one split."""
        return [row for row in self.rows if row.split == name]


def train(
    material: Material,
    recipe: Recipe,
    folder: Path,
    version: str,
    progress: Callable[[str], None] = lambda _label: None,
) -> Manifest:
    """Train on the train rows, calibrate on dev, measure on test; write the artifact to `folder`.

    Raise `ValueError` when train or dev rows are missing.
    """
    dev = material.split("dev")
    if len(dev) < _FEWEST_TO_CALIBRATE:
        raise ValueError(
            f"{len(dev)} dev rows are too few to calibrate on, "
            f"at least {_FEWEST_TO_CALIBRATE} are needed"
        )
    rows, sets = material.split("train"), material.open_sets or {}
    learned = fit(rows, recipe, progress, weighted(sets, recipe.open_sets["fast"]))
    fast = unpack(recipe.features, pack(learned))  # measure what is stored, not what was learned
    more = weighted(sets, recipe.open_sets["encoder"])
    files = material.encoder(rows, more) if material.encoder else None
    tiers = Tiers(fast, EncoderTier(files[ENCODER], files[TOKENIZER]) if files else None)
    thresholds = load_thresholds()
    manifest = Manifest(
        version=version,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        taxonomy_version=load_taxonomy().version,
        features=dict(recipe.raw["features"]),
        calibration={"fast": asdict(_UNFITTED), "blended": asdict(_UNFITTED)},
        decisions=_decisions(thresholds),
    )
    manifest = calibrate(manifest, tiers, dev, thresholds)
    manifest = replace(
        manifest,
        metrics=_measured(manifest, tiers, material),
        claims=claims_evaluation.evaluate(*material.claims, Classifier.of(manifest, tiers))
        if material.claims
        else {},
        data=_described(material),
        recipe={**recipe.raw, "thresholds_dated": thresholds.dated.isoformat()},
    )
    return save_artifact(folder, manifest, fast, files)


_UNFITTED = Calibration(dict.fromkeys(HEADS, (1.0, 1.0)), uniform(1.0), uniform(0.0))


def weighted(
    open_sets: Mapping[str, Sequence[Example]], weights: Mapping[str, float]
) -> list[Example]:
    """Return the open examples with the weights of their sets; raise for a set without one."""
    if unknown := open_sets.keys() - weights.keys():
        raise ValueError(f"the recipe's [open_sets] lacks {', '.join(sorted(unknown))}")
    return [
        replace(example, weight=weights[name])
        for name, examples in open_sets.items()
        if weights[name] > 0
        for example in examples
    ]


def _measured(manifest: Manifest, tiers: Tiers, material: Material) -> dict[str, Any]:
    """Return the metrics on dev and test, of the fast tier alone too where there are two."""
    metrics = {}
    for split in ("dev", "test"):
        if part := material.split(split):
            metrics[split] = evaluate(Classifier.of(manifest, tiers), part)
            if tiers.encoder:
                alone = Classifier.of(manifest, Tiers(tiers.fast))
                metrics[f"{split}, fast tier alone"] = evaluate(alone, part)
    return metrics


def _described(material: Material) -> dict[str, Any]:
    return {
        "fingerprint": fingerprint(material.rows),
        "rows": {split: len(material.split(split)) for split in ("train", "dev", "test")},
        "moderator_rows": sum(row.source == "moderator" for row in material.rows),
        "open_sets": {name: len(of) for name, of in (material.open_sets or {}).items()},
        "encoder_from": dict(material.encoder_from),
    }


def _decisions(thresholds: Thresholds) -> dict[str, float]:
    """Return the numbers of the thresholds file that the classifier needs at run time."""
    names = (
        "rumour_possible",
        "parent_weight",
        "fragment_words",
        "likely_urgency",
        "critical_from",
        "lone_word",
        "sure_word",
        "alternatives",
    )
    return {name: float(getattr(thresholds, name)) for name in names}
