"""Claims on their way out: as JSON, as a schema.org feed, as a claims file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import Request

from models.claims.claim import as_json
from models.claims.claim_review import CONTEXT, as_claim_review
from service import claim_lists
from service.api.claim_bodies import CLAIM_REVIEW
from service.claim_lists import ClaimFilters, Found
from service.claim_registry import KeptClaim, Put
from service.errors import Problem
from service.house import House


def asks_for_reviews(request: Request) -> bool:
    """Say whether the caller wants JSON-LD."""
    return CLAIM_REVIEW in request.headers.get("accept", "").lower()


def shown(kept: KeptClaim, found: Found) -> dict[str, Any]:
    """Return a claim as it is answered."""
    return {
        **as_json(kept.claim),
        "entered_by": kept.entered_by,
        "entered_at": kept.entered_at,
        "updated_by": kept.updated_by,
        "updated_at": kept.updated_at,
        "revision": kept.revision,
        "found_in": found.comments,
        "flagged": found.flagged,
    }


def batch(
    results: list[tuple[str, Put | Problem]], left_out: list[tuple[str, str]]
) -> dict[str, Any]:
    """Return the answer to a batch; `left_out` is what beside the claims was not taken in."""
    listed: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    for where, result in results:
        if isinstance(result, Problem):
            counts["faulty"] += 1
            listed.append({"position": where, "error": result.body()})
        else:
            counts[result.status] += 1
            listed.append(
                {
                    "position": where,
                    "claim_id": result.kept.claim.claim_id,
                    "status": result.status,
                }
            )
    names = ("created", "changed", "unchanged", "faulty")
    warnings = [{"position": where, "detail": detail} for where, detail in left_out]
    return {"results": listed, **{name: counts[name] for name in names}, "warnings": warnings}


def feed(house: House, filters: ClaimFilters) -> Iterator[bytes]:
    """Yield a DataFeed piece by piece; the registry may be large."""
    head = {
        "@context": CONTEXT,
        "@type": "DataFeed",
        "dateModified": house.now().isoformat(timespec="seconds"),
    }
    yield orjson.dumps(head)[:-1] + b',"dataFeedElement":['
    with house.sessions.reading() as session:
        between = b""
        for kept in claim_lists.everything(session, filters, house.today()):
            item = {
                "@type": "DataFeedItem",
                "dateModified": kept.updated_at.isoformat(timespec="seconds"),
                "item": as_claim_review(kept.claim),
            }
            yield between + orjson.dumps(item)
            between = b","
    yield b"]}"


def lines(house: House, filters: ClaimFilters) -> Iterator[bytes]:
    """Yield a claims file line by line."""
    with house.sessions.reading() as session:
        for kept in claim_lists.everything(session, filters, house.today()):
            yield orjson.dumps(as_json(kept.claim), option=orjson.OPT_APPEND_NEWLINE)
