"""From the wordings nearest to a comment to the claims it seems to be about."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from models.claims.claim import Claim
from models.claims.meant import Meanings
from models.claims.reading import Reading
from models.claims.scoring import MEANING, Scorer, Weigh, compare
from models.features import Floats

_LEAST: Final = 0.003
"""A match less sure than this is none."""
_LOOKED_UP: Final = 1
"""Wordings of a comment whose meanings are compared: an encoder takes its time to read them."""
_WORTH_IT: Final = 0.02
"""What is less sure by its words no meaning could make sure enough to be shown."""
_NEARNESS, _COSINE = 6.0, 6.0
_ACROSS: Final = 6.5
_BESIDE, _BESIDE_FROM = 0.3, -4.0
"""What sharing most terms with a comment, and its n-grams, and other wordings of the same claim
count in the order of matches, in log-odds. Chosen on CheckThat! 2020 (dev): whether a match is
right is one question, which is best another."""


@dataclass(frozen=True)
class Match:
    """A claim that a comment seems to be about, and why it seems so."""

    claim: Claim
    score: float
    """0 to 1: how often comments with such signals are about the claim."""
    wording: str
    """The way of putting the claim that is nearest."""
    language: str
    """kk, ru or en: the language of that wording."""
    signals: Mapping[str, float]
    """What speaks for it and against it, for the moderator."""


@dataclass(frozen=True)
class Wording:
    """One way a claim is put, with its language."""

    claim: Claim
    text: str
    language: str


@dataclass(frozen=True)
class Near:
    """A wording that a comment may be about, and how sure that is."""

    wording: Wording
    across: bool
    """Whether they are in different languages."""
    signals: Mapping[str, float]
    score: float


def compare_words(
    comment: Reading, wordings: Sequence[tuple[Wording, Reading]], weigh: Weigh, scorer: Scorer
) -> list[Near]:
    """Return the wordings that a comment may be about, by its words."""
    found = []
    compared = compare(comment, [reading for _, reading in wordings], weigh)
    for (wording, _), signals in zip(wordings, compared, strict=True):
        across = comment.language != wording.language
        score = scorer.score(signals, across=across)
        if score >= _LEAST:
            found.append(Near(wording, across, signals, score))
    return found


def compare_meanings(
    texts: Sequence[str],
    near: Sequence[Sequence[Near]],
    meanings: Meanings,
    known: Mapping[str, Floats],
    scorer: Scorer,
) -> list[list[Near]]:
    """Return what is near each text, the likeliest judged once more, with meanings compared.

    `known` are vectors that `meanings` gave before; only what is not among them is asked for.
    """
    chosen, rest = [], []
    for some in near:
        ordered = sorted(some, key=lambda one: -one.score)
        chosen.append([one for one in ordered[:_LOOKED_UP] if one.score >= _WORTH_IT])
        rest.append(ordered[len(chosen[-1]) :])
    asked = [text for text, some in zip(texts, chosen, strict=True) if some]
    asked += [one.wording.text for some in chosen for one in some]
    of = {text: known[text] for text in asked if text in known}
    unread = list(dict.fromkeys(text for text in asked if text not in of))
    if unread:
        of |= zip(unread, meanings(unread), strict=True)

    def closer(text: str, one: Near) -> Near:
        alike = max(float(of[text] @ of[one.wording.text]), 0.0)
        signals = {**one.signals, MEANING: round(alike, 4)}
        return replace(one, signals=signals, score=scorer.score(signals, across=one.across))

    return [
        [closer(text, one) for one in some] + others
        for text, some, others in zip(texts, chosen, rest, strict=True)
    ]


def matches(near: Sequence[Near]) -> list[Match]:
    """Return one match a claim, in order."""
    ranked: dict[str, list[tuple[float, Near]]] = {}
    for one in near:
        ranked.setdefault(one.wording.claim.claim_id, []).append((_rank(one), one))
    best = []
    for name, ways in ranked.items():
        rank, one = max(ways, key=lambda way: way[0])
        beside = sum(max(other - _BESIDE_FROM, 0.0) for other, _ in ways)
        wording = one.wording
        match = Match(
            wording.claim, round(one.score, 4), wording.text, wording.language, one.signals
        )
        best.append((-rank - _BESIDE * beside, name, match))
    return [match for _, _, match in sorted(best, key=lambda way: way[:2])]


def _rank(one: Near) -> float:
    """Return where a match stands among the others, in log-odds."""
    odds = math.log(max(one.score, 1e-6) / max(1 - one.score, 1e-6))
    if one.across:  # shares few words, however right it is
        return odds + _ACROSS
    return odds + _NEARNESS * one.signals["nearness"] + _COSINE * one.signals["cosine"]
