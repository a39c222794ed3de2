"""The templates of an installation: put in place whole, or refused with every fault named."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.api.examples import TEMPLATES
from service.app import create_app
from service.house import House
from service.live_model import LiveModel
from service.settings import Settings

TEMPLATE: dict[str, Any] = TEMPLATES["one"]["value"]["items"][0]


def put(api: TestClient, *templates: Any) -> Any:
    return api.put("/v1/templates", json={"items": list(templates)})


def listed(api: TestClient) -> dict[str, Any]:
    return {item["id"]: item for item in api.get("/v1/templates").json()["items"]}


def test_the_shipped_ones_are_there(api: TestClient) -> None:
    found = listed(api)
    assert len(found) >= 60
    assert list(found) == sorted(found)


def test_words_are_looked_for(api: TestClient) -> None:
    def found(sought: str) -> list[str]:
        answer = api.get("/v1/templates", params={"q": sought})
        assert answer.status_code == 200
        return [item["id"] for item in answer.json()["items"]]

    assert "open-manhole-keep-away" in found("ашык люк")
    assert "open-manhole-keep-away" in found("open manhole")
    assert found("жоқсөз") == found("!") == []
    assert len(found("")) == len(listed(api))
    refused = api.get("/v1/templates", params={"q": "a" * 201})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "q"
    assert api.get("/v1/templates?topic=roads").status_code == 422


def test_adding_and_replacing(api: TestClient) -> None:
    before = listed(api)
    assert put(api, TEMPLATE).status_code == 200
    added = listed(api)
    assert set(added) - set(before) == {TEMPLATE["id"]}
    changed = deepcopy(TEMPLATE)
    changed["topics"] = ["roads"]
    shipped_id, shipped = next(iter(before.items()))
    answer = put(api, changed, {**shipped, "owner": "somebody"})
    assert [item["id"] for item in answer.json()["items"]] == [TEMPLATE["id"], shipped_id]
    found = listed(api)
    assert found[TEMPLATE["id"]]["topics"] == ["roads"]
    assert found[shipped_id]["owner"] == "somebody"
    assert len(found) == len(before) + 1


def test_another_worker_sees_it_at_once(
    api: TestClient, app: FastAPI, settings: Settings, live_model: LiveModel
) -> None:
    other: House = create_app(settings, live_model=live_model).state.house
    for topics in (["roads"], ["water"]):
        put(api, {**TEMPLATE, "topics": topics})
        with other.sessions.reading() as session:
            assert other.catalogue(session).templates[TEMPLATE["id"]].topics == tuple(topics)
    other.sessions.close()


def test_it_is_suggested(api: TestClient) -> None:
    put(api, {**TEMPLATE, "topics": ["roads"], "urgencies": ["critical"], "platforms": ["vk"]})
    answer = api.post("/v1/classify", json={"text": "люк ашық", "platform": "vk"}).json()
    assert TEMPLATE["id"] in [reply["template_id"] for reply in answer["replies"]]


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"text": {**TEMPLATE["text"], "kk": ""}}, "text.kk"),
    ({"text": {"kk": TEMPLATE["text"]["kk"]}}, "text.ru"),
    ({"topics": ["weather"]}, "weather"),
    ({"id": "Not An Id"}, "id"),
    ({"mood": "bad"}, "mood"),
    ({"kind": "joke"}, "kind"),
]


@pytest.mark.parametrize(("fault", "words"), FAULTS)
def test_a_fault_keeps_all_of_them_out(api: TestClient, fault: dict[str, Any], words: str) -> None:
    before = listed(api)
    answer = put(api, TEMPLATE, {**TEMPLATE, "id": "another", **fault})
    assert answer.status_code == 422
    body = answer.json()
    assert body["type"] == "/problems/template-faulty"
    assert {error["field"] for error in body["errors"]} == {"items.1"}
    assert any(words in error["detail"] for error in body["errors"])
    assert listed(api) == before


FAULT_WORDS: list[tuple[Any, str]] = [
    ({**TEMPLATE, "title": 5}, "ice-received: title: should be an object"),
    ({**TEMPLATE, "topics": "roads"}, "ice-received: topics: should be a list"),
    ({**TEMPLATE, "mood": "bad"}, "ice-received: mood: is not a known field"),
    (5, "template: should be an object"),
]


@pytest.mark.parametrize(("template", "words"), FAULT_WORDS)
def test_a_single_fault_in_words(api: TestClient, template: Any, words: str) -> None:
    body = put(api, template).json()
    assert body["detail"] == "1 fault; nothing is kept"
    assert [error["detail"] for error in body["errors"]] == [words]


def test_one_id_twice(api: TestClient) -> None:
    answer = put(api, TEMPLATE, TEMPLATE)
    assert answer.json()["errors"][0]["detail"] == "ice-received: given twice"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"items": [{"id": "a", "id": "b"}]}', "duplicate-field"),
        ('{"items": [{"id": "a\\u0000"}]}', "nul-byte"),
        ('{"items": [{"text": {"\\ud800": "a"}}]}', "lone-surrogate"),
        ('{"items": [{"id": NaN}]}', "invalid-json"),
        ('{"items": []}', "empty-batch"),
    ],
)
def test_what_cannot_be_kept(api: TestClient, body: str, code: str) -> None:
    answer = api.put(
        "/v1/templates", content=body.encode(), headers={"content-type": "application/json"}
    )
    assert answer.json()["type"] == f"/problems/{code}"
