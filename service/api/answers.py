"""What the interface answers: how it is written, and its shape for the documentation."""

from __future__ import annotations

from typing import Any, TypeAlias

import orjson
from fastapi import Response
from pydantic import AwareDatetime, BaseModel, Field

from service.answer_all import Answered
from service.api.analysis_answer import AnalysisAnswer, ReplyAnswer
from service.replies import Template

Json: TypeAlias = dict[str, Any]


def answer(content: object, status: int = 200) -> Response:
    """Return `content` (JSON types, dataclasses, moments) as a JSON answer."""
    return Response(orjson.dumps(content), status, media_type="application/json")


class FieldFault(BaseModel):
    """One fault of one field."""

    field: str
    code: str
    detail: str


class ProblemAnswer(BaseModel):
    """An error, as RFC 9457 has it; further members depend on the type."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldFault]


class ItemError(BaseModel):
    """An item of a batch that could not be answered; its neighbours are."""

    error: ProblemAnswer


class ClassifyAnswer(AnalysisAnswer):
    """The analysis of one comment, with replies where they were asked for."""

    replies: list[ReplyAnswer]


class ClassifyBatchAnswer(BaseModel):
    """One result an item, in the same order."""

    results: list[ClassifyAnswer | ItemError]


class CommentAnswer(BaseModel):
    """A stored comment; `created` is false when it had been stored before."""

    id: int
    status: str
    created: bool
    analysis: AnalysisAnswer
    replies: list[ReplyAnswer]


class CommentBatchAnswer(BaseModel):
    """One result an item, in the same order."""

    results: list[CommentAnswer | ItemError]


class QueueItemAnswer(BaseModel):
    """A comment in the queue."""

    id: int
    platform: str
    external_id: str
    text: str
    parent_text: str | None
    author: str | None
    url: str | None
    posted_at: AwareDatetime | None
    received_at: AwareDatetime
    due_at: AwareDatetime
    status: str
    analysis: AnalysisAnswer
    held_by: str | None
    held_until: AwareDatetime | None
    decided_at: AwareDatetime | None


class QueueAnswer(BaseModel):
    """A page of the queue; `next_cursor` is null on the last one."""

    items: list[QueueItemAnswer]
    next_cursor: str | None


class ReviewAnswer(BaseModel):
    """What a moderator decided."""

    decision: str
    moderator: str
    decided_at: AwareDatetime
    template_id: str | None
    language: str | None
    reply_text: str | None
    corrections: Json
    reason: str | None


class MemberReviewAnswer(BaseModel):
    """What became of one comment: the decision, or why there is none."""

    comment_id: int
    review: ReviewAnswer | None = None
    error: ProblemAnswer | None = None


class ReviewsAnswer(BaseModel):
    """What became of an answer for all."""

    decided: int
    refused: int
    results: list[MemberReviewAnswer]


def reviews_answer(done: Answered) -> Response:
    """Return what became of an answer for all, as `ReviewsAnswer` describes it."""
    results = [{"comment_id": one, "review": made} for one, made in done.decided.items()]
    results += [{"comment_id": one, "error": fault.body()} for one, fault in done.refused.items()]
    return answer({"decided": len(done.decided), "refused": len(done.refused), "results": results})


class MemberAnswer(BaseModel):
    """Another comment that says nearly the same."""

    id: int
    platform: str
    author: str | None
    received_at: AwareDatetime
    status: str
    text: str


class GroupAnswer(BaseModel):
    """Comments that say nearly the same; `members` are the newest others, 50 at most."""

    id: int
    comments: int
    accounts: int
    first_seen: AwareDatetime
    last_seen: AwareDatetime
    coordinated: bool
    members: list[MemberAnswer]


class StoredCommentAnswer(QueueItemAnswer):
    """A comment with everything known about it; `group` is null where none is like it.

    `review` is the decision that holds, null while the comment is open; `history` those
    before it, the oldest first: escalated, put back.
    """

    review: ReviewAnswer | None
    history: list[ReviewAnswer]
    group: GroupAnswer | None


class ClaimAnswer(BaseModel):
    """Who holds the comment, and until when."""

    id: int
    held_by: str
    held_until: AwareDatetime


class Activation(BaseModel):
    """Which version went live when, by whom and why."""

    version: str
    at: str
    by: str
    reason: str
    forced: bool
    """Put live in spite of what spoke against it."""
    overridden: list[str]
    """What spoke against it."""


class ModelVersion(BaseModel):
    """A model version in the store."""

    version: str
    created: str
    active: bool
    metrics: Json


class ModelsAnswer(BaseModel):
    """The model versions there are; `in_use` is the one that answers now."""

    in_use: str
    active: str
    fault: str | None
    versions: list[ModelVersion]
    history: list[Activation]


class PeriodCounts(BaseModel):
    """Counts of the comments received in a period, by label."""

    comments: int
    status: dict[str, int]
    decision: dict[str, int] = Field(description="Of those that have been decided on.")
    topic: dict[str, int]
    urgency: dict[str, int]
    sentiment: dict[str, int]
    language: dict[str, int]
    flag: dict[str, int]


class StatsAnswer(PeriodCounts):
    """Figures of a period; `overdue` and `open` are of this moment."""

    since: AwareDatetime | None
    until: AwareDatetime | None
    open: int
    overdue: int
    decided: int
    median_minutes_to_decision: float | None


class TemplatesAnswer(BaseModel):
    """Reply templates."""

    items: list[Template]


class HealthAnswer(BaseModel):
    """`ok`, and what was looked at."""

    status: str
    checks: dict[str, str]
