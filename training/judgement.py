"""What a classifier got right and wrong on labelled rows, and how sure the figures are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.analysis import Analysis
from models.classifier import Classifier
from models.features import Floats
from models.labels import HEADS
from training.corpus import Row
from training.evaluate import evaluate, is_fair

Numbers = npt.NDArray[np.int_]
Figures = npt.NDArray[np.float64]
Interval = tuple[float, float]

_RESAMPLES: Final = 1000
_SEED: Final = 20261125


@dataclass(frozen=True)
class HeadJudgement:
    """The guesses of one head; every array has one entry a row."""

    codes: tuple[str, ...]
    gold: Numbers
    guess: Numbers
    confidence: Floats
    threshold: float
    """Probability below which it abstains; the median, as it differs by written form."""

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Which guesses are right."""
        found: npt.NDArray[np.bool_] = self.gold == self.guess
        return found

    def confusion(self, among: npt.NDArray[np.bool_] | None = None) -> Numbers:
        """Return how often each label was taken for each, shape (gold, guess)."""
        size = len(self.codes)
        pairs = self.gold * size + self.guess
        counted = np.bincount(pairs if among is None else pairs[among], minlength=size * size)
        return counted.reshape(size, size)


@dataclass(frozen=True)
class Judgement:
    """Everything known about a classifier on some rows."""

    rows: Sequence[Row]
    heads: dict[str, HeadJudgement]
    answers: Sequence[Analysis]
    metrics: dict[str, Any]
    """As `training.evaluate.evaluate` returns them."""

    def mistakes(self, most: int) -> list[tuple[Row, str, str, str, float]]:
        """Return (row, head, gold, guess, confidence) of the surest wrong guesses, surest first."""
        wrong = [
            (float(of.confidence[number]), head, int(number))
            for head, of in self.heads.items()
            for number in np.flatnonzero(~of.right)
        ]
        wrong.sort(key=lambda entry: -entry[0])
        return [
            (
                self.rows[number],
                head,
                self.rows[number].labels[head],
                HEADS[head][self.heads[head].guess[number]],
                confidence,
            )
            for confidence, head, number in wrong[:most]
        ]

    def missed(self) -> list[tuple[Row, Analysis]]:
        """Return the critical comments not called critical, danger overrides heeded.

        Those that would wait longest come first.
        """
        found = [
            (row, answer)
            for row, answer in zip(self.rows, self.answers, strict=True)
            if row.labels["urgency"] == "critical" != answer["urgency"]["label"]
        ]
        return sorted(found, key=lambda pair: -pair[1]["answer_within_minutes"])

    def wrongly_flagged(self) -> list[tuple[Row, Analysis]]:
        """Return the complaints, opinions and questions without rumour style that are flagged."""
        return [
            (row, answer)
            for row, answer in zip(self.rows, self.answers, strict=True)
            if is_fair(row) and answer["misinformation"]["flag"] != "none"
        ]


def judge(classifier: Classifier, rows: Sequence[Row]) -> Judgement:
    """Return what the classifier says of `rows`; raise `ValueError` when there is no row."""
    metrics = evaluate(classifier, rows)
    texts = [row.text for row in rows]
    parents = [row.parent_text for row in rows]
    probabilities = classifier.probabilities(texts, parents)
    forms = probabilities["language"]
    heads = {
        head: HeadJudgement(
            codes=HEADS[head],
            gold=np.array([HEADS[head].index(row.labels[head]) for row in rows]),
            guess=scores.argmax(axis=1),
            confidence=scores.max(axis=1),
            threshold=float(np.median(classifier.calibration.least(head, forms))),
        )
        for head, scores in probabilities.items()
    }
    return Judgement(rows, heads, classifier.analyse(texts, parents), metrics)


def f1_of_labels(confusion: npt.NDArray[np.integer[Any]]) -> Figures:
    """Return the F1 of each label, shape (…, labels), of confusions (…, labels, labels).

    NaN for labels that no gold has.
    """
    gold = confusion.sum(axis=-1)
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    either = gold + confusion.sum(axis=-2)
    found: Figures = np.where(gold > 0, 2 * hits / np.maximum(either, 1), np.nan)
    return found


def macro_f1(confusion: npt.NDArray[np.integer[Any]]) -> Figures:
    """Return the mean F1 over the labels that occur in gold, shape (…)."""
    found: Figures = np.nanmean(f1_of_labels(confusion), axis=-1)
    return found


def accuracy(confusion: npt.NDArray[np.integer[Any]]) -> Figures:
    """Return the share of right guesses, shape (…)."""
    found: Figures = np.trace(confusion, axis1=-2, axis2=-1) / confusion.sum(axis=(-2, -1))
    return found


def interval(
    confusion: Numbers, figure: Callable[[npt.NDArray[np.integer[Any]]], Figures]
) -> tuple[Figures, Figures]:
    """Return the 2.5th and 97.5th percentile of `figure` over bootstrap resamples of the rows.

    To draw rows again is to draw cells of the confusion again, in proportion to what is in them.
    Where a resample lacks a label, its F1 is left out there.
    """
    total = int(confusion.sum())
    drawn = np.random.default_rng(_SEED).multinomial(
        total, confusion.ravel() / total, size=_RESAMPLES
    )
    figures = figure(drawn.reshape(_RESAMPLES, *confusion.shape))
    known = np.where(np.isnan(figures).all(axis=0), 0.0, figures)  # a label never seen has no F1
    low, high = np.nanpercentile(known, (2.5, 97.5), axis=0)
    return low, high
