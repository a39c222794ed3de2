"""What is fitted on dev after the weights are learned: the numbers beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar

from models.artifact import Manifest, Tiers
from models.calibrate import Calibration, Thresholds, softmax, uniform
from models.classifier import Classifier
from models.fast import head_slices
from models.features import Floats
from models.labels import HEADS, LANGUAGES
from models.mixture import MIXED, mixture
from models.text import normalise
from training.corpus import Row

Numbers = npt.NDArray[np.int_]

_ROWS_A_FORM: Final = 40
"""A written form with fewer dev rows is judged by all of them."""
_PULL: Final = 20.0
"""How strongly a form's temperature is held near that of all forms: as so many rows would."""


@dataclass(frozen=True)
class _Judged:
    """The dev rows as the calibration needs them."""

    members: tuple[Floats, Floats | None]
    """The scores of fast tier and encoder, shape (rows, all labels)."""
    gold: dict[str, Numbers]
    both: Floats
    """About how many sure words of the weaker of Kazakh and Russian there are."""


def calibrate(
    manifest: Manifest, tiers: Tiers, rows: Sequence[Row], thresholds: Thresholds
) -> Manifest:
    """Return the manifest with a calibration for the fast tier alone and for the blend.

    `manifest` comes with weights of 1 and nothing else fitted; `rows` are dev.
    """
    texts = [row.text for row in rows]
    parents = [row.parent_text for row in rows]
    encoder = _member(manifest, tiers, 1, texts, parents) if tiers.encoder else None
    judged = _Judged(
        (_member(manifest, tiers, 0, texts, parents), encoder),
        {
            head: np.array([codes.index(row.labels[head]) for row in rows])
            for head, codes in HEADS.items()
        },
        mixture([normalise(text) for text in texts], tiers.fast, thresholds.sure_word),
    )
    alone = replace(judged, members=(judged.members[0], None))
    found = {"fast": asdict(_fitted(alone, thresholds))}
    if encoder is not None:
        found["blended"] = asdict(_fitted(judged, thresholds))
    return replace(manifest, calibration=found)


def _member(
    manifest: Manifest,
    tiers: Tiers,
    member: int,
    texts: Sequence[str],
    parents: Sequence[str | None],
) -> Floats:
    """Return the scores of one tier alone, letters and parents heeded."""
    name = "blended" if tiers.encoder else "fast"
    alone = {head: (float(member == 0), float(member == 1)) for head in HEADS}
    only = {**manifest.calibration[name], "weights": alone}
    one = replace(manifest, calibration={**manifest.calibration, name: only})
    return Classifier.of(one, tiers).logits(texts, parents)


def _fitted(judged: _Judged, thresholds: Thresholds) -> Calibration:
    """Return weights, temperatures, thresholds and the mixture's part that suit dev best."""
    weights = {head: _weights(judged, head) for head in HEADS}
    blended = {head: _blend(judged, head, weights[head]) for head in HEADS}
    gain, offset = _mixture_weight(blended["language"], judged.both, judged.gold["language"])
    blended["language"][:, MIXED] += np.float32(gain) * (judged.both - np.float32(offset))
    forms = blended["language"].argmax(axis=1)
    calibration = Calibration(
        weights,
        {head: _temperatures(blended[head], judged.gold[head], forms) for head in HEADS},
        uniform(0.0),
        gain,
        offset,
    )
    least = {}
    for head in HEADS:
        probabilities = calibration.probabilities(head, blended[head], blended["language"])
        wanted = thresholds.target_precision[head]
        least[head] = _by_form(
            lambda rows, of=probabilities, head=head, wanted=wanted: _threshold(  # type: ignore[misc]
                of[rows], judged.gold[head][rows], wanted, thresholds.lowest
            ),
            forms,
        )
    return replace(calibration, thresholds=least)


def _by_form(fitted: Callable[[npt.NDArray[np.bool_]], float], forms: Numbers) -> dict[str, float]:
    """Return `fitted` of the rows of each written form, or of all where a form has too few."""
    whole = fitted(np.ones(len(forms), dtype=bool))
    return {
        form: fitted(forms == number) if (forms == number).sum() >= _ROWS_A_FORM else whole
        for number, form in enumerate(LANGUAGES)
    }


def _blend(judged: _Judged, head: str, weights: tuple[float, float]) -> Floats:
    """Return the weighted scores of a head, shape (rows, labels)."""
    columns = head_slices()[head]
    scores = np.float32(weights[0]) * judged.members[0][:, columns]
    if judged.members[1] is not None:
        scores = scores + np.float32(weights[1]) * judged.members[1][:, columns]
    return scores


def _weights(judged: _Judged, head: str) -> tuple[float, float]:
    """Return what both tiers' scores count, with the least negative log-likelihood."""
    gold = judged.gold[head]
    if judged.members[1] is None:
        best = _temperature(_blend(judged, head, (1.0, 0.0)), gold)
        return round(1 / best, 4), 0.0

    def loss(logs: npt.NDArray[np.float64]) -> float:
        of_fast, of_encoder = np.exp(logs)
        return _loss(softmax(_blend(judged, head, (of_fast, of_encoder))), gold)

    best = minimize(loss, [-0.5, -0.5], method="Nelder-Mead", options={"xatol": 1e-3})
    of_fast, of_encoder = np.exp(best.x)
    return round(float(of_fast), 4), round(float(of_encoder), 4)


def _temperatures(logits: Floats, gold: Numbers, forms: Numbers) -> dict[str, float]:
    """Return a temperature for every written form, near that of all where rows are few."""
    whole = _temperature(logits, gold)

    def fitted(rows: npt.NDArray[np.bool_]) -> float:
        return _temperature(logits[rows], gold[rows], near=whole)

    return _by_form(fitted, forms)


def _loss(probabilities: Floats, gold: Numbers) -> float:
    """Return the mean negative log-likelihood of the gold labels."""
    return float(-np.log(np.maximum(probabilities[np.arange(len(gold)), gold], 1e-9)).mean())


def _mixture_weight(logits: Floats, both: Floats, gold: Numbers) -> tuple[float, float]:
    """Return gain and offset by which sure words of both languages speak for `mixed`."""
    if not (gold == MIXED).any():
        return 0.0, 0.0

    def loss(numbers: npt.NDArray[np.float64]) -> float:
        gain, offset, log_temperature = numbers
        moved = logits.copy()
        moved[:, MIXED] += gain * (both - offset)
        return _loss(softmax(moved, float(np.exp(log_temperature))), gold)

    best = minimize(loss, [1.0, 1.0, 0.0], method="Nelder-Mead")
    return round(float(best.x[0]), 3), round(float(best.x[1]), 3)


def _temperature(logits: Floats, gold: Numbers, near: float | None = None) -> float:
    """Return the temperature with the least negative log-likelihood on `gold`, 3 decimals.

    With `near`, held near that one.
    """

    def loss(log_temperature: float) -> float:
        away = 0.0 if near is None else (log_temperature - np.log(near)) ** 2
        found = _loss(softmax(logits, float(np.exp(log_temperature))), gold)
        return found + _PULL / len(gold) * float(away)

    best = minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded")
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
