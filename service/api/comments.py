"""Comments: take them in, look at one, hold it, decide on it."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Response

from service import comments, hold
from service.answer_all import answer_alike
from service.api import examples
from service.api.access import HouseHere, needs, require
from service.api.answers import (
    ClaimAnswer,
    CommentAnswer,
    CommentBatchAnswer,
    ReviewAnswer,
    ReviewsAnswer,
    StoredCommentAnswer,
    answer,
    reviews_answer,
)
from service.api.body import Body, check, check_each, check_items, parse_json
from service.api.openapi import json_body
from service.api.problems import (
    ACCESS_PROBLEMS,
    BATCH_PROBLEMS,
    BODY_PROBLEMS,
    TEXT_PROBLEMS,
    documented,
)
from service.api.requests import CommentRequest, ReviewRequest
from service.errors import Problem
from service.house import House
from service.principal import Principal
from service.receive import Incoming, Received, receive
from service.review import ReviewInput, review
from service.store.tables import LARGEST_ID

router = APIRouter(tags=["comments"])
Reviewer = Annotated[Principal, Depends(require("review"))]


async def comment_number(
    comment_id: Annotated[str, Path(description="The `id` the comment was given.")],
) -> int:
    """Return the id of a path as a number; what is none names no comment."""
    plain = comment_id.isascii() and comment_id.isdigit() and len(comment_id) < 20
    if not plain or int(comment_id) > LARGEST_ID:
        raise Problem("comment-not-found", "there is no comment of this id")
    return int(comment_id)


CommentId = Annotated[int, Depends(comment_number)]


def read_review(house: HouseHere, body: Body) -> ReviewInput:
    """Return the decision in a body."""
    given = check(ReviewRequest, parse_json(body), limit=house.settings.text_limit)
    return given.review_input()


GivenReview = Annotated[ReviewInput, Depends(read_review)]
REVIEW_PROBLEMS: Final = (
    *ACCESS_PROBLEMS,
    *BODY_PROBLEMS,
    "not-escalated",
    "template-not-found",
    "unknown-slot",
    "unknown-label",
)
"""What can be wrong with a decision, whatever it is about."""
_OF_ONE: Final = (
    *REVIEW_PROBLEMS,
    *("comment-not-found", "held-by-another", "already-decided", "reply-refused"),
)
"""And with one about a comment."""


@router.post(
    "/v1/comments",
    dependencies=[needs("comments:write")],
    summary="Store a comment, analyse and queue it",
    status_code=201,
    response_model=CommentAnswer,
    responses={
        200: {"description": "It had been stored before", "model": CommentAnswer},
        **documented(*ACCESS_PROBLEMS, *TEXT_PROBLEMS, "external-id-conflict"),
    },
    openapi_extra=json_body("CommentRequest", examples.COMMENT),
)
def create(house: HouseHere, body: Body) -> Response:
    """Answered only once the comment is durable.

    The same platform and `external_id` again answers 200 with the same `id`, and
    409 if the text differs: a sender may simply try again.
    """
    given = check(CommentRequest, parse_json(body), limit=house.settings.text_limit)
    result = _receive(house, [given.incoming(suggest=True)])[0]
    if isinstance(result, Problem):
        raise result
    return answer(result, 201 if result.created else 200)


@router.post(
    "/v1/comments/batch",
    dependencies=[needs("comments:write")],
    summary="Store up to 1,000 comments",
    response_model=CommentBatchAnswer,
    responses=documented(*ACCESS_PROBLEMS, *BATCH_PROBLEMS),
    openapi_extra=json_body("CommentBatchRequest", examples.COMMENT_BATCH),
)
def create_batch(house: HouseHere, body: Body) -> Response:
    """Like `/v1/comments` for many; a faulty item is answered with `{"error": problem}`."""
    items = check_items(parse_json(body), limit=house.settings.batch_limit)
    checked = check_each(CommentRequest, items, limit=house.settings.text_limit)
    good = [item.incoming(suggest=False) for item in checked if not isinstance(item, Problem)]
    received = iter(_receive(house, good))
    results = [item if isinstance(item, Problem) else next(received) for item in checked]
    return answer({"results": [_result(result) for result in results]})


@router.get(
    "/v1/comments/{comment_id}",
    dependencies=[needs("comments:read")],
    summary="Look at one comment",
    response_model=StoredCommentAnswer,
    responses=documented(*ACCESS_PROBLEMS, "comment-not-found"),
)
def show(house: HouseHere, comment_id: CommentId) -> Response:
    """The comment, the model's opinion and, beside it, the moderator's decision."""
    with house.sessions.reading() as session:
        return answer(comments.get(session, comment_id))


@router.post(
    "/v1/comments/{comment_id}/claim",
    summary="Hold a comment for a while",
    response_model=ClaimAnswer,
    responses=documented(
        *ACCESS_PROBLEMS, "comment-not-found", "held-by-another", "already-decided"
    ),
    tags=["queue"],
)
def claim(house: HouseHere, caller: Reviewer, comment_id: CommentId) -> Response:
    """Nobody else can decide on it until then; asking again prolongs it."""
    with house.sessions.writing() as session:
        until = hold.claim(session, house, comment_id, caller.actor, house.now())
    return answer({"id": comment_id, "held_by": caller.actor, "held_until": until})


@router.post(
    "/v1/comments/{comment_id}/review",
    summary="Decide on a comment",
    response_model=ReviewAnswer,
    responses=documented(*_OF_ONE),
    openapi_extra=json_body("ReviewRequest", examples.REVIEW),
    tags=["queue"],
)
def decide(
    house: HouseHere, caller: Reviewer, comment_id: CommentId, given: GivenReview
) -> Response:
    """The decision and the corrected labels are kept beside the model's opinion.

    What was escalated can be decided by anybody, or put back into the queue with `return`.
    """
    with house.sessions.writing() as session:
        decided = review(session, house, comment_id, caller.actor, given, house.now())
    return answer(decided)


@router.post(
    "/v1/comments/{comment_id}/group/review",
    summary="Decide on a comment and on those that say nearly the same",
    response_model=ReviewsAnswer,
    responses=documented(*_OF_ONE),
    openapi_extra=json_body("ReviewRequest", examples.REVIEW),
    tags=["queue"],
)
def decide_alike(
    house: HouseHere, caller: Reviewer, comment_id: CommentId, given: GivenReview
) -> Response:
    """Decides on the comment and on those of its `group` that wait as it does, 500 at most.

    A template speaks to each by name, and without `language` in their own; `reply_text` goes
    to all as it is and may call nobody by name. What is wrong with the comment itself is the
    answer; one of the others that cannot be decided like this is listed and stays as it was.
    """
    now = house.now()
    first, others = answer_alike(house, comment_id, caller.actor, given, now)
    others.decided = {comment_id: first, **others.decided}
    return reviews_answer(others)


def _receive(house: House, items: list[Incoming]) -> list[Received | Problem]:
    """Store the comments; when this returns, they are durable."""
    with house.sessions.writing() as session:
        return receive(session, house, items, house.now())


def _result(result: Received | Problem) -> Any:
    return {"error": result.body()} if isinstance(result, Problem) else result
