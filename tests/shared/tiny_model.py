"""An artifact of 64 columns that knows nothing, made at once."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np

from models.artifact import WEIGHTS, Manifest
from models.calibrate import Calibration, uniform
from models.fast import COLUMNS, FastTier
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


def flip_a_byte(folder: Path) -> None:
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (folder / WEIGHTS).write_bytes(content)
