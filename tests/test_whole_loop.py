"""One comment travels all of it: in by REST, out by a moderator, back as a better model."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from toy_corpus import (
    toy_rows,
    write_quick_recipe,
    write_rows,
    write_small_recipe,
)

KEY = "a-key-of-the-tests-with-every-scope"
PASSWORD = "a password of the tests"
TEXT = "Абылай хан 12, үшінші күн батарея мұздай, үйде 14 градус"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of an installation of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("QULAQ_")},
        "QULAQ_DATA_DIR": str(tmp_path / "data"),
        "QULAQ_MODELS_DIR": str(tmp_path / "models"),
        "QULAQ_BOOTSTRAP_KEY": KEY,
        "QULAQ_BOOTSTRAP_PASSWORD": PASSWORD,
        "QULAQ_PORT": str(port),
    }


def command(environment: dict[str, str], module: str, *arguments: object) -> str:
    """Run a command line of Qulaq as somebody would; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def service(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """`qulaq serve`, running."""
    server = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr
    said = []
    for line in server.stderr:
        said.append(line)
        if "running on" in line:
            break
    else:
        pytest.fail("the service did not start:\n" + "".join(said))
    address = f"http://127.0.0.1:{environment['QULAQ_PORT']}"
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        yield client
    server.terminate()
    server.communicate(timeout=30)


def approve_in_console(chromium: Any, address: str, comment_id: object) -> str:
    """Log in, open the comment, approve the first suggestion; return the reply approved."""
    page = chromium.new_page(base_url=address)
    page.set_default_timeout(30_000)
    page.goto("/console/")
    page.fill("#name", "admin")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.locator(f"a[href*='/comments/{comment_id}']").first.click()
    page.wait_for_url("**/comments/**")
    reply = page.locator("[data-reply]").first
    text = reply.locator("[data-text]").input_value()
    page.locator("[data-approve]").click()
    page.wait_for_url(re.compile("done=approve"))
    page.close()
    return str(text)


def test_the_whole_loop(
    service: httpx.Client, environment: dict[str, str], chromium: Any, tmp_path: Path
) -> None:
    sent = {"text": TEXT, "platform": "instagram", "external_id": "ig-1", "author": "user"}
    stored = service.post("/v1/comments", json=sent)
    assert stored.status_code == 201, stored.text
    comment = stored.json()
    before = comment["analysis"]["model_version"]
    assert comment["analysis"]["topic"]["label"] == "heating"
    queue = service.get("/v1/queue", params={"topic": "heating"}).json()
    assert [item["id"] for item in queue["items"]] == [comment["id"]]

    address = f"http://127.0.0.1:{urlsplit(str(service.base_url)).port}"
    reply = approve_in_console(chromium, address, comment["id"])
    assert reply
    decided = service.get(f"/v1/comments/{comment['id']}").json()
    assert decided["status"] == "approved"
    assert service.get("/v1/queue").json()["items"] == []

    exported = tmp_path / "annotations.jsonl"
    command(environment, "service.cli", "annotations", "export", "--out", exported)
    rows = [json.loads(line) for line in exported.read_text(encoding="utf-8").splitlines()]
    assert [(row["text"], row["topic"], row["source"]) for row in rows] == [
        (TEXT, "heating", "moderator")
    ]

    recipe = write_quick_recipe(tmp_path / "recipe.toml")  # a minute instead of twenty
    run = command(
        *(environment, "training.cli", "train", "--encoder", "none", "--recipe", recipe),
        *("--extra", exported, "--out", tmp_path / "runs"),
    ).strip()
    # One more comment may cost as well as gain; here the way is tested, not the gate.
    command(
        *(environment, "training.cli", "promote", run),
        *("--force", "--reason", "a new annotation"),
    )
    after = service.post("/v1/classify", json={"text": TEXT}).json()["model_version"]
    assert after == Path(run).name != before
    listed = command(environment, "service.cli", "models", "list")
    assert f"* {after}" in listed
    command(environment, "service.cli", "models", "rollback")
    assert service.post("/v1/classify", json={"text": TEXT}).json()["model_version"] == before


class Crowd:
    """Clients that ask the service for answers without a pause, and remember what they got."""

    def __init__(self, service: httpx.Client, number: int) -> None:
        self.service = service
        self.seen: list[list[tuple[int, str]]] = [[] for _ in range(number)]
        """Status and model version of every answer, by client, in order."""
        self._changed = threading.Condition()
        self._done = threading.Event()

    def __enter__(self) -> Crowd:
        self._pool = ThreadPoolExecutor(len(self.seen))
        self._asking = [self._pool.submit(self._ask, answers) for answers in self.seen]
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._pool.shutdown()
        for one in self._asking:
            one.result()  # raises what a client met: a connection refused, cut or too slow

    def _ask(self, answers: list[tuple[int, str]]) -> None:
        while not self._done.is_set():
            answer = self.service.post("/v1/classify", json={"text": TEXT})
            with self._changed:
                answers.append((answer.status_code, answer.json().get("model_version", "")))
                self._changed.notify_all()

    def wait_for(self, version: str) -> None:
        """Return when the newest answer of every client is from `version`."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: all(answers and answers[-1][1] == version for answers in self.seen), 60
            )


def test_no_request_is_dropped_while_a_model_is_trained_promoted_and_rolled_back(
    service: httpx.Client, environment: dict[str, str], tmp_path: Path
) -> None:
    before = service.get("/v1/models").json()["in_use"]
    data = write_rows(toy_rows(), tmp_path / "toy.jsonl")
    recipe = write_small_recipe(tmp_path / "recipe.toml")
    with Crowd(service, 4) as crowd:
        crowd.wait_for(before)
        command(
            *(environment, "training.cli", "train", data, "--encoder", "none", "--recipe", recipe),
            *("--out", tmp_path / "runs", "--version", "toy"),
        )
        command(environment, "training.cli", "promote", tmp_path / "runs" / "toy", "--data", data)
        crowd.wait_for("toy")
        command(environment, "training.cli", "rollback", "--reason", "only a toy")
        crowd.wait_for(before)
    for answers in crowd.seen:
        assert {status for status, _ in answers} == {200}
        versions = [version for version, _ in groupby(answers, key=lambda answer: answer[1])]
        assert versions == [before, "toy", before]
    history = service.get("/v1/models").json()["history"]
    assert [entry["version"] for entry in history] == [before, "toy", before]
    assert [entry["forced"] for entry in history] == [False, False, False]
