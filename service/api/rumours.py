"""GET /v1/rumours: what spreads, how fast, how far, and whether there is an answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from service.api.access import HouseHere, needs
from service.api.answers import answer
from service.api.problems import ACCESS_PROBLEMS, QUERY_PROBLEMS, documented
from service.rumours import gaining

router = APIRouter(tags=["claims"])


class RumoursQuery(BaseModel):
    """How many to return."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(50, ge=1, le=200)


class RumourAnswer(BaseModel):
    """A known claim, or a cluster: like texts in which no claim was found when they came in."""

    kind: str = Field(description="`claim` or `cluster`.")
    id: int
    claim_id: str | None = Field(description="Of a cluster: a claim entered since that fits.")
    verdict: str | None
    texts: dict[str, str] = Field(description="By language; under the empty name as commented.")
    comments: int
    accounts: int
    recent: int = Field(description="Comments of the last window.")
    before: int = Field(description="Comments of the window before.")
    growth: int
    platforms: dict[str, int]
    languages: dict[str, int]
    first_seen: AwareDatetime
    last_seen: AwareDatetime
    coordinated: bool
    answers: list[str] = Field(description="Languages in which there is a refutation.")


class RumoursAnswer(BaseModel):
    """Rumours, the fastest growing first."""

    window_hours: int
    items: list[RumourAnswer]


@router.get(
    "/v1/rumours",
    dependencies=[needs("comments:read")],
    summary="Rumours gaining ground",
    response_model=RumoursAnswer,
    responses=documented(*ACCESS_PROBLEMS, *QUERY_PROBLEMS),
)
def show(house: HouseHere, query: Annotated[RumoursQuery, Query()]) -> Response:
    """Claims and clusters of like texts by growth; only comments that are flagged count."""
    with house.sessions.reading() as session:
        found = gaining(session, house, house.now(), limit=query.limit)
    return answer({"window_hours": house.settings.likeness_hours, "items": found})
