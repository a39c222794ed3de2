"""Decisions that say something no decision can mean are refused whole."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

REPLY = "Сәлеметсіз бе! Хабарламаңызды мамандарға жеткіздік, олар тексеріп жатыр."
TEMPLATE = "heating-outage-received"


@pytest.mark.parametrize(
    ("given", "code", "field", "words"),
    [
        (
            {"decision": "approve", "template_id": TEMPLATE, "slots": {"nope": "x"}},
            "unknown-slot",
            "slots.nope",
            "slots.nope: is no slot; the template takes ",
        ),
        (
            {"decision": "edit", "reply_text": REPLY, "slots": {"nope": "x"}},
            "unknown-slot",
            "slots.nope",
            "slots.nope: is no slot; without a template there is none",
        ),
        (
            {"decision": "reject", "slots": {"n" * 900: "x"}},
            "unknown-slot",
            f"slots.{'n' * 64}",
            "is no slot",
        ),
        (
            {"decision": "reject", "reply_text": REPLY},
            "invalid-value",
            "reply_text",
            "nothing is sent by reject",
        ),
        (
            {"decision": "escalate", "reply_text": REPLY},
            "invalid-value",
            "reply_text",
            "words for colleagues go in reason",
        ),
    ],
)
def test_nothing_is_decided(
    api: TestClient, given: dict[str, Any], code: str, field: str, words: str
) -> None:
    stored = api.post("/v1/comments", json={"text": "Үйде жылу жоқ", "external_id": "1"}).json()
    answer = api.post(f"/v1/comments/{stored['id']}/review", json=given)
    assert answer.status_code == 422
    assert answer.json()["type"] == f"/problems/{code}"
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert words in error["detail"]
    if "takes" in words:
        assert "hotline" in error["detail"]
    assert api.get(f"/v1/comments/{stored['id']}").json()["status"] == "open"


@pytest.mark.parametrize(
    "given",
    [
        {"decision": "reject", "reply_text": None},
        {"decision": "reject", "reply_text": " "},
        {"decision": "approve", "template_id": TEMPLATE, "slots": {"hotline": "109"}},
    ],
)
def test_what_means_nothing_more_is_taken(api: TestClient, given: dict[str, Any]) -> None:
    stored = api.post("/v1/comments", json={"text": "Үйде жылу жоқ", "external_id": "1"}).json()
    answer = api.post(f"/v1/comments/{stored['id']}/review", json=given)
    assert answer.status_code == 200, answer.text
