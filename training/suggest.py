"""What to label next: comments the model is unsure about, no two of them alike.

Uncertainty is 1 minus the margin (probability of the best label minus that of the
second), averaged over the calibrated heads. By itself it picks fifty wordings of one
comment, so the list is made greedily by maximal marginal relevance (Carbonell and
Goldstein, 1998) over TF-IDF rows, and what is nearly the same text as a chosen one,
or as a comment of the corpus, is out for good.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.classifier import Classifier
from models.features import FeatureSpace, Floats, weigh
from models.labels import HEADS
from models.personal_data import mask_personal_data
from models.text import normalise
from training.corpus import Row
from training.fit import inverse_frequencies
from training.near_duplicates import NEAR, likeness, plain, shingles
from training.pool import PoolComment

WEIGHT_OF_UNCERTAINTY: Final = 0.5
"""Against likeness to what is already chosen."""
_BATCH: Final = 1024

Numbers = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Pick:
    """A comment worth labelling, and why."""

    comment: PoolComment
    uncertainty: float
    """Over all heads, 0 to 1."""
    head: str
    """The head that hesitates most."""
    labels: tuple[str, str]
    """What it hesitates between, likelier first."""
    confidence: tuple[float, float]

    def as_json(self) -> dict[str, Any]:
        """Return the row to label; personal data are masked, they may not enter a corpus."""
        row: dict[str, Any] = {
            "id": self.comment.id,
            "text": mask_personal_data(self.comment.text),
        }
        if self.comment.parent_text is not None:
            row["parent_text"] = mask_personal_data(self.comment.parent_text)
        row["why"] = {
            "head": self.head,
            "labels": self.labels,
            "confidence": self.confidence,
            "uncertainty": self.uncertainty,
        }
        return row


@dataclass(frozen=True)
class Hesitation:
    """How unsure the model is of each comment; every array has one entry a comment."""

    uncertainty: Floats
    head: Numbers
    """Number of the head with the smallest margin."""
    best: Numbers
    second: Numbers
    confidence: Floats
    """Shape (comments, 2): of the two labels."""


def suggest(
    classifier: Classifier,
    pool: Sequence[PoolComment],
    corpus: Sequence[Row],
    *,
    count: int,
    space: FeatureSpace,
    progress: Callable[[int], None] = lambda _comments: None,
) -> list[Pick]:
    """Return at most `count` comments in the order to label; fewer when the rest is alike.

    `space` is that of the fast tier; `progress` gets how many comments were just dealt with.
    """
    fresh = unseen(pool, corpus)
    progress(len(pool) - len(fresh))
    if not fresh:
        return []
    doubt = hesitation(classifier, fresh, progress)
    chosen = diverse(
        doubt.uncertainty,
        tfidf([comment.text for comment in fresh], space),
        shingles([*(comment.text for comment in fresh), *(row.text for row in corpus)]),
        count,
    )
    heads = list(HEADS)
    return [
        Pick(
            fresh[number],
            round(float(doubt.uncertainty[number]), 4),
            head := heads[doubt.head[number]],
            (HEADS[head][doubt.best[number]], HEADS[head][doubt.second[number]]),
            (_rounded(doubt.confidence[number, 0]), _rounded(doubt.confidence[number, 1])),
        )
        for number in chosen
    ]


def unseen(pool: Sequence[PoolComment], corpus: Sequence[Row]) -> list[PoolComment]:
    """Return the first of equal comments (but for digits and marks), none of the corpus's."""
    ids = {row.id for row in corpus}
    seen = {_key(row.text) for row in corpus}
    fresh = []
    for comment in pool:
        key = _key(comment.text)
        if comment.id not in ids and key not in seen:
            seen.add(key)
            fresh.append(comment)
    return fresh


def _key(text: str) -> str:
    """Return the same for what is said the same; of emoji and numbers only which there are."""
    return plain(text) or "".join(sorted(set(normalise(text))))


def hesitation(
    classifier: Classifier,
    comments: Sequence[PoolComment],
    progress: Callable[[int], None] = lambda _comments: None,
) -> Hesitation:
    """Return the doubts about comments, judged batch by batch."""
    parts = []
    for start in range(0, len(comments), _BATCH):
        some = comments[start : start + _BATCH]
        parts.append(
            _doubts(
                classifier.probabilities(
                    [comment.text for comment in some], [comment.parent_text for comment in some]
                )
            )
        )
        progress(len(some))
    return Hesitation(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _doubts(probabilities: dict[str, Floats]) -> tuple[Floats, Numbers, Numbers, Numbers, Floats]:
    """Return the fields of `Hesitation` for a batch."""
    order = {head: np.argsort(-scores, axis=1)[:, :2] for head, scores in probabilities.items()}
    top = {head: np.take_along_axis(probabilities[head], order[head], axis=1) for head in HEADS}
    margins = np.stack([top[head][:, 0] - top[head][:, 1] for head in HEADS], axis=1)
    head = margins.argmin(axis=1)
    rows = np.arange(len(head))
    labels = np.stack([order[name] for name in HEADS])[head, rows]
    confidence = np.stack([top[name] for name in HEADS])[head, rows]
    return 1 - margins.mean(axis=1), head, labels[:, 0], labels[:, 1], confidence


def tfidf(texts: Sequence[str], space: FeatureSpace) -> sparse.csr_array:
    """Return the TF-IDF rows of unit length, shape (texts, buckets), counted batch by batch."""
    counts = sparse.csr_array(
        sparse.vstack(
            [
                space.count([normalise(text) for text in texts[start : start + _BATCH]])
                for start in range(0, len(texts), _BATCH)
            ],
            format="csr",
        )
    )
    return weigh(counts, inverse_frequencies(counts))


def diverse(
    uncertainty: Floats, features: sparse.csr_array, grams: sparse.csr_matrix, count: int
) -> list[int]:
    """Return the numbers of at most `count` comments, unsure and unlike each other, best first.

    The rows of `grams` are those of the comments, then those of the corpus. A comment near
    one of the corpus falls together with all that are near it in turn.
    """
    number = len(uncertainty)
    nearest = np.zeros(number, dtype=np.float32)
    possible = np.ones(number, dtype=np.bool_)
    chosen: list[int] = []
    while len(chosen) < count and possible.any():
        worth = WEIGHT_OF_UNCERTAINTY * uncertainty - (1 - WEIGHT_OF_UNCERTAINTY) * nearest
        best = int(np.where(possible, worth, -np.inf).argmax())
        alike = likeness(grams, best) >= NEAR
        possible &= ~alike[:number]
        possible[best] = False
        if alike[number:].any():
            continue
        chosen.append(best)
        row = np.asarray(features[[best]].todense()).ravel()
        nearest = np.maximum(nearest, features @ row)
    return chosen


def _rounded(number: np.float32) -> float:
    return round(float(number), 4)
