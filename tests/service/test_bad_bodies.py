"""Bodies as they come from outside: each gets an answer that names what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

JSON = {"content-type": "application/json"}
GOOD = {"text": "жылу жоқ"}

BAD_OBJECTS: list[tuple[str, str, str, str]] = [
    ("nothing", "{}", "missing-field", "text"),
    ("blank text", '{"text": " \\u200b\\n"}', "blank-text", "text"),
    ("empty text", '{"text": ""}', "blank-text", "text"),
    ("text too long", json.dumps({"text": "ж" * 10_001}), "text-too-long", "text"),
    ("a megabyte of text", '{"text": "' + "ж" * 500_000 + '"}', "text-too-long", "text"),
    (
        "parent too long",
        json.dumps({**GOOD, "parent_text": "x" * 10_001}),
        "text-too-long",
        "parent_text",
    ),
    ("lone surrogate", '{"text": "жылу \\ud800"}', "lone-surrogate", "text"),
    (
        "lone surrogate in parent",
        '{"text": "a", "parent_text": "\\udfff"}',
        "lone-surrogate",
        "parent_text",
    ),
    ("NUL", '{"text": "жылу\\u0000"}', "nul-byte", "text"),
    ("null text", '{"text": null}', "wrong-type", "text"),
    ("number for text", '{"text": 7}', "wrong-type", "text"),
    ("NaN for text", '{"text": NaN}', "wrong-type", "text"),
    ("list for text", '{"text": ["a"]}', "wrong-type", "text"),
    ("string for a boolean", '{"text": "a", "suggest": "yes"}', "wrong-type", "suggest"),
    ("number for a boolean", '{"text": "a", "explain": 1}', "wrong-type", "explain"),
    ("infinity", '{"text": "a", "explain": -Infinity}', "wrong-type", "explain"),
    ("unknown platform", '{"text": "a", "platform": "myspace"}', "unknown-platform", "platform"),
    ("number for platform", '{"text": "a", "platform": 1}', "wrong-type", "platform"),
    ("unknown field", '{"text": "a", "langauge": "kk"}', "unknown-field", "langauge"),
    ("surrogate in a name", '{"text": "a", "\\ud800": 1}', "unknown-field", "?"),
    ("field twice", '{"text": "a", "text": "b"}', "duplicate-field", "text"),
]


@pytest.mark.parametrize(
    ("body", "code", "field"), [row[1:] for row in BAD_OBJECTS], ids=[row[0] for row in BAD_OBJECTS]
)
def test_a_bad_comment_alone_and_in_a_batch(
    api: TestClient, body: str, code: str, field: str
) -> None:
    alone = api.post("/v1/classify", content=body.encode(), headers=JSON)
    assert alone.status_code == 422
    problem = alone.json()
    assert problem["type"] == f"/problems/{code}"
    assert [error["field"] for error in problem["errors"]] == [field]

    batch = f'{{"items": [{{"text": "жылу"}}, {body}, {{"text": "люк"}}]}}'
    answer = api.post("/v1/classify/batch", content=batch.encode(), headers=JSON)
    assert answer.status_code == 200
    first, second, third = answer.json()["results"]
    assert first["topic"]["label"] == "heating"
    assert second == {"error": problem}
    assert third["topic"]["label"] == "roads"


@pytest.mark.parametrize("item", ["5", '"text"', "null", "[]", "NaN", "true"])
def test_items_that_are_no_objects(api: TestClient, item: str) -> None:
    batch = f'{{"items": [{item}, {{"text": "люк"}}]}}'
    answer = api.post("/v1/classify/batch", content=batch.encode(), headers=JSON)
    first, second = answer.json()["results"]
    assert first["error"]["type"] == "/problems/wrong-type"
    assert second["topic"]["label"] == "roads"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "invalid-json"),
        ("not json", 400, "invalid-json"),
        ('{"items": [1,]}', 400, "invalid-json"),
        ('{"items": [' + "9" * 5_000 + "]}", 400, "invalid-json"),
        ("[]", 422, "wrong-type"),
        ("NaN", 422, "wrong-type"),
        ("{}", 422, "wrong-type"),
        ('{"items": {}}', 422, "wrong-type"),
        ('{"items": []}', 422, "empty-batch"),
        ('{"items": [{}], "item": 1}', 422, "unknown-field"),
        ('{"items": [{}], "items": [{}]}', 422, "duplicate-field"),
        (json.dumps({"items": [GOOD] * 1_001}), 422, "too-many-items"),
        ('{"items": ' + "[" * 32 + "]" * 32 + "}", 400, "json-too-deep"),
        ('{"items": [' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "]}", 400, "json-too-deep"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/classify/batch", "/v1/comments/batch"])
def test_bad_batches(api: TestClient, path: str, body: str, status: int, code: str) -> None:
    answer = api.post(path, content=body.encode(), headers=JSON)
    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{code}"


ODD_TEXTS = {
    "emoji": "😡😡😡",
    "combining marks": "а" + "\u0301" * 9_999,
    "a link": "https://example.kz/a?b=c",
    "right to left": "\u202eусыж",
    "the longest": "ж" * 10_000,
    "a name in braces": "{detail} %s {0}",
    "beyond the first plane": "𐍈" * 100,
}


@pytest.mark.parametrize("name", ODD_TEXTS)
def test_odd_texts_are_answered(api: TestClient, name: str) -> None:
    body = {"text": ODD_TEXTS[name], "external_id": name, "parent_text": ""}
    assert api.post("/v1/classify", json={"text": ODD_TEXTS[name]}).status_code == 200
    stored = api.post("/v1/comments", json=body)
    assert stored.status_code == 201
    kept = api.get(f"/v1/comments/{stored.json()['id']}").json()
    assert kept["text"] == ODD_TEXTS[name]
    assert kept["parent_text"] is None


def test_a_full_batch_keeps_its_order(api: TestClient) -> None:
    items: list[dict[str, Any]] = [
        {"text": f"{'люк' if number % 3 else 'жылу'} {number}"} for number in range(1_000)
    ]
    results = api.post("/v1/classify/batch", json={"items": items}).json()["results"]
    assert [result["topic"]["label"] for result in results] == [
        "roads" if number % 3 else "heating" for number in range(1_000)
    ]


def test_nesting_that_can_be_read(api: TestClient) -> None:
    body = '{"items": ' + "[" * 31 + "]" * 31 + "}"
    answer = api.post("/v1/classify/batch", content=body.encode(), headers=JSON)
    assert answer.json()["results"][0]["error"]["type"] == "/problems/wrong-type"


def test_a_byte_order_mark_is_no_fault(api: TestClient) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(GOOD).encode()
    assert api.post("/v1/classify", content=body, headers=JSON).status_code == 200


COMMENT_FAULTS = [
    ({"external_id": ""}, "invalid-value", "external_id"),
    ({"external_id": "x" * 257}, "invalid-value", "external_id"),
    ({"external_id": 5}, "wrong-type", "external_id"),
    ({"external_id": None}, "wrong-type", "external_id"),
    ({"external_id": "a\u0000b"}, "nul-byte", "external_id"),
    ({"author": "a\u0000"}, "nul-byte", "author"),
    ({"author": "x" * 257}, "invalid-value", "author"),
    ({"external_id": " \t"}, "invalid-value", "external_id"),
    ({"url": "x" * 2_049}, "invalid-value", "url"),
    ({"url": "javascript:alert(1)"}, "invalid-value", "url"),
    ({"url": "not a url"}, "invalid-value", "url"),
    ({"url": "https://"}, "invalid-value", "url"),
    ({"url": 5}, "wrong-type", "url"),
    ({"posted_at": "2026-01-12T08:15:00"}, "invalid-value", "posted_at"),
    ({"posted_at": "yesterday"}, "invalid-value", "posted_at"),
    ({"posted_at": 1_768_000_000}, "wrong-type", "posted_at"),
    ({"posted_at": "0001-01-01T00:00:00+05:00"}, "invalid-value", "posted_at"),
    ({"posted_at": "9999-12-31T23:59:59-05:00"}, "invalid-value", "posted_at"),
    ({"posted_at": True}, "wrong-type", "posted_at"),
]


@pytest.mark.parametrize(("fault", "code", "field"), COMMENT_FAULTS)
def test_bad_fields_of_a_comment(
    api: TestClient, fault: dict[str, Any], code: str, field: str
) -> None:
    answer = api.post("/v1/comments", json={**GOOD, "external_id": "1", **fault})
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_surrogates_outside_the_text(api: TestClient) -> None:
    for field in ("external_id", "author", "url"):
        body = json.dumps({**GOOD, "external_id": "1", field: "\ud800"})
        answer = api.post("/v1/comments", content=body.encode(), headers=JSON)
        assert answer.json()["type"] == "/problems/lone-surrogate"
        assert answer.json()["errors"][0]["field"] == field


def test_a_comment_without_its_id(api: TestClient) -> None:
    answer = api.post("/v1/comments", json=GOOD)
    assert answer.json()["type"] == "/problems/missing-field"
    assert answer.json()["errors"][0]["field"] == "external_id"


@pytest.mark.parametrize("url", [None, "", " ", "https://vk.com/wall-1_2", "HTTP://a.kz/ә"])
def test_addresses_that_are_taken(api: TestClient, url: str | None) -> None:
    stored = api.post("/v1/comments", json={**GOOD, "external_id": "1", "url": url})
    assert stored.status_code == 201
    kept = api.get(f"/v1/comments/{stored.json()['id']}").json()
    assert kept["url"] == ((url or "").strip() or None)


WORDS: list[tuple[str, dict[str, Any], str]] = [
    ("comments", {"author": "x" * 257}, "author: has more than 256 characters"),
    ("comments", {"url": "https://a.kz/" + "x" * 2_048}, "url: has more than 2,048 characters"),
    ("comments", {"external_id": ""}, "external_id: is empty"),
    ("comments", {"external_id": " "}, "external_id: is blank"),
    ("comments", {"suggest": 1}, "suggest: should be true or false"),
    ("comments", {"author": 1}, "author: should be a string"),
    ("comments/1/review", {"corrections": 5}, "corrections: should be an object"),
    ("comments/1/review", {"slots": []}, "slots: should be an object"),
    ("comments/1/review", {"reason": "x" * 501}, "reason: has more than 500 characters"),
]


@pytest.mark.parametrize(("path", "fault", "words"), WORDS)
def test_faults_in_words_of_json(
    api: TestClient, path: str, fault: dict[str, Any], words: str
) -> None:
    sound = {**GOOD, "external_id": "1"} if path == "comments" else {"decision": "reject"}
    answer = api.post(f"/v1/{path}", json={**sound, **fault})
    assert answer.status_code == 422
    assert answer.json()["detail"] == words


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json;charset=utf-8; foo=bar", 200),
        ('application/json; foo=bar; charset="UTF-8"', 200),
        ("Application/JSON ; Charset=utf8", 200),
        ("application/json; foo=bar; charset=windows-1251", 415),
    ],
)
def test_parameters_of_the_content_type(api: TestClient, content_type: str, status: int) -> None:
    headers = {"content-type": content_type}
    answer = api.post("/v1/classify", content=json.dumps(GOOD).encode(), headers=headers)
    assert answer.status_code == status


def test_a_name_given_twice_further_in(api: TestClient) -> None:
    body = b'{"decision": "reject", "corrections": {"topic": "roads", "topic": "water"}}'
    answer = api.post("/v1/comments/1/review", content=body, headers=JSON)
    assert answer.json()["type"] == "/problems/duplicate-field"
