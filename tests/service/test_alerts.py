"""A rumour that crosses the threshold is told once, signed, and until somebody listens."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import select

from service.alerts import PAUSES, deliver, keep_alerting, note_crossings, signed
from service.app import create_app
from service.house import House
from service.live_model import LiveModel
from service.settings import Settings
from service.store.group_tables import Alert

RUMOUR = "Көрші ауылда түнде бөтен адамдар көше аралап жүр екен, барлығына таратыңыздар"
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests").decode()
KEY = "a-key-of-the-tests-with-every-scope"
URL = "https://press.example/rumours"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With an address, and a low threshold."""
    changes = {"webhook_url": URL, "webhook_secret": SECRET, "rumour_threshold": 3}
    return Settings(_env_file=None, **{**settings.model_dump(), **changes})


@pytest.fixture
def client(app: FastAPI, clock: Any) -> TestClient:
    """The interface without its background task: rounds are taken by hand."""
    return TestClient(app, headers={"Authorization": f"Bearer {KEY}"})


class Listener:
    """Remembers what it is sent, and answers as it is told."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.heard: list[tuple[bytes, Mapping[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        assert url == URL
        self.heard.append((body, headers))
        if self.status == 0:
            raise ConnectionRefusedError
        return self.status


def spread(client: TestClient, clock: Any, accounts: int = 3) -> None:
    for number in range(accounts):
        body = {"text": RUMOUR, "author": str(number), "external_id": f"{number}-{clock()}"}
        assert client.post("/v1/comments", json=body).status_code == 201


def note(house: House) -> int:
    with house.sessions.writing() as session:
        return note_crossings(session, house, house.now())


def test_told_once_and_signed(client: TestClient, house: House, clock: Any) -> None:
    spread(client, clock, accounts=2)
    assert note(house) == 0
    clock.forward(minutes=1)
    spread(client, clock)
    assert (note(house), note(house)) == (1, 0)
    listener = Listener()
    assert deliver(house, listener) == 1
    assert deliver(house, listener) == 0
    ((body, headers),) = listener.heard
    told = json.loads(body)
    assert told["type"] == "rumour.gaining_ground"
    assert told["data"]["texts"] == {"": RUMOUR}
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(b"a secret of the tests", content, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


@pytest.mark.parametrize("status", [0, 302, 500])
def test_tried_again_under_the_same_id(
    client: TestClient, house: House, clock: Any, status: int
) -> None:
    spread(client, clock)
    note(house)
    deaf, listener = Listener(status), Listener()
    assert deliver(house, deaf) == 0
    assert deliver(house, listener) == 0
    clock.forward(seconds=PAUSES[0].total_seconds())
    assert deliver(house, listener) == 1
    assert listener.heard[0][1]["webhook-id"] == deaf.heard[0][1]["webhook-id"]


def test_given_up_in_the_end(client: TestClient, house: House, clock: Any) -> None:
    spread(client, clock)
    note(house)
    deaf = Listener(500)
    for _ in range(20):
        deliver(house, deaf)
        clock.forward(days=2)
    assert len(deaf.heard) == len(PAUSES) + 1


def test_the_next_crossing_is_told_too(client: TestClient, house: House, clock: Any) -> None:
    spread(client, clock)
    assert note(house) == 1
    clock.forward(hours=25)
    assert note(house) == 0
    spread(client, clock)
    assert note(house) == 1


def test_forgotten_after_a_year(client: TestClient, house: House, clock: Any) -> None:
    spread(client, clock)
    note(house)
    for days, left in ((2, 1), (364, 1), (2, 0)):
        clock.forward(days=days)
        note(house)
        with house.sessions.reading() as session:
            assert len(session.scalars(select(Alert)).all()) == left
    spread(client, clock)
    assert note(house) == 1


def test_a_restart_loses_nothing(
    client: TestClient, house: House, clock: Any, settings: Settings, live_model: LiveModel
) -> None:
    spread(client, clock)
    note(house)
    restarted = create_app(settings, live_model=live_model).state.house
    restarted.now = clock
    assert (note(restarted), deliver(restarted, Listener())) == (0, 1)
    assert deliver(house, Listener()) == 0
    restarted.sessions.close()


def test_the_background_tells_by_itself(client: TestClient, house: House, clock: Any) -> None:
    spread(client, clock)
    listener = Listener()

    async def run() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def send(url: str, body: bytes, headers: Mapping[str, str]) -> int:
            loop.call_soon_threadsafe(stop.set)
            return listener(url, body, headers)

        await keep_alerting(house, stop, send)

    asyncio.run(run())
    assert len(listener.heard) == 1


def test_the_example_of_the_standard(clock: Any) -> None:
    headers = signed("plain", "msg_1", clock(), b"{}")
    digest = hmac.new(b"plain", b"msg_1.1795406400.{}", hashlib.sha256).digest()
    assert headers["webhook-timestamp"] == "1795406400"
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


def test_an_address_needs_a_secret() -> None:
    with pytest.raises(ValidationError, match="QULAQ_WEBHOOK_SECRET"):
        Settings(_env_file=None, webhook_url=URL)
    with pytest.raises(ValidationError):
        Settings(_env_file=None, webhook_url="ftp://x", webhook_secret="a")
