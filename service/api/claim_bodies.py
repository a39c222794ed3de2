"""Claims from a request: by content one or many, ours or schema.org's, each checked for itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from models.claims.claim import Claim, ClaimError
from models.claims.documents import holds_several, is_json_ld, refuse_document, unfold
from models.claims.read import FileFault, LeftOut, claim_of, read_each
from service.api.body import parse_json, refuse_unstorable
from service.errors import FieldError, Problem, field_problem

CLAIM_REVIEW: Final = "application/ld+json"
CSV: Final = "text/csv"
JSONL: Final = "application/jsonl"
MOST: Final = 10_000
"""Claims in one request; for more there is `qulaq claims import`."""

_JSON: Final = frozenset({"application/json", CLAIM_REVIEW})
_FILES: Final = frozenset({CSV, JSONL, "application/x-ndjson"})
_OURS: Final = frozenset(
    {"revision", "entered_by", "entered_at", "updated_by", "updated_at", "found_in", "flagged"}
)
"""What an answer has beside the claim: taken back without a word."""
_FIELD: Final = re.compile(
    r"(claim_id|claim|phrasings|verdict|refutation|url|published|expires|@type"
    r"|claimReviewed|reviewBody|reviewRating|itemReviewed|datePublished"
    r"|identifier|items|claims)\b[\w.\[\]]*"
)

Read = tuple[str, Claim | Problem]
"""Where it stands in the request, and the claim or why it is none."""


_FILE_PROBLEMS: Final = {
    "empty": "empty-batch",
    "encoding": "invalid-utf-8",
    "json": "invalid-json",
    "other": "claim-faulty",
}
"""What keeps a whole file from being read → how the same is answered for JSON."""


@dataclass(frozen=True)
class ClaimsRead:
    """What stands in a request: a batch if `several`, and what beside it was left out, where."""

    found: list[Read]
    several: bool
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def good(self) -> list[Claim]:
        """Return the claims among what was read."""
        return [claim for _, claim in self.found if isinstance(claim, Claim)]


@dataclass(frozen=True)
class ClaimsBody:
    """A body and what it says it is."""

    media_type: str
    content: bytes


async def read_claims_body(request: Request) -> ClaimsBody:
    """Return the body of a request that says it holds claims; the size has been limited before."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _JSON | _FILES:
        accepted = ", ".join(sorted(_JSON | _FILES))
        raise Problem("unsupported-media-type", f"send one of {accepted}")
    return ClaimsBody(media_type, await request.body())


ClaimsHere = Annotated[ClaimsBody, Depends(read_claims_body)]


def read_request(body: ClaimsBody) -> ClaimsRead:
    """Return what stands in the body; raise the problem of one that cannot be read at all."""
    if body.media_type in _FILES:
        return _read_file(body.content)
    document = parse_json(body.content)
    try:
        refuse_document(document)
    except ClaimError as error:
        raise faulty(error) from None
    found = [(where, _checked(item)) for where, item in _items(document)]
    return ClaimsRead(_limited(found), holds_several(document))


def _read_file(content: bytes) -> ClaimsRead:
    found: list[Read] = []
    left_out: list[tuple[str, str]] = []
    for where, one in read_each(content):
        if isinstance(one, FileFault):
            raise Problem(_FILE_PROBLEMS[one.kind], f"the body {one}")
        if isinstance(one, LeftOut):
            left_out.append((where, str(one)))
        else:
            found.append((where, faulty(one) if isinstance(one, ClaimError) else one))
    return ClaimsRead(_limited(found), several=True, left_out=left_out)


def read_one(body: ClaimsBody, claim_id: str) -> Claim:
    """Return the one claim of a body that is to stand under `claim_id`; raise its problem."""
    if body.media_type not in _JSON:
        raise Problem("unsupported-media-type", f"send one of {', '.join(sorted(_JSON))}")
    document = parse_json(body.content)
    if not isinstance(document, dict) or holds_several(document):
        raise Problem("wrong-type", "one claim or ClaimReview is expected")
    name = "identifier" if is_json_ld(document) else "claim_id"
    if document.get(name) not in (None, claim_id):
        detail = f"{name}: is not the id of this path"
        raise field_problem([FieldError(name, "invalid-value", detail)])
    document[name] = claim_id
    claim = _checked(document)
    if isinstance(claim, Problem):
        raise claim
    return claim


def faulty(error: ClaimError) -> Problem:
    """Return the problem of something that is no claim."""
    named = _FIELD.match(str(error))
    where = named[0] if named else "claim"
    return Problem(
        "claim-faulty", str(error), errors=[FieldError(where, "claim-faulty", str(error))]
    )


def _items(document: Any) -> list[tuple[str, object]]:
    if isinstance(document, dict | list):
        return unfold(document)
    raise Problem("wrong-type", "an object or an array is expected")


def _limited(found: list[Read]) -> list[Read]:
    if not found:
        raise field_problem([FieldError("items", "empty-batch", "there is no claim in it")])
    if len(found) > MOST:
        detail = f"{len(found):,} claims; the limit is {MOST:,}"
        raise field_problem([FieldError("items", "too-many-items", detail)])
    return found


def _checked(item: object) -> Claim | Problem:
    try:
        refuse_unstorable(item)
        if isinstance(item, Mapping) and not is_json_ld(item):
            item = {name: value for name, value in item.items() if name not in _OURS}
        return claim_of(item)
    except Problem as problem:
        return problem
    except ClaimError as error:
        return faulty(error)
