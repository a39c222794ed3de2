"""Rows whose label is doubted by models that never saw them: confident learning, by cleanlab.

Every row is judged by a fast tier learned without it (k folds, near-duplicates in one
fold), then Northcutt et al. (2021), "Confident Learning". What it finds is a suspicion:
a hard but rightly labelled comment looks the same to it.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import GroupKFold

from models.classifier import Classifier
from models.features import Floats
from models.labels import HEADS
from training.corpus import Row
from training.fit import Progress
from training.near_duplicates import near_duplicates
from training.recipe import Recipe
from training.train import Material, train

FEWEST: Final = 30
"""A label with fewer rows is neither doubted nor suggested: what is known of it is too little."""
_FEWEST_A_FOLD: Final = 20
_FILTER: Final = "low_self_confidence"
_SCORE: Final = "self_confidence"
"""Of cleanlab's, those that found most real slips (`training/LOG.md`)."""

Numbers = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Suspect:
    """One label of one row that the models doubt."""

    where: str
    """File and line."""
    id: str
    head: str
    given: str
    suggested: str
    score: float
    """How probable the given label is to a model that never saw the row."""
    text: str


@dataclass
class Findings:
    """What was found, and what could not be judged."""

    suspects: dict[str, list[Suspect]] = field(default_factory=dict)
    """By head, worst first."""
    unjudged: dict[str, dict[str, int]] = field(default_factory=dict)
    """By head, the labels of too few rows, with their number."""


def find_label_errors(
    rows: Sequence[Row],
    recipe: Recipe,
    heads: Sequence[str] = tuple(HEADS),
    *,
    folds: int = 5,
    progress: Progress = lambda _label: None,
) -> Findings:
    """Return the suspicious rows of `heads`; `progress` is called for every label of every fold.

    Raise `ValueError` when there are too few rows, or too few that differ, for so many folds.
    """
    probabilities = out_of_sample(rows, recipe, folds, progress)
    findings = Findings()
    for head in heads:
        counts = Counter(row.labels[head] for row in rows)
        rare = {code: counts[code] for code in HEADS[head] if 0 < counts[code] < FEWEST}
        if rare:
            findings.unjudged[head] = rare
        findings.suspects[head] = _suspects(rows, head, probabilities[head], counts)
    return findings


def _suspects(
    rows: Sequence[Row], head: str, probabilities: Floats, counts: Counter[str]
) -> list[Suspect]:
    """Return the doubted rows of one head, worst first; `probabilities` are (rows, labels)."""
    codes = HEADS[head]
    known = [number for number, code in enumerate(codes) if counts[code] >= FEWEST]
    given = np.array([codes.index(row.labels[head]) for row in rows])
    guess = probabilities.argmax(axis=1)
    judged = np.flatnonzero(np.isin(given, known) & np.isin(guess, known))
    if len(known) < 2 or not len(judged):
        return []
    labels = np.searchsorted(known, given[judged])
    scores = probabilities[judged][:, known].astype(np.float64)
    scores /= scores.sum(axis=1, keepdims=True)
    doubted = find_label_issues(labels, scores, filter_by=_FILTER, n_jobs=1)
    quality = get_label_quality_scores(labels, scores, method=_SCORE)
    wrong = np.flatnonzero(doubted & (guess[judged] != given[judged]))
    worst = wrong[np.argsort(quality[wrong], kind="stable")]
    return [
        Suspect(
            where=row.where,
            id=row.id,
            head=head,
            given=row.labels[head],
            suggested=codes[guess[judged[place]]],
            score=round(float(quality[place]), 4),
            text=row.text,
        )
        for place in worst.tolist()
        for row in [rows[int(judged[place])]]
    ]


def out_of_sample(
    rows: Sequence[Row],
    recipe: Recipe,
    folds: int = 5,
    progress: Progress = lambda _label: None,
) -> dict[str, Floats]:
    """Return the probabilities of every head, shape (rows, labels), by models without the row.

    The temperatures of a fold's model are fitted on the fold itself: a handful of
    numbers for hundreds of rows, which cannot remember the label of one.
    """
    found = {
        head: np.zeros((len(rows), len(codes)), dtype=np.float32) for head, codes in HEADS.items()
    }
    fold_of = assign_folds(rows, folds, recipe.seed)
    for fold in range(folds):
        held = np.flatnonzero(fold_of == fold).tolist()
        split = [
            replace(row, split="dev" if of == fold else "train")
            for row, of in zip(rows, fold_of, strict=True)
        ]
        with tempfile.TemporaryDirectory() as folder:
            train(Material(split), recipe, Path(folder) / "fold", "fold", progress)
            classifier = Classifier.load(Path(folder) / "fold")
        judged = classifier.probabilities(
            [rows[number].text for number in held], [rows[number].parent_text for number in held]
        )
        for head, scores in judged.items():
            found[head][held] = scores
    return found


def assign_folds(rows: Sequence[Row], folds: int, seed: int) -> Numbers:
    """Return the fold of every row, near-duplicates in the same one; see `find_label_errors`."""
    if len(rows) < folds * _FEWEST_A_FOLD:
        raise ValueError(
            f"{len(rows)} rows are too few for {folds} folds, "
            f"at least {folds * _FEWEST_A_FOLD} are needed"
        )
    pairs = [(first, second) for first, second, _ in near_duplicates([row.text for row in rows])]
    first, second = zip(*pairs, strict=True) if pairs else ((), ())
    links = sparse.coo_array((np.ones(len(pairs)), (first, second)), shape=(len(rows), len(rows)))
    count, group = connected_components(links, directed=False)
    if count < folds:
        raise ValueError(f"only {count} of {len(rows)} rows differ, too few for {folds} folds")
    fold_of = np.zeros(len(rows), dtype=np.int_)
    split = GroupKFold(folds, shuffle=True, random_state=seed).split(group, groups=group)
    for fold, (_, held) in enumerate(split):
        fold_of[held] = fold
    return fold_of
