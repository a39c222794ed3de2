"""The claim registry over HTTP: what people repeat, what is known about it, where it was found."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from models.claims.claim_review import as_claim_review
from service import claim_lists, claim_registry
from service.api import claim_examples as examples
from service.api.access import HouseHere, needs, require
from service.api.answers import answer
from service.api.claim_answers import asks_for_reviews, batch, feed, lines, shown
from service.api.claim_bodies import (
    CLAIM_REVIEW,
    JSONL,
    ClaimsHere,
    read_one,
    read_request,
)
from service.api.claim_shapes import (
    ClaimBatchAnswer,
    ClaimHistoryAnswer,
    ClaimsAnswer,
    ClaimsQuery,
    DeletedAnswer,
    ExamplesQuery,
    ImportQuery,
    MatchedCommentsAnswer,
    PageQuery,
    RegisteredClaimAnswer,
)
from service.api.openapi import claims_body
from service.api.problems import ACCESS_PROBLEMS, BATCH_PROBLEMS, QUERY_PROBLEMS, documented
from service.claim_lists import Found
from service.errors import Problem
from service.principal import Principal

router = APIRouter(tags=["claims"])
Editor = Annotated[Principal, Depends(require("claims:write"))]
ClaimId = Annotated[str, Path(description="The `claim_id`.")]
EXPORTS: dict[str, Any] = {
    CLAIM_REVIEW: {"schema": {"type": "object"}},
    JSONL: {"schema": {"type": "string"}},
}


@router.get(
    "/v1/claims",
    dependencies=[needs("claims:read")],
    summary="List or export the claims",
    response_model=ClaimsAnswer,
    responses={
        200: {"description": "A page, or the whole registry", "content": EXPORTS},
        **documented(*ACCESS_PROBLEMS, *QUERY_PROBLEMS, "bad-cursor"),
    },
)
def show(house: HouseHere, request: Request, query: Annotated[ClaimsQuery, Query()]) -> Response:
    """The newest first; follow `next_cursor` for more.

    With `format=claimreview` or `Accept: application/ld+json`: all of them as a schema.org
    `DataFeed` of `ClaimReview`; with `format=jsonl`: a claims file.
    """
    if query.format == "jsonl":
        return StreamingResponse(lines(house, query.filters(whole=True)), media_type=JSONL)
    if query.format == "claimreview" or asks_for_reviews(request):
        return StreamingResponse(feed(house, query.filters(whole=True)), media_type=CLAIM_REVIEW)
    with house.sessions.reading() as session:
        page = claim_lists.page(
            session,
            query.filters(whole=False),
            house.today(),
            limit=query.limit,
            cursor=query.cursor,
        )
    items = [shown(kept, found) for kept, found in page.items]
    return answer({"items": items, "next_cursor": page.next_cursor})


@router.post(
    "/v1/claims",
    summary="Add claims: one, many, ClaimReview, CSV",
    status_code=201,
    response_model=RegisteredClaimAnswer | ClaimBatchAnswer,
    responses={
        200: {
            "description": "It had been there before; or what became of each claim of a batch",
            "model": RegisteredClaimAnswer | ClaimBatchAnswer,
        },
        **documented(*ACCESS_PROBLEMS, *BATCH_PROBLEMS, "claim-faulty", "claim-conflict"),
    },
    openapi_extra=claims_body(examples.ONE, examples.REVIEWS, examples.TABLE),
)
def create(
    house: HouseHere, caller: Editor, body: ClaimsHere, query: Annotated[ImportQuery, Query()]
) -> Response:
    """What it is shows in the content: one or many, ours or schema.org's.

    That is our JSON, `{"items": […]}`, a `ClaimReview`, a list, an `@graph`, a `DataFeed`,
    or a CSV or JSONL file by its content type. One claim answers 201, or 200 where the same
    was known, 409 where its id has other content. A batch answers 200 with one result a
    claim: a faulty one is named by its position, the rest are taken. What beside the claims
    was left out (a column of a table) stands in `warnings`. Comments are compared with them
    from the next one on; those that still wait (of the last days, the newest first) are
    compared again within moments, those decided on are not.
    """
    read = read_request(body)
    with house.sessions.writing() as session:
        put = claim_registry.put(
            session, read.good(), caller.actor, house.now(), overwrite=query.replace
        )
    taken = iter(put)
    results = [
        (where, claim if isinstance(claim, Problem) else next(taken)) for where, claim in read.found
    ]
    if read.several:
        return answer(batch(results, read.left_out))
    _, result = results[0]
    if isinstance(result, Problem):
        raise result
    with house.sessions.reading() as session:
        found = claim_lists.found_in(session, [result.kept.number])
    status = 201 if result.status == "created" else 200
    return answer(shown(result.kept, found.get(result.kept.number, Found())), status)


@router.delete(
    "/v1/claims",
    summary="Delete every example",
    response_model=DeletedAnswer,
    responses=documented(*ACCESS_PROBLEMS, *QUERY_PROBLEMS, "missing-field"),
)
def remove_examples(
    house: HouseHere, caller: Editor, _query: Annotated[ExamplesQuery, Query()]
) -> Response:
    """Takes `?example=true`: the claims shipped to show how it works, and no others.

    Comments that still wait lose the flags these gave them.
    """
    with house.sessions.writing() as session:
        number = claim_registry.delete_examples(session, caller.actor, house.now())
    return answer({"deleted": number})


@router.get(
    "/v1/claims/{claim_id:path}/history",
    dependencies=[needs("claims:read")],
    summary="Every change of a claim",
    response_model=ClaimHistoryAnswer,
    responses=documented(*ACCESS_PROBLEMS, "claim-not-found"),
)
def history(house: HouseHere, claim_id: ClaimId) -> Response:
    """Who changed what and when, the newest first; a deleted claim keeps its history."""
    with house.sessions.reading() as session:
        kept = claim_registry.get(session, claim_id)
        edits = [
            {
                "revision": edit.revision,
                "deed": edit.deed,
                "actor": edit.actor,
                "at": edit.at,
                "claim": edit.body,
            }
            for edit in claim_registry.edits(session, kept.number)
        ]
    return answer({"claim_id": claim_id, "deleted_at": kept.deleted_at, "edits": edits})


@router.get(
    "/v1/claims/{claim_id:path}/comments",
    dependencies=[needs("claims:read"), needs("comments:read")],
    summary="The comments a claim was found in",
    response_model=MatchedCommentsAnswer,
    responses=documented(*ACCESS_PROBLEMS, *QUERY_PROBLEMS, "claim-not-found", "bad-cursor"),
)
def matched(house: HouseHere, claim_id: ClaimId, query: Annotated[PageQuery, Query()]) -> Response:
    """The newest first, those of a deleted claim too; follow `next_cursor` for more."""
    with house.sessions.reading() as session:
        number = claim_registry.get(session, claim_id).number
        page = claim_lists.matches(session, number, limit=query.limit, cursor=query.cursor)
    return answer(page)


@router.get(
    "/v1/claims/{claim_id:path}",
    dependencies=[needs("claims:read")],
    summary="Look at one claim",
    response_model=RegisteredClaimAnswer,
    responses={
        200: {"description": "The claim", "content": {CLAIM_REVIEW: EXPORTS[CLAIM_REVIEW]}},
        **documented(*ACCESS_PROBLEMS, "claim-not-found"),
    },
)
def look(house: HouseHere, request: Request, claim_id: ClaimId) -> Response:
    """With `Accept: application/ld+json`: as a schema.org `ClaimReview`."""
    with house.sessions.reading() as session:
        kept = claim_registry.present(session, claim_id)
        found = claim_lists.found_in(session, [kept.number]).get(kept.number, Found())
    if asks_for_reviews(request):
        return Response(orjson.dumps(as_claim_review(kept.claim)), media_type=CLAIM_REVIEW)
    return answer(shown(kept, found))


@router.put(
    "/v1/claims/{claim_id:path}",
    summary="Change a claim",
    response_model=RegisteredClaimAnswer,
    responses={
        201: {"description": "There was none of this id", "model": RegisteredClaimAnswer},
        **documented(*ACCESS_PROBLEMS, *BATCH_PROBLEMS, "claim-faulty"),
    },
    openapi_extra=claims_body(examples.CHANGED, examples.REVIEW),
)
def change(house: HouseHere, caller: Editor, claim_id: ClaimId, body: ClaimsHere) -> Response:
    """Put the whole claim, ours or a ClaimReview, under this id; how it read before is kept.

    Comments that still wait are compared with it again.
    """
    claim = read_one(body, claim_id)
    with house.sessions.writing() as session:
        (result,) = claim_registry.put(session, [claim], caller.actor, house.now(), overwrite=True)
        if isinstance(result, Problem):
            raise result
        found = claim_lists.found_in(session, [result.kept.number])
    status = 201 if result.status == "created" else 200
    return answer(shown(result.kept, found.get(result.kept.number, Found())), status)


@router.delete(
    "/v1/claims/{claim_id:path}",
    summary="Delete a claim",
    status_code=204,
    response_class=Response,
    responses=documented(*ACCESS_PROBLEMS, "claim-not-found"),
)
def remove(house: HouseHere, caller: Editor, claim_id: ClaimId) -> Response:
    """Comments are not compared with it any more, and those that still wait lose its flag.

    Its history and the comments it was found in are kept.
    """
    with house.sessions.writing() as session:
        claim_registry.delete(session, claim_id, caller.actor, house.now())
    return Response(status_code=204)
