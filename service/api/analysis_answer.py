"""The shape of an analysis and of a suggested reply, for the documentation."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An object of an answer: it has these members and no others."""

    model_config = ConfigDict(extra="forbid")


class OpinionAnswer(Shape):
    """One head's best guess; `abstained` says it is not sure enough to act on."""

    label: str
    confidence: float
    abstained: bool


class LanguageAnswer(OpinionAnswer):
    """The written form; `detected` names a language that is none of ours (ISO 639-1)."""

    detected: str = Field("", description="Only with `other`, and only where it is clear.")


class AlternativeAnswer(Shape):
    """Another topic that is not far behind."""

    label: str
    confidence: float


class TopicAnswer(OpinionAnswer):
    """The topic and what else it might be, most probable first."""

    alternatives: list[AlternativeAnswer]


class OverrideAnswer(Shape):
    """The danger rule that raised the urgency, and the words it saw (code points)."""

    rule: str
    start: int
    end: int
    version: str


class UrgencyAnswer(OpinionAnswer):
    """How soon somebody must act."""

    override: OverrideAnswer | None


class ReasonAnswer(BaseModel):
    """Something a moderator can look at: why a comment is flagged.

    `detail` says it in English; the other fields are what it is made of, each where there is it.
    """

    kind: str
    detail: str
    score: float
    claim_id: str | None = None
    url: str | None = None
    stance: str | None = Field(
        None, description="What the comment does with the claim: spreads, asks, denies, jokes."
    )
    wording: str | None = Field(None, description="The nearest way of putting the claim.")
    flag: str | None = Field(None, description="What this claim alone flags the comment with.")
    signs: list[str] | None = Field(
        None, description="Codes of what makes a link or a demand suspicious."
    )
    accounts: int | None = Field(None, description="So many accounts wrote nearly the same …")
    hours: int | None = Field(None, description="… within so many hours.")


class MisinformationAnswer(Shape):
    """Evidence, not a verdict: `flag` is none, possible or likely."""

    flag: str
    confidence: float
    reasons: list[ReasonAnswer]


class SpanAnswer(Shape):
    """A piece of personal data, in code points of the text as sent."""

    kind: str
    start: int
    end: int


class HighlightAnswer(Shape):
    """A word and its share (0 to 1) in the decision for the label."""

    start: int
    end: int
    weight: float


class AnalysisAnswer(Shape):
    """Everything the model says about a comment."""

    language: LanguageAnswer
    topic: TopicAnswer
    urgency: UrgencyAnswer
    sentiment: OpinionAnswer
    intent: OpinionAnswer
    toxicity: OpinionAnswer
    misinformation: MisinformationAnswer
    needs_answer: bool
    department: str = Field(description="Who answers for the topic, in the reply's language.")
    department_code: str
    answer_within_minutes: int
    personal_data: list[SpanAnswer]
    highlights: dict[str, list[HighlightAnswer]] = Field(
        {}, description="Words that moved the label, by head; only with `explain`."
    )
    model_version: str
    taxonomy_version: str


class ReplyAnswer(Shape):
    """A suggested reply; one with missing slots cannot be sent as it is."""

    template_id: str
    title: str
    language: str
    text: str
    score: float
    reasons: list[str]
    missing_slots: list[str]
