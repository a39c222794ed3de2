"""From scores to probabilities one can act on.

Temperature scaling, one temperature a head and written form: Guo et al. (2017). A head
abstains when its best label is less probable than the threshold for its form.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.features import Floats
from models.labels import HEADS, LANGUAGES, URGENCIES

Places = npt.NDArray[np.int_]
_CRITICAL: Final = URGENCIES.index("critical")

THRESHOLDS_FILE = Path(__file__).with_name("thresholds.toml")


@dataclass(frozen=True)
class Thresholds:
    """The numbers that turn probabilities into decisions, with the day they were set."""

    dated: date
    target_precision: dict[str, float]
    """By head: abstention is placed so that what is left is right this often."""
    lowest: float
    """No head acts below this probability, whatever its precision on dev."""
    rumour_possible: float
    """Probability of rumour style from which a comment is flagged `possible`."""
    parent_weight: float
    """How much the parent post's topic counts when the comment is a fragment."""
    fragment_words: int
    """Comments of at most so many words are fragments."""
    likely_urgency: float
    """While the urgency is unsure, the deadline is that of the most urgent label this probable."""
    critical_from: float
    """A comment this probably critical is called so, whatever is likelier: what a missed danger
    weighs beside an alarm for nothing."""
    lone_word: float
    """Taken from the score of `critical` where the comment is a single word, in log-odds."""
    sure_word: float
    """Difference of scores at which a word counts half as Kazakh or Russian."""
    alternatives: float
    """Other topics at least this probable are listed beside the best one."""


def load_thresholds(path: Path = THRESHOLDS_FILE) -> Thresholds:
    """Read the thresholds; raise `ValueError` naming a head or number that is missing."""
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        thresholds = Thresholds(**raw)
    except TypeError as error:
        raise ValueError(f"{path.name}: {error}") from error
    missing = [head for head in HEADS if head not in thresholds.target_precision]
    if missing:
        raise ValueError(f"{path.name}: no target_precision for {', '.join(missing)}")
    return thresholds


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Return probabilities, shape as `logits` (n, labels); -inf gives exactly 0."""
    scaled = logits / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    probabilities: Floats = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def best_label(head: str, probabilities: Floats, critical_from: float) -> Places:
    """Return the place of the label to give, shape (n,), from probabilities (n, labels).

    The likeliest one; but `critical` from the probability at which it is worth an alarm.
    """
    best: Places = probabilities.argmax(axis=1)
    if head == "urgency":
        best[probabilities[:, _CRITICAL] >= critical_from] = _CRITICAL
    return best


@dataclass(frozen=True)
class Calibration:
    """How scores become opinions, for one choice of tiers; fitted on dev."""

    weights: Mapping[str, tuple[float, float]]
    """By head: what the scores of fast tier and encoder are multiplied with before they are
    added up; 0 for an encoder that is not there."""
    temperatures: Mapping[str, Mapping[str, float]]
    """By head and written form."""
    thresholds: Mapping[str, Mapping[str, float]]
    """By head and written form: abstain below this probability."""
    mixed_gain: float = 0.0
    """How much sure words of two languages speak for `mixed`."""
    mixed_offset: float = 0.0
    """The number of such words that speaks neither for nor against it."""

    def probabilities(self, head: str, logits: Floats, forms: Floats) -> Floats:
        """Return probabilities, shape as `logits` (n, labels), of blended scores.

        `forms` are the scores of the written forms, shape (n, 6): the likeliest one says
        which temperature holds.
        """
        by_form = np.array([self.temperatures[head][form] for form in LANGUAGES], np.float32)
        return softmax(logits / by_form[forms.argmax(axis=1)][:, None])

    def least(self, head: str, forms: Floats) -> npt.NDArray[np.float64]:
        """Return the threshold of every row, shape (n,), by its likeliest written form."""
        by_form = np.array([self.thresholds[head][form] for form in LANGUAGES])
        least: npt.NDArray[np.float64] = by_form[forms.argmax(axis=1)]
        return least


def uniform(value: float) -> dict[str, dict[str, float]]:
    """Return the same number for every head and written form."""
    return {head: dict.fromkeys(LANGUAGES, value) for head in HEADS}
