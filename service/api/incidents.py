"""Incidents over HTTP: many reports of one outage, and one answer for all of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from service import incidents
from service.api import examples
from service.api.access import HouseHere, needs
from service.api.answers import MemberAnswer, ReviewsAnswer, answer, reviews_answer
from service.api.comments import REVIEW_PROBLEMS, GivenReview, Reviewer
from service.api.openapi import json_body
from service.api.problems import ACCESS_PROBLEMS, QUERY_PROBLEMS, documented
from service.errors import Problem

router = APIRouter(tags=["incidents"])


async def incident_number(
    incident_id: Annotated[str, Path(description="The `id` of the incident.")],
) -> int:
    """Return the id of a path as a number; what is none names no incident."""
    plain = incident_id.isascii() and incident_id.isdigit() and len(incident_id) < 20
    if not plain:
        raise Problem("incident-not-found", "there is no incident of this id")
    return int(incident_id)


IncidentId = Annotated[int, Depends(incident_number)]


class IncidentsQuery(BaseModel):
    """Which incidents to return."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    waiting: bool = Field(default=False, description="Only those with comments still open.")
    limit: int = Field(50, ge=1, le=200)


class IncidentAnswer(BaseModel):
    """Reports of one outage; `sample` are the newest of them."""

    id: int
    topic: str
    place: str
    comments: int
    accounts: int
    waiting: int = Field(description="Comments still open.")
    platforms: dict[str, int]
    first_seen: AwareDatetime
    last_seen: AwareDatetime
    current: bool = Field(description="Whether further reports join it.")
    sample: list[MemberAnswer]


class IncidentsAnswer(BaseModel):
    """Incidents, those with the newest reports first."""

    items: list[IncidentAnswer]


@router.get(
    "/v1/incidents",
    dependencies=[needs("comments:read")],
    summary="List the incidents",
    response_model=IncidentsAnswer,
    responses=documented(*ACCESS_PROBLEMS, *QUERY_PROBLEMS),
)
def show_list(house: HouseHere, query: Annotated[IncidentsQuery, Query()]) -> Response:
    """Reports of several people about one topic in one place, the newest reports first."""
    with house.sessions.reading() as session:
        found = incidents.newest(session, house, limit=query.limit, waiting=query.waiting)
    return answer({"items": found})


@router.get(
    "/v1/incidents/{incident_id}",
    dependencies=[needs("comments:read")],
    summary="Look at one incident",
    response_model=IncidentAnswer,
    responses=documented(*ACCESS_PROBLEMS, "incident-not-found"),
)
def show(house: HouseHere, incident_id: IncidentId) -> Response:
    """With the newest of its comments, 100 at most."""
    with house.sessions.reading() as session:
        return answer(incidents.get(session, incident_id))


@router.post(
    "/v1/incidents/{incident_id}/review",
    summary="Answer everybody who reported an incident",
    response_model=ReviewsAnswer,
    responses=documented(*REVIEW_PROBLEMS, "incident-not-found"),
    openapi_extra=json_body("ReviewRequest", examples.REVIEW),
)
def decide(
    house: HouseHere, caller: Reviewer, incident_id: IncidentId, given: GivenReview
) -> Response:
    """Decides on every open comment, each recorded; a template speaks each one's language.

    A comment that cannot be decided like this is listed with its problem and stays open.
    """
    done = incidents.review_all(house, incident_id, caller.actor, given, house.now())
    return reviews_answer(done)
