"""The model versions as other systems see them, with what somebody overrode to put one live."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from models import ModelStore
from service.api import answers
from service.live_model import LiveModel


@pytest.fixture
def live_model(tmp_path: Path) -> LiveModel:
    """The shipped version in a store of its own, put live twice, the second time by force."""
    store = ModelStore(tmp_path / "models")
    store.seed(ModelStore())
    store.activate(store.active(), by="madina", reason="urgent", overridden=["topic in ru: worse"])
    return LiveModel(store)


def test_the_history_tells_what_was_overridden(api: TestClient) -> None:
    answer = api.get("/v1/models")
    shown = TypeAdapter(answers.ModelsAnswer).validate_json(answer.content)
    assert [(entry.by, entry.forced, entry.overridden) for entry in shown.history] == [
        ("qulaq", False, []),
        ("madina", True, ["topic in ru: worse"]),
    ]
    assert shown.history[-1].reason == "urgent"
    assert shown.active == shown.in_use == shown.history[-1].version


def test_an_activation_through_the_interface_overrides_nothing(api: TestClient) -> None:
    version = api.get("/v1/models").json()["active"]
    answer = api.post(f"/v1/models/{version}/activate")
    entry = TypeAdapter(answers.Activation).validate_json(answer.content)
    assert (entry.version, entry.forced, entry.overridden) == (version, False, [])
    assert len(api.get("/v1/models").json()["history"]) == 3


def test_an_older_history_still_answers(api: TestClient, live_model: LiveModel) -> None:
    entry = '{"version": "%s", "at": "2026-11-23T00:00:00+00:00", "by": "a", "reason": ""}'
    pointer = live_model.store.pointer
    version = live_model.current().version
    pointer.write_text('{"history": [%s]}' % (entry % version), encoding="utf-8")
    shown = TypeAdapter(answers.ModelsAnswer).validate_json(api.get("/v1/models").content)
    assert [(entry.forced, entry.overridden) for entry in shown.history] == [(False, [])]
