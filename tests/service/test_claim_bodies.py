"""Bodies of claims as they come from outside: what holds none is a problem, not a batch."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

CLAIM: dict[str, Any] = {"claim": {"ru": "Воду отравили"}, "verdict": "false"}
COLUMNS = "claim_ru,verdict\n"


def send(api: TestClient, media_type: str, content: bytes) -> Any:
    return api.post("/v1/claims", content=content, headers={"content-type": media_type})


@pytest.mark.parametrize(
    ("media_type", "content", "status", "code"),
    [
        ("text/csv", b"", 422, "empty-batch"),
        ("text/csv", b" \n", 422, "empty-batch"),
        ("text/csv", COLUMNS.encode(), 422, "empty-batch"),
        ("text/csv", b"claim_ru,verdict,note\n", 422, "empty-batch"),
        ("text/csv", (COLUMNS + "a,false").encode("utf-16"), 400, "invalid-utf-8"),
        ("text/csv", b"a,b\n1,2\n", 422, "claim-faulty"),
        ("text/csv", b"PK\x03\x04rest", 422, "claim-faulty"),
        ("application/jsonl", b"", 422, "empty-batch"),
        ("application/jsonl", b"[1,", 400, "invalid-json"),
        ("application/jsonl", b"[{\xff", 400, "invalid-utf-8"),
        ("application/jsonl", b'{"items": []}', 422, "empty-batch"),
        ("application/jsonl", b'{"items": 5}', 422, "claim-faulty"),
        ("application/json", b"", 400, "invalid-json"),
        ("application/json", b"[]", 422, "empty-batch"),
        ("application/json", b'{"items": []}', 422, "empty-batch"),
        ("application/json", b'{"claims": []}', 422, "empty-batch"),
        ("application/json", b'{"@graph": []}', 422, "empty-batch"),
        (
            "application/ld+json",
            b'{"@type": "DataFeed", "dataFeedElement": []}',
            422,
            "empty-batch",
        ),
        ("application/json", b'{"items": 5}', 422, "claim-faulty"),
        ("application/json", b'{"items": {}}', 422, "claim-faulty"),
        ("application/json", b'{"items": [{}], "items": [{}]}', 422, "claim-faulty"),
    ],
)
def test_a_body_that_holds_no_claims(
    api: TestClient, media_type: str, content: bytes, status: int, code: str
) -> None:
    answer = send(api, media_type, content)
    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"/problems/{code}"


@pytest.mark.parametrize("inner", ['"verdict": "true"', '"claim": {"ru": "a", "ru": "b"}'])
def test_a_name_given_twice_is_a_fault_of_its_line(api: TestClient, inner: str) -> None:
    twice = '{"claim_id": "a", "claim": {"ru": "x"}, "verdict": "false", ' + inner + "}"
    content = f"{json.dumps(CLAIM)}\n{twice}\n".encode()
    body = send(api, "application/jsonl", content).json()
    assert (body["created"], body["faulty"]) == (1, 1)
    assert body["results"][1]["position"] == "line 2"
    assert "is given twice" in body["results"][1]["error"]["detail"]


def test_a_column_nobody_knows_is_no_faulty_claim(api: TestClient) -> None:
    content = "claim_ru,verdict,comment\nЛёд тонкий,ложь,проверить\n"
    body = send(api, "text/csv", content.encode()).json()
    assert (body["created"], body["faulty"], len(body["results"])) == (1, 0, 1)
    assert body["warnings"] == [
        {"position": "row 1", "detail": "column 'comment' is unknown and was left out"}
    ]


@pytest.mark.parametrize("claim_id", ["x/history", "y/comments", "https://a.kz/b/comments"])
def test_an_id_that_could_not_be_looked_at(api: TestClient, claim_id: str) -> None:
    review = {
        "@type": "ClaimReview",
        "identifier": claim_id,
        "claimReviewed": "Школы закрывают",
        "reviewRating": {"alternateName": "Ложь"},
    }
    table = f"claim_id,{COLUMNS}{claim_id},a,false\n".encode()
    for answer in (
        api.put(f"/v1/claims/{claim_id}", json=CLAIM),
        api.post("/v1/claims", json={**CLAIM, "claim_id": claim_id}),
        api.post("/v1/claims", json=review),
    ):
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/claim-faulty"
        assert "must not end in /history or /comments" in answer.json()["detail"]
    (result,) = send(api, "text/csv", table).json()["results"]
    assert "must not end in" in result["error"]["detail"]
    assert api.put("/v1/claims/history", json=CLAIM).status_code == 201
    assert api.get("/v1/claims/history").status_code == 200
