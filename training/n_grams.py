"""Hashed n-grams, evidence beside them, and a logistic regression a label, on anybody's labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from models.features import FeatureSpace, Floats, weigh
from models.text import normalise
from training.encoder import Labels
from training.fit import inverse_frequencies


class NGrams:
    """Hashed n-grams, TF-IDF and a logistic regression a label.

    `beside` gives more columns about texts, shape (texts, columns).
    """

    def __init__(
        self,
        train: Sequence[str],
        space: FeatureSpace,
        beside: Callable[[Sequence[str]], Floats] | None = None,
    ) -> None:
        self.space, self.beside = space, beside
        counts = space.count([normalise(text) for text in train])
        self.idf = inverse_frequencies(counts)
        self.used = np.flatnonzero(self.idf)
        self.train = self._with_evidence(self._compact(weigh(counts, self.idf)), train)
        self.models: list[LogisticRegression] = []

    def _compact(self, rows: sparse.csr_array) -> sparse.csr_matrix:
        compact = sparse.csr_matrix(rows.tocsc()[:, self.used])
        compact.indices = compact.indices.astype(np.int32)  # the solver insists
        compact.indptr = compact.indptr.astype(np.int32)
        return compact

    def rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the features of texts."""
        counts = self.space.count([normalise(t) for t in texts])
        return self._with_evidence(self._compact(weigh(counts, self.idf)), texts)

    def _with_evidence(self, rows: sparse.csr_matrix, texts: Sequence[str]) -> sparse.csr_matrix:
        if self.beside is None:
            return rows
        return sparse.hstack([rows, sparse.csr_matrix(self.beside(texts))], format="csr")

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
