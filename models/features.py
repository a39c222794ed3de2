"""Hashed n-grams of a whole batch at once.

A text becomes a sparse row: its character n-grams (1 to 6 characters, across
words), its words, and its pairs of neighbouring words, each hashed into one of
`FeatureSpace.buckets` columns. Everything is computed on one array of code
points for the whole batch, so the cost a text is a few microseconds; a row
depends on its own text alone, never on its neighbours.

Polynomial hashes modulo 2**64 by prefix sums: Karp and Rabin (1987).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint64]

_BASE: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, so it has an inverse modulo 2**64
_BASE_INVERSE: Final = np.uint64(pow(int(_BASE), -1, 2**64))
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_SPACE: Final = ord(" ")
_SALT_WORD: Final = np.uint64(0xA0761D6478BD642F)
_SALT_PAIR: Final = np.uint64(0xE7037ED1A0B428DB)


@dataclass(frozen=True)
class FeatureSpace:
    """How texts become rows: the n-gram lengths and the number of columns (a power of two)."""

    buckets: int = 2**18
    shortest: int = 1
    longest: int = 6
    words: bool = True
    pairs: bool = True

    def __post_init__(self) -> None:
        if self.buckets < 2 or self.buckets & (self.buckets - 1):
            raise ValueError(f"buckets must be a power of two, not {self.buckets}")
        if not 1 <= self.shortest <= self.longest:
            raise ValueError(f"no n-gram lengths between {self.shortest} and {self.longest}")

    def count(self, texts: Sequence[str]) -> sparse.csr_array:
        """Return the counts of hashed n-grams, shape (len(texts), buckets), float32.

        `texts` are normalised (`models.text.normalise`). Duplicates within a row
        are summed and columns sorted, so equal texts give bit-equal rows.
        """
        padded = [f" {text} " for text in texts]
        codes = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(
            np.uint64
        )
        lengths = np.fromiter(map(len, padded), dtype=np.int64, count=len(padded))
        rows = np.repeat(np.arange(len(padded), dtype=np.int32), lengths)
        parts = self._characters(codes, rows)
        if self.words or self.pairs:
            parts += self._words(codes, rows)
        return self._matrix(parts, len(padded))

    def _matrix(
        self, parts: Sequence[tuple[Codes, npt.NDArray[np.int32]]], rows: int
    ) -> sparse.csr_array:
        """Return how often each hash occurs in each row, columns sorted.

        One sort of (row, column) in one number takes half the time of scipy's conversion.
        """
        bits = self.buckets.bit_length() - 1
        keys = np.concatenate(
            [(owners.astype(np.int64) << bits) | self._bucket(hashes) for hashes, owners in parts]
        )
        keys.sort()
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(first, append=len(keys)).astype(np.float32)
        keys = keys[first]
        ends = np.searchsorted(keys, np.arange(rows + 1, dtype=np.int64) << bits)
        columns = (keys & (self.buckets - 1)).astype(np.int32)
        return sparse.csr_array(
            (counts, columns, ends.astype(np.int32)), shape=(rows, self.buckets)
        )

    def _bucket(self, hashes: Codes) -> npt.NDArray[np.int32]:
        """Fold 64-bit hashes into column numbers; the high bits are the best mixed ones."""
        mixed = (hashes ^ (hashes >> np.uint64(32))) * _MIX
        return (mixed >> np.uint64(64 - self.buckets.bit_length() + 1)).astype(np.int32)

    def _characters(
        self, codes: Codes, rows: npt.NDArray[np.int32]
    ) -> list[tuple[Codes, npt.NDArray[np.int32]]]:
        """Return (hashes, row numbers) of the character n-grams, one pair a length."""
        parts = []
        rolling = np.zeros(len(codes), dtype=np.uint64)
        for length in range(1, self.longest + 1):
            if length > len(codes):
                break
            rolling = rolling[: len(codes) - length + 1] * _BASE + codes[length - 1 :]
            if length < self.shortest:
                continue
            inside = rows[: len(rolling)] == rows[length - 1 :]
            parts.append(
                ((rolling * _BASE + np.uint64(length))[inside], rows[: len(rolling)][inside])
            )
        return parts

    def _words(
        self, codes: Codes, rows: npt.NDArray[np.int32]
    ) -> list[tuple[Codes, npt.NDArray[np.int32]]]:
        """Return (hashes, row numbers) of the words and of the neighbouring pairs."""
        letters = codes != _SPACE
        edges = np.diff(letters.astype(np.int8))
        starts = np.flatnonzero(edges == 1) + 1
        ends = np.flatnonzero(edges == -1) + 1
        powers = np.cumprod(np.full(len(codes), _BASE, dtype=np.uint64), dtype=np.uint64)
        inverses = np.cumprod(np.full(len(codes), _BASE_INVERSE, dtype=np.uint64), dtype=np.uint64)
        sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * powers, dtype=np.uint64)])
        hashes = (sums[ends] - sums[starts]) * inverses[starts]
        owners = rows[starts]
        parts = []
        if self.words:
            parts.append((hashes ^ _SALT_WORD, owners))
        if self.pairs and len(hashes) > 1:
            together = owners[1:] == owners[:-1]
            pairs = hashes[:-1] * _MIX + hashes[1:]
            parts.append(((pairs ^ _SALT_PAIR)[together], owners[1:][together]))
        return parts


def weigh(counts: sparse.csr_array, idf: Floats) -> sparse.csr_array:
    """Return sub-linear TF-IDF rows of unit length, shape as `counts`; `idf` has (buckets,)."""
    data = (1 + np.log(counts.data)) * idf[counts.indices]
    squares = np.add.reduceat(np.append(data * data, 0), counts.indptr[:-1])
    # reduceat gives an empty row its neighbour's number; a row of unseen features has none at all
    squares[(np.diff(counts.indptr) == 0) | (squares == 0)] = 1
    norms = np.sqrt(squares)
    scaled = (data / np.repeat(norms, np.diff(counts.indptr))).astype(np.float32)
    return sparse.csr_array((scaled, counts.indices, counts.indptr), shape=counts.shape)
