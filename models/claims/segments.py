"""An inverted index in pieces that never change, so that readers need no lock.

Added texts become a piece of their own; pieces of like size are merged, as in a
log-structured merge tree (O'Neil et al., 1996), so adding costs a logarithmic factor and
never a rebuild of everything. Scores are BM25 (Robertson and Zaragoza, 2009) over terms that
occur once or not at all: a claim is one sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_K1, _B, _USUAL = 0.9, 0.4, 30.0
"""BM25's saturation and length weight, and the number of terms of a usual claim."""
_MERGE: Final = 4
"""A piece is merged with the one after it when it is less than so many times as large."""
POSTINGS_MOST: Final = 60_000
"""Entries of the index looked through for a comment, rarest terms first: a bound on its time."""


@dataclass(frozen=True)
class Segment:
    """The terms of some texts."""

    terms: Ints
    """Sorted numbers of the terms that occur."""
    starts: npt.NDArray[np.int64]
    """Shape (terms + 1,): where each term's entries begin in `texts`."""
    texts: Ints
    """Numbers of texts within this piece, sorted within a term."""
    impact: Floats
    """Shape (texts of this piece,): what an occurrence counts, by the text's length."""
    numbers: Ints
    """Numbers of the texts in the whole index."""
    alive: Flags
    """False for a text that was removed."""


def segment_of(texts: Sequence[Sequence[int]], numbers: Sequence[int]) -> Segment:
    """Return the piece of texts given as term numbers, each without repeats."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    terms = np.fromiter((t for text in texts for t in text), np.int32, int(lengths.sum()))
    owners = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    impact = (_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths / _USUAL))
    alive = np.ones(len(texts), dtype=np.bool_)
    return _sorted(terms, owners, impact.astype(np.float32), np.array(numbers, np.int32), alive)


def _sorted(terms: Ints, owners: Ints, impact: Floats, numbers: Ints, alive: Flags) -> Segment:
    order = np.lexsort((owners, terms))
    terms, owners = terms[order], owners[order]
    used, starts = np.unique(terms, return_index=True)
    return Segment(used, np.append(starts, len(terms)), owners, impact, numbers, alive)


def add(segments: Sequence[Segment], new: Segment) -> tuple[Segment, ...]:
    """Return the pieces with one more, merged where neighbours are of like size."""
    pieces = [*segments, new]
    while len(pieces) > 1 and len(pieces[-2].numbers) < _MERGE * len(pieces[-1].numbers):
        last = pieces.pop()
        pieces[-1] = merged(pieces[-1], last)
    return tuple(pieces)


def merged(one: Segment, other: Segment) -> Segment:
    """Return one piece of two, without the texts that were removed."""
    terms = np.concatenate([np.repeat(s.terms, np.diff(s.starts)) for s in (one, other)])
    owners = np.concatenate([one.texts, other.texts + np.int32(len(one.numbers))])
    alive = np.concatenate([one.alive, other.alive])
    kept = alive[owners]
    renumbered = (np.cumsum(alive) - 1).astype(np.int32)
    return _sorted(
        terms[kept],
        renumbered[owners[kept]],
        np.concatenate([one.impact, other.impact])[alive],
        np.concatenate([one.numbers, other.numbers])[alive],
        np.ones(int(alive.sum()), dtype=np.bool_),
    )


def without(segments: Sequence[Segment], dead: npt.NDArray[np.int32]) -> tuple[Segment, ...]:
    """Return the pieces with the texts of those numbers marked as removed."""
    kept = []
    for piece in segments:
        gone = np.isin(piece.numbers, dead)
        kept.append(replace(piece, alive=piece.alive & ~gone) if gone.any() else piece)
    return tuple(piece for piece in kept if piece.alive.any())


def best(
    segments: Sequence[Segment], weights: Mapping[int, float], most: int
) -> list[tuple[int, float]]:
    """Return the numbers of the `most` best texts for weighted terms, with their scores."""
    found: list[tuple[int, float]] = []
    for piece in segments:
        found += _best_of(piece, weights, most)
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:most]


def _best_of(
    piece: Segment, weights: Mapping[int, float], most: int
) -> Iterator[tuple[int, float]]:
    scores = np.zeros(len(piece.numbers), dtype=np.float32)
    looked_through = 0
    for texts, weight in _entries(piece, weights):
        if looked_through and looked_through + len(texts) > POSTINGS_MOST:
            continue
        looked_through += len(texts)
        scores[texts] += np.float32(weight)  # a text occurs once in a term's entries
    rows = np.flatnonzero(scores)
    rows = rows[piece.alive[rows]]
    if not len(rows):
        return
    values = scores[rows] * piece.impact[rows]
    if len(rows) > most:
        # ties go to the older text, whatever the partition makes of them
        least = np.partition(values, len(values) - most)[len(values) - most]
        rows, values = rows[values >= least], values[values >= least]
    for row in np.lexsort((piece.numbers[rows], -values))[:most]:
        yield int(piece.numbers[rows[row]]), float(values[row])


def _entries(piece: Segment, weights: Mapping[int, float]) -> Iterator[tuple[Ints, float]]:
    """Yield the texts of every term that occurs in the piece with its weight, heaviest first."""
    wanted = np.fromiter(weights.keys(), dtype=np.int32, count=len(weights))
    heavy = np.fromiter(weights.values(), dtype=np.float64, count=len(weights))
    order = np.lexsort((wanted, -heavy))
    places = np.searchsorted(piece.terms, wanted[order])
    for term, weight, place in zip(
        wanted[order].tolist(), heavy[order].tolist(), places.tolist(), strict=True
    ):
        if weight > 0 and place < len(piece.terms) and piece.terms[place] == term:
            yield piece.texts[piece.starts[place] : piece.starts[place + 1]], weight
