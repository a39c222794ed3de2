"""The known claims in a comment, as its page shows them: what was said, and what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.claims.claim import CLAIM_LANGUAGES
from models.claims.stance import STANCES
from service.claim_registry import KeptClaim, by_id
from service.console.claims import worded
from service.console.messages import Messages


@dataclass(frozen=True)
class ClaimCard:
    """A claim that was found in a comment."""

    kept: KeptClaim
    score: float
    stance: str
    """What the comment does with it, "" where that is not known."""
    wording: str
    """The way of putting it that the comment comes nearest to."""
    text: str
    language: str
    answer: str
    answer_language: str
    answered: bool
    """Whether there is a refutation in the language of the reply."""


def claim_cards(
    session: Session, analysis: Mapping[str, Any], messages: Messages, reply_language: str
) -> list[ClaimCard]:
    """Return the claims of the analysis as the registry has them now, deleted ones too."""
    reasons = [
        reason
        for reason in analysis["misinformation"]["reasons"]
        if reason["kind"] == "claim_match" and reason.get("claim_id")
    ]
    if not reasons:
        return []
    known = by_id(session, [reason["claim_id"] for reason in reasons])
    return [
        _card(reason, known[reason["claim_id"]], messages, reply_language)
        for reason in reasons
        if reason["claim_id"] in known
    ]


def _card(
    reason: Mapping[str, Any], kept: KeptClaim, messages: Messages, reply_language: str
) -> ClaimCard:
    text, language = worded(kept.claim, messages)
    answers = kept.claim.refutation
    order = (reply_language, messages.language, *CLAIM_LANGUAGES)
    spoken = next((code for code in order if code in answers), "")
    stance = reason.get("stance", "")
    return ClaimCard(
        kept,
        reason["score"],
        stance if stance in STANCES else "",
        reason.get("wording", ""),
        text,
        language,
        answers.get(spoken, ""),
        spoken,
        reply_language in answers,
    )
