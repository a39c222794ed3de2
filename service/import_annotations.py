"""Bring annotated comments in from elsewhere: another installation, another tool."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from models.labels import ANNOTATED_HEADS, HEADS, PLATFORMS, TRAPS
from models.text import TextError, check_text, foreign_bytes
from service.errors import FieldError, field_problem
from service.fault_words import in_words
from service.store.tables import ImportedAnnotation

_CODES: Final = {
    **{head: HEADS[head] for head in ANNOTATED_HEADS},
    "platform": PLATFORMS,
}


class Annotation(BaseModel):
    """One row of `data/annotated`."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: Annotated[str, Field(min_length=1, max_length=256)]
    text: str
    language: str
    topic: str
    urgency: str
    sentiment: str
    intent: str
    misinformation: bool
    toxic: bool
    parent_text: str | None = None
    claim_id: str | None = None
    platform: str | None = None
    source: Literal["authored", "moderator"]
    annotator: str
    split: Literal["train", "dev", "test"] | None = None
    traps: list[str] | None = None
    keyboard: Literal["russian"] | None = None


def import_annotations(session: Session, lines: Iterable[str], now: datetime) -> int:
    """Store the rows of a JSONL file, read with `surrogateescape`; return how many there are.

    A row whose id is known replaces the earlier one. Raise a problem that names
    every faulty line; then nothing is stored.
    """
    rows: dict[str, Annotation] = {}
    errors: list[FieldError] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _read(line)
        except ValueError as error:
            errors.append(FieldError(f"line {number}", "invalid-value", _said(error)))
            continue
        rows[row.id] = row
    if errors:
        raise field_problem(errors)
    for key, row in rows.items():
        body = row.model_dump(exclude_none=True)
        session.merge(ImportedAnnotation(annotation_id=key, body=body, imported_at=now))
    return len(rows)


def _read(line: str) -> Annotation:
    """Return the row of one line; raise `ValueError` saying what is wrong with it."""
    if fault := foreign_bytes(line):
        raise ValueError(fault)
    row = Annotation.model_validate(json.loads(line))
    for field, codes in _CODES.items():
        code: Any = getattr(row, field)
        if code is not None and code not in codes:
            raise ValueError(f"{field}: '{code}' is none of {', '.join(codes)}")
    if unknown := set(row.traps or ()) - set(TRAPS):
        raise ValueError(f"traps: '{min(unknown)}' is none of {', '.join(TRAPS)}")
    if not row.id.isprintable():
        raise ValueError("id: has characters that cannot be printed")
    json.dumps(row.model_dump(), ensure_ascii=False).encode()  # raises for a lone surrogate
    check_text(row.text)
    if row.parent_text:
        check_text(row.parent_text)
    return row


def _said(error: ValueError) -> str:
    """Return what is wrong without repeating the text of the comment."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_input=False)
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {in_words(one)}" for one in found)
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON: {error.msg}"
    return error.detail if isinstance(error, TextError) else str(error)
