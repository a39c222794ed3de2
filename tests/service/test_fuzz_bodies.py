"""Whatever is posted, the service answers in JSON and never fails."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

JSON_TYPE = {"content-type": "application/json"}
PATHS = [
    "/v1/classify",
    "/v1/classify/batch",
    "/v1/comments",
    "/v1/comments/batch",
    "/v1/comments/1/review",
]
FIELDS = [
    "text",
    "platform",
    "parent_text",
    "suggest",
    "explain",
    "external_id",
    "author",
    "posted_at",
    "url",
    "decision",
    "template_id",
    "reply_text",
    "language",
    "slots",
    "corrections",
    "confirm",
    "items",
    "id",
]
CODES = ["instagram", "approve", "edit", "reject", "kk", "ru", "heating", "2026-01-12T08:15:00Z"]

anything_written = st.one_of(
    st.sampled_from(CODES),
    st.text(st.characters(exclude_categories=()), max_size=20),
    st.just("жылу жоқ"),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), anything_written)
names = st.one_of(
    st.sampled_from(FIELDS), st.text(st.characters(exclude_categories=()), max_size=5)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=12,
)
bodies = st.one_of(
    values,
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=9),
    st.builds(lambda items: {"items": items}, st.lists(values, max_size=4)),
)
relaxed = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def assert_answered(answer: Any) -> None:
    assert answer.status_code < 500
    body = answer.json()
    if answer.status_code >= 400:
        assert body["type"].startswith("/problems/")
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
@relaxed
@given(body=bodies)
def test_any_json(api: TestClient, path: str, body: Any) -> None:
    assert_answered(api.post(path, content=json.dumps(body).encode(), headers=JSON_TYPE))


@relaxed
@given(body=bodies)
def test_any_json_as_templates(api: TestClient, body: Any) -> None:
    assert_answered(api.put("/v1/templates", content=json.dumps(body).encode(), headers=JSON_TYPE))


@pytest.mark.parametrize("path", ["/v1/classify", "/v1/comments/batch"])
@relaxed
@given(body=st.binary(max_size=64))
def test_any_bytes(api: TestClient, path: str, body: bytes) -> None:
    assert_answered(api.post(path, content=body, headers=JSON_TYPE))


@relaxed
@given(
    query=st.dictionaries(
        st.sampled_from(["status", "topic", "flag", "limit", "cursor", "needs_answer", "since"]),
        st.text(max_size=12),
        max_size=3,
    )
)
@pytest.mark.parametrize("path", ["/v1/queue", "/v1/stats", "/v1/annotations"])
def test_any_query(api: TestClient, path: str, query: dict[str, str]) -> None:
    answer = api.get(path, params=query)
    assert answer.status_code in {200, 422}


@relaxed
@given(key=st.text(max_size=40))
def test_any_key(api: TestClient, key: str) -> None:
    header = b"Bearer " + key.encode("utf-8", "surrogatepass").replace(b"\n", b"").replace(
        b"\r", b""
    )
    answer = api.get("/v1/queue", headers={b"Authorization": header})
    assert answer.status_code == 401
