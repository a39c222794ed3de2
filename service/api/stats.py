"""GET /v1/stats: figures of a period."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.api.access import HouseHere, needs
from service.api.answers import StatsAnswer, answer
from service.api.problems import ACCESS_PROBLEMS, QUERY_PROBLEMS, documented
from service.api.requests import PeriodQuery
from service.stats import stats

router = APIRouter(tags=["stats"])


@router.get(
    "/v1/stats",
    dependencies=[needs("comments:read")],
    summary="Figures of a period",
    response_model=StatsAnswer,
    responses=documented(*ACCESS_PROBLEMS, *QUERY_PROBLEMS),
)
def show(house: HouseHere, query: Annotated[PeriodQuery, Query()]) -> Response:
    """Comments received in the period by label, overdue ones, and the median time to a decision."""
    with house.sessions.reading() as session:
        return answer(stats(session, house.now(), since=query.since, until=query.until))
