"""Comments that wait are compared again when claims change; what was decided stays."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tap_claim import ASKS, CLAIM, SPREADS

from service import compare_again
from service import receive as receiving
from service.app import create_app
from service.compare_again import LEASE, compare_piece, keep_comparing
from service.house import House
from service.live_model import LiveModel
from service.settings import Settings

KEY = "a-key-of-the-tests-with-every-scope"
NOT_ABOUT_IT = "Рахмет, люк жабылды"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"recheck_comments": 100, "example_claims": False})


@pytest.fixture
def client(app: FastAPI, clock: Any) -> TestClient:
    """The interface without its background task: pieces are taken by hand."""
    return TestClient(app, headers={"Authorization": f"Bearer {KEY}"})


def send(client: TestClient, text: str, external_id: str, **fields: Any) -> int:
    body = {"text": text, "external_id": external_id, "author": external_id, **fields}
    number: int = client.post("/v1/comments", json=body).json()["id"]
    return number


def compare(house: House, holder: str = "one") -> int:
    """Compare until nothing is behind."""
    done = 0
    while piece := compare_piece(house, holder):
        done += piece
    return done


def look(client: TestClient, number: int) -> tuple[str, list[str | None]]:
    """Return flag and claims of a stored comment."""
    found = client.get(f"/v1/comments/{number}").json()["analysis"]["misinformation"]
    return found["flag"], [reason.get("claim_id") for reason in found["reasons"]]


async def until_flagged(client: TestClient, house: House, number: int) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(keep_comparing(house, stop, pause=0.01))
    while look(client, number)[0] == "none":
        await asyncio.sleep(0)
    stop.set()
    await task


def test_an_added_claim_flags_what_waits(client: TestClient, house: House) -> None:
    spreads, asks, other = (
        send(client, text, str(number)) for number, text in enumerate((SPREADS, ASKS, NOT_ABOUT_IT))
    )
    assert compare(house) == 0
    assert look(client, spreads) == ("none", [])
    client.post("/v1/claims", json=CLAIM)
    assert compare(house) == 3
    assert look(client, spreads) == ("likely", ["tap"])
    assert look(client, asks) == ("none", ["tap"])
    assert look(client, other) == ("none", [])
    queued = client.get("/v1/queue", params={"flag": "likely"}).json()["items"]
    assert [one["id"] for one in queued] == [spreads]
    claim = client.get("/v1/claims/tap").json()
    assert (claim["found_in"], claim["flagged"]) == (2, 1)
    send(client, SPREADS, "4")
    (rumour,) = client.get("/v1/rumours").json()["items"]
    assert (rumour["kind"], rumour["claim_id"], rumour["comments"]) == ("claim", "tap", 2)
    approved = {"decision": "approve", "template_id": "claim-refuted"}
    answer = client.post(f"/v1/comments/{spreads}/review", json=approved)
    assert "Пробы воды в норме" in answer.json()["reply_text"]
    counted = client.get("/metrics").text
    assert 'qulaq_comparisons_total{changed="yes"} 2.0' in counted
    assert 'qulaq_comparisons_total{changed="no"} 1.0' in counted


def test_a_deleted_claim_flags_nothing_any_more(client: TestClient, house: House) -> None:
    client.post("/v1/claims", json=CLAIM)
    number = send(client, SPREADS, "1")
    client.delete("/v1/claims/tap")
    assert compare(house) == 1
    assert look(client, number) == ("none", [])
    assert client.get("/v1/queue", params={"flag": "likely"}).json()["items"] == []
    kept = client.get("/v1/claims/tap/comments").json()["items"]
    assert [(one["comment_id"], one["flag"]) for one in kept] == [(number, "likely")]
    client.post("/v1/claims", json=CLAIM)
    compare(house)
    assert look(client, number) == ("likely", ["tap"])
    assert client.get("/v1/claims/tap").json()["found_in"] == 1


def test_a_changed_claim_is_found_as_it_reads_now(client: TestClient, house: House) -> None:
    client.post("/v1/claims", json=CLAIM)
    number = send(client, SPREADS, "1")
    client.put("/v1/claims/tap", json={**CLAIM, "verdict": "true"})
    compare(house)
    assert look(client, number) == ("none", ["tap"])
    (found,) = client.get("/v1/claims/tap/comments").json()["items"]
    assert (found["flag"], found["revision"]) == ("none", 2)
    client.put("/v1/claims/tap", json={**CLAIM, "claim": {"ru": "Мэр раздаёт телефоны"}})
    compare(house)
    assert look(client, number) == ("none", [])
    assert client.get("/v1/claims/tap").json()["found_in"] == 0


def test_a_claim_that_runs_out_flags_nothing_any_more(
    client: TestClient, house: House, clock: Any
) -> None:
    client.post("/v1/claims", json={**CLAIM, "expires": "2026-11-23"})
    number = send(client, SPREADS, "1")
    clock.forward(hours=14, minutes=59)
    compare(house)
    assert look(client, number) == ("likely", ["tap"])
    clock.forward(minutes=1)  # midnight in the city
    assert compare(house) == 1
    assert look(client, number) == ("none", [])
    assert client.get("/v1/claims/tap").json()["flagged"] == 1
    clock.forward(days=2)
    assert compare(house) == 0


def test_what_was_decided_stays_as_the_moderator_saw_it(client: TestClient, house: House) -> None:
    number = send(client, SPREADS, "1")
    client.post(f"/v1/comments/{number}/review", json={"decision": "reject"})
    client.post("/v1/claims", json=CLAIM)
    assert compare(house) == 0
    assert look(client, number) == ("none", [])


def test_what_a_moderator_holds_waits_for_them_and_keeps_no_other_waiting(
    client: TestClient, house: House, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_again, "_PIECE", 1)
    other, held = (send(client, SPREADS, name) for name in "ab")
    client.post(f"/v1/comments/{held}/claim")
    client.post("/v1/claims", json=CLAIM)
    assert compare(house) == 1
    assert [look(client, one)[0] for one in (held, other)] == ["none", "likely"]
    clock.forward(minutes=house.settings.hold_minutes)
    assert compare(house) == 1
    assert look(client, held) == ("likely", ["tap"])


def test_decided_while_the_model_works(
    client: TestClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = send(client, SPREADS, "1")
    client.post("/v1/claims", json=CLAIM)

    def decide_first(*given: Any) -> bool:
        client.post(f"/v1/comments/{number}/review", json={"decision": "reject"})
        return take_lease(*given)

    take_lease = compare_again.take_lease
    monkeypatch.setattr(compare_again, "take_lease", decide_first)
    assert compare(house) == 0
    assert look(client, number) == ("none", [])


def test_a_claim_added_between_analysis_and_storing(
    client: TestClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer_then_add(*given: Any) -> Any:
        answers = analyse(*given)
        client.post("/v1/claims", json=CLAIM)
        assert compare(house) == 0
        return answers

    analyse = receiving.analyse
    monkeypatch.setattr(receiving, "analyse", answer_then_add)
    number = send(client, SPREADS, "late")
    assert look(client, number) == ("none", [])
    assert compare(house) == 1
    assert look(client, number) == ("likely", ["tap"])


def test_the_newest_of_the_last_days_and_no_more(
    client: TestClient, house: House, clock: Any
) -> None:
    old = send(client, SPREADS, "old")
    clock.forward(days=8)
    older, newer = (send(client, SPREADS, name) for name in ("older", "newer"))
    client.post("/v1/claims", json=CLAIM)
    house.settings = house.settings.model_copy(update={"recheck_comments": 1})
    assert compare(house) == 1
    house.settings = house.settings.model_copy(update={"recheck_comments": 100})
    assert [look(client, one)[0] for one in (old, older, newer)] == ["none", "none", "likely"]
    assert compare(house) == 1
    assert [look(client, one)[0] for one in (old, older, newer)] == ["none", "likely", "likely"]


def test_the_newest_come_first(
    client: TestClient, house: House, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = []
    for name in "abc":
        numbers.append(send(client, SPREADS, name))
        clock.forward(hours=1)
    client.post("/v1/claims", json=CLAIM)
    monkeypatch.setattr(compare_again, "_PIECE", 2)
    assert compare_piece(house, "one") == 2
    assert [look(client, one)[0] for one in numbers] == ["none", "likely", "likely"]


def test_a_restart_goes_on_where_it_was(
    settings: Settings,
    live_model: LiveModel,
    client: TestClient,
    house: House,
    clock: Any,
) -> None:
    count = compare_again._PIECE + 3
    items = [{"text": SPREADS, "external_id": str(number)} for number in range(count)]
    client.post("/v1/comments/batch", json={"items": items})
    client.post("/v1/claims", json=CLAIM)
    assert compare_piece(house, "killed") == compare_again._PIECE
    restarted: House = create_app(settings, live_model=live_model).state.house
    restarted.now = clock
    assert compare_piece(restarted, "next") == 0  # as long as the other one may be at it
    clock.forward(seconds=LEASE.total_seconds())
    assert compare(restarted, "next") == 3
    assert len(client.get("/v1/queue?flag=likely&limit=200").json()["items"]) == count
    restarted.sessions.close()


def test_a_report_leaves_its_incident_and_comes_back(client: TestClient, house: House) -> None:
    texts = ("Абай көшесінде жылу жоқ", f"Абай көшесінде жылу жоқ. {SPREADS}")
    for number, text in enumerate((*texts, texts[0], texts[0])):
        send(client, text, str(number))
    (before,) = client.get("/v1/incidents").json()["items"]
    client.post("/v1/claims", json=CLAIM)
    compare(house)
    (flagged,) = client.get("/v1/incidents").json()["items"]
    client.delete("/v1/claims/tap")
    compare(house)
    (after,) = client.get("/v1/incidents").json()["items"]
    assert [one["comments"] for one in (before, flagged, after)] == [4, 3, 4]


def test_the_reason_of_a_group_stays(client: TestClient, house: House) -> None:
    numbers = [send(client, f"{SPREADS} таратыңыз", name) for name in "abc"]
    client.post("/v1/claims", json=CLAIM)
    compare(house)
    found = client.get(f"/v1/comments/{numbers[0]}").json()["analysis"]["misinformation"]
    assert [reason["kind"] for reason in found["reasons"]] == ["claim_match", "coordinated"]
    client.delete("/v1/claims/tap")
    compare(house)
    found = client.get(f"/v1/comments/{numbers[0]}").json()["analysis"]["misinformation"]
    assert (found["flag"], found["reasons"][0]["kind"]) == ("possible", "coordinated")


def test_the_background_does_it_by_itself(client: TestClient, house: House) -> None:
    number = send(client, SPREADS, "1")
    client.post("/v1/claims", json=CLAIM)

    asyncio.run(asyncio.wait_for(until_flagged(client, house, number), 60))


def test_an_error_is_tried_again_and_says_nothing_of_the_text(
    client: TestClient,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    number = send(client, SPREADS, "1")
    client.post("/v1/claims", json=CLAIM)
    failures = iter([ValueError(SPREADS)])

    def fail_once(*given: Any) -> int:
        for error in failures:
            raise error
        return compare_piece(*given)

    monkeypatch.setattr(compare_again, "compare_piece", fail_once)
    asyncio.run(asyncio.wait_for(until_flagged(client, house, number), 60))
    assert "ValueError" in caplog.text
    assert SPREADS not in caplog.text
