"""Claims at work: every process follows the registry, and what a claim flagged is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tap_claim import ASKS, CLAIM, SPREADS

from models.claims.claim import parse_claim
from models.claims.examples import load_examples
from service import claim_lists, claim_registry
from service.app import create_app
from service.house import House
from service.live_model import LiveModel
from service.settings import Settings

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def reasons(api: TestClient, text: str = SPREADS) -> list[str]:
    answer = api.post("/v1/classify", json={"text": text}).json()
    return [reason.get("claim_id") for reason in answer["misinformation"]["reasons"]]


def expired(api: TestClient) -> list[str]:
    listed = api.get("/v1/claims", params={"expired": True}).json()["items"]
    return [one["claim_id"] for one in listed]


@pytest.fixture
def replica(app: FastAPI, settings: Settings, live_model: LiveModel) -> Any:
    """Another process on the same database."""
    other = create_app(settings, live_model=live_model)
    yield TestClient(
        other, headers={"Authorization": f"Bearer {settings.bootstrap_key.get_secret_value()}"}
    )  # type: ignore[union-attr]
    other.state.house.sessions.close()


def test_every_process_follows_at_once(api: TestClient, replica: TestClient) -> None:
    assert "tap" not in reasons(replica)
    api.post("/v1/claims", json=CLAIM)
    assert reasons(api)[0] == reasons(replica)[0] == "tap"
    replica.put("/v1/claims/tap", json={**CLAIM, "claim": {"ru": "Мэр раздаёт телефоны"}})
    assert "tap" not in reasons(api)
    assert reasons(api, "Мэр раздаёт телефоны всем") == ["tap"]
    api.delete("/v1/claims/tap")
    assert "tap" not in reasons(replica, "Мэр раздаёт телефоны всем")


def test_a_batch_is_compared_too(api: TestClient) -> None:
    api.post("/v1/claims", json=CLAIM)
    items = [{"text": SPREADS}, {"text": ASKS}]
    found = api.post("/v1/classify/batch", json={"items": items}).json()["results"]
    assert [one["misinformation"]["flag"] for one in found] == ["likely", "none"]


def test_an_expired_claim_is_not_looked_for(api: TestClient) -> None:
    api.post("/v1/claims", json={**CLAIM, "expires": "2020-01-01"})
    assert "tap" not in reasons(api)


def test_a_claim_is_looked_for_until_its_last_day_ends_in_the_city(
    api: TestClient, clock: Any
) -> None:
    api.post("/v1/claims", json={**CLAIM, "expires": "2026-11-23"})
    clock.forward(hours=14, minutes=59)
    assert ("tap" in reasons(api), expired(api)) == (True, [])
    clock.forward(minutes=1)
    assert ("tap" in reasons(api), expired(api)) == (False, ["tap"])


def test_what_a_claim_flagged_outlives_it(api: TestClient) -> None:
    api.post("/v1/claims", json=CLAIM)
    items = [
        {"text": SPREADS, "external_id": "1", "platform": "vk"},
        {"text": ASKS, "external_id": "2"},
        {"text": "Рахмет", "external_id": "3"},
    ]
    api.post("/v1/comments/batch", json={"items": items})
    api.post("/v1/comments", json=items[0])
    shown = api.get("/v1/claims/tap").json()
    assert (shown["found_in"], shown["flagged"]) == (2, 1)
    api.put("/v1/claims/tap", json={**CLAIM, "verdict": "true"})
    api.delete("/v1/claims/tap")
    page = api.get("/v1/claims/tap/comments?limit=1").json()
    assert (page["items"][0]["text"], page["items"][0]["flag"]) == (ASKS, "none")
    assert page["items"][0]["revision"] == 1
    last = api.get(f"/v1/claims/tap/comments?cursor={page['next_cursor']}").json()
    assert [item["platform"] for item in last["items"]] == ["vk"]
    assert last["next_cursor"] is None


def test_the_reply_carries_the_refutation_in_the_language_of_the_comment(api: TestClient) -> None:
    api.post("/v1/claims", json=CLAIM)
    answer = api.post("/v1/classify", json={"text": SPREADS}).json()
    first = answer["replies"][0]
    assert first["template_id"] == "claim-refuted"
    assert "Пробы воды в норме. Подробнее: https://astana.gov.kz/voda" in first["text"]
    assert first["missing_slots"] == []
    kazakh = api.post("/v1/classify", json={"text": f"{SPREADS} Су туралы"}).json()["replies"][0]
    assert kazakh["language"] == "ru"
    asked = api.post("/v1/classify", json={"text": f"{ASKS} қашан"}).json()["replies"][0]
    assert asked["template_id"] == "claim-asked"


def test_without_a_refutation_in_that_language_other_templates_answer(api: TestClient) -> None:
    api.post("/v1/claims", json={**CLAIM, "refutation": {"en": "The water is fine."}})
    replies = api.post("/v1/classify", json={"text": SPREADS}).json()["replies"]
    assert replies[0]["template_id"] == "refute-with-link"
    assert CLAIM["url"] in replies[0]["text"]


def approve(api: TestClient, **changes: Any) -> Any:
    comment = api.post("/v1/comments", json={"text": SPREADS, "external_id": "1"}).json()
    decision = {"decision": "approve", "template_id": "claim-refuted", **changes}
    return api.post(f"/v1/comments/{comment['id']}/review", json=decision)


def test_it_is_approved_with_the_dates_and_phones_of_the_refutation(api: TestClient) -> None:
    said = "Пробы в норме, новые возьмут 30 ноября. Звоните: +7 7172 55 12 34."
    api.post("/v1/claims", json={**CLAIM, "refutation": {"ru": said}})
    answer = approve(api)
    assert answer.status_code == 200, answer.text
    assert said in answer.json()["reply_text"]
    assert answer.json()["decision"] == "approve"


def test_an_example_is_not_quoted_by_mistake(api: TestClient) -> None:
    api.post("/v1/claims", json={**CLAIM, "example": True})
    refused = approve(api).json()
    assert refused["faults"][0]["code"] == "example-claim"
    assert approve(api, confirm=True).status_code == 200


def test_a_deleted_claim_is_not_quoted_any_more(api: TestClient) -> None:
    api.post("/v1/claims", json=CLAIM)
    comment = api.post("/v1/comments", json={"text": SPREADS, "external_id": "1"}).json()
    api.delete("/v1/claims/tap")
    decision = {"decision": "approve", "template_id": "claim-refuted"}
    answer = api.post(f"/v1/comments/{comment['id']}/review", json=decision).json()
    assert answer["type"] == "/problems/reply-refused"
    assert answer["faults"][0]["code"] == "unfilled-slot"


def test_examples_enter_an_untouched_registry_once(house: House) -> None:
    with house.sessions.writing() as session:
        assert claim_registry.enter_examples(session, load_examples(), "qulaq", NOW) == 0
        assert claim_registry.delete_examples(session, "aigul", NOW) == len(load_examples())
        assert claim_registry.enter_examples(session, load_examples(), "qulaq", NOW) == 0
    with house.sessions.reading() as session:
        assert claim_lists.count(session) == 0


def test_without_examples(settings: Settings, live_model: LiveModel) -> None:
    bare = settings.model_copy(update={"example_claims": False})
    house: House = create_app(bare, live_model=live_model).state.house
    with house.sessions.reading() as session:
        assert claim_lists.count(session) == 0
    house.sessions.close()


def test_many_editors_at_once_lose_nothing(house: House) -> None:
    def enter(number: int) -> None:
        claim = parse_claim({**CLAIM, "claim_id": f"c{number % 10}", "verdict": "scam"})
        with house.sessions.writing() as session:
            claim_registry.put(session, [claim], str(number), NOW, overwrite=True)
        with house.sessions.reading() as session:
            assert f"c{number % 10}" in house.claims.current(session)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enter, range(40)))
    with house.sessions.reading() as session:
        assert claim_lists.count(session, example=False) == 10
