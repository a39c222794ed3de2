"""POST /v1/classify: what the model says about a comment; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Response

from service.analyse import analyse, open_shelf, replies
from service.api import examples
from service.api.access import HouseHere, needs
from service.api.answers import ClassifyAnswer, ClassifyBatchAnswer, answer
from service.api.body import Body, check, check_each, check_items, parse_json
from service.api.openapi import json_body
from service.api.problems import ACCESS_PROBLEMS, BATCH_PROBLEMS, TEXT_PROBLEMS, documented
from service.api.requests import ClassifyRequest
from service.errors import Problem
from service.house import House

router = APIRouter(tags=["classify"])


@router.post(
    "/v1/classify",
    dependencies=[needs("classify")],
    summary="Analyse one comment",
    response_model=ClassifyAnswer,
    responses=documented(*ACCESS_PROBLEMS, *TEXT_PROBLEMS),
    openapi_extra=json_body("ClassifyRequest", examples.CLASSIFY),
)
def classify(house: HouseHere, body: Body) -> Response:
    """Say what a comment is about, how urgent it is, and how it could be answered.

    Stateless: nothing is stored. `suggest` is true by default.
    """
    given = check(ClassifyRequest, parse_json(body), limit=house.settings.text_limit)
    return answer(_answers(house, [given], suggest=True)[0])


@router.post(
    "/v1/classify/batch",
    dependencies=[needs("classify")],
    summary="Analyse up to 1,000 comments",
    response_model=ClassifyBatchAnswer,
    responses=documented(*ACCESS_PROBLEMS, *BATCH_PROBLEMS),
    openapi_extra=json_body("ClassifyBatchRequest", examples.CLASSIFY_BATCH),
)
def classify_batch(house: HouseHere, body: Body) -> Response:
    """Like `/v1/classify` for many comments; results come in the order of the items.

    A faulty item is answered with `{"error": problem}`, its neighbours as usual.
    `suggest` is false by default.
    """
    items = check_items(parse_json(body), limit=house.settings.batch_limit)
    checked = check_each(ClassifyRequest, items, limit=house.settings.text_limit)
    good = [item for item in checked if isinstance(item, ClassifyRequest)]
    answers = iter(_answers(house, good, suggest=False))
    return answer({"results": [_result(item, answers) for item in checked]})


def _answers(
    house: House, items: Sequence[ClassifyRequest], *, suggest: bool
) -> list[dict[str, Any]]:
    """Return one answer an item; `suggest` counts for items that say nothing about it."""
    analyses = analyse(
        house,
        [item.text for item in items],
        [item.parent_text for item in items],
        [item.explain for item in items],
    )
    wanted = [suggest if item.suggest is None else item.suggest for item in items]
    if not any(wanted):
        return [{**analysis, "replies": []} for analysis in analyses]
    with house.sessions.reading() as session:
        shelf = open_shelf(session, house)
    return [
        {
            **analysis,
            "replies": replies(
                house, shelf, analysis, text=item.text, platform=item.platform, author=None
            )
            if wants
            else [],
        }
        for item, analysis, wants in zip(items, analyses, wanted, strict=True)
    ]


def _result(item: ClassifyRequest | Problem, answers: Iterator[Mapping[str, Any]]) -> Any:
    """Return the next answer, or what is wrong with the item."""
    return {"error": item.body()} if isinstance(item, Problem) else next(answers)
