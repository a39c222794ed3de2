"""What is fitted on dev after the weights are learned: the numbers beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar

from models.artifact import Manifest
from models.calibrate import Thresholds, softmax
from models.classifier import Classifier
from models.fast import FastTier, head_slices
from models.features import Floats
from models.labels import HEADS
from models.mixture import MIXED, mixture
from models.taxonomy import load_taxonomy
from models.text import normalise
from training.corpus import Row

Numbers = npt.NDArray[np.int_]

NO_MIXTURE: Final[Mapping[str, float]] = {"mixed_gain": 0.0, "mixed_offset": 0.0}
"""Decisions under which words of two languages make no difference."""


def calibrate(
    manifest: Manifest, tier: FastTier, rows: Sequence[Row], thresholds: Thresholds
) -> Manifest:
    """Return the manifest with temperatures, abstention thresholds and the mixture's weight.

    `manifest` comes with temperatures of 1 and without mixture; `rows` are dev.
    """
    texts = [row.text for row in rows]
    parents = [row.parent_text for row in rows]
    gold = {
        head: np.array([codes.index(row.labels[head]) for row in rows])
        for head, codes in HEADS.items()
    }
    taxonomy = load_taxonomy()
    plain = Classifier(manifest, tier, taxonomy).logits(texts, parents)
    both = mixture([normalise(text) for text in texts], tier, thresholds.sure_word)
    mixed = _mixture_weight(plain[:, head_slices()["language"]], both, gold["language"])
    manifest = replace(manifest, decisions={**manifest.decisions, **mixed})
    logits = Classifier(manifest, tier, taxonomy).logits(texts, parents)
    temperatures, abstain = {}, {}
    for head, columns in head_slices().items():
        temperatures[head] = _temperature(logits[:, columns], gold[head])
        abstain[head] = _threshold(
            softmax(logits[:, columns], temperatures[head]),
            gold[head],
            thresholds.target_precision[head],
            thresholds.lowest,
        )
    return replace(manifest, temperatures=temperatures, thresholds=abstain)


def _loss(probabilities: Floats, gold: Numbers) -> float:
    """Return the mean negative log-likelihood of the gold labels."""
    return float(-np.log(np.maximum(probabilities[np.arange(len(gold)), gold], 1e-9)).mean())


def _mixture_weight(logits: Floats, both: Floats, gold: Numbers) -> dict[str, float]:
    """Return gain and offset by which sure words of both languages speak for `mixed`."""
    if not (gold == MIXED).any():
        return dict(NO_MIXTURE)

    def loss(numbers: npt.NDArray[np.float64]) -> float:
        gain, offset, log_temperature = numbers
        moved = logits.copy()
        moved[:, MIXED] += gain * (both - offset)
        return _loss(softmax(moved, float(np.exp(log_temperature))), gold)

    best = minimize(loss, [1.0, 1.0, 0.0], method="Nelder-Mead")
    return {"mixed_gain": round(float(best.x[0]), 3), "mixed_offset": round(float(best.x[1]), 3)}


def _temperature(logits: Floats, gold: Numbers) -> float:
    """Return the temperature with the least negative log-likelihood on `gold`, 3 decimals."""
    best = minimize_scalar(
        lambda log_temperature: _loss(softmax(logits, float(np.exp(log_temperature))), gold),
        bounds=(-3.0, 3.0),
        method="bounded",
    )
    return round(float(np.exp(best.x)), 3)


def _threshold(probabilities: Floats, gold: Numbers, precision: float, lowest: float) -> float:
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
