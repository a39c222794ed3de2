"""Learning the fast tier: two linear models a head, added up into one matrix.

A logistic regression a label, one against the rest, with liblinear's solver
(Fan et al., 2008): exact on sparse rows, repeatable, seconds at this size. And
complement naive Bayes (Rennie et al., 2003), which knows more from few rows.
Both are linear, so their sum costs nothing when it serves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB

from models.fast import COLUMNS, FastTier, chosen, head_slices
from models.features import Floats, weigh
from models.labels import HEADS
from models.text import normalise
from training.corpus import Row
from training.examples import Example, examples
from training.recipe import Recipe

Progress = Callable[[str], None]
Labels = npt.NDArray[np.int_]

_SMOOTHING: Final = 0.1
"""Pseudo-count of naive Bayes; anything from 0.03 to 0.3 did equally well."""


def fit(
    rows: Sequence[Row],
    recipe: Recipe,
    progress: Progress = lambda _label: None,
    more: Sequence[Example] = (),
) -> FastTier:
    """Train every head on `rows` and `more`; `progress` gets each label before it is learned.

    Raise `ValueError` when there is no row.
    """
    if not rows:
        raise ValueError("there are no rows to train on")
    known = [*examples(rows, recipe), *more]
    counts = recipe.features.count([normalise(example.text) for example in known])
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    used = np.flatnonzero(documents).astype(np.int32)
    place = np.cumsum(documents > 0, dtype=np.int32) - 1
    counts = chosen(counts, place, len(used))  # the solver walks every column
    idf = inverse_frequencies(counts)
    compact = sparse.csr_matrix(weigh(counts, idf))
    weight = np.array([example.weight for example in known])
    weights = np.zeros((len(used), COLUMNS), dtype=np.float32)
    bias = np.zeros(COLUMNS, dtype=np.float32)
    for head, columns in head_slices().items():
        knowing = [row for row, example in enumerate(known) if head in example.labels]
        labels = np.array([known[row].labels[head] for row in knowing])
        balanced = weight[knowing] * _balance(labels, recipe.balance[head])
        features = _for_liblinear(compact[knowing])
        for offset, code in enumerate(HEADS[head]):
            progress(f"{head}: {code}")
            judged = np.array([code in known[row].among.get(head, (code,)) for row in knowing])
            learned, constant = _one_label(
                features if judged.all() else _for_liblinear(features[judged]),
                labels[judged] == code,
                balanced[judged],
                recipe.penalty[head],
                recipe.seed,
            )
            weights[:, columns.start + offset] = learned
            bias[columns.start + offset] = constant
        if recipe.naive_bayes[head]:
            regression = weights[:, columns]
            bayes = _naive_bayes(features, labels, balanced, HEADS[head])
            scale = recipe.naive_bayes[head] * _spread(features, regression)
            weights[:, columns] = regression + bayes * (scale / _spread(features, bayes))
    kept = worth_keeping(weights, documents[used], recipe.kept)
    return FastTier(recipe.features, used[kept], idf[kept], weights[kept], bias)


def worth_keeping(weights: Floats, documents: Labels, most: int) -> Labels:
    """Return the numbers of the features to keep, at most `most`, in order.

    What a feature says, and how likely it is to be met again: a word of three comments with a
    small weight is worth more than what a single one was learned by heart from.
    """
    worth = np.abs(weights).max(axis=1) * (1 + np.log(documents))
    return np.sort(np.argsort(-worth, kind="stable")[:most])


def inverse_frequencies(counts: sparse.csr_array) -> Floats:
    """Return smoothed inverse document frequencies, 0 for features no row has."""
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    idf: Floats = (np.log((1 + counts.shape[0]) / (1 + documents)) + 1).astype(np.float32)
    idf[documents == 0] = 0
    return idf


def _for_liblinear(features: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return `features` with the 32-bit indices the solver insists on."""
    features.indices = features.indices.astype(np.int32)
    features.indptr = features.indptr.astype(np.int32)
    return features


def _balance(labels: npt.NDArray[np.str_], exponent: float) -> npt.NDArray[np.float64]:
    """Return row weights that lift rare labels, 1 on average."""
    codes, place, count = np.unique(labels, return_inverse=True, return_counts=True)
    lift = (len(labels) / (len(codes) * count)) ** exponent
    row_weights: npt.NDArray[np.float64] = lift[place] / lift[place].mean()
    return row_weights


def _one_label(
    features: sparse.csr_matrix,
    positive: npt.NDArray[np.bool_],
    weight: npt.NDArray[np.float64],
    penalty: float,
    seed: int,
) -> tuple[Floats, float]:
    """Return the weights (columns,) and the constant of one label against the rest."""
    if positive.all() or not positive.any():
        return np.zeros(features.shape[1], dtype=np.float32), 10.0 if positive.any() else -10.0
    solver = LogisticRegression(  # the dual: three times as fast here, and the same scores
        C=penalty, solver="liblinear", dual=True, tol=1e-3, random_state=seed, max_iter=1000
    )
    solver.fit(features, positive, sample_weight=weight)
    return solver.coef_[0].astype(np.float32), float(solver.intercept_[0])


def _naive_bayes(
    features: sparse.csr_matrix,
    labels: npt.NDArray[np.str_],
    weight: npt.NDArray[np.float64],
    codes: Sequence[str],
) -> Floats:
    """Return weights (columns, codes) whose mean over the codes is 0; a code never seen gets 0."""
    model = ComplementNB(alpha=_SMOOTHING).fit(features, labels, sample_weight=weight)
    found = model.feature_log_prob_ - model.feature_log_prob_.mean(axis=0)
    learned = np.zeros((features.shape[1], len(codes)), dtype=np.float32)
    for row, code in enumerate(model.classes_):
        learned[:, codes.index(code)] = found[row]
    return learned


def _spread(features: sparse.csr_matrix, weights: Floats) -> float:
    """Return the standard deviation of the scores, 1 where all are alike."""
    return float((features @ weights).std()) or 1.0
