"""Everything the interface answers to, and how it is documented."""

from __future__ import annotations

from fastapi import FastAPI

from service.api import (
    annotated,
    claims,
    classify,
    comments,
    health,
    incidents,
    models,
    openapi,
    problems,
    queue,
    rumours,
    stats,
    templates,
)
from service.api.answers import ProblemAnswer
from service.api.claim_shapes import ClaimBatchRequest, ClaimRequest, ClaimReviewDocument
from service.api.requests import (
    ClassifyBatchRequest,
    ClassifyRequest,
    CommentBatchRequest,
    CommentRequest,
    ReviewRequest,
    TemplatesRequest,
)

_PARTS = (
    classify,
    comments,
    queue,
    incidents,
    claims,
    rumours,
    templates,
    annotated,
    models,
    stats,
    health,
)


def install(app: FastAPI) -> None:
    """Mount the interface on `app`, with its errors and its documentation."""
    for part in _PARTS:
        app.include_router(part.router)
    problems.install(app)
    openapi.install(
        app,
        ClassifyRequest,
        ClassifyBatchRequest,
        CommentRequest,
        CommentBatchRequest,
        ReviewRequest,
        TemplatesRequest,
        ClaimRequest,
        ClaimBatchRequest,
        ClaimReviewDocument,
        ProblemAnswer,
    )
