"""Artifacts: what is stored comes back, what is damaged is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_model import CALIBRATION, SPACE, flip_a_byte, manifest, tiny

from models import ArtifactError
from models.artifact import MANIFEST, WEIGHTS, load_artifact, save_artifact
from models.fast import COLUMNS, pack, unpack
from models.labels import HEADS


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


@pytest.mark.parametrize(("damage", "message"), DAMAGE)
def test_a_damaged_artifact_is_refused(
    artifact: Path, damage: Callable[[Path], object], message: str
) -> None:
    damage(artifact)
    with pytest.raises(ArtifactError, match=message):
        load_artifact(artifact)
