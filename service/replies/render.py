"""Fill a template: from the context what fills itself, from the moderator the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.claims.claim import REFUTED, Claim
from models.taxonomy import Taxonomy
from service.replies.pieces import all_slots, fill, required_slots
from service.replies.slots import (
    EOTINISH,
    HOTLINE,
    OWN_SLOTS,
    Fault,
    check_value,
    form_of_address,
    is_web_address,
    term_words,
)
from service.replies.template import Template


@dataclass(frozen=True)
class Rendered:
    """A reply; slots without a usable value stand in it as `{name}` and are listed."""

    text: str
    missing_slots: list[str]
    faults: list[Fault]
    """Values that were left out because they cannot stand in their slot."""


ClaimOf = Callable[[str], Claim | None]
"""From the id of a claim to the claim as it stands now; None when it is gone."""


def no_claim(_claim_id: str) -> None:
    """Know no claim."""


def reply_context(
    analysis: Mapping[str, Any],
    taxonomy: Taxonomy,
    *,
    language: str,
    author: str | None,
    claim_of: ClaimOf = no_claim,
) -> dict[str, str]:
    """Return the values of the slots that fill themselves, in `language` (kk, ru or en).

    A topic the classifier is not sure of names neither a topic nor a department.
    """
    context = {
        "hotline": HOTLINE,
        "eotinish": EOTINISH,
        "answer_within": term_words(analysis["answer_within_minutes"], language),
    }
    if not analysis["topic"]["abstained"]:
        topic = taxonomy.topics[analysis["topic"]["label"]]
        context["topic"] = topic.names[language]
        context["department"] = topic.department[language]
    context |= _refutation(analysis, language, claim_of)
    name = form_of_address(author)
    if name is not None:
        context["author"] = name
    return context


def matched_claim(analysis: Mapping[str, Any], claim_of: ClaimOf) -> Claim | None:
    """Return the claim that the comment is about most surely, as it stands now.

    None when it is gone or true: the next best one would be a guess.
    """
    found = (reason.get("claim_id") for reason in analysis["misinformation"]["reasons"])
    best = next(filter(None, found), None)
    claim = claim_of(best) if best is not None else None
    return claim if claim is not None and claim.verdict in REFUTED else None


def _refutation(analysis: Mapping[str, Any], language: str, claim_of: ClaimOf) -> dict[str, str]:
    """Return what a reply can say against the claim: in words of `language`, and where to read."""
    found: dict[str, str] = {}
    for reason in analysis["misinformation"]["reasons"]:
        known_here = reason["kind"] == "claim_match" and "claim_id" not in reason
        if known_here and is_web_address(reason.get("url") or ""):
            found.setdefault("refutation", reason["url"])
    claim = matched_claim(analysis, claim_of)
    if claim is None:
        return found
    if claim.url and is_web_address(claim.url):
        found["refutation"] = claim.url
    words = claim.refutation.get(language, "").strip()
    if words and check_value("refutation_text", "text", words) is None:
        found["refutation_text"] = words if words[-1] in ".!?…" else f"{words}."
    return found


def render(
    template: Template, language: str, context: Mapping[str, str], slots: Mapping[str, str]
) -> Rendered:
    """Return the reply in `language` (kk, ru or en) with every value that fits its slot.

    What the moderator fills in wins over the context; a blank value counts as none.
    """
    text = template.text[language]
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for name in all_slots(text):
        given = slots.get(name, "").strip()
        if given:
            fault = check_value(name, template.slot_type(name), given)
            if fault is None:
                values[name] = given
            else:
                faults.append(fault)
        elif name in OWN_SLOTS and name in context:
            values[name] = context[name]
    missing = [name for name in required_slots(text) if name not in values]
    return Rendered(fill(text, values), missing, faults)
