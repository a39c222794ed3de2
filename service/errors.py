"""Everything that can go wrong for a caller: one table of problems, one exception, one shape.

A problem is answered as RFC 9457 `application/problem+json`:

    {"type": "/problems/text-too-long", "title": "Text too long", "status": 422,
     "detail": "text has 10,001 characters; the limit is 10,000",
     "errors": [{"field": "text", "code": "text-too-long", "detail": "…"}]}

`type` never changes its meaning; `errors` names the fields at fault and is empty
where no field is. Use cases raise `Problem`, edges turn it into an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

KINDS: Final[Mapping[str, tuple[int, str]]] = {
    # what a body is made of
    "body-too-large": (413, "Request body too large"),
    "unsupported-media-type": (415, "Content type not supported"),
    "invalid-utf-8": (400, "Body is not valid UTF-8"),
    "invalid-json": (400, "Body is not valid JSON"),
    "json-too-deep": (400, "JSON is nested too deeply"),
    # what a request asks for
    "invalid-request": (422, "Request has several faults"),
    "wrong-type": (422, "Value of the wrong type"),
    "missing-field": (422, "Field missing"),
    "unknown-field": (422, "Field unknown"),
    "duplicate-field": (422, "Field given twice"),
    "invalid-value": (422, "Value not allowed"),
    "unknown-platform": (422, "Platform unknown"),
    "unknown-label": (422, "Label unknown"),
    "bad-cursor": (422, "Cursor not valid"),
    "empty-batch": (422, "Batch without items"),
    "too-many-items": (422, "Too many items in one batch"),
    # what a text is made of
    "blank-text": (422, "Text is blank"),
    "text-too-long": (422, "Text too long"),
    "lone-surrogate": (422, "Text is not valid Unicode"),
    "nul-byte": (422, "Text has a NUL byte"),
    "not-a-string": (422, "Text is not a string"),
    # who asks
    "key-missing": (401, "No API key"),
    "key-invalid": (401, "API key not valid"),
    "scope-missing": (403, "API key without the needed scope"),
    "log-in-failed": (401, "Log-in failed"),
    "too-many-attempts": (429, "Too many attempts"),
    # what is there and in which state
    "not-found": (404, "Not found"),
    "method-not-allowed": (405, "Method not allowed"),
    "comment-not-found": (404, "Comment not found"),
    "external-id-conflict": (409, "Other text under the same external_id"),
    "held-by-another": (409, "Another moderator holds this comment"),
    "already-decided": (409, "Comment already decided"),
    "not-escalated": (409, "Comment was not escalated"),
    "reply-refused": (422, "Reply cannot be sent like this"),
    "template-faulty": (422, "Template has faults"),
    "template-not-found": (422, "Template not found"),
    "unknown-slot": (422, "Slot unknown"),
    "claim-not-found": (404, "Claim not found"),
    "claim-faulty": (422, "Claim has faults"),
    "claim-conflict": (409, "Another claim under the same claim_id"),
    "incident-not-found": (404, "Incident not found"),
    "model-not-found": (404, "Model version not found"),
    "model-refused": (409, "Model version cannot be used"),
    "name-taken": (409, "Name already taken"),
    # what is wrong with us
    "internal-error": (500, "Unexpected error"),
    "not-ready": (503, "Not ready"),
    "storage-unavailable": (503, "Storage cannot be used now"),
    "http-error": (400, "Request refused"),
}
"""Last part of `type` → status and title."""


@dataclass(frozen=True)
class FieldError:
    """One fault of one field; `field` is a path like `parent_text` or `corrections.topic`."""

    field: str
    code: str
    detail: str

    def body(self) -> dict[str, str]:
        """Return the fault as it stands in `errors`."""
        return {"field": self.field, "code": self.code, "detail": self.detail}


class Problem(Exception):  # noqa: N818  (the word of RFC 9457)
    """Something the caller has to know; `code` is a key of `KINDS`."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        status: int | None = None,
        title: str | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code, detail)  # all that another process needs to make it anew
        kind_status, kind_title = KINDS[code]
        self.code = code
        self.status = status or kind_status
        self.title = title or kind_title
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = extra

    def __str__(self) -> str:
        return self.detail

    def body(self) -> dict[str, Any]:
        """Return the problem as JSON types, in the one shape of the contract."""
        return {
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [error.body() for error in self.errors],
            **self.extra,
        }


def field_problem(errors: Sequence[FieldError]) -> Problem:
    """Return the problem of a request with faulty fields; a single fault gives it its type."""
    if len(errors) == 1:
        return Problem(errors[0].code, errors[0].detail, errors=errors)
    fields = ", ".join(dict.fromkeys(error.field for error in errors))
    return Problem("invalid-request", f"{len(errors)} faults, in {fields}", errors=errors)
