"""The gate: what is worse does not go live, unless somebody says why; the way back is open."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toy_corpus import toy_rows, write_rows

from models import ModelStore
from models.artifact import MANIFEST, WEIGHTS, load_manifest
from training.promote import objections, promote

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    """A store that the command line is told of by the environment."""
    monkeypatch.setenv("QULAQ_MODELS_DIR", str(tmp_path / "store"))
    return ModelStore(tmp_path / "store")


@pytest.fixture
def live(store: ModelStore, good: Path) -> ModelStore:
    """The same store, the good model live in it."""
    store.add(good)
    store.activate("good", by="test", reason="first")
    return store


def test_the_first_model_goes_live_uncompared(store: ModelStore, bad: Path) -> None:
    promote(bad, store, by="test", reason="", data=[Path("none.jsonl")])
    assert store.active() == "bad"
    assert store.history()[0].forced is False


@pytest.fixture
def shipped(live: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    """The good model stands for the shipped one, and the store in use is not there yet."""
    monkeypatch.setattr("training.cli.options.SHIPPED", live.root)
    monkeypatch.setenv("QULAQ_MODELS_DIR", str(tmp_path / "own"))
    return ModelStore(tmp_path / "own")


def test_a_store_of_ones_own_starts_with_the_shipped_version(
    shipped: ModelStore, bad: Path, toy_file: Path, qulaq_train: Run
) -> None:
    assert "good on test, 30 rows" in qulaq_train("evaluate", toy_file)[1]
    assert [(one.version, one.by) for one in shipped.history()] == [("good", "qulaq")]
    shutil.rmtree(shipped.root)
    assert "topic in all" in qulaq_train("promote", bad, "--data", toy_file)[2]
    assert shipped.active() == "good"


@pytest.mark.parametrize("command", [("history",), ("compare", "good"), ("card", "good")])
def test_every_command_begins_so(
    shipped: ModelStore, toy_file: Path, qulaq_train: Run, command: tuple[str, ...]
) -> None:
    data = ("--data", toy_file) if command[0] == "compare" else ()
    status, said, errors = qulaq_train(*command, *data)
    assert (status, errors) == (0, "")
    assert "good" in said
    assert shipped.active() == "good"


@pytest.mark.parametrize(
    "command",
    [
        ("history", "--models", "/nope"),
        ("compare", "/nope"),
        ("compare", "good", "/nope"),
        ("evaluate", "--model", "/nope"),
        ("report", "/nope"),
        ("promote", "/nope"),
    ],
)
def test_a_folder_that_is_not_there_is_named(
    live: ModelStore, toy_file: Path, qulaq_train: Run, command: tuple[str, ...]
) -> None:
    data = ("--data", toy_file) if command[0] in {"compare", "report", "promote"} else ()
    data = (toy_file,) if command[0] == "evaluate" else data
    status, said, errors = qulaq_train(*command, *data)
    assert (status, said) == (1, "")
    assert "/nope: there is no such folder" in errors


@pytest.mark.parametrize("split", ["train", "test"])
def test_nothing_is_compared_on_no_rows(
    live: ModelStore, tmp_path: Path, qulaq_train: Run, split: str
) -> None:
    (tmp_path / "empty.jsonl").touch()
    arguments = ("--data", tmp_path / "empty.jsonl", "--split", split)
    status, said, errors = qulaq_train("compare", "good", *arguments)
    assert (status, said) == (1, "")
    assert f"there are no {split} rows in {tmp_path / 'empty.jsonl'}" in errors


def test_a_tier_there_is_not_is_named(live: ModelStore, toy_file: Path, qulaq_train: Run) -> None:
    status, said, errors = qulaq_train("evaluate", toy_file, "--tier", "foo")
    assert (status, said) == (1, "")
    assert "--tier: 'foo' is none of blended, fast" in errors
    assert qulaq_train("evaluate", toy_file, "--tier", "fast")[0] == 0


def test_a_worse_model_is_refused_and_nothing_changes(
    live: ModelStore, bad: Path, toy_file: Path, qulaq_train: Run
) -> None:
    status, said, errors = qulaq_train("promote", bad, "--data", toy_file)
    assert (status, said) == (1, "")
    assert "bad does not go live:\n- topic in all: macro-F1 1.000 → 0." in errors
    assert "--force with a --reason" in errors
    assert [entry.version for entry in live.history()] == ["good"]
    assert not (live.root / "bad").exists()


def test_a_better_model_goes_live(
    store: ModelStore, good: Path, bad: Path, toy_file: Path, qulaq_train: Run
) -> None:
    store.add(bad)
    store.activate("bad", by="test")
    status, said, errors = qulaq_train("promote", good, "--data", toy_file, "--reason", "better")
    assert (status, said, errors) == (0, f"good is live in {store.root}\n", "")
    entry = store.history()[-1]
    assert (entry.version, entry.reason, entry.forced) == ("good", "better", False)


def test_force_keeps_what_it_overrode(
    live: ModelStore, bad: Path, toy_file: Path, qulaq_train: Run
) -> None:
    status, said, errors = qulaq_train(
        "promote", bad, "--data", toy_file, "--force", "--reason", "the test rows are wrong"
    )
    assert (status, said) == (0, f"bad is live in {live.root}\n")
    assert "in spite of: topic in all" in errors
    entry = json.loads(live.pointer.read_text(encoding="utf-8"))["history"][-1]
    assert entry["forced"] is True
    assert entry["reason"] == "the test rows are wrong"
    assert entry["by"]
    assert entry["at"]
    assert [line.partition(":")[0] for line in entry["overridden"]] == ["topic in all"]
    assert list(live.history()[-1].overridden) == entry["overridden"]
    assert "in spite of: topic in all: macro-F1 1.000 → 0." in qulaq_train("history")[1]


def test_force_on_a_model_that_is_not_worse_overrides_nothing(
    store: ModelStore, good: Path, bad: Path, toy_file: Path, qulaq_train: Run
) -> None:
    store.add(bad)
    store.activate("bad", by="test")
    assert qulaq_train("promote", good, "--data", toy_file, "--force", "--reason", "x")[0] == 0
    assert store.history()[-1].forced is False


@pytest.mark.parametrize("reason", [(), ("--reason", ""), ("--reason", "  ")])
def test_force_needs_a_reason(
    live: ModelStore, bad: Path, toy_file: Path, qulaq_train: Run, reason: tuple[str, ...]
) -> None:
    status, _, errors = qulaq_train("promote", bad, "--data", toy_file, "--force", *reason)
    assert status == 1
    assert "--force needs a --reason" in errors
    assert live.active() == "good"


def test_the_way_back_needs_no_comparison(
    live: ModelStore, bad: Path, toy_file: Path, qulaq_train: Run
) -> None:
    qulaq_train("promote", bad, "--data", toy_file, "--force", "--reason", "a try")
    toy_file.unlink()
    (live.path("bad") / WEIGHTS).unlink()  # not even the live one must be in order
    status, said, _ = qulaq_train("rollback", "--reason", "it was worse indeed")
    assert (status, said) == (0, f"good is live in {live.root}\n")
    entry = live.history()[-1]
    assert (entry.version, entry.reason, entry.forced) == ("good", "it was worse indeed", False)
    lines = qulaq_train("history")[1].splitlines()
    assert [line.split()[1] for line in lines if line[0] != " "] == ["good", "bad", "good"]


def test_nothing_to_roll_back_to_is_a_sentence(live: ModelStore, qulaq_train: Run) -> None:
    status, _, errors = qulaq_train("rollback")
    assert status == 1
    assert "there is no earlier version" in errors


def test_the_same_model_needs_no_comparison(live: ModelStore, good: Path, qulaq_train: Run) -> None:
    assert qulaq_train("promote", good, "--data", "none.jsonl", "--reason", "again")[0] == 0
    assert [entry.reason for entry in live.history()] == ["first", "again"]


def edited(run: Path, to: Path, **changes: object) -> Path:
    """Return a copy of a run with another manifest."""
    shutil.copytree(run, to)
    raw = json.loads((to / MANIFEST).read_text(encoding="utf-8")) | changes
    (to / MANIFEST).write_text(json.dumps(raw), encoding="utf-8")
    return to


def test_the_same_weights_with_other_decisions_are_compared(
    live: ModelStore, good: Path, tmp_path: Path
) -> None:
    decisions = {**load_manifest(good).decisions, "rumour_possible": 0.9}
    run = edited(good, tmp_path / "run", version="other", decisions=decisions)
    with pytest.raises(FileNotFoundError, match=r"none\.jsonl"):
        objections(run, live, [Path("none.jsonl")])


def test_a_name_that_is_taken_is_refused_before_anything_is_compared(
    live: ModelStore, bad: Path, tmp_path: Path, qulaq_train: Run
) -> None:
    run = edited(bad, tmp_path / "run", version="good")
    status, _, errors = qulaq_train("promote", run, "--data", "none.jsonl")
    assert status == 1
    assert "'good' is in" in errors
    assert "train it under another name" in errors


def test_a_live_model_that_cannot_be_loaded_has_to_be_overridden(
    live: ModelStore, bad: Path, toy_file: Path, qulaq_train: Run
) -> None:
    (live.path("good") / WEIGHTS).unlink()
    status, _, errors = qulaq_train("promote", bad, "--data", toy_file)
    assert status == 1
    assert "not compared, the live version good cannot be loaded" in errors
    objection = next(line for line in errors.splitlines() if "not compared" in line)
    assert str(live.root) not in objection  # the history travels with the weights
    assert qulaq_train("promote", bad, "--force", "--reason", "it is broken")[0] == 0
    assert live.history()[-1].overridden[0].startswith("not compared, the live version good")


def test_data_without_test_rows_judges_nothing(
    live: ModelStore, bad: Path, tmp_path: Path, qulaq_train: Run
) -> None:
    rows = [replace(row, split="train") for row in toy_rows()]
    data = write_rows(rows, tmp_path / "train.jsonl")
    status, _, errors = qulaq_train("promote", bad, "--data", data)
    assert status == 1
    assert "not compared with good: 0 test rows, at least 20 are needed" in errors


def test_a_history_from_before_the_gate_can_still_be_read(live: ModelStore) -> None:
    raw = json.loads(live.pointer.read_text(encoding="utf-8"))
    for entry in raw["history"]:
        del entry["forced"], entry["overridden"]
    live.pointer.write_text(json.dumps(raw), encoding="utf-8")
    live.activate("good", by="test", overridden=["something"])
    assert [(entry.forced, entry.overridden) for entry in live.history()] == [
        (False, ()),
        (True, ("something",)),
    ]


def test_compare_ends_with_the_verdict(
    live: ModelStore, good: Path, bad: Path, toy_file: Path, qulaq_train: Run
) -> None:
    status, said, _ = qulaq_train("compare", bad, "--data", toy_file)
    assert status == 1
    assert "good (old) and bad (new), 30 rows" in said
    assert "- topic in all: macro-F1 1.000 → 0." in said
    status, said, _ = qulaq_train("compare", "good", bad, "--data", toy_file, "--json")
    assert status == 0
    found = json.loads(said)
    assert (found["candidate"], found["against"], found["regressions"]) == ("good", "bad", [])
    assert qulaq_train("compare", good, "--data", toy_file, "--split", "dev")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), "there is no model version 'nowhere'"),
        (("good", "nowhere"), "there is no model version 'nowhere'"),
        (("good", "--data", "none.jsonl"), "none.jsonl: there is no such file"),
        (("good", "--split", "all"), "--split: 'all' is none of train, dev, test"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(
    live: ModelStore, qulaq_train: Run, arguments: tuple[str, ...], words: str
) -> None:
    status, said, errors = qulaq_train("compare", *arguments)
    assert (status, said) == (1, "")
    assert words in errors
