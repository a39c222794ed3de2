"""What a run leaves behind: enough to explain it, no comment's text, nothing in the store."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy_corpus import toy_rows, write_rows, write_small_recipe

from models import ModelStore
from models.artifact import MANIFEST, WEIGHTS, load_manifest
from models.labels import HEADS
from models.model_store import CARD
from training.card import model_card
from training.corpus import fingerprint
from training.run_folder import PREDICTIONS, RECIPE, RUN, TUNED, code_state, origin

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, toy_file: Path, qulaq_train: Run) -> Path:
    recipe = write_small_recipe(tmp_path / "mine.toml")
    more = write_rows([], tmp_path / "more.jsonl")
    status, said, errors = qulaq_train(
        *("train", toy_file, "--encoder", "none", "--extra", more, "--recipe", recipe),
        *("--out", tmp_path / "runs", "--version", "toy"),
    )
    assert status == 0, errors
    return Path(said.strip())


def read_predictions(run: Path) -> list[dict[str, Any]]:
    lines = (run / PREDICTIONS).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_run_is_explained_and_only_its_artifact_goes_into_the_store(
    run: Path, tmp_path: Path, toy_file: Path
) -> None:
    assert {path.name for path in run.iterdir()} == {
        *(MANIFEST, WEIGHTS, CARD),
        *(RECIPE, RUN, PREDICTIONS),
    }
    assert (run / RECIPE).read_bytes() == (tmp_path / "mine.toml").read_bytes()
    record = json.loads((run / RUN).read_text(encoding="utf-8"))
    assert record["version"] == "toy"
    assert record["arguments"]["data"] == [str(toy_file)]
    assert record["arguments"]["recipe"] == str(tmp_path / "mine.toml")
    assert record["seconds"] > 0
    assert record["code"].keys() == {"commit", "dirty"}
    assert {"numpy", "scikit-learn"} <= record["packages"].keys()
    assert [(one["file"], one["rows"]) for one in record["corpus"]["files"]] == [
        (str(toy_file), 120),
        (str(tmp_path / "more.jsonl"), 0),
    ]
    assert record["corpus"]["fingerprint"] == load_manifest(run).data["fingerprint"]
    assert record["corpus"]["files"][0]["fingerprint"] == fingerprint(toy_rows())

    store = ModelStore(tmp_path / "store")
    store.add(run)
    assert {path.name for path in store.path("toy").iterdir()} == {MANIFEST, WEIGHTS, CARD}


def test_the_predictions_are_those_that_were_measured(run: Path) -> None:
    lines = read_predictions(run)
    judged = {row.id: row for row in toy_rows() if row.split != "train"}
    assert [line["id"] for line in lines] == list(judged)
    assert all(line["split"] == judged[line["id"]].split for line in lines)
    metrics = load_manifest(run).metrics
    for split in ("dev", "test"):
        for head in HEADS:
            said = [line[head] for line in lines if line["split"] == split]
            right = np.mean([one["gold"] == one["label"] for one in said])
            assert round(float(right), 4) == metrics[split][head]["accuracy"]
            assert all(0 < one["probability"] <= 1 for one in said)


def test_the_predictions_hold_no_text(run: Path) -> None:
    assert all(line.keys() == {"id", "split", *HEADS} for line in read_predictions(run))
    content = (run / PREDICTIONS).read_text(encoding="utf-8")
    assert not any(row.text in content for row in toy_rows())


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_an_encoder_is_named_by_what_it_was(run: Path, tmp_path: Path) -> None:
    (run / TUNED).mkdir()
    (tmp_path / "mine").mkdir()
    assert origin([str(run / TUNED)]) == {"version": "toy"}
    assert origin([str(tmp_path / "mine")]) == {"name": "mine"}  # no path of a machine in a card
    assert origin(["FacebookAI/xlm-roberta-base"]) == {"name": "FacebookAI/xlm-roberta-base"}
    both = [str(run / TUNED), str(tmp_path / "mine")]
    assert origin(both, both[:1]) == {"mean": "toy, mine", "teachers": "toy"}
    assert origin(["own"]) == origin(["none"]) == {}
    manifest = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
    manifest["data"]["encoder_from"] = {"name": "LaBSE", "version": "older"}
    (run / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert origin([str(run / TUNED)]) == {"name": "LaBSE", "version": "toy"}


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ({}, "pre-trained by us from scratch (`models/encoder`),\nfine-tuned"),
        ({"version": "toy"}, "(`models/encoder`),\ngone on from what it was in version toy,\nfine"),
        ({"name": "LaBSE"}, "Beside it the encoder `LaBSE`,\nfine-tuned"),
        ({"name": "LaBSE", "version": "a"}, "`LaBSE`,\ngone on from what it was in version a,\nf"),
    ],
)
def test_the_card_says_where_the_encoder_comes_from(
    run: Path, before: dict[str, str], said: str
) -> None:
    manifest = load_manifest(run)
    assert "Beside it" not in model_card(manifest)
    both = replace(
        manifest,
        calibration=manifest.calibration | {"blended": {}},
        data=manifest.data | {"encoder_from": before},
    )
    assert said in model_card(both)


def test_the_code_is_named_by_its_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"commit": None, "dirty": None}
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert code_state(folder) == nothing
    git(folder, "init")
    assert code_state(folder) == nothing  # installed into somebody's repository, not part of it
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    clean = code_state(folder)
    assert len(clean["commit"]) == 40
    assert clean["dirty"] is False
    (folder / "__init__.py").write_text("1\n", encoding="utf-8")
    assert code_state(folder) == {"commit": clean["commit"], "dirty": True}
    monkeypatch.setenv("PATH", "")
    assert code_state(folder) == nothing
