"""The command that tries our architecture on anybody's labelled texts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from models.model_store import SHIPPED
from training.cli.application import app
from training.cli.options import Models, chosen_heads, find_encoder, start_of


@app.command("benchmark")
def benchmark_command(  # noqa: PLR0917  typer's options are no positions
    train_file: Annotated[Path, typer.Option("--train", help="CSV or TSV to learn from.")],
    valid_file: Annotated[
        Path | None,
        typer.Option(
            "--valid",
            help="To choose everything on. Without it folds of train are, each by models that"
            " learned from the others, and test is answered by all of them.",
        ),
    ] = None,
    test_file: Annotated[
        Path | None,
        typer.Option(
            "--test", help="To measure on. Without it each half of valid serves the other."
        ),
    ] = None,
    text_column: Annotated[str, typer.Option(help="Column of the texts.")] = "text",
    label_column: Annotated[str, typer.Option(help="Column of the labels.")] = "label",
    encoder: Annotated[
        list[str] | None,
        typer.Option(
            help="Encoder to start from: own (the default), live, a folder or a hub's name. "
            "Repeated: from each in turn."
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Most epochs of an encoder; 0: no encoder.",
            show_default="6; from 30,000 texts on 3",
        ),
    ] = None,
    encoders: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="So many are tuned and averaged; without --valid, so many a fold.",
            show_default="4; from 30,000 texts on 2; without --valid 1",
        ),
    ] = None,
    distil: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Share of what encoders learn that is not the label but what models say that"
            " never saw the text; against wrong labels.",
            show_default="0; from 30,000 texts on 0.6",
        ),
    ] = None,
    more: Annotated[
        list[Path] | None,
        typer.Option(help="Another file to learn from, without what valid and test hold."),
    ] = None,
    both_keyboards: Annotated[
        bool,
        typer.Option(
            help="Learn Kazakh texts without their Kazakh letters too, and measure test so, too."
        ),
    ] = False,
    evidence: Annotated[
        list[str] | None,
        typer.Option(help="Head of the shipped model the n-grams get to see, on texts new to it."),
    ] = None,
    folds: Annotated[
        int, typer.Option(min=2, max=20, help="So many folds of train, without --valid.")
    ] = 5,
    keep: Annotated[
        Path | None,
        typer.Option(
            help="Folder for what each encoder says: a run that was stopped goes on from there,"
            " one with more encoders, too."
        ),
    ] = None,
    seed: Annotated[int, typer.Option()] = 0,
    models: Models = SHIPPED,
) -> None:
    """Train our architecture on any labelled texts and print its figures as one JSON object."""
    from training import tables  # torch takes seconds to import
    from training.benchmark import benchmark
    from training.benchmark_task import Task

    heads = tuple(chosen_heads("--evidence", evidence or []))

    def read(path: Path) -> tables.Table:
        return tables.read_table(path, text_column, label_column)

    with tqdm(unit="text", disable=not sys.stderr.isatty()) as bar:

        def show(what: str, done: int, total: int) -> None:
            bar.set_description(what)
            bar.total, bar.n = total, done
            bar.refresh()

        learned = read(train_file)
        valid = read(valid_file) if valid_file else None
        test = read(test_file) if test_file else None
        for path in more or []:
            apart = [table for table in (valid, test) if table]
            learned = tables.with_more(learned, read(path), apart)
        task = Task(learned, valid, test, seed, show, heads, both_keyboards, folds, keep)
        starts = [start_of(find_encoder(one, models)) for one in encoder or ["own"]]
        found = benchmark(task, starts=starts, epochs=epochs, encoders=encoders, distil=distil)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
