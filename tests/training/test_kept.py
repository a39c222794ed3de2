"""What is kept between runs of the benchmark: found again only for the very same causes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from training.kept import Arrays, kept
from training.members import Lesson, tuned

CAUSES = [np.arange(3), "seed 0"]


def count_calls() -> tuple[list[int], Callable[[], Arrays]]:
    calls: list[int] = []

    def learn() -> Arrays:
        calls.append(1)
        return {"said": np.full((2, 2), len(calls), np.float32)}

    return calls, learn


def test_the_same_causes_are_learned_once(tmp_path: Path) -> None:
    calls, learn = count_calls()
    folder = tmp_path / "new" / "kept"
    first = kept(folder, CAUSES, learn)
    again = kept(folder, [np.arange(3), "seed 0"], learn)
    assert again["said"].tolist() == first["said"].tolist()
    assert again["said"].dtype == np.float32
    assert len(calls) == 1
    others = (
        [np.arange(3), "seed 1"],
        [np.arange(4), "seed 0"],
        [np.arange(3).astype(np.int32), "seed 0"],
        [np.arange(3).reshape(3, 1), "seed 0"],
    )
    for number, causes in enumerate(others):
        kept(folder, causes, learn)
        assert len(calls) == number + 2
    assert len(list(folder.iterdir())) == 5


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    calls, learn = count_calls()
    kept(tmp_path, CAUSES, learn)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for damaged in (b"", b"nothing", whole[: len(whole) // 2]):
        path.write_bytes(damaged)
        kept(tmp_path, CAUSES, learn)
        kept(tmp_path, CAUSES, learn)
    assert len(calls) == 4
    for place in range(0, len(whole), 3):  # whatever byte is wrong, it is borne
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        assert kept(tmp_path, CAUSES, learn)["said"].shape == (2, 2)


def test_what_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Arrays:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept(tmp_path, CAUSES, fail)
    assert list(tmp_path.iterdir()) == []

    def full(file: BinaryIO, **_: object) -> None:
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(np, "savez_compressed", full)
        with pytest.raises(OSError, match="No space left"):
            kept(tmp_path, CAUSES, count_calls()[1])
    assert list(tmp_path.iterdir()) == []


def test_our_own_code_is_among_the_causes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, learn = count_calls()
    source = tmp_path / "training"
    source.mkdir()
    (source / "encoder.py").write_text("rate = 1")
    monkeypatch.setattr("training.kept.__file__", str(source / "kept.py"))
    kept(tmp_path, CAUSES, learn)
    kept(tmp_path, CAUSES, learn)
    assert len(calls) == 1
    (source / "encoder.py").write_text("rate = 2")
    kept(tmp_path, CAUSES, learn)
    assert len(calls) == 2


def test_a_folder_that_cannot_be_is_said_before_anything_is_learned(tmp_path: Path) -> None:
    calls, learn = count_calls()
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        kept(tmp_path / "file", CAUSES, learn)
    assert not calls


def test_an_encoder_is_tuned_once_for_a_lesson(tiny: Path, tmp_path: Path) -> None:
    seen: list[str] = []
    texts = [f"{word} жол {number}" for number in range(10) for word in ("жақсы", "нашар")]
    lesson = Lesson(
        texts,
        np.arange(20) % 2,
        2,
        ["жақсы"],
        keep_in=tmp_path,
        progress=lambda what, _done, _total: seen.append(what),
    )
    first = tuned(lesson, tiny, 2, 0, "one")
    again = tuned(lesson, tiny, 2, 0, "two")
    assert "two" not in seen
    assert np.array_equal(again.said, first.said)
    assert (again.states, again.pace) == (first.states, first.pace)
    for task, seed in ((replace(lesson, labels=1 - lesson.labels), 0), (lesson, 1)):
        tuned(task, tiny, 2, seed, f"other {seed}")
        assert f"other {seed}" in seen
    config = json.loads((tiny / "config.json").read_text())
    other = tmp_path / "other"
    shutil.copytree(tiny, other)
    (other / "config.json").write_text(json.dumps(config | {"hidden_dropout_prob": 0.4}))
    tuned(lesson, other, 2, 0, "more dropout")
    assert "more dropout" in seen
    nothing = replace(lesson, keep_in=None)
    assert np.array_equal(tuned(nothing, tiny, 2, 0, "three").said, first.said)
