"""Request bodies: from bytes to checked values, with every fault named.

The standard `json` reads them, since it lets a lone surrogate in one item of a
batch through to the check of that item; a stricter parser would refuse the
whole batch for it. What JSON itself does not allow (NaN, a name given twice)
is marked while reading and refused where it stands.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from models.json_names import JsonObject, names_twice, read_object
from models.text import TextError, check_characters
from service.errors import KINDS, FieldError, Problem, field_problem
from service.fault_words import in_words

_CODES: Final[Mapping[str, str]] = {
    "missing": "missing-field",
    "extra_forbidden": "unknown-field",
    "invalid_key": "unknown-field",
}
"""Pydantic's kind of fault → ours; `*_type` is `wrong-type`, the rest `invalid-value`."""

_DETAILS: Final[Mapping[str, str]] = {
    "missing-field": "is required",
    "unknown-field": "is not a known field",
    "duplicate-field": "is given twice",
}
_DEEPEST: Final = 32
_NAME_LIMIT: Final = 64
_FAULTS_SHOWN: Final = 20

Request_ = TypeVar("Request_", bound=BaseModel)


class _Constant:
    """NaN or an infinity: read, but of no type that a field may have."""

    def __init__(self, name: str) -> None:
        self.name = name


async def read_body(request: Request) -> bytes:
    """Return the body of a request that says it is JSON; the size has been limited before."""
    content_type = request.headers.get("content-type", "").lower()
    media_type, *parameters = map(str.strip, content_type.split(";"))
    if media_type != "application/json":
        detail = f"send application/json, not {media_type[:_NAME_LIMIT] or 'a body without a type'}"
        raise Problem("unsupported-media-type", detail, headers={"Accept": "application/json"})
    for parameter in parameters:  # those of other names say nothing about JSON
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in {"utf-8", "utf8"}:
            raise Problem("unsupported-media-type", "send JSON in UTF-8")
    return await request.body()


Body = Annotated[bytes, Depends(read_body)]


def parse_json(body: bytes) -> Any:
    """Return the value of a JSON document; raise the problem that says why it is none."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(
            "invalid-utf-8", f"byte {error.start} of the body is not valid UTF-8"
        ) from None
    try:
        value = json.loads(text, object_pairs_hook=read_object, parse_constant=_Constant)
    except json.JSONDecodeError as error:
        detail = f"{error.msg}: line {error.lineno} column {error.colno}"
        raise Problem("invalid-json", detail) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:  # a number with thousands of digits
        raise Problem("invalid-json", str(error).partition(";")[0]) from None
    if _depth(value) > _DEEPEST:  # interpreters differ in how deep they can read
        raise _too_deep()
    return value


def check(kind: type[Request_], value: object, *, limit: int) -> Request_:
    """Return `value` as the request `kind`; raise a problem that names every faulty field.

    `limit` is the longest text allowed, in code points.
    """
    if not isinstance(value, dict):
        raise Problem("wrong-type", f"an object is expected, not {_type_name(value)}")
    errors = _name_errors(value, kind.model_fields)
    if errors:
        raise field_problem(errors)
    refuse_twice(value)
    try:
        return kind.model_validate(value, context={"limit": limit})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise field_problem(field_errors(found)) from None


def check_items(value: object, *, limit: int) -> list[Any]:
    """Return the items of a batch, 1 to `limit` of them, each still unchecked."""
    if not isinstance(value, dict) or not isinstance(items := value.get("items"), list):
        detail = 'an object {"items": [...]} is expected'
        raise field_problem([FieldError("items", "wrong-type", detail)])
    if errors := _name_errors(value, ["items"]):
        raise field_problem(errors)
    if not items:
        raise field_problem([FieldError("items", "empty-batch", "items is empty")])
    if len(items) > limit:
        detail = f"{len(items):,} items; the limit is {limit:,}"
        raise field_problem([FieldError("items", "too-many-items", detail)])
    return items


def check_each(
    kind: type[Request_], items: Sequence[object], *, limit: int
) -> list[Request_ | Problem]:
    """Return every item of a batch as the request `kind`, or the problem with it."""
    checked: list[Request_ | Problem] = []
    for item in items:
        try:
            checked.append(check(kind, item, limit=limit))
        except Problem as problem:
            checked.append(problem)
    return checked


def refuse_unstorable(value: object) -> None:
    """Raise a problem if a string or name anywhere in `value` cannot be kept or read one way."""
    refuse_twice(value)
    left: list[object] = [value]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            left += part.keys()
            left += part.values()
        elif isinstance(part, list):
            left += part
        elif isinstance(part, str):
            _refuse_characters(part)
        elif isinstance(part, _Constant):
            raise Problem("invalid-json", "NaN and infinities are not JSON")


def refuse_twice(value: object) -> None:
    """Raise a problem if an object anywhere in `value` was given a name twice."""
    for name in names_twice(value):
        raise field_problem([_fault(printable(name), "duplicate-field", "")])


def _refuse_characters(text: str) -> None:
    try:
        check_characters(text)
    except TextError as error:
        raise Problem(error.code, error.detail) from None


def field_errors(found: Sequence[Mapping[str, Any]], *, skip: int = 0) -> list[FieldError]:
    """Return pydantic's findings as ours, without the first `skip` parts of each place."""
    errors = []
    for error in found[:_FAULTS_SHOWN]:
        field = printable(".".join(str(part) for part in error["loc"][skip:]) or "body")
        kind = error["type"]
        code = kind if kind in KINDS else _CODES.get(kind)
        if code is None:
            code = "wrong-type" if kind.endswith("_type") else "invalid-value"
        errors.append(_fault(field, code, in_words(error)))
    return errors


def printable(name: str) -> str:
    """Return a name from outside as it can stand in an answer: short and valid Unicode."""
    name = name.encode("utf-8", "replace").decode()
    return name if len(name) <= _NAME_LIMIT else name[:_NAME_LIMIT] + "…"


def _too_deep() -> Problem:
    return Problem("json-too-deep", f"more than {_DEEPEST} objects and arrays inside one another")


def _depth(value: object) -> int:
    """Return how many containers stand inside one another, counting no further than needed."""
    level, depth = [value], 0
    while depth <= _DEEPEST and (
        level := [part for part in level if isinstance(part, dict | list)]
    ):
        level = [
            inner for part in level for inner in (part.values() if isinstance(part, dict) else part)
        ]
        depth += 1
    return depth


def _name_errors(value: Mapping[str, Any], known: Collection[str]) -> list[FieldError]:
    """Return the faults of the names of an object: those given twice, those not known."""
    twice = value.twice if isinstance(value, JsonObject) else ()
    faults = [(name, "duplicate-field") for name in twice]
    faults += [(name, "unknown-field") for name in value if name not in known]
    return [_fault(printable(name), code, "") for name, code in faults[:_FAULTS_SHOWN]]


def _fault(field: str, code: str, message: str) -> FieldError:
    """Return one fault in a sentence that begins with the field."""
    return FieldError(field, code, f"{field}: {_DETAILS.get(code) or message}")


def _type_name(value: object) -> str:
    names = {bool: "a boolean", str: "a string", list: "an array", type(None): "null"}
    return names.get(type(value), "a number")
