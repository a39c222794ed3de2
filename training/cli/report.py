"""The command that puts all of it on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.classifier import Classifier
from models.model_store import SHIPPED
from training import corpus
from training.cli.application import app
from training.cli.options import Models, Split, check_split, find_artifact
from training.corpus import ANNOTATED
from training.datasheet import MEASURED, load_measured
from training.report import Subject, report


@app.command("report")
def report_command(
    model: Annotated[
        str, typer.Argument(help="An artifact, or a version in the store; default: the live one.")
    ] = "",
    data: Annotated[list[Path] | None, typer.Option(help="JSONL files or folders of them.")] = None,
    models: Models = SHIPPED,
    split: Split = "test",
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("report.html"),
) -> None:
    """Write one HTML page: figures with intervals, pictures, worst errors, speed and size."""
    check_split(split)
    folder = find_artifact(model, models)
    paths = data or [ANNOTATED]
    curves = [path / MEASURED.name for path in paths if (path / MEASURED.name).is_file()]
    page = report(
        Subject(
            classifier=Classifier.load(folder),
            folder=folder,
            corpus=corpus.load(paths),
            split=split,
            curve=load_measured(curves[0]) if curves else None,
        )
    )
    out.write_text(page, encoding="utf-8")
    typer.echo(str(out))
