"""The answer about one comment, as plain JSON types."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class Opinion(TypedDict):
    """One head's best guess; `abstained` says it is not sure enough to act on."""

    label: str
    confidence: float
    abstained: bool


class LanguageOpinion(Opinion):
    """The written form; `detected` names a language that is none of ours (ISO 639-1)."""

    detected: NotRequired[str]


class Alternative(TypedDict):
    """Another label that is not far behind."""

    label: str
    confidence: float


class TopicOpinion(Opinion):
    """The topic and what else it might be, most probable first."""

    alternatives: list[Alternative]


class Override(TypedDict):
    """The danger rule that raised or confirmed the urgency, and the words it saw (code points)."""

    rule: str
    start: int
    end: int
    version: str


class UrgencyOpinion(Opinion):
    """The urgency; with an override, `confidence` is the rules' or the model's, the higher one."""

    override: Override | None


class Reason(TypedDict):
    """Something a moderator can look at: why a comment is flagged.

    `detail` says it in English; whoever shows it in another language has the parts it is made of.
    """

    kind: str
    detail: str
    score: float
    claim_id: NotRequired[str]
    url: NotRequired[str]
    stance: NotRequired[str]
    """What the comment does with the claim: spreads, asks, denies or jokes."""
    wording: NotRequired[str]
    """The way of putting the claim that the comment comes nearest to."""
    flag: NotRequired[str]
    """What this claim alone flags the comment with, `none` for one that is only asked about."""
    signs: NotRequired[list[str]]
    """Codes of what makes a link or a demand suspicious."""
    accounts: NotRequired[int]
    hours: NotRequired[int]
    """So many accounts wrote nearly the same within so many hours."""


class Misinformation(TypedDict):
    """`flag` is none, possible or likely."""

    flag: str
    confidence: float
    reasons: list[Reason]


class Span(TypedDict):
    """A piece of personal data, in code points of the text as sent."""

    kind: str
    start: int
    end: int


class Highlight(TypedDict):
    """A word and its share (0 to 1) in the decision for the label."""

    start: int
    end: int
    weight: float


class Analysis(TypedDict):
    """Everything Qulaq says about a comment; `highlights` only when asked for."""

    language: LanguageOpinion
    topic: TopicOpinion
    urgency: UrgencyOpinion
    sentiment: Opinion
    intent: Opinion
    toxicity: Opinion
    misinformation: Misinformation
    needs_answer: bool
    department: str
    department_code: str
    answer_within_minutes: int
    personal_data: list[Span]
    model_version: str
    taxonomy_version: str
    highlights: NotRequired[dict[str, list[Highlight]]]
