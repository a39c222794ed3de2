"""Choose the replies to offer for one comment.

Conditions exclude; fit, past outcomes and open slots only order what is left.
Fit is known in advance (`service.replies.catalogue`), so one comment costs a
walk along one shelf.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Final, TypedDict

from models.labels import reply_language
from service.replies.catalogue import Candidate, Catalogue
from service.replies.language import has_words
from service.replies.platforms import PLATFORM_LIMITS, written_length
from service.replies.render import ClaimOf, Rendered, no_claim, render, reply_context
from service.replies.slots import ROOM
from service.replies.template import Template

_PRIOR_STRENGTH: Final = 10.0
_PRIOR_ACCEPTANCE: Final = 0.6
_WORTH_OF_AN_EDIT: Final = 0.5
_SHARE_OF_OUTCOMES: Final = 0.3
_ENOUGH_OUTCOMES: Final = 5


@dataclass(frozen=True)
class Outcome:
    """How often replies from one template were sent as they were, edited, or turned down."""

    accepted: int
    edited: int
    rejected: int

    @property
    def acceptance(self) -> float:
        """How likely the next one is accepted (0 to 1); with few cases, close to the prior."""
        liked = self.accepted + _WORTH_OF_AN_EDIT * self.edited
        total = self.accepted + self.edited + self.rejected
        return (liked + _PRIOR_STRENGTH * _PRIOR_ACCEPTANCE) / (total + _PRIOR_STRENGTH)


_UNTRIED: Final = Outcome(0, 0, 0)


class Reply(TypedDict):
    """A suggested reply; `score` is 0 to 1, `reasons` are codes of why it was chosen."""

    template_id: str
    title: str
    language: str
    text: str
    score: float
    reasons: list[str]
    missing_slots: list[str]


@dataclass(frozen=True)
class _Situation:
    """What the conditions of a template are held against."""

    urgency: str
    sentiment: str | None
    toxicity: str
    flag: str
    written_form: str | None
    """None for a comment without words, which is written in no language."""
    platform: str | None
    danger: str | None
    shows_personal_data: bool
    evidence: frozenset[str]
    today: date
    spreads: bool
    """Whether it passes something on that may be false, rather than report it."""

    def allows(self, template: Template) -> bool:
        """Say whether the template may be suggested, its topic and intent being right."""
        return (
            (not template.urgencies or self.urgency in template.urgencies)
            and (not template.toxicities or self.toxicity in template.toxicities)
            and self.flag in template.flags
            and (not template.sentiments or self.sentiment in template.sentiments)
            and (not template.dangers or self.danger in template.dangers)
            and self.danger not in template.no_dangers
            and (not template.platforms or self.platform in template.platforms)
            and (not template.languages or self.written_form in template.languages)
            and (self.shows_personal_data or not template.personal_data)
            and (not template.evidence or not self.evidence.isdisjoint(template.evidence))
            and template.in_force(self.today)
        )


def suggest(
    analysis: Mapping[str, Any],
    catalogue: Catalogue,
    *,
    text: str,
    platform: str | None,
    author: str | None,
    today: date,
    outcomes: Mapping[str, Outcome] | None = None,
    limit: int = 3,
    language: str | None = None,
    claim_of: ClaimOf = no_claim,
) -> list[Reply]:
    """Return up to `limit` replies to the comment, best first, each of another kind.

    `text` is what the comment says; `today` is the local day; `language` (kk, ru or en)
    overrules the language of the comment; `claim_of` knows the claims that comments were
    found to repeat. Replies too long for the platform are not among them.
    """
    language = language or reply_language(analysis["language"]["label"])
    context = reply_context(
        analysis, catalogue.taxonomy, language=language, author=author, claim_of=claim_of
    )
    room = PLATFORM_LIMITS.get(platform or "")
    replies: list[Reply] = []
    kinds: set[str] = set()
    for score, candidate, accepted_before in _ranked(
        _situation(analysis, text, platform, today), analysis, catalogue, outcomes or {}
    ):
        if len(replies) >= limit:
            break
        template = candidate.template
        if template.kind in kinds:
            continue
        rendered = fitted(template, language, context, room)
        if rendered is None or "refutation_text" in rendered.missing_slots:
            continue  # without a refutation in this language, other templates say it better
        kinds.add(template.kind)
        reasons = [*candidate.reasons, *(("accepted-before",) if accepted_before else ())]
        replies.append(reply_of(template, rendered, language, round(score, 3), reasons))
        if template.alone:
            return replies[-1:]
    return replies


def _ranked(
    situation: _Situation,
    analysis: Mapping[str, Any],
    catalogue: Catalogue,
    outcomes: Mapping[str, Outcome],
) -> list[tuple[float, Candidate, bool]]:
    """Return the candidates that fit, best first, with score and "often accepted"."""
    ranked: list[tuple[float, Candidate, bool]] = []
    for candidate in catalogue.shelves[_sure(analysis["topic"]), _sure(analysis["intent"])]:
        if not situation.allows(candidate.template):
            continue
        outcome = outcomes.get(candidate.template.id, _UNTRIED)
        acceptance = outcome.acceptance
        score = (1 - _SHARE_OF_OUTCOMES) * candidate.fit + _SHARE_OF_OUTCOMES * acceptance
        liked = outcome.accepted >= _ENOUGH_OUTCOMES and acceptance > _PRIOR_ACCEPTANCE
        ranked.append((score, candidate, liked))
    # What is known about the claim comes before everything general, but not before the help
    # for a danger that may be real after all. Who only passes on what they heard is in none:
    # help in a danger would say that it is true.
    at_once = situation.danger is not None and situation.flag != "likely" and not situation.spreads
    ranked.sort(
        key=lambda one: (
            not one[1].template.alone,
            situation.spreads and one[1].template.kind != "refute",
            at_once or "claim_match" not in one[1].template.evidence,
            -one[0],
        )
    )
    return _not_rising(ranked)


def _not_rising(
    ranked: Sequence[tuple[float, Candidate, bool]],
) -> list[tuple[float, Candidate, bool]]:
    """Return the same order with scores that say it: what is put first fits no worse."""
    scores = list(accumulate((one[0] for one in reversed(ranked)), max))[::-1]
    return [(score, *one[1:]) for score, one in zip(scores, ranked, strict=True)]


def _situation(
    analysis: Mapping[str, Any], text: str, platform: str | None, today: date
) -> _Situation:
    """Return what the analysis says; an urgency stands even when it is unsure, to be safe."""
    toxicity = analysis["toxicity"]
    override = analysis["urgency"].get("override")
    return _Situation(
        urgency=analysis["urgency"]["label"],
        sentiment=_sure(analysis["sentiment"]),
        toxicity="clean" if toxicity["abstained"] else toxicity["label"],
        flag=analysis["misinformation"]["flag"],
        written_form=analysis["language"]["label"] if has_words(text) else None,
        platform=platform,
        danger=None if override is None else override["rule"],
        shows_personal_data=bool(analysis["personal_data"]),
        evidence=frozenset(reason["kind"] for reason in analysis["misinformation"]["reasons"]),
        today=today,
        spreads=analysis["intent"]["label"] == "claim"
        and analysis["misinformation"]["flag"] != "none",
    )


def _sure(opinion: Mapping[str, Any]) -> str | None:
    """Return the label, None when the classifier is not sure enough to act on it."""
    return None if opinion["abstained"] else opinion["label"]


def reply_of(
    template: Template,
    rendered: Rendered,
    language: str,
    score: float = 0.0,
    reasons: Sequence[str] = (),
) -> Reply:
    """Return a rendered template as a reply; without a score a person asked for it."""
    return Reply(
        template_id=template.id,
        title=template.title[language],
        language=language,
        text=rendered.text,
        score=score,
        reasons=list(reasons),
        missing_slots=rendered.missing_slots,
    )


def fitted(
    template: Template, language: str, context: Mapping[str, str], room: int | None
) -> Rendered | None:
    """Return the reply if it fits the platform; the author's name is the first to go."""
    rendered = render(template, language, context, {})
    if room is None or _length(template, rendered) <= room:
        return rendered
    if "author" in context:
        nameless = {name: value for name, value in context.items() if name != "author"}
        rendered = render(template, language, nameless, {})
        if _length(template, rendered) <= room:
            return rendered
    return None


def _length(template: Template, rendered: Rendered) -> int:
    """Return the length with room for the values that are still to come."""
    return written_length(rendered.text) + sum(
        ROOM[template.slot_type(name)] - len(name) - 2 for name in rendered.missing_slots
    )
