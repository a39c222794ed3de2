"""How good a classifier is on labelled rows: by head, by written form, and where it is unsure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from models.classifier import Classifier
from models.features import Floats
from models.labels import HEADS
from training.corpus import Row

_BINS = 10
_SINGLE_FIGURES = ("critical_recall", "false_flags_on_criticism")
CRITICISM: Final = frozenset({"opinion", "question", "problem"})
"""Intents that must not be flagged unless the comment also spreads a rumour."""


def evaluate(classifier: Classifier, rows: Sequence[Row]) -> dict[str, Any]:
    """Return metrics by head: macro-F1, accuracy, calibration error, coverage, F1 by form.

    Also `critical_recall`, the share of critical comments called critical, danger
    overrides included, and `false_flags_on_criticism`, the share of complaints,
    opinions and questions without rumour style that are flagged.
    Raise `ValueError` when there is no row.
    """
    if not rows:
        raise ValueError("there are no rows to evaluate on")
    texts = [row.text for row in rows]
    parents = [row.parent_text for row in rows]
    probabilities = classifier.probabilities(texts, parents)
    forms = np.array([row.labels["language"] for row in rows])
    metrics: dict[str, Any] = {"rows": len(rows)}
    for head, codes in HEADS.items():
        gold = np.array([codes.index(row.labels[head]) for row in rows])
        metrics[head] = _head_metrics(
            probabilities[head],
            gold,
            forms,
            classifier.calibration.least(head, probabilities["language"]),
        )
    answers = classifier.analyse(texts, parents)
    called = [answer["urgency"]["label"] == "critical" for answer in answers]
    critical = [is_critical(row) for row in rows]
    if any(critical):
        metrics["critical_recall"] = round(
            sum(a and b for a, b in zip(called, critical, strict=True)) / sum(critical), 4
        )
    flagged = [answer["misinformation"]["flag"] != "none" for answer in answers]
    fair = [is_fair(row) for row in rows]
    if any(fair):
        wrongly = sum(a and b for a, b in zip(flagged, fair, strict=True))
        metrics["false_flags_on_criticism"] = round(wrongly / sum(fair), 4)
    return metrics


def is_critical(row: Row) -> bool:
    """Return whether somebody must act on the comment at once."""
    return row.labels["urgency"] == "critical"


def is_fair(row: Row) -> bool:
    """Return whether the comment is a complaint, opinion or question that must not be flagged."""
    return row.labels["misinformation"] == "plain" and row.labels["intent"] in CRITICISM


def _head_metrics(
    probabilities: Floats,
    gold: npt.NDArray[np.int_],
    forms: npt.NDArray[np.str_],
    least: npt.NDArray[np.float64],
) -> dict[str, Any]:
    """Return the metrics of one head.

    `gold` holds label numbers, `least` the probability below which a row is unsure, shape
    (rows,) each.
    """
    guess = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    right = guess == gold
    sure = confidence >= least
    return {
        "macro_f1": _macro_f1(gold, guess),
        "accuracy": round(float(right.mean()), 4),
        "calibration_error": round(calibration_error(confidence, right), 4),
        "coverage": round(float(sure.mean()), 4),
        "precision_when_sure": round(float(right[sure].mean()), 4) if sure.any() else None,
        "macro_f1_by_form": {
            str(form): _macro_f1(gold[forms == form], guess[forms == form])
            for form in np.unique(forms)
        },
    }


def _macro_f1(gold: npt.NDArray[np.int_], guess: npt.NDArray[np.int_]) -> float:
    """Return the mean F1 over the labels that occur in `gold`."""
    score = f1_score(gold, guess, labels=np.unique(gold), average="macro", zero_division=0)
    return round(float(score), 4)


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten equal bins (Naeini et al., 2015)."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for number in np.unique(bins):
        inside = bins == number
        error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(error)


def as_markdown(metrics: dict[str, Any]) -> str:
    """Return the metrics: a table with one line a head, then the figures of no one head."""
    forms = sorted({form for head in HEADS for form in metrics[head]["macro_f1_by_form"]})
    names = ["head", "macro-F1", "accuracy", "calibration error", "acts on", "right when it acts"]
    lines = [
        "| " + " | ".join([*names, *(f"F1 {form}" for form in forms)]) + " |",
        "|---" * (len(names) + len(forms)) + "|",
    ]
    for head in HEADS:
        of = metrics[head]
        sure = of["precision_when_sure"]
        cells = [
            head,
            f"{of['macro_f1']:.3f}",
            f"{of['accuracy']:.3f}",
            f"{of['calibration_error']:.3f}",
            f"{of['coverage']:.0%}",
            "–" if sure is None else f"{sure:.3f}",
            *(f"{of['macro_f1_by_form'].get(form, float('nan')):.3f}" for form in forms),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    single = [name for name in _SINGLE_FIGURES if name in metrics]
    lines += ["", *(f"- {name.replace('_', ' ')}: {metrics[name]:.3f}" for name in single)]
    return "\n".join(lines)
