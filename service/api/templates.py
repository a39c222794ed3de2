"""GET and PUT /v1/templates: the replies moderators choose from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service import templates
from service.api import examples
from service.api.access import HouseHere, needs, require
from service.api.answers import TemplatesAnswer, answer
from service.api.body import Body, check_items, parse_json, refuse_unstorable
from service.api.openapi import json_body
from service.api.problems import ACCESS_PROBLEMS, BATCH_PROBLEMS, QUERY_PROBLEMS, documented
from service.principal import Principal
from service.replies import Template, find_templates

router = APIRouter(tags=["templates"])


class TemplatesQuery(BaseModel):
    """Which templates to return."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: str = Field(
        "", max_length=200, description="Words that all begin something in its titles or texts."
    )


@router.get(
    "/v1/templates",
    dependencies=[needs("templates:read")],
    summary="List the reply templates",
    response_model=TemplatesAnswer,
    responses=documented(*ACCESS_PROBLEMS, *QUERY_PROBLEMS),
)
def show(house: HouseHere, query: Annotated[TemplatesQuery, Query()]) -> Response:
    """The shipped templates and this installation's own, by id.

    With `q` those with all its words, in any language, best first; Kazakh letters may be missing.
    """
    with house.sessions.reading() as session:
        catalogue = house.catalogue(session)
    by_id = [catalogue.templates[name] for name in sorted(catalogue.templates)]
    return _listed(find_templates(query.q, by_id) if query.q else by_id)


@router.put(
    "/v1/templates",
    summary="Add or replace reply templates",
    response_model=TemplatesAnswer,
    responses=documented(*ACCESS_PROBLEMS, *BATCH_PROBLEMS, "template-faulty"),
    openapi_extra=json_body("TemplatesRequest", examples.TEMPLATES),
)
def put(
    house: HouseHere,
    caller: Annotated[Principal, Depends(require("templates:write"))],
    body: Body,
) -> Response:
    """All of them or none; templates that are not given stay as they are.

    Every fault is named: a text that is missing in a language, a slot that is not
    declared, a condition nobody knows.
    """
    given = parse_json(body)
    refuse_unstorable(given)
    items = check_items(given, limit=house.settings.batch_limit)
    with house.sessions.writing() as session:
        kept = templates.put(session, items, caller.actor, house.now())
    return _listed(kept)


def _listed(listed: list[Template]) -> Response:
    return answer({"items": [template.model_dump(mode="json") for template in listed]})
