"""What claims mean is read before a comment asks, in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.features import Floats
from service import read_ahead
from service.house import House
from service.read_ahead import keep_reading, read_piece
from service.settings import Settings
from tests.service.conftest import KEY, FakeClassifier
from tests.service.test_claims_api import CLAIM

SECRET = "a text of a claim"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"example_claims": False})


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """The interface without its background tasks: pieces are read by hand."""
    return TestClient(app, headers={"Authorization": f"Bearer {KEY}"})


class Encoder:
    """Takes every text to mean the same, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Floats:
        self.asked += texts
        return np.ones((len(texts), 1), dtype=np.float32)


def test_a_new_claim_is_read_and_so_are_all_after_another_model(
    client: TestClient, house: House
) -> None:
    classifier = house.live_model.current()
    assert isinstance(classifier, FakeClassifier)
    assert read_piece(house) == 0  # a model without an encoder
    first = classifier.meanings = Encoder()
    assert client.post("/v1/claims", json=CLAIM).status_code == 201
    assert read_piece(house) == 0
    wordings = set(first.asked)
    assert set(CLAIM["claim"].values()) <= wordings
    assert read_piece(house) == 0
    assert len(first.asked) == len(wordings), "nothing is read twice"
    second = classifier.meanings = Encoder()
    assert read_piece(house) == 0
    assert set(second.asked) == wordings


def test_reading_goes_on_after_an_error_and_stops_when_told(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def until_read() -> None:
        stop, left = asyncio.Event(), iter([ValueError(SECRET), 1, 0])

        def piece(given: House) -> int:
            assert given is house
            answer: Any = next(left, None)
            if answer is None:
                stop.set()
                return 0
            if isinstance(answer, Exception):
                raise answer
            return int(answer)

        monkeypatch.setattr(read_ahead, "read_piece", piece)
        await keep_reading(house, stop, pause=0.01)
        assert next(left, None) is None

    asyncio.run(asyncio.wait_for(until_read(), 60))
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text
