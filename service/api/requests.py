"""What callers send: the request bodies and queries of version 1, checked field by field."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from service.api.fields import (
    Address,
    AskedMoment,
    Decision,
    ExternalId,
    Flag,
    Intent,
    Language,
    Line,
    Moment,
    Order,
    ParentText,
    Platform,
    Reason,
    ReplyLanguage,
    ReplyText,
    Sentiment,
    ShortLine,
    Status,
    TemplateId,
    Text,
    Topic,
    Toxicity,
    Urgency,
)
from service.queue import QueueFilters
from service.receive import Incoming
from service.replies import Template
from service.review import ReviewInput


class _Request(BaseModel):
    """A JSON object: known fields of the right type and nothing else."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ClassifyRequest(_Request):
    """A comment to be analysed; nothing is stored."""

    text: Text = Field(description="The comment, up to 10,000 characters.")
    platform: Platform | None = Field(None, description="Where it was written.")
    parent_text: ParentText = Field(None, description="The post it stands under.")
    suggest: bool | None = Field(
        None, description="Suggest replies; by default true for one comment, false in a batch."
    )
    explain: bool = Field(default=False, description="Say which words moved each label.")


class CommentRequest(ClassifyRequest):
    """A comment to be stored, analysed and queued."""

    external_id: ExternalId = Field(description="Its id on the platform, unique there; not blank.")
    author: ShortLine | None = None
    posted_at: Moment | None = Field(None, description="When it was written, with time zone.")
    url: Address = Field(None, description="Where it stands: an http or https address.")

    def incoming(self, *, suggest: bool) -> Incoming:
        """Return the comment for `receive`; `suggest` counts where the request says nothing."""
        return Incoming(
            text=self.text,
            external_id=self.external_id,
            platform=self.platform or "other",
            parent_text=self.parent_text,
            author=self.author,
            url=self.url,
            posted_at=self.posted_at,
            suggest=suggest if self.suggest is None else self.suggest,
            explain=self.explain,
        )


class Corrections(_Request):
    """The right labels, where the model's are wrong; a head left out stays as it is."""

    language: Language | None = None
    topic: Topic | None = None
    urgency: Urgency | None = None
    sentiment: Sentiment | None = None
    intent: Intent | None = None
    toxicity: Toxicity | None = None
    misinformation: bool | None = None


class ReviewRequest(_Request):
    """What a moderator decides."""

    decision: Decision
    template_id: TemplateId | None = None
    reply_text: ReplyText | None = Field(
        None,
        description="The reply; with `approve` and a template it may be left out. An `approve` "
        "whose text is not what the template says with these `slots` is recorded as `edit`. "
        "`reject`, `escalate` and `return` have none.",
    )
    language: ReplyLanguage | None = Field(
        None, description="Language of the reply; by default that of the comment."
    )
    slots: dict[Line, Line] = Field({}, description="Values for slots of the template, no others.")
    corrections: Corrections = Corrections()
    confirm: bool = Field(
        default=False, description="Send although the check of the reply had doubts."
    )
    reason: Reason | None = Field(
        None, description="Why there is no reply, or why the comment is passed up or put back."
    )

    def review_input(self) -> ReviewInput:
        """Return the decision for `review`."""
        return ReviewInput(
            decision=self.decision,
            template_id=self.template_id,
            reply_text=self.reply_text,
            language=self.language,
            slots=self.slots,
            corrections=self.corrections.model_dump(exclude_none=True),
            confirm=self.confirm,
            reason=self.reason,
        )


class QueueQuery(BaseModel):
    """Which part of the queue to return."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Status = "open"
    topic: Topic | None = None
    urgency: Urgency | None = None
    language: Language | None = None
    flag: Flag | None = Field(None, description="Flag of misinformation.")
    needs_answer: bool | None = None
    q: Annotated[Line | None, Field(max_length=200)] = Field(
        None, description="Words that stand in the text or the author's name, or the comment's id."
    )
    order: Order = Field(
        "deadline", description="`decided`: what has been decided, the newest decision first."
    )
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")

    def filters(self) -> QueueFilters:
        """Return the filters for `queue.page`."""
        return QueueFilters(
            self.status,
            self.topic,
            self.urgency,
            self.language,
            self.flag,
            self.needs_answer,
            self.q,
        )


class PeriodQuery(BaseModel):
    """A period of time: from `since` (included) until `until` (not included)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: AskedMoment | None = None
    until: AskedMoment | None = None

    @field_validator("until")
    @classmethod
    def _not_before_since(cls, until: datetime | None, info: ValidationInfo) -> datetime | None:
        since = info.data.get("since")
        if since is not None and until is not None and until < since:
            raise PydanticCustomError("invalid-value", "lies before since")
        return until


class SinceQuery(BaseModel):
    """What was decided at `since` or later."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: AskedMoment | None = None


class ClassifyBatchRequest(_Request):
    """1 to 1,000 comments to be analysed; each item is checked for itself."""

    items: list[ClassifyRequest] = Field(min_length=1, max_length=1_000)


class CommentBatchRequest(_Request):
    """1 to 1,000 comments to be stored; each item is checked for itself."""

    items: list[CommentRequest] = Field(min_length=1, max_length=1_000)


class TemplatesRequest(_Request):
    """Templates to add, or to put in place of those with the same id."""

    items: list[Template] = Field(min_length=1, max_length=1_000)
