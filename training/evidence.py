"""What the shipped model says of a text, as numbers that another task can learn from.

Of every head asked for, the scores of its labels; of the written form, also how the single
words lean between Kazakh and Russian: whether a text is mixed shows in them, not in the whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.classifier import Classifier
from models.fast import head_slices
from models.features import Floats
from models.labels import LANGUAGES
from models.text import normalise

_KAZAKH: Final = LANGUAGES.index("kk-Cyrl")
_RUSSIAN: Final = LANGUAGES.index("ru")
_WORD: Final = re.compile(r"[^\W\d_]+")
_MOST: Final = 15.0
"""Scores beyond are cut off: a form that a text cannot have scores minus infinity."""
_SURE: Final = np.array([0.0, 2.0, 4.0])
"""Differences of a word's scores from which it is counted as Kazakh, or as Russian."""
_SCALE: Final = 0.3
"""Deviation of a column beside n-grams whose rows have length 1."""


@dataclass(frozen=True)
class Evidence:
    """Columns of evidence about texts, made alike by the texts they were measured on."""

    model: Classifier
    heads: tuple[str, ...]
    mean: Floats
    deviation: Floats

    @classmethod
    def measured(cls, model: Classifier, heads: Sequence[str], texts: Sequence[str]) -> Evidence:
        """Return evidence of `heads` whose columns have mean 0 and one deviation on `texts`."""
        raw = _raw(model, heads, texts)
        deviation = np.maximum(raw.std(axis=0), np.float32(1e-6))
        return cls(model, tuple(heads), raw.mean(axis=0), deviation)

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Return the evidence about texts, shape (texts, columns)."""
        raw = _raw(self.model, self.heads, texts)
        return (raw - self.mean) / self.deviation * np.float32(_SCALE)


def _raw(model: Classifier, heads: Sequence[str], texts: Sequence[str]) -> Floats:
    scores = np.clip(model.logits(texts, [None] * len(texts)), -_MOST, _MOST)
    columns = [scores[:, head_slices()[head]] for head in heads]
    if "language" in heads:
        columns.append(_leanings(model, texts).astype(np.float32))
    return np.hstack(columns)


def _leanings(model: Classifier, texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return how the words of each text lean: Kazakh above 0, Russian below."""
    words = [_WORD.findall(normalise(text)) for text in texts]
    place: dict[str, int] = {}
    for word in (word for of in words for word in of):
        place.setdefault(word, len(place))
    scores = model.tiers.fast.language_logits(list(place))
    leaning = scores[:, _KAZAKH] - scores[:, _RUSSIAN]
    return np.array([_summed_up(leaning[[place[word] for word in of]]) for of in words])


def _summed_up(leaning: Floats) -> npt.NDArray[np.float64]:
    """Return quantiles, mean, and how many words of each language there are, however sure."""
    if not len(leaning):
        leaning = np.zeros(1, np.float32)
    kazakh, russian = ((side[:, None] > _SURE).sum(axis=0) for side in (leaning, -leaning))
    return np.concatenate(
        [
            np.quantile(leaning, (0.0, 0.25, 0.5, 0.75, 1.0)),
            [leaning.mean(), np.log1p(len(leaning))],
            np.log1p(kazakh),
            np.log1p(russian),
            kazakh / len(leaning),
            russian / len(leaning),
            np.minimum(kazakh, russian),
        ]
    )
