"""The fast tier: hashed n-grams times one matrix that holds every head side by side.

Hashes fall into so many columns that few n-grams share one, and of these only the columns
worth keeping have weights, stored as int8 with one scale a column and float32 in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.features import FeatureSpace, Floats, weigh
from models.labels import HEADS

Places = npt.NDArray[np.int32]

COLUMNS = sum(len(codes) for codes in HEADS.values())


def head_slices() -> dict[str, slice]:
    """Return which columns of the logits belong to which head."""
    slices, start = {}, 0
    for head, codes in HEADS.items():
        slices[head] = slice(start, start + len(codes))
        start += len(codes)
    return slices


@dataclass(frozen=True)
class FastTier:
    """A linear model of all heads over one feature space."""

    space: FeatureSpace
    known: Places
    """Shape (features,): the buckets that have weights, in order. Nothing else is read."""
    idf: Floats
    """Shape (features,)."""
    weights: Floats
    """Shape (features, COLUMNS)."""
    bias: Floats
    """Shape (COLUMNS,)."""

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return the scores of every label, shape (len(texts), COLUMNS).

        `texts` are normalised. Every row is computed from its own text alone.
        """
        if not texts:
            return np.zeros((0, COLUMNS), dtype=np.float32)
        scores: Floats = self._rows(texts) @ self.weights
        scores += self.bias
        return scores

    def language_logits(self, texts: Sequence[str]) -> Floats:
        """Return the scores of the written forms alone, shape (len(texts), 6)."""
        scores: Floats = self._rows(texts) @ self._language_weights
        scores += self.bias[head_slices()["language"]]
        return scores

    @cached_property
    def _language_weights(self) -> Floats:
        return np.ascontiguousarray(self.weights[:, head_slices()["language"]])

    @cached_property
    def _place(self) -> Places:
        """Where the weights of every bucket lie, -1 for none."""
        place = np.full(self.space.buckets, -1, dtype=np.int32)
        place[self.known] = np.arange(len(self.known), dtype=np.int32)
        return place

    def _rows(self, texts: Sequence[str]) -> sparse.csr_array:
        return weigh(chosen(self.space.count(texts), self._place, len(self.known)), self.idf)


def chosen(counts: sparse.csr_array, place: Places, width: int) -> sparse.csr_array:
    """Return `counts` with its columns moved to their places; those at -1 fall away."""
    columns = place[counts.indices]
    kept = columns >= 0
    ends = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)[counts.indptr]
    return sparse.csr_array(
        (counts.data[kept], columns[kept], ends), shape=(counts.shape[0], width)
    )


def pack(tier: FastTier) -> dict[str, npt.NDArray[np.generic]]:
    """Return the tensors to store; the inverse of `unpack` up to int8 rounding."""
    most = np.abs(tier.weights).max(axis=1)
    used = np.flatnonzero(most > 0)
    scale = (most[used] / 127).astype(np.float32)
    return {
        "columns": tier.known[used].astype(np.int32),
        "idf": tier.idf[used].astype(np.float16),
        "scale": scale,
        "weights": np.rint(tier.weights[used] / scale[:, None]).astype(np.int8),
        "bias": tier.bias.astype(np.float32),
    }


def unpack(space: FeatureSpace, tensors: Mapping[str, npt.NDArray[np.generic]]) -> FastTier:
    """Build the tier from stored tensors; raise `ValueError` when their shapes do not fit."""
    known = tensors["columns"].astype(np.int32)
    shape = (len(known), COLUMNS)
    if tensors["weights"].shape != shape or tensors["bias"].shape != (COLUMNS,):
        raise ValueError(f"weights have shape {tensors['weights'].shape}, expected {shape}")
    if len(known) and not 0 <= int(known.min()) <= int(known.max()) < space.buckets:
        raise ValueError(f"a column number lies outside the {space.buckets} buckets")
    scale = tensors["scale"].astype(np.float32)
    weights = tensors["weights"].astype(np.float32) * scale[:, None]
    idf, bias = tensors["idf"].astype(np.float32), tensors["bias"].astype(np.float32)
    return FastTier(space, known, idf, weights, bias)
