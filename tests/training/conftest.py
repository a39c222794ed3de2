"""What tests of training share: two small models, one of them bad, and the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toy_corpus import misled_rows, small_recipe, toy_rows, write_rows

from training import cli
from training.train import train

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that learned the toy corpus."""
    folder = tmp_path_factory.mktemp("good") / "run"
    train(toy_rows(), small_recipe(), folder, "good")
    return folder


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that learned wrong topics and calls the topic of no test row right."""
    folder = tmp_path_factory.mktemp("bad") / "run"
    train(misled_rows(), small_recipe(), folder, "bad")
    return folder


@pytest.fixture
def toy_file(tmp_path: Path) -> Path:
    """The toy corpus as a file."""
    return write_rows(toy_rows(), tmp_path / "toy.jsonl")


@pytest.fixture
def qulaq_train(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command as somebody would; return (status, output, errors)."""

    def command(*arguments: Any) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["qulaq-train", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        written = capsys.readouterr()
        if isinstance(ended.value.code, str):  # a sentence, which Python prints and ends with 1
            return 1, written.out, written.err + ended.value.code
        return ended.value.code or 0, written.out, written.err

    return command
