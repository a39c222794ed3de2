"""Hashed n-grams and a logistic regression a label, on anybody's labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from models.features import FeatureSpace, Floats, weigh
from models.text import normalise
from training.encoder import Labels
from training.fit import inverse_frequencies


class NGrams:
    """Hashed n-grams, TF-IDF and a logistic regression a label."""

    def __init__(self, train: Sequence[str], space: FeatureSpace) -> None:
        self.space = space
        counts = space.count([normalise(text) for text in train])
        self.idf = inverse_frequencies(counts)
        self.used = np.flatnonzero(self.idf)
        self.train = self._compact(weigh(counts, self.idf))
        self.models: list[LogisticRegression] = []

    def _compact(self, rows: sparse.csr_array) -> sparse.csr_matrix:
        compact = sparse.csr_matrix(rows.tocsc()[:, self.used])
        compact.indices = compact.indices.astype(np.int32)  # the solver insists
        compact.indptr = compact.indptr.astype(np.int32)
        return compact

    def rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the features of texts."""
        return self._compact(weigh(self.space.count([normalise(t) for t in texts]), self.idf))

    def fit(self, labels: Labels, count: int, penalty: float, seed: int) -> None:
        """Learn one label against the rest, `count` times."""
        self.models = []
        for label in range(count):
            model = LogisticRegression(
                C=penalty,
                solver="liblinear",
                dual=True,
                tol=1e-3,
                class_weight="balanced",
                random_state=seed,
                max_iter=1000,
            )
            self.models.append(model.fit(self.train, labels == label))

    def logits(self, rows: sparse.csr_matrix) -> Floats:
        """Return the scores of every label, shape (texts, labels)."""
        columns = [model.decision_function(rows) for model in self.models]
        return np.stack(columns, axis=1).astype(np.float32)
