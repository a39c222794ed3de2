"""Which words moved a label, found by leaving each out.

Occlusion (Zeiler and Fergus, 2014) asks any scorer the same question: how much
less sure is it of its label without this word? The answer needs no access to
the scorer's inside, so every tier is explained alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from models.analysis import Highlight
from models.features import Floats
from models.text import words

Scorer = Callable[[Sequence[str]], Mapping[str, Floats]]
"""From texts to the probabilities of every head, shape (texts, labels) each."""

_MOST_SEGMENTS: Final = 48
_MOST_WORDS: Final = 5
_SMALLEST_SHARE: Final = 0.05


def highlight(text: str, score: Scorer) -> dict[str, list[Highlight]]:
    """Return, by head, the words that spoke for its label, in reading order.

    Offsets are code points of `text`. A long text is explained in at most 48
    runs of words, which bounds the cost.
    """
    spans = _segments(words(text))
    if not spans:
        return {}
    variants = [text, *(text[:start] + " " + text[end:] for start, end in spans)]
    return {head: _shares(rows, spans) for head, rows in score(variants).items()}


def _segments(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join neighbouring words until at most `_MOST_SEGMENTS` are left."""
    size = -(-len(spans) // _MOST_SEGMENTS)
    return [
        (spans[first][0], spans[min(first + size, len(spans)) - 1][1])
        for first in range(0, len(spans), max(size, 1))
    ]


def _shares(rows: Floats, spans: list[tuple[int, int]]) -> list[Highlight]:
    """Turn the probabilities with and without each span into shares of the evidence."""
    label = int(rows[0].argmax())
    certain = np.clip(rows[:, label].astype(np.float64), 1e-6, 1 - 1e-6)
    odds = np.log(certain / (1 - certain))
    moved = np.maximum(odds[0] - odds[1:], 0)
    if moved.sum() <= 0:
        return []
    shares = moved / moved.sum()
    best = sorted(np.argsort(-shares, kind="stable")[:_MOST_WORDS])
    return [
        {"start": spans[i][0], "end": spans[i][1], "weight": round(float(shares[i]), 3)}
        for i in best
        if shares[i] >= _SMALLEST_SHARE
    ]
