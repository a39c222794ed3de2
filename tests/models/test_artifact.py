"""Artifacts and the store: what is refused, and that activation is never halfway."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import ArtifactError, ModelStore
from models.artifact import MANIFEST, WEIGHTS, Manifest, load_artifact, save_artifact
from models.calibrate import Calibration, uniform
from models.fast import COLUMNS, FastTier, pack, unpack
from models.features import FeatureSpace
from models.labels import HEADS
from models.manifest_values import DECISIONS

SPACE = FeatureSpace(buckets=64, longest=2)


def tiny(seed: int = 0) -> FastTier:
    chance = np.random.default_rng(seed)
    weights = chance.normal(size=(64, COLUMNS)).astype(np.float32)
    idf = np.ones(64, dtype=np.float32)
    known = np.arange(64, dtype=np.int32)
    return FastTier(SPACE, known, idf, weights, np.zeros(COLUMNS, dtype=np.float32))


CALIBRATION = Calibration(dict.fromkeys(HEADS, (1.0, 0.0)), uniform(1.0), uniform(0.5))


def manifest(version: str) -> Manifest:
    return Manifest(
        version=version,
        created=f"2026-11-23T00:00:0{version[-1]}+00:00",
        taxonomy_version="t",
        features={"buckets": 64, "longest": 2},
        calibration={"fast": asdict(CALIBRATION)},
        decisions=dict.fromkeys(DECISIONS, 0.5),
    )


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    save_artifact(folder, manifest("v1"), tiny())
    return folder


def test_weights_survive_storing_up_to_rounding() -> None:
    tier = tiny()
    again = unpack(SPACE, pack(tier))
    assert np.abs(again.weights - tier.weights).max() <= np.abs(tier.weights).max() / 127
    texts = ["жылу жоқ", "су"]
    assert np.allclose(again.logits(texts), tier.logits(texts), atol=0.05)


def test_what_has_no_weights_is_not_read() -> None:
    """As if its features were not there: neither scores nor the length of the row tell of it."""
    tier = tiny()
    half = np.arange(1, 64, 2)
    part = replace(tier, known=tier.known[half], idf=tier.idf[half], weights=tier.weights[half])
    silent = replace(tier, idf=np.where(np.arange(64) % 2, tier.idf, 0).astype(np.float32))
    texts = ["жылу жоқ", "су", "а"]
    assert np.allclose(part.logits(texts), silent.logits(texts), atol=1e-6)
    assert np.allclose(unpack(SPACE, pack(part)).logits(texts), part.logits(texts), atol=0.05)
    empty = np.arange(0)
    none = replace(tier, known=tier.known[empty], idf=tier.idf[empty], weights=tier.weights[empty])
    assert not none.logits(texts).any()


def test_round_trip(artifact: Path) -> None:
    loaded, tiers = load_artifact(artifact)
    assert loaded.version == "v1"
    assert tiers.fast.weights.shape == (64, COLUMNS)
    assert tiers.encoder is None


def flip_a_byte(folder: Path) -> None:
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (folder / WEIGHTS).write_bytes(content)


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    raw = json.loads((folder / MANIFEST).read_text())
    change(raw)
    (folder / MANIFEST).write_text(json.dumps(raw))


BLENDED = json.loads(json.dumps(asdict(CALIBRATION)))
"""As it looks once read from a file."""

DAMAGE: list[tuple[Callable[[Path], object], str]] = [
    (flip_a_byte, "is damaged"),
    (lambda folder: (folder / WEIGHTS).unlink(), "cannot be read"),
    (lambda folder: (folder / MANIFEST).unlink(), "no such file"),
    (lambda folder: (folder / MANIFEST).write_text('{"version": '), "is not JSON"),
    (lambda folder: (folder / MANIFEST).write_text("[]"), "must hold a JSON object"),
    (lambda folder: edit(folder, lambda raw: raw.update(format=99)), "format version 99, this"),
    (lambda folder: edit(folder, lambda raw: raw["labels"].pop("topic")), "label lists differ"),
    (
        lambda folder: edit(folder, lambda raw: raw["calibration"].update(blended=BLENDED)),
        "does not list encoder.onnx, tokenizer.json",
    ),
    (lambda folder: edit(folder, lambda raw: raw["files"].clear()), "does not list"),
    (
        lambda folder: edit(folder, lambda raw: raw["files"].update({"../secret": {}})),
        "not a plain file name",
    ),
    (lambda folder: edit(folder, lambda raw: raw.update(surplus=1)), "surplus"),
    (
        lambda folder: edit(folder, lambda raw: raw["features"].update(buckets=32)),
        "outside the 32 buckets",
    ),
]


WRONG_VALUES: list[tuple[str, Any, str]] = [
    ("version", 5, "version must be a string"),
    ("created", 5, "created must be a string"),
    ("calibration", {}, "calibration must be an object that has 'fast'"),
    ("calibration.fast", list(HEADS), "calibration of fast must be an object of mixed_gain"),
    ("calibration.fast.temperatures", 1, "temperatures of language must be an object"),
    ("calibration.fast.temperatures.topic.ru", 0, "temperatures of topic: ru is not"),
    ("calibration.fast.temperatures.topic.ru", "x", "temperatures of topic: ru is not"),
    ("calibration.fast.thresholds.topic", {}, "no calibration of fast: thresholds of topic for kk"),
    ("calibration.fast.thresholds.topic.en", None, "thresholds of topic: en is not"),
    ("calibration.fast.thresholds.topic.en", float("nan"), "thresholds of topic: en is not"),
    ("calibration.fast.weights.topic", [1], "weights of topic must be two numbers"),
    ("calibration.fast.weights.topic", [1, "x"], "weights of topic: encoder is not"),
    ("calibration.fast.mixed_gain", "x", "calibration of fast: mixed_gain is not"),
    ("decisions", {}, "no decisions for rumour_possible"),
    ("decisions", None, "decisions must be an object"),
    ("decisions.sure_word", "x", "decisions: sure_word is not"),
    ("files", ["fast.safetensors"], "files must be an object"),
    ("files", {"fast.safetensors": "x"}, "every entry of files"),
    ("metrics", {"test": "x"}, "every entry of metrics"),
    ("features", None, "features must be an object"),
    ("features.buckets", 2**45, "at most 16,777,216 buckets"),
    ("features.longest", 1.5, "whole numbers"),
]


@pytest.mark.parametrize(("place", "value", "message"), WRONG_VALUES)
def test_a_manifest_the_classifier_cannot_work_with_is_refused(
    artifact: Path, place: str, value: object, message: str
) -> None:
    def change(raw: dict[str, Any]) -> None:
        *tables, name = place.split(".")
        for table in tables:
            raw = raw[table]
        raw[name] = value

    edit(artifact, change)
    with pytest.raises(ArtifactError, match=message):
        load_artifact(artifact)


@pytest.mark.parametrize("content", [b"\xff", b"", b"[" * 100_000, b'{"a": ' + b"9" * 5_000 + b"}"])
def test_a_manifest_that_is_no_json_hides_no_other_version(
    store: ModelStore, content: bytes
) -> None:
    (store.path("v1") / MANIFEST).write_bytes(content)
    (store.root / "v3" / MANIFEST).mkdir(parents=True)
    assert [entry.version for entry in store.versions()] == ["v2"]
    with pytest.raises(ArtifactError, match="is not JSON"):
        store.activate("v1", by="a")


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[" * 100_000, b'{"history": [{"version": 5}]}']
)
def test_a_damaged_pointer_is_named(store: ModelStore, content: bytes) -> None:
    store.pointer.write_bytes(content)
    with pytest.raises(ArtifactError, match="is damaged"):
        store.active()


def test_a_folder_named_like_another_version_does_not_go_live(store: ModelStore) -> None:
    store.path("v2").rename(store.root / "v9")
    with pytest.raises(ArtifactError, match="is version 'v2'"):
        store.activate("v9", by="a")


@pytest.mark.parametrize(("damage", "message"), DAMAGE)
def test_a_damaged_artifact_is_refused(
    artifact: Path, damage: Callable[[Path], object], message: str
) -> None:
    damage(artifact)
    with pytest.raises(ArtifactError, match=message):
        load_artifact(artifact)


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    store = ModelStore(tmp_path / "store")
    for version in ("v1", "v2"):
        folder = tmp_path / version
        save_artifact(folder, manifest(version), tiny())
        store.add(folder)
    return store


def test_activate_and_roll_back_keep_a_history(store: ModelStore) -> None:
    store.activate("v1", by="a")
    store.activate("v2", by="b", reason="better")
    assert store.active() == "v2"
    assert store.rollback(by="c").version == "v1"
    assert [(entry.version, entry.by) for entry in store.history()] == [
        ("v1", "a"),
        ("v2", "b"),
        ("v1", "c"),
    ]
    assert [entry.version for entry in store.versions()] == ["v1", "v2"]


@pytest.mark.parametrize("version", ["v3", "../v1", "", "a/b", ".."])
def test_an_unknown_version_is_refused_and_nothing_changes(store: ModelStore, version: str) -> None:
    store.activate("v1", by="a")
    with pytest.raises(ArtifactError):
        store.activate(version, by="a")
    assert store.active() == "v1"


def test_a_damaged_version_does_not_go_live(store: ModelStore) -> None:
    store.activate("v1", by="a")
    flip_a_byte(store.path("v2"))
    with pytest.raises(ArtifactError, match="is damaged"):
        store.activate("v2", by="a")
    assert store.active() == "v1"


def test_rolling_back_passes_over_a_version_that_was_removed(
    store: ModelStore, tmp_path: Path
) -> None:
    save_artifact(tmp_path / "v3", manifest("v3"), tiny())
    store.add(tmp_path / "v3")
    for version in ("v1", "v2", "v3"):
        store.activate(version, by="a")
    shutil.rmtree(store.path("v2"))
    assert store.rollback(by="a").version == "v1"


def test_nothing_to_roll_back_to(store: ModelStore) -> None:
    store.activate("v1", by="a")
    with pytest.raises(ArtifactError, match="no earlier version"):
        store.rollback(by="a")


def test_a_version_is_never_overwritten(store: ModelStore, artifact: Path) -> None:
    with pytest.raises(ArtifactError, match="already"):
        store.add(artifact)
    assert not list(store.root.glob(".adding-*"))


def test_an_empty_store_is_seeded_once(store: ModelStore, tmp_path: Path) -> None:
    store.activate("v2", by="a")
    mine = ModelStore(tmp_path / "mine")
    mine.seed(store)
    assert mine.active() == "v2"
    store.activate("v1", by="a")
    mine.seed(store)
    assert mine.active() == "v2"
    shutil.rmtree(store.root)
    assert load_artifact(mine.path("v2"))[0].version == "v2"


def test_readers_never_see_half_a_pointer(store: ModelStore) -> None:
    store.activate("v1", by="a")
    seen: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(store.active())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(30):
        store.activate("v2" if turn % 2 else "v1", by="a")
    done.set()
    reader.join()
    assert set(seen) <= {"v1", "v2"}
    assert len(store.history()) == 31
