"""The fast tier: hashed n-grams times one matrix that holds every head side by side.

Weights are stored as int8 with one scale a row and spread to float32 when
loaded; only rows that training touched are stored at all.
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
    idf: Floats
    """Shape (buckets,); 0 for a feature never seen in training."""
    weights: Floats
    """Shape (buckets, COLUMNS)."""
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

    def _rows(self, texts: Sequence[str]) -> sparse.csr_array:
        return weigh(self.space.count(texts), self.idf)


def pack(tier: FastTier) -> dict[str, npt.NDArray[np.generic]]:
    """Return the tensors to store; the inverse of `unpack` up to int8 rounding."""
    used = np.flatnonzero(np.abs(tier.weights).max(axis=1) > 0)
    rows = tier.weights[used]
    scale = (np.abs(rows).max(axis=1) / 127).astype(np.float32)
    return {
        "columns": used.astype(np.int32),
        "idf": tier.idf[used].astype(np.float32),
        "scale": scale,
        "weights": np.rint(rows / scale[:, None]).astype(np.int8),
        "bias": tier.bias.astype(np.float32),
    }


def unpack(space: FeatureSpace, tensors: Mapping[str, npt.NDArray[np.generic]]) -> FastTier:
    """Build the tier from stored tensors; raise `ValueError` when their shapes do not fit."""
    used = tensors["columns"]
    shape = (len(used), COLUMNS)
    if tensors["weights"].shape != shape or tensors["bias"].shape != (COLUMNS,):
        raise ValueError(f"weights have shape {tensors['weights'].shape}, expected {shape}")
    if len(used) and not 0 <= int(used.min()) <= int(used.max()) < space.buckets:
        raise ValueError(f"a column number lies outside the {space.buckets} buckets")
    idf = np.zeros(space.buckets, dtype=np.float32)
    idf[used] = tensors["idf"]
    weights = np.zeros((space.buckets, COLUMNS), dtype=np.float32)
    scale = tensors["scale"].astype(np.float32)
    weights[used] = tensors["weights"].astype(np.float32) * scale[:, None]
    return FastTier(space, idf, weights, tensors["bias"].astype(np.float32))
