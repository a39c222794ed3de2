"""Claims from a request: by content one or many, ours or schema.org's, each checked for itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from models.claims.claim import Claim, ClaimError
from models.claims.read import claim_of, holds_several, is_json_ld, read_each, unfold
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
    r"|identifier)\b[\w.\[\]]*"
)

Read = tuple[str, Claim | Problem]
"""Where it stands in the request, and the claim or why it is none."""


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


def read_request(body: ClaimsBody) -> tuple[list[Read], bool]:
    """Return what stands in the body, and whether it is a batch rather than one claim."""
    if body.media_type in _FILES:
        found = [(where, _problem_or(claim)) for where, claim in read_each(body.content)]
        return _limited(found), True
    document = parse_json(body.content)
    several = holds_several(document)
    return _limited([(where, _checked(item)) for where, item in _items(document)]), several


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
    field = _FIELD.match(str(error))
    where = field[0] if field else "claim"
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


def _problem_or(found: Claim | ClaimError) -> Claim | Problem:
    return faulty(found) if isinstance(found, ClaimError) else found


def good(found: Iterable[Read]) -> list[Claim]:
    """Return the claims among what was read."""
    return [claim for _, claim in found if isinstance(claim, Claim)]
