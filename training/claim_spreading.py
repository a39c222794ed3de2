"""Learn what shows that a comment spreads a claim: part of `qulaq-train claims-fit`.

Learned from the same pairs as the matching, and from plain comments of the corpus, which spread
nothing. Scores of a claim's comments come from weights fitted without that claim, as those of a
claim that is registered tomorrow will.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.analysis import Opinion
from models.claims.index import ClaimIndex
from models.claims.meant import Meanings
from models.claims.scoring import MEANING, Scorer
from models.claims.spreading import AGAINST, EVIDENCE, evidence, evidence_of
from models.claims.stance import take_stance
from training.claim_matching import Pairs, examples, fit

FOLDS: Final = 4
_STRENGTH: Final = 0.03
"""Inverse of the penalty, on evidence brought to one scale: 1,000 comments by one hand."""
_PLAIN_WEIGHS: Final = 0.5
"""Plain comments are many and mostly easy."""

Views = Callable[[Sequence[str]], Sequence[tuple[float, Opinion]]]
"""Gives every text's probability of rumour style, and what the classifier takes its intent for."""


_UNTOLD: Final = {MEANING: 0.0}


@dataclass(frozen=True)
class Told:
    """Evidence of comments, shape (rows, evidence), and whether they spread what they match.

    The last of the evidence is how alike the meanings are, 0 where nothing tells it.
    """

    rows: np.ndarray[Any, np.dtype[np.float64]]
    spread: np.ndarray[Any, np.dtype[np.bool_]]
    weigh: np.ndarray[Any, np.dtype[np.float64]]


def told(
    pairs: Sequence[Pairs],
    plain: Sequence[str],
    parts: tuple[Sequence[str], Sequence[str]],
    views: Views,
    meanings: Meanings | None = None,
) -> Told:
    """Return the evidence of every comment beside its best match.

    `parts` are the unrelated comments and the stand-ins that the matching is fitted with.
    """
    claims = [one.claim for one in pairs]
    found = _Table(views, meanings)
    for fold in range(FOLDS):
        kept = [one for place, one in enumerate(pairs) if place % FOLDS != fold]
        index = ClaimIndex(claims, scorer=_fitted(kept, parts, meanings))
        comments = [
            (text, kind == "paraphrase")
            for one in pairs[fold::FOLDS]
            for kind, text in one.comments
        ]
        found.add(index, comments, 1.0)
    index = ClaimIndex(claims, scorer=_fitted(pairs, parts, meanings))
    found.add(index, [(text, False) for text in plain], _PLAIN_WEIGHS)
    return Told(np.array(found.rows), np.array(found.spread), np.array(found.weigh))


def _fitted(
    pairs: Sequence[Pairs],
    parts: tuple[Sequence[str], Sequence[str]],
    meanings: Meanings | None,
) -> Scorer:
    found = examples(pairs, *parts, meanings)
    return Scorer({"fitted": "", **fit(found, found)})


class _Table:
    """Rows of evidence as they come together."""

    def __init__(self, views: Views, meanings: Meanings | None) -> None:
        self._views = views
        self._meanings = meanings
        self.rows: list[list[float]] = []
        self.spread: list[bool] = []
        self.weigh: list[float] = []

    def add(self, index: ClaimIndex, comments: Sequence[tuple[str, bool]], weigh: float) -> None:
        """Add the comments that match something and neither ask, nor deny, nor say they joke."""
        texts = [text for text, _ in comments]
        matched = index.match(texts, date.min, self._meanings)
        views = self._views(texts)
        for (text, spreads), view, matches in zip(comments, views, matched, strict=True):
            stance = take_stance(text, matches[0].wording) if matches else None
            if stance and stance.may_spread:
                best = matches[0]
                found = evidence(text, best.score, {**_UNTOLD, **best.signals}, *view)
                self.rows.append([found[name] for name in (*EVIDENCE, MEANING)])
                self.spread.append(spreads)
                self.weigh.append(weigh)


def fit_spreading(found: Told, table: str) -> dict[str, float]:
    """Return the weights of one of the `TABLES`, without evidence whose sign would be senseless."""
    names = evidence_of(table)
    used = list(range(len(names)))
    while True:
        middle, scale = found.rows[:, used].mean(axis=0), found.rows[:, used].std(axis=0) + 1e-9
        model = LogisticRegression(C=_STRENGTH, max_iter=3_000)
        model.fit((found.rows[:, used] - middle) / scale, found.spread, sample_weight=found.weigh)
        worth = model.coef_[0] / scale
        wrong = {
            place
            for place, value in zip(used, worth, strict=True)
            if (value > 0) == (names[place] in AGAINST)
        }
        if not wrong:
            break
        used = [place for place in used if place not in wrong]
    named = dict(zip((names[place] for place in used), worth.tolist(), strict=True))
    bias = float(model.intercept_[0] - (middle * worth).sum())
    return {**{name: round(named.get(name, 0.0), 3) for name in names}, "bias": round(bias, 3)}


def write_spreading(path: Path, fitted: dict[str, dict[str, float]], comments: int) -> None:
    """Write the weights as the service reads them."""
    lines = [
        "# What shows that a comment spreads a claim. Written by `qulaq-train claims-fit`.",
        f'fitted = "{datetime.now(UTC).date()}"',
        f"comments = {comments}",
    ]
    for name, table in fitted.items():
        lines += ["", f"[{name}]", *(f"{one} = {value}" for one, value in table.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
