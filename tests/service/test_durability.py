"""A comment that was acknowledged is there after the process is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError

from service.store import Sessions

KEY = "a-key-of-the-tests-with-every-scope"
SERVER = """
import sys
from pathlib import Path
import uvicorn
sys.path[:0] = {tests!r}
from conftest import FakeStore
from service.app import create_app
from service.live_model import LiveModel
from service.settings import Settings

folder = Path({folder!r})
store = FakeStore(folder / "models")
app = create_app(
    Settings(_env_file=None, data_dir=folder, bootstrap_key={key!r}),
    live_model=LiveModel(store, load=store.load),
)
uvicorn.run(app, fd=int(sys.argv[1]), log_level="warning")
"""


@contextmanager
def running(folder: Path) -> Iterator[httpx.Client]:
    """Run a real server in a process of its own, and kill it at the end."""
    here = Path(__file__).parent
    tests = [str(here), str(here.parent / "shared")]
    program = SERVER.format(tests=tests, folder=str(folder), key=KEY)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-c", program, str(listener.fileno())], pass_fds=[listener.fileno()]
        )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=60,
        ) as client:
            yield client
    finally:
        os.kill(server.pid, signal.SIGKILL)
        server.wait(30)


def test_acknowledged_means_durable(tmp_path: Path) -> None:
    acknowledged = {}
    with running(tmp_path) as client:
        for number in range(5):
            body = {"text": f"люк ашық {number}", "external_id": str(number), "suggest": False}
            answer = client.post("/v1/comments", json=body)
            assert answer.status_code == 201
            acknowledged[answer.json()["id"]] = body["text"]
        items = [{"text": f"жылу {n}", "external_id": f"batch {n}"} for n in range(50)]
        answer = client.post("/v1/comments/batch", json={"items": items})
        for item, result in zip(items, answer.json()["results"], strict=True):
            acknowledged[result["id"]] = item["text"]
    assert len(acknowledged) == 55
    with running(tmp_path) as client:
        for comment_id, text in acknowledged.items():
            assert client.get(f"/v1/comments/{comment_id}").json()["text"] == text
        again = client.post("/v1/comments", json={"text": "люк ашық 0", "external_id": "0"})
        assert again.status_code == 200


def test_a_full_disk_is_a_problem_that_may_pass(
    app: FastAPI, api: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    engine = app.state.house.sessions.engine

    def limit(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite's own way to a full disk

    event.listen(engine, "checkout", limit)
    body = {"text": "жылу жоқ " * 1_000, "external_id": "full", "platform": "vk"}
    refused = api.post("/v1/comments", json=body)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/storage-unavailable")
    assert refused.headers["retry-after"] == "30"
    assert "full" in caplog.text
    assert "жылу" not in caplog.text
    event.remove(engine, "checkout", limit)
    engine.dispose()
    assert api.post("/v1/comments", json=body).status_code == 201


def test_a_driver_that_is_not_installed_is_named() -> None:
    with pytest.raises(ArgumentError, match="package 'MySQLdb' is needed"):
        Sessions("mysql://127.0.0.1/qulaq")
