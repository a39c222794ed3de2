"""Fit what claim matching knows as data: `qulaq-train claims-fit`.

Two files come out of it. `frequencies.toml` says how often terms occur in the annotated
comments; `weights.toml` holds the two logistic models, learned from pairs written for the
purpose (`claim_pairs.jsonl`): a claim with comments that are about it (put otherwise, asked
about, denied, joked about) and comments that only look so (a like event, an own experience,
criticism). Every other claim's wordings are wrong ones, those that share most first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.claims.claim import Claim, parse_claim
from models.claims.index import ClaimIndex
from models.claims.reading import Reading, read
from models.claims.scoring import SIGNALS, Scorer, cosines, signals

PAIRS: Final = Path(__file__).with_name("claim_pairs.jsonl")
ABOUT: Final = ("paraphrase", "question", "denial", "joke")
"""Kinds of comments that are about the claim they stand under."""
NOT_ABOUT: Final = ("look-alike", "report", "criticism")
_STRENGTH: Final = 1.0
"""Inverse of the penalty on the weights: little is known from so few pairs."""
_OWN: Final = 3.0
"""A comment written to look like a claim teaches more than a chance resemblance."""
_NEAREST: Final = 2
"""Wordings that an unrelated comment is compared with."""
_SIGNS: Final = dict.fromkeys(
    ("deeds_missing", "deeds_other", "numbers_clash", "places_clash", "opposite"), -1.0
)
"""What can only speak against; everything else can only speak for, but for brevity."""


@dataclass(frozen=True)
class Pairs:
    """A claim with what was written about it."""

    claim: Claim
    comments: tuple[tuple[str, str], ...]
    """(kind, text)."""


def load_pairs(path: Path = PAIRS) -> list[Pairs]:
    """Read pairs; raise `ValueError` naming the line that is faulty."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        raw: dict[str, Any] = json.loads(line)
        comments = [(kind, text) for kind in (*ABOUT, *NOT_ABOUT) for text in raw.pop(kind, ())]
        try:
            claim = parse_claim({**raw, "verdict": "false"})
        except ValueError as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from None
        found.append(Pairs(claim, tuple(comments)))
    return found


@dataclass(frozen=True)
class Examples:
    """Signals of comments beside wordings, shape (rows, signals), and whether they belong."""

    across: np.ndarray[Any, np.dtype[np.bool_]]
    rows: np.ndarray[Any, np.dtype[np.float64]]
    belong: np.ndarray[Any, np.dtype[np.bool_]]
    own: np.ndarray[Any, np.dtype[np.bool_]]
    """Whether the wording is the claim's that the comment was written for."""


def examples(pairs: Sequence[Pairs], unrelated: Sequence[str] = ()) -> Examples:
    """Return every comment beside the wordings the index would look at, and its own claim's.

    `unrelated` are comments about none of the claims: everyday traffic, of which the nearest
    wordings are taken.
    """
    index = ClaimIndex((one.claim for one in pairs), scorer=_indifferent())
    across, rows, belong, own = [], [], [], []
    for text in unrelated:
        comment = read(text)
        for wording, reading in index.candidates(comment, date.min)[:_NEAREST]:
            found = signals(comment, reading, cosines(comment, [reading])[0], index.weigh)
            across.append(comment.language != wording.language)
            rows.append([found[name] for name in SIGNALS])
            own.append(False)
            belong.append(False)
    for one in pairs:
        for kind, text in one.comments:
            comment = read(text)
            for claim_id, wording in _beside(index, one.claim, comment):
                alike = cosines(comment, [wording])[0]
                found = signals(comment, wording, alike, index.weigh)
                across.append(comment.language != wording.language)
                rows.append([found[name] for name in SIGNALS])
                own.append(claim_id == one.claim.claim_id)
                belong.append(kind in ABOUT and own[-1])
    return Examples(np.array(across), np.array(rows), np.array(belong), np.array(own))


def _beside(index: ClaimIndex, claim: Claim, comment: Reading) -> Iterator[tuple[str, Reading]]:
    for wording, reading in index.candidates(comment, date.min):
        if wording.claim.claim_id != claim.claim_id:
            yield wording.claim.claim_id, reading
    for text in claim.wordings():
        yield claim.claim_id, read(text)


def _indifferent() -> Scorer:
    """Return a scorer for an index that only has to propose candidates."""
    table = dict.fromkeys((*SIGNALS, "bias"), 0.0)
    return Scorer({"fitted": "", "same": table, "across": table})


def fit(found: Examples) -> dict[str, dict[str, float]]:
    """Return the weights of both models."""
    return {
        name: _fit(found.rows[rows], found.belong[rows], np.where(found.own[rows], _OWN, 1.0))
        for name, rows in (("same", ~found.across), ("across", found.across))
    }


def _fit(
    rows: np.ndarray[Any, Any], belong: np.ndarray[Any, Any], heavy: np.ndarray[Any, Any]
) -> dict[str, float]:
    """Fit one model, leaving out signals whose weight would have a senseless sign."""
    used = list(range(len(SIGNALS)))
    while True:
        model = LogisticRegression(C=_STRENGTH, max_iter=2_000)
        model.fit(rows[:, used], belong, sample_weight=heavy)
        weights = dict(zip((SIGNALS[i] for i in used), model.coef_[0].tolist(), strict=True))
        wrong = {
            name
            for name, weight in weights.items()
            if name != "brevity" and weight * _SIGNS.get(name, 1.0) < 0
        }
        if not wrong:
            break
        used = [i for i in used if SIGNALS[i] not in wrong]
    found = {name: round(weights.get(name, 0.0), 3) for name in SIGNALS}
    return {**found, "bias": round(float(model.intercept_[0]), 3)}


def write_weights(path: Path, fitted: dict[str, dict[str, float]], pairs: int) -> None:
    """Write the weights as the classifier reads them."""
    lines = [
        "# What the signals of claim matching are worth. Written by `qulaq-train claims-fit`.",
        f'fitted = "{datetime.now(UTC).date()}"',
        f"pairs = {pairs}",
    ]
    for name, table in fitted.items():
        lines += ["", f"[{name}]", *(f"{one} = {value}" for one, value in table.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


_LEAST: Final = 6
"""Texts in 10,000 below which a term counts as rare, and is not listed."""
_STEP: Final = 1.3


def write_frequencies(path: Path, texts: Iterable[str]) -> int:
    """Write how often terms occur in texts; return how many terms are listed."""
    counted: Counter[str] = Counter()
    total = 0
    for text in texts:
        counted.update(read(text).terms)
        total += 1
    bins: dict[int, list[str]] = {}
    for term, count in counted.items():
        share = 10_000 * count / max(total, 1)
        if share >= _LEAST:
            step = int(np.log(share / _LEAST) / np.log(_STEP))
            bins.setdefault(round(_LEAST * _STEP ** (step + 0.5)), []).append(term)
    lines = [
        "# How many comments in 10,000 hold a term (= stem, ~ consonants, @ concept, # number);",
        "# terms not listed are rare. Written by `qulaq-train claims-fit`.",
        f"texts = {total}",
        "",
        "[in_ten_thousand]",
        *(f'{rate} = "{" ".join(sorted(bins[rate]))}"' for rate in sorted(bins, reverse=True)),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sum(map(len, bins.values()))
