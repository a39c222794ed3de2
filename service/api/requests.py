"""What callers send: the request bodies and queries of version 1, checked field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from models.labels import FLAGS, HEADS, PLATFORMS, REPLY_LANGUAGES
from models.text import TEXT_LIMIT, TextError, check_characters, check_text
from service.queue import ORDERS, QueueFilters
from service.receive import Incoming
from service.replies import Template
from service.review import DECISIONS, STATUSES, ReviewInput

_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _text(value: Any, info: ValidationInfo) -> Any:
    """Check a text to be analysed."""
    limit = (info.context or {}).get("limit", TEXT_LIMIT)
    return _checked(value, partial(check_text, limit=limit))


def _parent_text(value: Any, info: ValidationInfo) -> Any:
    """Check the text of the parent post; a blank one is none."""
    blank = isinstance(value, str) and not value.strip()
    return None if blank else _text(value, info)


def _string(value: Any) -> Any:
    """Refuse a string no database can hold."""
    return _checked(value, check_characters)


def _checked(value: Any, check: Callable[[str], str]) -> Any:
    """Return `value` if it passes the check; what is no string is left to that of the type."""
    if not isinstance(value, str):
        return value
    try:
        return check(value)
    except TextError as error:
        detail = error.detail.removeprefix("text ")
        raise PydanticCustomError(error.code, "{detail}", {"detail": detail}) from None


def _moment(value: Any) -> datetime:
    """Read an ISO 8601 moment with a zone."""
    if not isinstance(value, str):
        raise PydanticCustomError("wrong-type", "should be a string like 2026-11-23T09:00:00+05:00")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError(
            "invalid-value", "should be a moment like 2026-11-23T09:00:00+05:00"
        ) from None
    if moment.tzinfo is None:
        raise PydanticCustomError("invalid-value", "needs a time zone, like +05:00 or Z")
    if not _EARLIEST <= moment <= datetime(9000, 1, 1, tzinfo=UTC):
        raise PydanticCustomError("invalid-value", "should be a moment since 1970")
    return moment.astimezone(UTC)


def _one_of(codes: tuple[str, ...], fault: str = "unknown-label") -> AfterValidator:
    """Return a validator that takes `codes` only and calls anything else `fault`."""

    def check(value: str) -> str:
        if value not in codes:
            raise PydanticCustomError(fault, "is none of {codes}", {"codes": ", ".join(codes)})
        return value

    return AfterValidator(check)


def _listed(codes: tuple[str, ...]) -> Any:
    """Return what makes the schema list `codes`."""
    return Field(json_schema_extra={"enum": list(codes)})


Text = Annotated[str, BeforeValidator(_text), Field(max_length=TEXT_LIMIT)]
ParentText = Annotated[str | None, BeforeValidator(_parent_text)]
Line = Annotated[str, BeforeValidator(_string)]
Moment = Annotated[
    datetime, PlainValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Platform = Annotated[str, _one_of(PLATFORMS, "unknown-platform"), _listed(PLATFORMS)]
Language = Annotated[str, _one_of(HEADS["language"]), _listed(HEADS["language"])]
Topic = Annotated[str, _one_of(HEADS["topic"]), _listed(HEADS["topic"])]
Urgency = Annotated[str, _one_of(HEADS["urgency"]), _listed(HEADS["urgency"])]
Sentiment = Annotated[str, _one_of(HEADS["sentiment"]), _listed(HEADS["sentiment"])]
Intent = Annotated[str, _one_of(HEADS["intent"]), _listed(HEADS["intent"])]
Toxicity = Annotated[str, _one_of(HEADS["toxicity"]), _listed(HEADS["toxicity"])]
Flag = Annotated[str, _one_of(FLAGS), _listed(FLAGS)]
Status = Annotated[str, _one_of(STATUSES, "invalid-value"), _listed(STATUSES)]
Order = Annotated[str, _one_of(ORDERS, "invalid-value"), _listed(ORDERS)]
Decision = Annotated[str, _one_of(DECISIONS, "invalid-value"), _listed(DECISIONS)]
ReplyLanguage = Annotated[str, _one_of(REPLY_LANGUAGES, "invalid-value"), _listed(REPLY_LANGUAGES)]


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

    external_id: Line = Field(
        min_length=1, max_length=256, description="Its id on the platform, unique there."
    )
    author: Annotated[Line | None, Field(max_length=256)] = None
    posted_at: Moment | None = Field(None, description="When it was written, with time zone.")
    url: Annotated[Line | None, Field(max_length=2_048)] = None

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
    template_id: Annotated[Line | None, Field(max_length=128)] = None
    reply_text: Annotated[Line | None, Field(max_length=TEXT_LIMIT)] = Field(
        None,
        description="The reply; with `approve` and a template it may be left out. An `approve` "
        "whose text is not what the template says with these `slots` is recorded as `edit`.",
    )
    language: ReplyLanguage | None = Field(
        None, description="Language of the reply; by default that of the comment."
    )
    slots: dict[Line, Line] = Field({}, description="Values for the template's slots.")
    corrections: Corrections = Corrections()
    confirm: bool = Field(
        default=False, description="Send although the check of the reply had doubts."
    )
    reason: Annotated[Line | None, Field(max_length=500)] = Field(
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

    since: Moment | None = None
    until: Moment | None = None


class SinceQuery(BaseModel):
    """What was decided at `since` or later."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Moment | None = None


class ClassifyBatchRequest(_Request):
    """1 to 1,000 comments to be analysed; each item is checked for itself."""

    items: list[ClassifyRequest] = Field(min_length=1, max_length=1_000)


class CommentBatchRequest(_Request):
    """1 to 1,000 comments to be stored; each item is checked for itself."""

    items: list[CommentRequest] = Field(min_length=1, max_length=1_000)


class TemplatesRequest(_Request):
    """Templates to add, or to put in place of those with the same id."""

    items: list[Template] = Field(min_length=1, max_length=1_000)
