"""GET /v1/queue: what waits for a moderator, the most pressing first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service import queue
from service.api.access import HouseHere, needs
from service.api.answers import QueueAnswer, answer
from service.api.problems import ACCESS_PROBLEMS, QUERY_PROBLEMS, documented
from service.api.requests import QueueQuery

router = APIRouter(tags=["queue"])


@router.get(
    "/v1/queue",
    dependencies=[needs("comments:read")],
    summary="List comments, the most pressing first",
    response_model=QueueAnswer,
    responses=documented(*ACCESS_PROBLEMS, *QUERY_PROBLEMS, "unknown-label", "bad-cursor"),
)
def show(house: HouseHere, query: Annotated[QueueQuery, Query()]) -> Response:
    """In the order of deadline, then urgency; follow `next_cursor` for more.

    A cursor belongs to the order it came from.
    """
    with house.sessions.reading() as session:
        page = queue.page(
            session, query.filters(), limit=query.limit, cursor=query.cursor, order=query.order
        )
    return answer(page)
