"""A trained model on disk: weights, and a manifest that vouches for them.

The fast tier is a safetensors file; the encoder tier, where there is one, an ONNX file
and its tokenizer.

The manifest holds what is needed to serve the weights (label lists, feature
space, calibration) and to explain them (metrics, data fingerprint,
recipe), and the SHA-256 of every file beside it. A damaged artifact, another
format version or other label lists are refused before a weight is used.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError
from safetensors.numpy import load, save_file

from models.encoder_tier import EncoderTier
from models.fast import FastTier, pack, unpack
from models.features import FeatureSpace
from models.labels import HEADS
from models.manifest_values import value_fault

FORMAT: Final = 2
MANIFEST: Final = "manifest.json"
WEIGHTS: Final = "fast.safetensors"
ENCODER: Final = "encoder.onnx"
TOKENIZER: Final = "tokenizer.json"
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class ArtifactError(ValueError):
    """An artifact that must not be served; the message names the file and the fault."""


@dataclass(frozen=True)
class Manifest:
    """Everything about a model that is not a weight."""

    version: str
    created: str
    taxonomy_version: str
    features: dict[str, Any]
    calibration: dict[str, dict[str, Any]]
    """By choice of tiers, `fast` and where there is an encoder `blended`: the fields of
    `models.calibrate.Calibration`."""
    decisions: dict[str, float]
    """Other numbers to decide by: those of `thresholds.toml` in force at training."""
    metrics: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    """What `training.claims_evaluation` measured with this model, empty where nothing."""
    data: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(
        default_factory=lambda: {head: list(codes) for head, codes in HEADS.items()}
    )
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT


@dataclass(frozen=True)
class Tiers:
    """The weights of a model."""

    fast: FastTier
    encoder: EncoderTier | None = None


def check_version_name(version: str) -> str:
    """Return `version` if it can name a folder, else raise `ArtifactError`."""
    if not _VERSION.fullmatch(version):
        raise ArtifactError(
            f"'{version}' is no model version: letters, digits, '.', '_', '-', at most 64"
        )
    return version


def save_artifact(
    folder: Path, manifest: Manifest, tier: FastTier, encoder: Mapping[str, bytes] | None = None
) -> Manifest:
    """Write weights, then the manifest that vouches for them; return it with file hashes.

    `encoder` holds the contents of `ENCODER` and `TOKENIZER`, if there is an encoder.
    """
    check_version_name(manifest.version)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(pack(tier), folder / WEIGHTS)
    for name, content in (encoder or {}).items():
        (folder / name).write_bytes(content)
    files = {}
    for name in (WEIGHTS, *(encoder or ())):
        (folder / name).chmod(0o644)  # readable by the user the service runs as
        content = (folder / name).read_bytes()
        files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    complete = Manifest(**{**asdict(manifest), "files": files})
    text = json.dumps(asdict(complete), ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return complete


def load_manifest(folder: Path) -> Manifest:
    """Read and check the manifest alone; raise `ArtifactError` saying what is wrong with it."""
    path = folder / MANIFEST
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArtifactError(f"{path}: there is no such file") from None
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise ArtifactError(f"{path}: is not JSON ({error})") from error
    if not isinstance(raw, dict):
        raise ArtifactError(f"{path}: must hold a JSON object")
    if raw.get("format") != FORMAT:
        raise ArtifactError(
            f"{path}: format version {raw.get('format')!r}, this program reads {FORMAT}"
        )
    try:
        manifest = Manifest(**raw)
    except TypeError as error:
        raise ArtifactError(f"{path}: {error}") from error
    if manifest.labels != {head: list(codes) for head, codes in HEADS.items()}:
        raise ArtifactError(f"{path}: its label lists differ from this program's")
    if fault := value_fault(raw):
        raise ArtifactError(f"{path}: {fault}")
    return manifest


def load_artifact(folder: Path, *, encoder: bool = True) -> tuple[Manifest, Tiers]:
    """Read a model; raise `ArtifactError` when any file is missing, damaged or of another kind.

    Without `encoder`, only the fast tier is loaded; the files of both are checked.
    """
    manifest = load_manifest(folder)
    contents = {name: _verified(folder, name, entry) for name, entry in manifest.files.items()}
    if WEIGHTS not in contents:
        raise ArtifactError(f"{folder / MANIFEST}: does not list {WEIGHTS}")
    try:
        fast = unpack(FeatureSpace(**manifest.features), load(contents[WEIGHTS]))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"{folder / WEIGHTS}: {error}") from error
    if "blended" not in manifest.calibration:
        return manifest, Tiers(fast)
    if missing := {ENCODER, TOKENIZER} - contents.keys():
        raise ArtifactError(f"{folder / MANIFEST}: does not list {', '.join(sorted(missing))}")
    if not encoder:
        return manifest, Tiers(fast)
    try:
        return manifest, Tiers(fast, EncoderTier(contents[ENCODER], contents[TOKENIZER]))
    except ValueError as error:
        raise ArtifactError(f"{folder / ENCODER}: {error}") from error


def _verified(folder: Path, name: str, entry: dict[str, Any]) -> bytes:
    """Return the file's bytes if it lies beside the manifest, which vouches for them."""
    path = folder / name
    if path.parent != folder or path.name != name:
        raise ArtifactError(f"{path}: is not a plain file name")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != entry.get("sha256"):
        raise ArtifactError(f"{path}: is damaged, its SHA-256 differs from the manifest's")
    return content
