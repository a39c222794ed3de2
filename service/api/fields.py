"""What single fields of requests may hold, and what is said about anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from models.claims.claim import is_web_address
from models.labels import FLAGS, HEADS, PLATFORMS, REPLY_LANGUAGES
from models.text import TEXT_LIMIT, TextError, check_characters, check_text
from service.queue import ORDERS
from service.review import DECISIONS, STATUSES

_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)
_PLUS_LOST: Final = re.compile(r"(?<=\d)([T ][\d:.,]+) (?=\d\d:?(?:\d\d)?$)")
"""A time, and a blank where its zone's sign should stand."""


def _text(value: Any, info: ValidationInfo) -> Any:
    """Check a text to be analysed."""
    limit = (info.context or {}).get("limit", TEXT_LIMIT)
    return _checked(value, partial(check_text, limit=limit))


def _parent_text(value: Any, info: ValidationInfo) -> Any:
    """Check the text of the parent post; a blank one is none."""
    return _text(_none_if_blank(value), info)


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("invalid-value", "is blank")
    return value


def _web_address(value: str) -> str:
    """Refuse what no page may link to: addresses come from anybody."""
    if not is_web_address(value):
        raise PydanticCustomError(
            "invalid-value", "should begin with http:// or https:// and name a host"
        )
    return value


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
    if not _EARLIEST <= moment <= _LATEST:
        limits = {"first": f"{_EARLIEST:%Y-%m-%d}", "last": f"{_LATEST:%Y-%m-%d}"}
        raise PydanticCustomError("invalid-value", "should lie between {first} and {last}", limits)
    return moment.astimezone(UTC)


def _moment_of_address(value: Any) -> datetime:
    """Read a moment of a query, where a plus that is not written %2B arrives as a blank."""
    return _moment(_PLUS_LOST.sub(r"\1+", value) if isinstance(value, str) else value)


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
ShortLine = Annotated[str, Field(max_length=256), BeforeValidator(_string)]
ExternalId = Annotated[
    str,
    Field(min_length=1, max_length=256),
    BeforeValidator(_string),
    AfterValidator(_not_blank),
]
TemplateId = Annotated[str, Field(max_length=128), BeforeValidator(_string)]
Reason = Annotated[str, Field(max_length=500), BeforeValidator(_string)]
ReplyText = Annotated[str, Field(max_length=TEXT_LIMIT), BeforeValidator(_string)]
Moment = Annotated[
    datetime, PlainValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
AskedMoment = Annotated[
    datetime,
    PlainValidator(_moment_of_address),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Address = Annotated[
    Annotated[str, Field(max_length=2_048), BeforeValidator(_string), AfterValidator(_web_address)]
    | None,
    BeforeValidator(_none_if_blank),
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
