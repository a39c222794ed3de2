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
from models.claims.reading import read
from models.claims.scoring import Scorer
from models.claims.spreading import AGAINST, EVIDENCE, evidence
from models.claims.stance import SPREADS, take_stance
from training.claim_matching import Pairs, examples, fit

FOLDS: Final = 4
_STRENGTH: Final = 0.03
"""Inverse of the penalty, on evidence brought to one scale: 1,000 comments by one hand."""
_PLAIN_WEIGHS: Final = 0.5
"""Plain comments are many and mostly easy."""

Views = Callable[[Sequence[str]], Sequence[tuple[float, Opinion]]]
"""Gives every text's probability of rumour style, and what the classifier takes its intent for."""


@dataclass(frozen=True)
class Told:
    """Evidence of comments, shape (rows, evidence), and whether they spread what they match."""

    rows: np.ndarray[Any, np.dtype[np.float64]]
    spread: np.ndarray[Any, np.dtype[np.bool_]]
    weigh: np.ndarray[Any, np.dtype[np.float64]]


def told(
    pairs: Sequence[Pairs],
    plain: Sequence[str],
    parts: tuple[Sequence[str], Sequence[str]],
    views: Views,
) -> Told:
    """Return the evidence of every comment beside its best match.

    `parts` are the unrelated comments and the stand-ins that the matching is fitted with.
    """
    claims = [one.claim for one in pairs]
    rows: list[list[float]] = []
    spread: list[bool] = []
    for fold in range(FOLDS):
        kept = [one for place, one in enumerate(pairs) if place % FOLDS != fold]
        index = ClaimIndex(claims, scorer=_fitted(kept, parts))
        comments = [
            (text, kind == "paraphrase")
            for one in pairs[fold::FOLDS]
            for kind, text in one.comments
        ]
        _add(rows, spread, index, comments, views)
    own = len(rows)
    index = ClaimIndex(claims, scorer=_fitted(pairs, parts))
    _add(rows, spread, index, [(text, False) for text in plain], views)
    weigh = np.where(np.arange(len(rows)) < own, 1.0, _PLAIN_WEIGHS)
    return Told(np.array(rows), np.array(spread), weigh)


def _fitted(pairs: Sequence[Pairs], parts: tuple[Sequence[str], Sequence[str]]) -> Scorer:
    return Scorer({"fitted": "", **fit(examples(pairs, *parts))})


def _add(
    rows: list[list[float]],
    spread: list[bool],
    index: ClaimIndex,
    comments: Sequence[tuple[str, bool]],
    views: Views,
) -> None:
    """Add the comments that match something and neither ask, nor deny, nor joke."""
    texts = [text for text, _ in comments]
    matched = index.match(texts, date.min)
    for (text, spreads), view, matches in zip(comments, views(texts), matched, strict=True):
        if matches and take_stance(text, matches[0].wording).kind == SPREADS:
            best = matches[0]
            found = evidence(read(text), best.score, best.signals, *view)
            rows.append([found[name] for name in EVIDENCE])
            spread.append(spreads)


def fit_spreading(found: Told) -> dict[str, float]:
    """Return the weights, leaving out evidence whose weight would have a senseless sign."""
    used = list(range(len(EVIDENCE)))
    while True:
        middle, scale = found.rows[:, used].mean(axis=0), found.rows[:, used].std(axis=0) + 1e-9
        model = LogisticRegression(C=_STRENGTH, max_iter=3_000)
        model.fit((found.rows[:, used] - middle) / scale, found.spread, sample_weight=found.weigh)
        worth = model.coef_[0] / scale
        wrong = {
            place
            for place, value in zip(used, worth, strict=True)
            if (value > 0) == (EVIDENCE[place] in AGAINST)
        }
        if not wrong:
            break
        used = [place for place in used if place not in wrong]
    named = dict(zip((EVIDENCE[place] for place in used), worth.tolist(), strict=True))
    bias = float(model.intercept_[0] - (middle * worth).sum())
    return {**{name: round(named.get(name, 0.0), 3) for name in EVIDENCE}, "bias": round(bias, 3)}


def write_spreading(path: Path, fitted: dict[str, float], comments: int) -> None:
    """Write the weights as the service reads them."""
    lines = [
        "# What shows that a comment spreads a claim. Written by `qulaq-train claims-fit`.",
        f'fitted = "{datetime.now(UTC).date()}"',
        f"comments = {comments}",
        "",
        "[worth]",
        *(f"{name} = {value}" for name, value in fitted.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
