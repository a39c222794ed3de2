"""The model in use follows the store, and a damaged one changes nothing."""

from __future__ import annotations

import threading
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


def test_others_go_on_while_one_loads(fake_store: Any) -> None:
    loading, go_on = threading.Event(), threading.Event()
    loaded: list[str] = []

    def slow_load(path: Path) -> Any:
        if path.name != "fake-1":
            loading.set()
            assert go_on.wait(10)
        loaded.append(path.name)
        return fake_store.load(path)

    live = LiveModel(fake_store, load=slow_load)
    activate(fake_store, "fake-2")
    loader = threading.Thread(target=live.current)
    loader.start()
    assert loading.wait(10)
    assert live.current().version == "fake-1"
    go_on.set()
    loader.join(10)
    assert live.current().version == "fake-2"
    assert loaded == ["fake-1", "fake-2"]


def test_a_service_shows_which_model_answers(api: TestClient, fake_store: Any) -> None:
    activate(fake_store, "fake-2")
    assert api.post("/v1/classify", json={"text": "люк"}).json()["model_version"] == "fake-2"
    activate(fake_store, "fake-3", damaged=True)
    assert api.post("/v1/classify", json={"text": "люк"}).json()["model_version"] == "fake-2"
    ready = api.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["checks"]["model"] == "fake-2"
    assert ready.json()["checks"]["model_fault"] == "fake-3: is damaged"
