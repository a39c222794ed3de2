"""Every error, whatever its source, leaves in one shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.errors import KINDS, Problem

JSON = {"content-type": "application/json"}


def assert_problem(answer: Any, code: str) -> dict[str, Any]:
    """Check one answer against the contract, member by member; return its body."""
    status, title = KINDS[code]
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert list(body)[:5] == ["type", "title", "status", "detail", "errors"]
    assert body["type"] == f"/problems/{code}"
    assert body["title"] == title
    assert body["status"] == status
    assert isinstance(body["detail"], str)
    assert body["detail"]
    for error in body["errors"]:
        assert list(error) == ["field", "code", "detail"]
        assert error["code"] in KINDS
    return body


CASES: dict[str, tuple[str, Callable[[TestClient], Any]]] = {
    "400 not JSON": (
        "invalid-json",
        lambda api: api.post("/v1/classify", content=b"{", headers=JSON),
    ),
    "400 not UTF-8": (
        "invalid-utf-8",
        lambda api: api.post("/v1/classify", content=b'{"text": "\xd2"}', headers=JSON),
    ),
    "400 too deep": (
        "json-too-deep",
        lambda api: api.post("/v1/classify", content=b"[" * 100_000, headers=JSON),
    ),
    "401 no key": (
        "key-missing",
        lambda api: api.get("/v1/queue", headers={"Authorization": ""}),
    ),
    "401 wrong scheme": (
        "key-missing",
        lambda api: api.get("/v1/queue", headers={"Authorization": "Basic YTpi"}),
    ),
    "401 wrong key": (
        "key-invalid",
        lambda api: api.get("/v1/queue", headers={"Authorization": "Bearer wrong"}),
    ),
    "404 no such path": ("not-found", lambda api: api.get("/v1/nothing")),
    "404 slash behind": ("not-found", lambda api: api.get("/v1/queue/")),
    "404 no such comment": ("comment-not-found", lambda api: api.get("/v1/comments/77")),
    "404 no such id": (
        "comment-not-found",
        lambda api: api.get("/v1/comments/9223372036854775808"),
    ),
    "404 no such model": ("model-not-found", lambda api: api.post("/v1/models/none/activate")),
    "405": ("method-not-allowed", lambda api: api.delete("/v1/classify")),
    "405 head": ("method-not-allowed", lambda api: api.put("/health/live")),
    "413 with length": (
        "body-too-large",
        lambda api: api.post("/v1/classify", content=b" " * (4 * 1024 * 1024 + 1), headers=JSON),
    ),
    "413 without length": (
        "body-too-large",
        lambda api: api.post("/v1/classify", content=iter([b" " * 1_000_000] * 5), headers=JSON),
    ),
    "415 other type": (
        "unsupported-media-type",
        lambda api: api.post(
            "/v1/classify", content=b"text=x", headers={"content-type": "text/plain"}
        ),
    ),
    "415 no type": (
        "unsupported-media-type",
        lambda api: api.post("/v1/classify", content=b'{"text": "x"}'),
    ),
    "415 other charset": (
        "unsupported-media-type",
        lambda api: api.post(
            "/v1/classify",
            content=b"{}",
            headers={"content-type": "application/json; charset=windows-1251"},
        ),
    ),
    "422 one field": ("blank-text", lambda api: api.post("/v1/classify", json={"text": " "})),
    "422 two fields": (
        "invalid-request",
        lambda api: api.post("/v1/classify", json={"text": " ", "platform": "myspace"}),
    ),
    "422 query": ("unknown-label", lambda api: api.get("/v1/queue?topic=weather")),
    "422 unknown filter": ("unknown-field", lambda api: api.get("/v1/queue?tpoic=heating")),
    "422 limit": ("invalid-value", lambda api: api.get("/v1/queue?limit=0")),
    "422 filter twice": (
        "duplicate-field",
        lambda api: api.get("/v1/queue?topic=heating&topic=roads"),
    ),
    "422 page twice": ("duplicate-field", lambda api: api.get("/v1/claims?limit=1&limit=2")),
    "422 period": ("invalid-value", lambda api: api.get("/v1/stats?since=yesterday")),
    "422 cursor": ("bad-cursor", lambda api: api.get("/v1/queue?cursor=%00")),
}


@pytest.mark.parametrize("case", CASES)
def test_errors_of_the_interface(api: TestClient, case: str) -> None:
    code, ask = CASES[case]
    assert_problem(ask(api), code)


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_of_problem(app: FastAPI, code: str) -> None:
    @app.get("/raise")
    def fail() -> None:
        raise Problem(code, "what went wrong", headers={"Retry-After": "9"}, held_by="somebody")

    answer = TestClient(app).get("/raise")
    body = assert_problem(answer, code)
    assert body["held_by"] == "somebody"
    assert answer.headers["retry-after"] == "9"


def test_what_nobody_foresaw(
    app: FastAPI, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "менің пікірім"

    @app.get("/fail")
    def fail() -> None:
        raise RuntimeError(secret)

    assert_problem(TestClient(app).get("/fail"), "internal-error")
    assert "RuntimeError" in caplog.text
    assert secret not in caplog.text + "".join(capsys.readouterr())


def test_a_wrong_key_is_told_how_to_come_in(api: TestClient) -> None:
    missing = api.get("/v1/queue", headers={"Authorization": ""})
    assert missing.headers["www-authenticate"] == "Bearer"
    wrong = api.get("/v1/queue", headers={"Authorization": "Bearer wrong"})
    assert wrong.headers["www-authenticate"] == 'Bearer error="invalid_token"'
