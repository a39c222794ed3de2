"""The documentation is true: every example works, every answer has the shape it promises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from models.analysis import Analysis
from service.api import analysis_answer, answers, claim_shapes, incidents, rumours

SHAPES: dict[str, Any] = {
    "/v1/classify": answers.ClassifyAnswer,
    "/v1/classify/batch": answers.ClassifyBatchAnswer,
    "/v1/comments": answers.CommentAnswer,
    "/v1/comments/batch": answers.CommentBatchAnswer,
    "/v1/comments/{comment_id}/review": answers.ReviewAnswer,
    "/v1/comments/{comment_id}/group/review": answers.ReviewsAnswer,
    "/v1/incidents/{incident_id}/review": answers.ReviewsAnswer,
    "/v1/templates": answers.TemplatesAnswer,
    "/v1/claims": claim_shapes.RegisteredClaimAnswer | claim_shapes.ClaimBatchAnswer,
    "/v1/claims/{claim_id}": claim_shapes.RegisteredClaimAnswer,
}


def examples(document: dict[str, Any]) -> list[tuple[str, str, str, str, Any]]:
    """Return (method, path, content type, name, body) of every example of a request."""
    return [
        (method, path, media_type, name, example["value"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items()
        for name, example in content["examples"].items()
    ]


def test_every_example_works(api: TestClient) -> None:
    found = examples(api.get("/openapi.json").json())
    assert {path for _, path, *_ in found} == set(SHAPES)
    for method, path, media_type, name, body in found:
        waiting = api.post(
            "/v1/comments", json={"text": "Абай көшесінде люк", "external_id": f"for {path} {name}"}
        )
        url = path.replace("{comment_id}", str(waiting.json()["id"]))
        url = url.replace("{incident_id}", "1")
        url = url.replace("{claim_id}", name)
        if method == "put" and "identifier" in body:
            url = url.removesuffix(name) + body["identifier"]
        content = body if isinstance(body, str) else json.dumps(body)
        answer = api.request(
            method, url, content=content.encode(), headers={"content-type": media_type}
        )
        assert answer.status_code in {200, 201}, (path, name, answer.text)
        TypeAdapter(SHAPES[path]).validate_json(answer.content)


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/v1/comments/1", answers.StoredCommentAnswer),
        ("/v1/queue", answers.QueueAnswer),
        ("/v1/stats", answers.StatsAnswer),
        ("/v1/incidents", incidents.IncidentsAnswer),
        ("/v1/incidents/1", incidents.IncidentAnswer),
        ("/v1/rumours", rumours.RumoursAnswer),
        ("/v1/templates", answers.TemplatesAnswer),
        ("/v1/claims?limit=2", claim_shapes.ClaimsAnswer),
        ("/v1/claims/example-white-van", claim_shapes.RegisteredClaimAnswer),
        ("/v1/claims/example-white-van/history", claim_shapes.ClaimHistoryAnswer),
        ("/v1/claims/example-white-van/comments", claim_shapes.MatchedCommentsAnswer),
        ("/health/live", answers.HealthAnswer),
        ("/health/ready", answers.HealthAnswer),
    ],
)
def test_every_answer_has_its_shape(api: TestClient, path: str, shape: Any) -> None:
    api.post(
        "/v1/comments", json={"text": "Абай көшесінде люк", "external_id": "1", "explain": True}
    )
    api.post("/v1/comments/1/claim")
    TypeAdapter(shape).validate_json(api.get(path).content)


FAULTS: list[tuple[str, str, dict[str, Any], str]] = [
    ("post", "/v1/classify", {"json": {"text": " "}}, "blank-text"),
    ("post", "/v1/classify", {"json": {"text": "a", "platform": "icq"}}, "unknown-platform"),
    ("post", "/v1/classify/batch", {"json": {"items": []}}, "empty-batch"),
    ("post", "/v1/comments", {"json": {"text": "a", "external_id": ""}}, "invalid-value"),
    ("post", "/v1/comments", {"json": {"text": "a", "external_id": "1"}}, "external-id-conflict"),
    ("post", "/v1/comments/batch", {"json": {"items": 1}}, "wrong-type"),
    ("get", "/v1/comments/{comment_id}", {"id": "9"}, "comment-not-found"),
    ("post", "/v1/comments/{comment_id}/claim", {"id": "9"}, "comment-not-found"),
    ("post", "/v1/comments/{comment_id}/review", {"json": {"decision": "maybe"}}, "invalid-value"),
    (
        "post",
        "/v1/comments/{comment_id}/review",
        {"json": {"decision": "reject", "corrections": {"topic": "weather"}}},
        "unknown-label",
    ),
    ("get", "/v1/queue", {"params": {"topic": "weather"}}, "unknown-label"),
    ("get", "/v1/queue", {"params": {"colour": "red"}}, "unknown-field"),
    ("get", "/v1/queue", {"params": {"cursor": "x"}}, "bad-cursor"),
    ("get", "/v1/incidents", {"params": {"limit": "0"}}, "invalid-value"),
    ("get", "/v1/incidents/{incident_id}", {"id": "none"}, "incident-not-found"),
    ("post", "/v1/incidents/{incident_id}/review", {"json": {"decision": "no"}}, "invalid-value"),
    (
        "post",
        "/v1/incidents/{incident_id}/review",
        {"id": "9", "json": {"decision": "reject"}},
        "incident-not-found",
    ),
    ("get", "/v1/rumours", {"params": {"limit": "0"}}, "invalid-value"),
    ("get", "/v1/stats", {"params": {"since": "today"}}, "invalid-value"),
    ("get", "/v1/stats", {"params": {"sinse": "today"}}, "unknown-field"),
    ("get", "/v1/annotations", {"params": {"a": "1", "since": "b"}}, "invalid-request"),
    ("put", "/v1/templates", {"json": {"items": [{}]}}, "template-faulty"),
    ("post", "/v1/models/{version}/activate", {"id": "none"}, "model-not-found"),
    ("post", "/v1/claims", {"json": {"verdict": "false"}}, "claim-faulty"),
    ("post", "/v1/claims", {"json": []}, "empty-batch"),
    ("post", "/v1/claims", {"json": 1}, "wrong-type"),
    ("get", "/v1/claims", {"params": {"verdict": "maybe"}}, "invalid-value"),
    ("get", "/v1/claims", {"params": {"cursor": "x"}}, "bad-cursor"),
    ("delete", "/v1/claims", {}, "missing-field"),
    ("get", "/v1/claims/{claim_id}", {"id": "none"}, "claim-not-found"),
    ("put", "/v1/claims/{claim_id}", {"json": {"claim_id": "other"}}, "invalid-value"),
    ("delete", "/v1/claims/{claim_id}", {"id": "none"}, "claim-not-found"),
    ("get", "/v1/claims/{claim_id}/history", {"id": "none"}, "claim-not-found"),
    ("get", "/v1/claims/{claim_id}/comments", {"id": "none"}, "claim-not-found"),
]


@pytest.mark.parametrize(("method", "path", "sent", "code"), FAULTS)
def test_every_problem_is_documented(
    api: TestClient, method: str, path: str, sent: dict[str, Any], code: str
) -> None:
    api.post("/v1/comments", json={"text": "люк", "external_id": "1"})
    number = sent.get("id", "1")
    url = path.replace("{comment_id}", number).replace("{version}", number)
    url = url.replace("{claim_id}", number).replace("{incident_id}", number)
    answer = api.request(method, url, json=sent.get("json"), params=sent.get("params"))
    assert answer.json()["type"] == f"/problems/{code}"
    responses = api.get("/openapi.json").json()["paths"][path][method]["responses"]
    shown = responses[str(answer.status_code)]["content"]["application/problem+json"]["examples"]
    assert shown[code]["value"]["status"] == answer.status_code


def test_references_lead_somewhere(api: TestClient) -> None:
    document = api.get("/openapi.json").json()
    schemas = document["components"]["schemas"]

    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [found for inner in part.values() for found in references(inner)]
        if isinstance(part, list):
            return [found for inner in part for found in references(inner)]
        return []

    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas


def test_every_operation_is_described(api: TestClient) -> None:
    document = api.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"]
            assert operation["description"]
            if not path.startswith("/health"):
                assert operation["security"], path
                assert "401" in operation["responses"]


def test_the_shape_of_an_analysis_is_that_of_the_model() -> None:
    documented = set(analysis_answer.AnalysisAnswer.model_fields)
    assert documented == Analysis.__required_keys__ | Analysis.__optional_keys__
