"""Whether a model is worse than another: both over the same rows, chance taken into account.

Paired bootstrap (Efron and Tibshirani, 1993): the same rows are drawn anew for
both models, a thousand times, and the middle 95 % of the differences in macro-F1
is the interval. A head got worse in a written form when all of it lies below 0.

Every head is judged in every form at 95 %, not corrected for how many there are.
Between two equally good models on our 1,246 test rows, 0.6 to 1.1 of the 49 intervals
lie below 0 by chance, and every second comparison has one (models that differ in 5 to
20 % of their guesses, drawn from the live one's probabilities, 100 times each). The
choice is deliberate: corrected intervals are so wide that a small form could lose a
lot unnoticed, while a false alarm costs a look at the table and a reason given with
`--force`. The report says how many to expect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.classifier import Classifier
from models.labels import HEADS
from training.corpus import Row
from training.evaluate import is_critical, is_fair

FEWEST: Final = 20
"""Rows of a written form below which an interval says nothing."""
RESAMPLES: Final = 1_000
SEED: Final = 20261125
ALL: Final = "all"
LEVEL: Final = 0.95

Numbers = npt.NDArray[np.int_]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """What one model says to the rows; every array has one entry a row."""

    version: str
    guesses: dict[str, Numbers]
    """Label numbers by head, before danger rules, as `evaluate` counts them."""
    critical: Flags
    """Called critical, danger rules included."""
    flagged: Flags
    """Flagged as possible or likely misinformation."""


@dataclass(frozen=True)
class Interval:
    """Macro-F1 of both models on the same rows, and between what its difference lies."""

    candidate: float
    against: float
    low: float
    high: float


@dataclass(frozen=True)
class Figure:
    """One head in one written form, or in all of them."""

    head: str
    form: str
    rows: int
    macro_f1: Interval

    @property
    def difference(self) -> float:
        """How much better the candidate is."""
        return self.macro_f1.candidate - self.macro_f1.against

    @property
    def verdict(self) -> str:
        """`worse` or `better` where chance does not explain the difference."""
        if self.rows < FEWEST:
            return "not judged"
        if self.macro_f1.high < 0:
            return "worse"
        return "better" if self.macro_f1.low > 0 else "same"


@dataclass(frozen=True)
class Mistakes:
    """The rows of one kind that each model gets wrong, by id."""

    rows: int
    candidate: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything found out about two models on the same rows."""

    candidate: str
    against: str
    rows: int
    figures: tuple[Figure, ...]
    missed: Mistakes
    """Critical comments not called critical."""
    false_flags: Mistakes
    """Fair criticism, questions and reports that are flagged."""

    @property
    def not_judged(self) -> dict[str, int]:
        """Number of rows of every written form that has too few of them."""
        return {figure.form: figure.rows for figure in self.figures if figure.rows < FEWEST}

    @property
    def regressions(self) -> list[str]:
        """In what the candidate is worse, a short sentence each."""
        found = [
            f"{one.head} in {one.form}: macro-F1 {one.macro_f1.against:.3f} → "
            f"{one.macro_f1.candidate:.3f} ({one.macro_f1.low:+.3f} to {one.macro_f1.high:+.3f})"
            for one in self.figures
            if one.verdict == "worse"
        ]
        before, now = len(self.missed.against), len(self.missed.candidate)
        if now > before:
            found.append(f"critical comments missed: {before} → {now} of {self.missed.rows}")
        return found


def answers_of(classifier: Classifier, rows: Sequence[Row]) -> Answers:
    """Return what `classifier` says to `rows`."""
    texts = [row.text for row in rows]
    parents = [row.parent_text for row in rows]
    probabilities = classifier.probabilities(texts, parents)
    said = classifier.analyse(texts, parents)
    return Answers(
        version=classifier.version,
        guesses={head: probabilities[head].argmax(axis=1) for head in HEADS},
        critical=np.array([answer["urgency"]["label"] == "critical" for answer in said]),
        flagged=np.array([answer["misinformation"]["flag"] != "none" for answer in said]),
    )


def compare(
    rows: Sequence[Row], candidate: Answers, against: Answers, *, resamples: int = RESAMPLES
) -> Comparison:
    """Compare the answers of two models to `rows`; the same answers give the same figures.

    Raise `ValueError` when there are too few rows to judge anything.
    """
    if len(rows) < FEWEST:
        raise ValueError(f"{len(rows)} rows are too few to compare on, at least {FEWEST} needed")
    forms = np.array([row.labels["language"] for row in rows])
    scopes = {ALL: np.ones(len(rows), dtype=bool)} | {
        form: forms == form for form in HEADS["language"] if form in forms
    }
    figures = []
    for head, codes in HEADS.items():
        gold = np.array([codes.index(row.labels[head]) for row in rows])
        for form, inside in scopes.items():
            ours, theirs = candidate.guesses[head][inside], against.guesses[head][inside]
            found = paired_interval(gold[inside], ours, theirs, resamples=resamples)
            figures.append(Figure(head, form, int(inside.sum()), found))

    critical = np.array([is_critical(row) for row in rows])
    fair = np.array([is_fair(row) for row in rows])
    return Comparison(
        candidate=candidate.version,
        against=against.version,
        rows=len(rows),
        figures=tuple(figures),
        missed=_mistakes(rows, critical, ~candidate.critical, ~against.critical),
        false_flags=_mistakes(rows, fair, candidate.flagged, against.flagged),
    )


def _mistakes(rows: Sequence[Row], of: Flags, candidate: Flags, against: Flags) -> Mistakes:
    """Return which of the rows `of` a kind each model gets wrong."""

    def ids(wrong: Flags) -> tuple[str, ...]:
        return tuple(row.id for row, one in zip(rows, (of & wrong).tolist(), strict=True) if one)

    return Mistakes(int(of.sum()), ids(candidate), ids(against))


def paired_interval(
    gold: Numbers,
    candidate: Numbers,
    against: Numbers,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """Return macro-F1 of both guesses and the 95 % interval of candidate minus against.

    All arrays hold label numbers, shape (rows,). Rows with the same label and the
    same two guesses are interchangeable, so that drawing rows with replacement is
    one multinomial draw of how often each such kind of row occurs.
    """
    kinds, counts = np.unique(
        np.stack([gold, candidate, against], axis=1), axis=0, return_counts=True
    )
    drawn = np.random.default_rng(seed).multinomial(
        len(gold), counts / counts.sum(), size=resamples
    )
    drawn = np.vstack([counts, drawn])  # the rows as they are come first
    ours = _macro_f1(drawn, kinds[:, 0], kinds[:, 1])
    theirs = _macro_f1(drawn, kinds[:, 0], kinds[:, 2])
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(ours[1:] - theirs[1:], [tail, 1 - tail])
    # Sums of the same scores in another order differ in the last digits: that is no difference.
    return Interval(float(ours[0]), float(theirs[0]), round(float(low), 9), round(float(high), 9))


def _macro_f1(counts: Counts, gold: Numbers, guess: Numbers) -> Scores:
    """Return the macro-F1 of every draw over the labels its gold has, as `evaluate` does.

    `counts` says how often each kind of row was drawn, shape (draws, kinds).
    """
    labels = np.unique(gold)
    is_label, called = gold[:, None] == labels, guess[:, None] == labels
    occurs, right = counts @ is_label, counts @ (is_label & called)
    together = np.maximum(occurs + counts @ called, 1)
    scores: Scores = np.where(occurs > 0, 2 * right / together, 0).sum(axis=1)
    mean: Scores = scores / (occurs > 0).sum(axis=1)
    return mean
