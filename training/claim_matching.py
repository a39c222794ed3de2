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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.claims.claim import TEXT_MOST, Claim, parse_claim
from models.claims.index import ClaimIndex
from models.claims.meant import Meanings
from models.claims.reading import read
from models.claims.scoring import (
    SIGNALS,
    TABLES,
    Scorer,
    Weigh,
    compare,
    signals_of,
    table_of,
)

PAIRS: Final = Path(__file__).with_name("claim_pairs.jsonl")
RETELLINGS: Final = Path(__file__).with_name("retellings.jsonl")
"""More of the same. The encoder learns from them what texts mean, so they cannot tell what that is
worth in comments it has not seen."""
ABOUT: Final = ("paraphrase", "question", "denial", "joke")
"""Kinds of comments that are about the claim they stand under."""
NOT_ABOUT: Final = ("look-alike", "report", "criticism")
_STRENGTH: Final = 1.0
"""Inverse of the penalty on the weights: little is known from so few pairs."""
_OWN: Final = 3.0
"""A comment written to look like a claim teaches more than a chance resemblance."""
_EITHER: Final = frozenset({"brevity", "curtness"})
_NEAREST: Final = 2
"""Wordings that an unrelated comment is compared with."""
_SIGNS: Final = dict.fromkeys(
    ("deeds_missing", "deeds_other", "numbers_clash", "places_clash", "opposite"), -1.0
)
"""What can only speak against; everything else but `_EITHER` only for."""


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
    """Signals of comments beside wordings, shape (rows, signals), and whether they belong.

    The last signal is how alike their meanings are, 0 where nothing tells it.
    """

    across: np.ndarray[Any, np.dtype[np.bool_]]
    rows: np.ndarray[Any, np.dtype[np.float64]]
    belong: np.ndarray[Any, np.dtype[np.bool_]]
    own: np.ndarray[Any, np.dtype[np.bool_]]
    """Whether the wording is the claim's that the comment was written for."""


def examples(
    pairs: Sequence[Pairs],
    unrelated: Sequence[str] = (),
    others: Sequence[str] = (),
    meanings: Meanings | None = None,
) -> Examples:
    """Return every comment beside the wordings that the index would look at.

    Only these: what shares nothing with a comment is never judged, and to learn from it that
    its own claim may share nothing would make everything a little likely.

    `unrelated` are comments about none of the claims: everyday traffic, of which the nearest
    wordings are taken. `others` stand in for the claims of a large registry.
    """
    index = ClaimIndex((one.claim for one in pairs), scorer=_indifferent())
    found = _Table(index.weigh)
    for text in unrelated:
        near = [wording.text for wording, _ in index.candidates(read(text), date.min)][:_NEAREST]
        found.add(text, near, [False] * len(near), about=False)
    index.put(_stand_in(number, text) for number, text in enumerate(others))
    for one in pairs:
        for kind, text in one.comments:
            wordings = [wording for wording, _ in index.candidates(read(text), date.min)]
            owned = [wording.claim.claim_id == one.claim.claim_id for wording in wordings]
            found.add(text, [wording.text for wording in wordings], owned, about=kind in ABOUT)
    return found.examples(meanings)


class _Table:
    """Rows of signals as they come together."""

    def __init__(self, weigh: Weigh) -> None:
        self._weigh = weigh
        self._texts: list[tuple[str, str]] = []
        self._across: list[bool] = []
        self._rows: list[list[float]] = []
        self._belong: list[bool] = []
        self._own: list[bool] = []

    def add(self, text: str, wordings: Sequence[str], own: Sequence[bool], *, about: bool) -> None:
        """Add a comment beside wordings, some of the claim it was written for."""
        comment, beside = read(text), [read(one) for one in wordings]
        compared = compare(comment, beside, self._weigh)
        for wording, reading, signals in zip(wordings, beside, compared, strict=True):
            self._texts.append((text, wording))
            self._across.append(comment.language != reading.language)
            self._rows.append([signals[name] for name in SIGNALS])
        self._own += own
        self._belong += [about and one for one in own]

    def examples(self, meanings: Meanings | None) -> Examples:
        """Return all rows as arrays."""
        alike = alikeness(self._texts, meanings) if meanings else np.zeros(len(self._rows))
        return Examples(
            np.array(self._across),
            np.column_stack([np.array(self._rows), alike]),
            np.array(self._belong),
            np.array(self._own),
        )


def alikeness(pairs: Sequence[tuple[str, str]], meanings: Meanings) -> np.ndarray[Any, Any]:
    """Return how alike both texts of every pair are taken to be, 0 to 1, shape (pairs,)."""
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    place = {text: number for number, text in enumerate(texts)}
    of = meanings(texts)
    first, second = (of[[place[pair[side]] for pair in pairs]] for side in (0, 1))
    alike: np.ndarray[Any, Any] = np.maximum((first * second).sum(axis=1), 0.0)
    return alike


def parts(plain: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return comments to be unrelated, and others to stand in for claims; none is both."""
    long_enough = [text for text in plain[1::4] if 3 <= text.count(" ") <= 14]
    return list(plain[::4]), long_enough


def _stand_in(number: int, text: str) -> Claim:
    return Claim(f"other-{number}", {}, (text[:TEXT_MOST],), "false", {})


def _indifferent() -> Scorer:
    """Return a scorer for an index that only has to propose candidates."""
    tables = {name: dict.fromkeys((*signals_of(name), "bias"), 0.0) for name in TABLES}
    return Scorer({"fitted": "", **tables})


def fit(by_words: Examples, by_meaning: Examples) -> dict[str, dict[str, float]]:
    """Return the weights of all models, those with the meaning from examples of their own."""
    fitted = {}
    for meaning, across in product((False, True), (False, True)):
        found = by_meaning if meaning else by_words
        name, rows = table_of(across=across, meaning=meaning), found.across == across
        heavy = np.where(found.own[rows], _OWN, 1.0)
        fitted[name] = _fit(signals_of(name), found.rows[rows], found.belong[rows], heavy)
    return fitted


def _fit(
    names: Sequence[str],
    rows: np.ndarray[Any, Any],
    belong: np.ndarray[Any, Any],
    heavy: np.ndarray[Any, Any],
) -> dict[str, float]:
    """Fit one model, leaving out signals whose weight would have a senseless sign."""
    used = list(range(len(names)))
    while True:
        model = LogisticRegression(C=_STRENGTH, max_iter=2_000)
        model.fit(rows[:, used], belong, sample_weight=heavy)
        weights = dict(zip((names[i] for i in used), model.coef_[0].tolist(), strict=True))
        wrong = {
            name
            for name, weight in weights.items()
            if name not in _EITHER and weight * _SIGNS.get(name, 1.0) < 0
        }
        if not wrong:
            break
        used = [i for i in used if names[i] not in wrong]
    found = {name: round(weights.get(name, 0.0), 3) for name in names}
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
