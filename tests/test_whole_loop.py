"""One comment travels all of it: in by REST, out by a moderator, back as a better model."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

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

    run = command(
        environment, "training.cli", "train", "--extra", exported, "--out", tmp_path / "runs"
    ).strip()
    command(environment, "training.cli", "promote", run, "--reason", "a new annotation")
    after = service.post("/v1/classify", json={"text": TEXT}).json()["model_version"]
    assert after == Path(run).name != before
    listed = command(environment, "service.cli", "models", "list")
    assert f"* {after}" in listed
    command(environment, "service.cli", "models", "rollback")
    assert service.post("/v1/classify", json={"text": TEXT}).json()["model_version"] == before
