"""Comments are stored once, whoever sends them how often and at what moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from service.errors import Problem
from service.house import House
from service.receive import Incoming, Received, receive
from service.store.tables import Comment, Opinion

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def take_in(house: House, *items: Incoming) -> list[Received | Problem]:
    with house.sessions.writing() as session:
        return receive(session, house, items, NOW)


def stored(house: House) -> tuple[int, int]:
    with house.sessions.reading() as session:
        comments = session.scalar(select(func.count()).select_from(Comment))
        opinions = session.scalar(select(func.count()).select_from(Opinion))
    return comments or 0, opinions or 0


def test_the_same_comment_again(api: TestClient, house: House) -> None:
    body = {"text": "жылу жоқ", "external_id": "7", "platform": "vk", "suggest": False}
    first = api.post("/v1/comments", json=body)
    again = api.post("/v1/comments", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "created": False}
    assert stored(house) == (1, 1)


def test_another_text_under_the_same_id(api: TestClient, house: House) -> None:
    first = api.post("/v1/comments", json={"text": "жылу жоқ", "external_id": "7"}).json()
    other = api.post("/v1/comments", json={"text": "люк ашық", "external_id": "7"})
    assert other.status_code == 409
    assert other.json()["type"] == "/problems/external-id-conflict"
    assert other.json()["id"] == first["id"]
    assert api.get(f"/v1/comments/{first['id']}").json()["text"] == "жылу жоқ"


def test_the_same_id_on_another_platform(house: House) -> None:
    results = take_in(
        house,
        Incoming(text="a", external_id="1", platform="vk"),
        Incoming(text="b", external_id="1", platform="tiktok"),
    )
    assert [result.created for result in results if isinstance(result, Received)] == [True, True]
    assert stored(house) == (2, 2)


def test_twice_in_one_batch(house: House) -> None:
    results = take_in(
        house,
        Incoming(text="жылу жоқ", external_id="1"),
        Incoming(text="жылу жоқ", external_id="1"),
        Incoming(text="люк ашық", external_id="1"),
        Incoming(text="люк ашық", external_id="2"),
    )
    first, again, other, second = results
    assert isinstance(first, Received)
    assert isinstance(again, Received)
    assert isinstance(second, Received)
    assert (first.created, again.created, second.created) == (True, False, True)
    assert first.id == again.id != second.id
    assert isinstance(other, Problem)
    assert other.code == "external-id-conflict"
    assert stored(house) == (2, 2)


def test_a_batch_with_known_and_new_comments(house: House) -> None:
    take_in(house, *(Incoming(text=f"люк {n}", external_id=str(n)) for n in range(0, 1_000, 2)))
    results = take_in(house, *(Incoming(text=f"люк {n}", external_id=str(n)) for n in range(1_000)))
    created = [result.created for result in results if isinstance(result, Received)]
    assert created == [n % 2 == 1 for n in range(1_000)]
    assert stored(house) == (1_000, 1_000)


@pytest.mark.parametrize("texts", [["жылу жоқ"] * 8, [f"люк {n}" for n in range(8)]])
def test_a_race_for_one_id(house: House, texts: list[str]) -> None:
    barrier = Barrier(len(texts))

    def send(text: str) -> Received | Problem:
        item = Incoming(text=text, external_id="1")
        with house.sessions.writing() as session:
            barrier.wait()
            return receive(session, house, [item], NOW)[0]

    with ThreadPoolExecutor(len(texts)) as pool:
        results = list(pool.map(send, texts))
    accepted = [result for result in results if isinstance(result, Received)]
    refused = [result for result in results if isinstance(result, Problem)]
    assert sum(result.created for result in accepted) == 1
    assert len({result.id for result in accepted}) == 1
    assert len(refused) == (0 if len(set(texts)) == 1 else len(texts) - 1)
    assert all(problem.status == 409 for problem in refused)
    assert stored(house) == (1, 1)


def test_crossing_batches_do_not_deadlock(house: House) -> None:
    items = [Incoming(text=f"люк {n}", external_id=str(n)) for n in range(200)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda step: take_in(house, *items[::step]), [1, -1, 1, -1]))
    created = sum(
        result.created for batch in results for result in batch if isinstance(result, Received)
    )
    assert created == 200
    assert stored(house) == (200, 200)


def test_the_labels_of_the_queue_repeat_the_opinion(house: House) -> None:
    take_in(house, Incoming(text="шұғыл: люк ашық, қауесет", external_id="1"))
    with house.sessions.reading() as session:
        comment = session.scalars(select(Comment)).one()
        analysis = session.scalars(select(Opinion)).one().analysis
    assert comment.topic == analysis["topic"]["label"] == "roads"
    assert comment.urgency == analysis["urgency"]["label"] == "critical"
    assert comment.urgency_rank == 0
    assert comment.flag == analysis["misinformation"]["flag"] == "likely"
    assert comment.status == "open"
