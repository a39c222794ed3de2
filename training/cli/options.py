"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.corpus import SPLITS

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
    Path, typer.Option("--models", envvar="QULAQ_MODELS_DIR", help="The store of model versions.")
]
Artifact = Annotated[Path | None, typer.Option(help="An artifact; default: the live one.")]


def check_split(split: str) -> None:
    """Raise `ValueError` for a split there is not."""
    if split not in SPLITS:
        raise ValueError(f"--split: '{split}' is none of {', '.join(SPLITS)}")
