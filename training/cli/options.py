"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from models.artifact import MANIFEST
from models.labels import HEADS
from models.model_store import SHIPPED, ModelStore
from training import corpus
from training.corpus import ANNOTATED, SPLITS, Row
from training.run_folder import TUNED

TIERS: Final = ("blended", "fast")


def _typed_folder(context: typer.Context, parameter: typer.CallbackParam, folder: Path) -> Path:
    """Return the folder; raise for one that somebody typed and that is not there.

    One that the environment names is made and filled, as `qulaq serve` does.
    """
    source = context.get_parameter_source(parameter.name or "")
    if source and source.name == "COMMANDLINE" and not folder.is_dir():
        raise FileNotFoundError(f"{folder}: there is no such folder")
    return folder


Data = Annotated[list[Path] | None, typer.Argument(help="JSONL files or folders of them.")]
Extra = Annotated[
    list[Path] | None, typer.Option("--extra", help="More rows, such as exported annotations.")
]
Rows = Annotated[
    list[Path] | None,
    typer.Option("--data", help="JSONL files or folders of them; default: data/annotated."),
]
Split = Annotated[str, typer.Option("--split", help=f"One of {', '.join(SPLITS)}.")]
OpenData = Annotated[
    Path,
    typer.Option("--open-data", help="The folder of open data sets, for figures on real texts."),
]
Models = Annotated[
    Path,
    typer.Option(
        "--models",
        envvar="QULAQ_MODELS_DIR",
        callback=_typed_folder,
        help="The store of model versions; an empty folder starts with the shipped one.",
    ),
]
Artifact = Annotated[Path | None, typer.Option(help="An artifact; default: the live one.")]


def check_split(split: str) -> None:
    """Raise `ValueError` for a split there is not."""
    if split not in SPLITS:
        raise ValueError(f"--split: '{split}' is none of {', '.join(SPLITS)}")


def check_tier(tier: str) -> None:
    """Raise `ValueError` for a tier there is not."""
    if tier not in TIERS:
        raise ValueError(f"--tier: '{tier}' is none of {', '.join(TIERS)}")


def open_store(root: Path) -> ModelStore:
    """Return the store in use; an empty one starts with the shipped version, as the service's."""
    store = ModelStore(root)
    store.seed(ModelStore(SHIPPED))
    return store


def find_artifact(named: str | Path, models: Path) -> Path:
    """Return the folder of a model: `named` itself, a version of the store or, empty, the live one.

    Raise `FileNotFoundError` for a path that leads to no folder, `ArtifactError` for a version
    that the store lacks.
    """
    folder = Path(named)
    if str(named) and (folder / MANIFEST).exists():
        return folder
    if isinstance(named, Path) or len(folder.parts) > 1 or folder.is_absolute():
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder}: there is no such folder")
        return folder  # loading it says what it lacks
    store = open_store(models)
    return store.path(named or store.active())


def find_encoder(named: str, models: Path) -> str:
    """Return the folder that an encoder's name means, or the name where it is another's to know.

    `live` and a version of the store are models, a run's folder holds its encoder unrounded.
    """
    if named in {"own", "none"}:
        return named
    folder = Path(named)
    if named == "live" or (not folder.exists() and _is_version(named, models)):
        return str(find_artifact("" if named == "live" else named, models))
    unrounded = folder / TUNED
    return str(unrounded) if unrounded.is_dir() else named


def _is_version(named: str, models: Path) -> bool:
    """Say whether the store in use holds a version of that name."""
    return any(one.version == named for one in open_store(models).versions())


def start_of(encoder: str) -> str | Path:
    """Return the folder or name to load an encoder from, which `find_encoder` has found."""
    from training.encoder import OWN  # torch takes seconds to import

    return OWN if encoder == "own" else encoder


def rows_of(data: Sequence[Path] | None, split: str) -> list[Row]:
    """Return the rows of one split; raise `ValueError` when there is none."""
    check_split(split)
    paths = data or [ANNOTATED]
    rows = [row for row in corpus.load(paths) if row.split == split]
    if not rows:
        raise ValueError(f"there are no {split} rows in {', '.join(map(str, paths))}")
    return rows


def chosen_heads(option: str, heads: Sequence[str]) -> list[str]:
    """Return the heads, each once; raise `ValueError` for one there is not."""
    if unknown := [name for name in heads if name not in HEADS]:
        raise ValueError(f"{option}: '{unknown[0]}' is none of {', '.join(HEADS)}")
    return list(dict.fromkeys(heads))
