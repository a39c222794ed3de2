"""How sure it is that a comment is about a claim: signals, and what they are worth together.

The weights are data (`weights.toml`, written by `qulaq-train claims-fit` from pairs): one
logistic model where comment and wording are in the same language, one where they are not, and
both once more for when an encoder says how alike their meanings are.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.claims.concepts import LEXICON
from models.claims.reading import Number, Reading, Word, read
from models.features import FeatureSpace

WEIGHTS_FILE: Final = Path(__file__).with_name("weights.toml")
SIGNALS: Final = (
    "terms_claim",
    "terms_comment",
    "nearness",
    "cosine",
    "claim_told",
    "comment_told",
    "concepts_told",
    "rarest_told",
    "evidence",
    "curtness",
    "deeds_told",
    "deeds_missing",
    "deeds_other",
    "numbers_agree",
    "numbers_clash",
    "places_agree",
    "places_clash",
    "opposite",
    "brevity",
)
"""Every signal of the words, 0 to 1, in the order of the weights."""
MEANING: Final = "meaning"
"""How alike an encoder takes comment and wording to be, 0 to 1, where there is one."""
TABLES: Final = ("same", "across", "same_meaning", "across_meaning")
"""The models: by language, and with the meaning among the signals or without."""

Weigh = Callable[[str], float]
_SPACE: Final = FeatureSpace(buckets=2**14, shortest=3, longest=4, words=False, pairs=False)
_EXACT, _CONCEPT, _FRAME = 1.0, 0.9, 0.75
"""How nearly two words say the same: one stem, one meaning, the same consonants."""


def cosines(comment: Reading, wordings: Sequence[Reading]) -> list[float]:
    """Return how alike the n-grams of a comment and of every wording are."""
    counts = _SPACE.count([comment.folded, *(wording.folded for wording in wordings)])
    norms = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    products = (counts[1:] @ counts[:1].T).toarray().ravel()
    found: list[float] = (products / np.maximum(norms[1:] * norms[0], 1e-9)).tolist()
    return found


def compare(comment: Reading, wordings: Sequence[Reading], weigh: Weigh) -> list[dict[str, float]]:
    """Return what speaks for and against a comment being about each of the wordings."""
    if not wordings:
        return []
    alike = cosines(comment, wordings)
    found = [
        _signals(comment, wording, cosine, weigh)
        for wording, cosine in zip(wordings, alike, strict=True)
    ]
    nearest = max((one["terms_comment"] for one in found), default=0.0)
    for one in found:
        one["nearness"] = one["terms_comment"] / nearest if nearest else 0.0
    return [{name: round(float(one[name]), 4) for name in SIGNALS} for one in found]


def _signals(comment: Reading, wording: Reading, cosine: float, weigh: Weigh) -> dict[str, float]:
    """Return every signal but `nearness`, which is relative to the other wordings."""
    shared = sum(map(weigh, set(comment.terms).intersection(wording.terms)))
    told = [(_told(word, comment), weigh_word(word, weigh), word) for word in wording.words]
    telling = [(_told(word, wording), weigh_word(word, weigh)) for word in comment.words]
    meant = [(share, heavy) for share, heavy, word in told if word.sense.concepts]
    rarest = sorted(told, key=lambda one: -one[1])[:3]
    return {
        "terms_claim": shared / max(sum(map(weigh, wording.terms)), 1e-9),
        "terms_comment": shared / max(sum(map(weigh, comment.terms)), 1e-9),
        "cosine": cosine,
        "claim_told": _share((share, heavy) for share, heavy, _ in told),
        "comment_told": _share(telling),
        "concepts_told": _share(meant),
        "rarest_told": _share((share, heavy) for share, heavy, _ in rarest),
        "evidence": 1 - 1 / (1 + sum(share * heavy for share, heavy, _ in told) / _MUCH),
        "curtness": 1 / max(len(wording.words), 1) ** 0.5,
        **_deeds(comment, wording),
        "numbers_agree": float(not comment.values.isdisjoint(wording.values)),
        "numbers_clash": _clash(comment.numbers, wording.numbers),
        "places_agree": float(not comment.places.isdisjoint(wording.places)),
        "places_clash": _places_clash(comment, wording),
        "opposite": _opposite(comment, wording),
        "brevity": 1 / max(comment.word_count, 1) ** 0.5,
    }


def repeats(comment: Reading, answers: Iterable[str], wording: str) -> bool:
    """Say whether a comment is nearer to one of the refutations than to the claim."""
    claim = _told_of(comment, read(wording))
    return any(_told_of(comment, read(answer)) > claim + _NEARER for answer in answers)


_NEARER: Final = 0.15
_LARGE: Final = 100


def _told_of(comment: Reading, other: Reading) -> float:
    """Return how much of a comment another text says."""
    told = [_told(word, other) for word in comment.words]
    return sum(told) / len(told) if told else 0.0


def weigh_word(word: Word, weigh: Weigh) -> float:
    """Return what a word counts: by its meaning, so that languages can be compared."""
    if word.sense.names:
        return max(map(weigh, word.sense.names))
    return min(weigh(word.term), _MOST)


_WORD_FOR_WORD: Final = 0.9
_ALL, _MOSTLY = 0.9, 0.5
_MUCH: Final = 12.0
"""Shared weight at which a match is half way to beyond doubt; a rare word weighs about 6."""
_MOST: Final = 6.0
"""A word nobody listed may be a name or a slip of the finger: it counts no more than this."""


def _told(word: Word, other: Reading) -> float:
    """Return how nearly `other` says this word."""
    if word.stem in other.stems:
        return _EXACT
    if not word.sense.concepts.isdisjoint(other.concepts):
        return _CONCEPT
    if not word.sense.places.isdisjoint(other.places):
        return _CONCEPT
    return _FRAME if word.frame and word.frame in other.frames else 0.0


def _share(pairs: Any) -> float:
    """Return the weighted mean of (value, weight) pairs, 0 without any."""
    listed = list(pairs)
    total = sum(heavy for _, heavy in listed)
    return sum(value * heavy for value, heavy in listed) / total if total else 0.0


def _deeds(comment: Reading, wording: Reading) -> dict[str, float]:
    """Compare what happens in both: a bus that burned is not a bus that got dearer."""
    claimed = wording.concepts & LEXICON.deeds
    told = comment.concepts & LEXICON.deeds
    return {
        "deeds_told": len(claimed & told) / len(claimed) if claimed else 0.5,
        "deeds_missing": float(bool(claimed) and not claimed & told),
        "deeds_other": len(told - claimed) / len(told) if told else 0.0,
    }


def _clash(some: Sequence[Number], others: Sequence[Number]) -> float:
    """Say how surely two texts count the same thing differently.

    Without a unit in common only large numbers can: "two already", "an hour ago" are asides.
    """
    if not some or not others or {n.value for n in some} & {n.value for n in others}:
        return 0.0
    units = {n.unit for n in some if n.unit} & {n.unit for n in others if n.unit}
    large = all(any(n.value >= _LARGE for n in numbers) for numbers in (some, others))
    return 1.0 if units else 0.5 if large else 0.0


def _places_clash(comment: Reading, wording: Reading) -> float:
    apart = comment.places.isdisjoint(wording.places)
    return float(bool(comment.places and wording.places) and apart)


def _opposite(comment: Reading, wording: Reading) -> float:
    """Say whether the comment tells the opposite: opened, where the claim says closed."""
    return float(
        any(
            (claimed, told) in LEXICON.opposites
            for claimed in wording.concepts - comment.concepts
            for told in comment.concepts - wording.concepts
        )
    )


def table_of(*, across: bool, meaning: bool) -> str:
    """Return the name of the model for such a pair."""
    return TABLES[across + 2 * meaning]


class Scorer:
    """The four logistic models over the signals."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Read the weights; raise `ValueError` when they belong to other signals."""
        self.fitted: str = str(raw["fitted"])
        self._models: dict[str, tuple[tuple[str, ...], tuple[float, ...], float]] = {}
        for name in TABLES:
            table, signals = raw[name], signals_of(name)
            if set(table) != {*signals, "bias"}:
                raise ValueError(f"weights of {name} are for other signals")
            self._models[name] = signals, tuple(table[one] for one in signals), table["bias"]

    def score(self, found: Mapping[str, float], *, across: bool) -> float:
        """Return the probability (0 to 1) that comment and wording are about the same claim."""
        signals, weights, bias = self._models[table_of(across=across, meaning=MEANING in found)]
        total = bias + sum(w * found[name] for w, name in zip(weights, signals, strict=True))
        sure = 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))
        return _WORD_FOR_WORD + (1 - _WORD_FOR_WORD) * sure if _copied(found) else sure


def _copied(found: Mapping[str, float]) -> bool:
    """Say whether a comment is the claim word for word, with little of its own.

    The pairs that weights are learned from are freely worded, and short claims weigh little.
    """
    clash = found["numbers_clash"] or found["places_clash"] or found["opposite"]
    return found["terms_claim"] >= _ALL and found["terms_comment"] >= _MOSTLY and not clash


def signals_of(table: str) -> tuple[str, ...]:
    """Return the names of the signals that a model weighs."""
    return (*SIGNALS, MEANING) if table.endswith(MEANING) else SIGNALS


def load_scorer(path: Path = WEIGHTS_FILE) -> Scorer:
    """Read the weights from a file."""
    return Scorer(tomllib.loads(path.read_text(encoding="utf-8")))
