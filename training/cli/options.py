"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[list[Path] | None, typer.Argument(help="JSONL files or folders of them.")]
Extra = Annotated[
    list[Path] | None, typer.Option("--extra", help="More rows, such as exported annotations.")
]
OpenData = Annotated[
    Path,
    typer.Option("--open-data", help="The folder of open data sets, for figures on real texts."),
]
Models = Annotated[
    Path, typer.Option("--models", envvar="QULAQ_MODELS_DIR", help="The store of model versions.")
]
Artifact = Annotated[Path | None, typer.Option(help="An artifact; default: the live one.")]
