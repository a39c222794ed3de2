"""Pairs of comments that are nearly the same text.

Likeness is the Jaccard index of the sets of character 4-grams of the skeleton
(lower case, Kazakh letters folded, digits and punctuation dropped). It is
computed exactly, as a product of sparse matrices, block by block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from models.features import Floats
from models.text import skeleton

NEAR: Final = 0.6
"""Texts at least this alike are near-duplicates."""

_BLOCK: Final = 1024
_NOISE = re.compile(r"[\W\d_]+")


def plain(text: str) -> str:
    """Return what of `text` is compared: equal where texts differ in digits and marks alone."""
    return _NOISE.sub(" ", skeleton(text)).strip()


def shingles(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return which 4-grams each text has, shape (len(texts), 4-grams): 1 or 0, float32."""
    vectorizer = CountVectorizer(analyzer="char", ngram_range=(4, 4), binary=True, lowercase=False)
    try:
        grams = vectorizer.fit_transform([f" {plain(text)} " for text in texts])
    except ValueError:  # no text has four characters
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32)
    return grams.astype(np.float32).tocsr()


def likeness(grams: sparse.csr_matrix, one: int) -> Floats:
    """Return how alike each text is to number `one`, shape (texts,); 0 for texts without 4-grams.

    `grams` are `shingles`.
    """
    sizes = np.asarray(grams.sum(axis=1)).ravel()
    common = np.asarray((grams @ grams[one].T).todense()).ravel()
    found: Floats = common / np.maximum(sizes + sizes[one] - common, 1)
    return found


def near_duplicates(
    texts: Sequence[str], threshold: float = NEAR
) -> Iterator[tuple[int, int, float]]:
    """Yield (first, second, likeness) of every pair of indices that reaches `threshold`."""
    grams = shingles(texts)
    sizes = np.asarray(grams.sum(axis=1)).ravel()
    for start in range(0, len(texts), _BLOCK):
        common = (grams[start : start + _BLOCK] @ grams.T).tocoo()
        first = common.row + start
        later = common.col > first
        union = sizes[first] + sizes[common.col] - common.data
        alike = np.where(union > 0, common.data / np.maximum(union, 1), 0)
        for i in np.flatnonzero(later & (alike >= threshold)):
            yield int(first[i]), int(common.col[i]), float(alike[i])
