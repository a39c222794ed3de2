"""What the README shows is what the product answers, and what it names exists."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.main import get_command

import service.cli
import training.cli
from service.app import create_app
from service.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
KEY = "a-key-of-the-tests-with-every-scope"


def shape(value: Any) -> Any:
    """Return keys, labels and words, without figures and versions."""
    if isinstance(value, dict):
        return {name: shape(of) for name, of in value.items() if not name.endswith("_version")}
    if isinstance(value, list):
        return [shape(of) for of in value]
    return None if isinstance(value, float) else value


def test_the_answer_shown_is_the_answer_given(tmp_path: Path) -> None:
    sent = re.search(r"-d '(\{.*?\})'", README)
    shown = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert sent
    assert shown
    settings = Settings(_env_file=None, data_dir=tmp_path, bootstrap_key=KEY)
    with TestClient(create_app(settings)) as client:
        answer = client.post(
            "/v1/classify",
            json=json.loads(sent.group(1)),
            headers={"Authorization": f"Bearer {KEY}"},
        )
    assert shape(answer.json()) == shape(json.loads(shown.group(1)))


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("setting", sorted(set(re.findall(r"`QULAQ_([A-Z_]+)`", README))))
def test_every_setting_exists(setting: str) -> None:
    assert setting.lower() in Settings.model_fields


@pytest.mark.parametrize(
    ("program", "words"),
    sorted(set(re.findall(r"\b(qulaq(?:-train)?) ([a-z-]+)(?= |`|$|;)", README))),
)
def test_every_command_exists(program: str, words: str) -> None:
    app = training.cli.app if program == "qulaq-train" else service.cli.app
    assert words in get_command(app).commands  # type: ignore[attr-defined]
