"""The model in use follows the store, and a damaged one changes nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models import ArtifactError
from service.live_model import LiveModel


def activate(store: Any, version: str, *, damaged: bool = False) -> None:
    """Add a version and point to it by an atomic rename, as the real store does."""
    if not (store.root / version).exists():
        store.add(version)
    if damaged:
        (store.root / version / "damaged").touch()
    new = store.root / "new"
    new.write_text(version)
    new.replace(store.pointer)


def test_it_follows_the_pointer(fake_store: Any) -> None:
    live = LiveModel(fake_store, load=fake_store.load)
    first = live.current()
    assert live.current() is first
    activate(fake_store, "fake-2")
    assert live.current().version == "fake-2"
    activate(fake_store, "fake-1")
    assert live.current().version == "fake-1"


def test_a_damaged_model_changes_nothing(fake_store: Any, caplog: pytest.LogCaptureFixture) -> None:
    live = LiveModel(fake_store, load=fake_store.load)
    activate(fake_store, "fake-2", damaged=True)
    assert live.current().version == "fake-1"
    assert live.fault == "fake-2: is damaged"
    assert live.current().version == "fake-1"
    assert caplog.text.count("is damaged") == 1
    activate(fake_store, "fake-3")
    assert live.current().version == "fake-3"
    assert live.fault is None


def test_a_lost_pointer_changes_nothing(fake_store: Any) -> None:
    live = LiveModel(fake_store, load=fake_store.load)
    fake_store.pointer.unlink()
    assert live.current().version == "fake-1"
    assert live.fault is not None


def test_a_version_to_hold_on_to(fake_store: Any) -> None:
    live = LiveModel(fake_store, version="fake-1", load=fake_store.load)
    activate(fake_store, "fake-2")
    assert live.current().version == "fake-1"


def test_no_model_no_service(fake_store: Any) -> None:
    with pytest.raises(ArtifactError):
        LiveModel(fake_store, version="fake-9", load=fake_store.load)


class SlowStore:
    """Loads the first version at once, any other when told to."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.loading, self.go_on = threading.Event(), threading.Event()
        self.loaded: list[str] = []

    def load(self, path: Path) -> Any:
        if path.name != "fake-1":
            self.loading.set()
            assert self.go_on.wait(10)
        self.loaded.append(path.name)
        return self.store.load(path)


def test_whoever_asks_after_a_promotion_gets_the_new_version(fake_store: Any) -> None:
    slow = SlowStore(fake_store)
    live = LiveModel(fake_store, load=slow.load, patience=60)
    activate(fake_store, "fake-2")
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(live.current) for _ in range(8)]
        assert slow.loading.wait(10)
        assert not any(answer.done() for answer in answers)
        slow.go_on.set()
        assert {answer.result(10).version for answer in answers} == {"fake-2"}
    assert slow.loaded == ["fake-1", "fake-2"]


def test_a_long_load_holds_nobody_up(fake_store: Any) -> None:
    slow = SlowStore(fake_store)
    live = LiveModel(fake_store, load=slow.load, patience=0)
    activate(fake_store, "fake-2")
    loader = threading.Thread(target=live.current)
    loader.start()
    assert slow.loading.wait(10)
    assert live.current().version == "fake-1"
    slow.go_on.set()
    loader.join(10)
    assert live.current().version == "fake-2"
    assert slow.loaded == ["fake-1", "fake-2"]


def test_an_error_nobody_foresaw_changes_nothing_either(fake_store: Any) -> None:
    def load(path: Path) -> Any:
        if path.name != "fake-1":
            raise MemoryError("too large")
        return fake_store.load(path)

    live = LiveModel(fake_store, load=load)
    activate(fake_store, "fake-2")
    assert live.current().version == "fake-1"
    assert live.fault == "MemoryError: too large"


def test_a_service_shows_which_model_answers(api: TestClient, fake_store: Any) -> None:
    activate(fake_store, "fake-2")
    assert api.post("/v1/classify", json={"text": "люк"}).json()["model_version"] == "fake-2"
    activate(fake_store, "fake-3", damaged=True)
    assert api.post("/v1/classify", json={"text": "люк"}).json()["model_version"] == "fake-2"
    ready = api.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["checks"]["model"] == "fake-2"
    assert ready.json()["checks"]["model_fault"] == "fake-3: is damaged"
