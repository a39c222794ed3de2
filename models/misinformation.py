"""Whether a comment spreads something false: evidence first, style last.

Evidence is a known claim the comment repeats, a link or an account that dresses up as an
official one, a demand no administration makes. Style is the weakest evidence there is, so
alone it never gives more than `possible`, and never for what is not an assertion: questions,
opinions, thanks, denials. Thresholds stand in `claims/thresholds.toml`, dated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.analysis import Misinformation, Opinion, Reason
from models.claims.claim import REFUTED
from models.claims.index import ClaimIndex
from models.claims.links import find_lures, has_link
from models.claims.meant import Meanings
from models.claims.ranking import Match
from models.claims.reading import read
from models.claims.scoring import repeats
from models.claims.spreading import evidence, spreads
from models.claims.stance import (
    ASKS,
    DENIES,
    SPREADS,
    Stance,
    is_denial,
    is_question,
    names_source,
    take_stance,
)
from models.labels import FLAGS

THRESHOLDS_FILE: Final = Path(__file__).parent / "claims" / "thresholds.toml"
_THRESHOLDS: Final[dict[str, Any]] = tomllib.loads(THRESHOLDS_FILE.read_text(encoding="utf-8"))
_MATCH: Final[dict[str, float]] = _THRESHOLDS["match"]
ATTACHED: Final = _MATCH["attach"]
"""Score of a match from which on a text is about the claim."""
_LURE: Final[dict[str, float]] = _THRESHOLDS["lure"]

_NOT_ASSERTING: Final = frozenset({"question", "opinion", "gratitude", "suggestion"})
_FEWEST_WORDS: Final = 4
_REASONS_MOST: Final = 5
_HARMLESS: Final = 0.05
"""A comment worded less like a rumour, without a link, is not searched for a scam."""
_NONE, _POSSIBLE, _LIKELY = FLAGS


@dataclass(frozen=True)
class _Found:
    """A reason with the flag it gives by itself."""

    reason: Reason
    flag: str


def judge_all(
    texts: Sequence[str],
    styles: Sequence[float],
    intents: Sequence[Opinion],
    claims: ClaimIndex | None,
    rumour_possible: float,
    *,
    meanings: Meanings | None = None,
) -> list[Misinformation]:
    """Return flag and reasons of every text.

    `styles` are the probabilities of rumour style (0 to 1), `intents` the classifier's; with
    no `claims` nothing is compared, with `meanings` more than words are.
    """
    nothing: list[list[Match]] = [[] for _ in texts]
    matched = nothing if claims is None else claims.match(texts, meanings=meanings)
    return [
        judge(text, style, intent, matches, rumour_possible)
        for text, style, intent, matches in zip(texts, styles, intents, matched, strict=True)
    ]


def judge(
    text: str, style: float, intent: Opinion, matches: Sequence[Match], rumour_possible: float
) -> Misinformation:
    """Return flag and reasons of one text."""
    found = _claims(text, style, intent, matches)
    calmed = any(one.reason["stance"] != SPREADS for one in found)
    if intent["label"] == "spam" or style >= _HARMLESS or has_link(text):
        found += _lures(text, style)
    if not calmed and style >= rumour_possible and _asserts(text, intent["label"]):
        detail = "worded like an unconfirmed rumour; no source is named"
        found.append(_Found({"kind": "rumour_style", "detail": detail, "score": style}, _POSSIBLE))
    found.sort(key=lambda one: (-FLAGS.index(one.flag), -one.reason["score"]))
    flag = found[0].flag if found else _NONE
    sure = [one.reason["score"] for one in found if one.flag != _NONE]
    return {
        "flag": flag,
        "confidence": max(sure, default=style),
        "reasons": [one.reason for one in found[:_REASONS_MOST]],
    }


def _asserts(text: str, intent: str) -> bool:
    """Say whether style may speak at all."""
    if intent in _NOT_ASSERTING or text.count(" ") + 1 < _FEWEST_WORDS:
        return False
    return not (is_denial(text) or is_question(text) or names_source(text))


def _claims(text: str, style: float, intent: Opinion, matches: Sequence[Match]) -> list[_Found]:
    """Return the claims a comment is about, the one it spreads flagged."""
    found: list[_Found] = []
    comment = read(text)
    known_true = max((m.score for m in matches if m.claim.verdict not in REFUTED), default=0.0)
    for match in matches:
        if match.score < ATTACHED:
            continue
        strength = spreads(evidence(text, match.score, match.signals, style, intent))
        refuted = match.claim.verdict in REFUTED
        stance = _stand(text, intent, match)
        flag = _NONE
        if refuted and stance.may_spread and match.score >= known_true:
            flag = _flag(comment.word_count, match.score, strength)
        if flag != _NONE:
            stance = Stance(SPREADS, "")
        found.append(_Found(_reason(match, stance, flag), flag))
    return found


def _stand(text: str, intent: Opinion, match: Match) -> Stance:
    """Say what the comment does with the claim; who repeats the refutation denies it."""
    stance = take_stance(text, match.wording)
    if not stance.may_spread:
        return stance
    answers = match.claim.refutation.values()
    if repeats(read(text), answers, match.wording):
        return Stance(DENIES, "the refutation")
    asked = intent["label"] == "question" and intent["confidence"] >= _MATCH["question"]
    if asked:
        return Stance(ASKS, "a question by its wording")
    return stance


def _flag(words: int, score: float, strength: float) -> str:
    """Return the flag; however like a rumour it reads, it must be about the claim."""
    if score < _MATCH["about"] or strength < _MATCH["possible"]:
        return _NONE
    sure = strength >= _MATCH["likely"] and words >= _MATCH["likely_words"]
    return _LIKELY if sure else _POSSIBLE


def _reason(match: Match, stance: Stance, flag: str) -> Reason:
    shown = f" ({stance.because})" if stance.because else ""
    reason: Reason = {
        "kind": "claim_match",
        "detail": f"{stance.kind}{shown}: {match.claim.verdict} claim «{match.wording}»",
        "score": match.score,
        "claim_id": match.claim.claim_id,
        "stance": stance.kind,
        "wording": match.wording,
        "flag": flag,
    }
    return {**reason, "url": match.claim.url} if match.claim.url else reason


def _lures(text: str, style: float) -> list[_Found]:
    """Return scams and impersonation with their flags; words worded as a scam weigh more."""
    found: list[_Found] = []
    if is_question(text):
        return found
    for reason in find_lures(text):
        score = reason["score"]
        if score + _LURE["style_weight"] * style < _LURE["possible"]:
            continue
        found.append(_Found(reason, _LIKELY if score >= _LURE["likely"] else _POSSIBLE))
    return found
