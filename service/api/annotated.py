"""GET /v1/annotations: what moderators decided, to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from service.api.access import HouseHere, needs
from service.api.problems import ACCESS_PROBLEMS, QUERY_PROBLEMS, documented
from service.api.requests import SinceQuery
from service.export import annotated_comments
from service.house import House

router = APIRouter(tags=["annotations"])
MEDIA_TYPE = "application/jsonl"


@router.get(
    "/v1/annotations",
    dependencies=[needs("annotations:read")],
    summary="Export annotated comments as JSONL",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One object a line, as in `data/annotated`",
            "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        **documented(*ACCESS_PROBLEMS, *QUERY_PROBLEMS),
    },
)
def export(house: HouseHere, query: Annotated[SinceQuery, Query()]) -> StreamingResponse:
    """The moderator's labels, and the model's where the moderator left them.

    Personal data are masked; author and address of the comment stay out.
    """
    return StreamingResponse(_lines(house, query.since), media_type=MEDIA_TYPE)


def _lines(house: House, since: datetime | None) -> Iterator[bytes]:
    with house.sessions.reading() as session:
        for row in annotated_comments(session, since):
            yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
