"""`qulaq classify`: a file of comments in, one JSON object a row out."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from tqdm import tqdm

from models import Classifier
from models.claims.index import ClaimIndex
from models.claims.read import read_claims
from models.written_form import load_language_names
from service.classify_file import FileAnalyst, classify_rows
from service.cli.claims import show
from service.comment_files import CommentFile, open_comments
from service.model_choice import open_store
from service.replies import Catalogue
from service.settings import LOCAL_ZONE, Settings


def classify(
    source: Annotated[Path, typer.Argument(metavar="IN", help="CSV, TSV, JSONL or Parquet.")],
    out: Annotated[Path | None, typer.Option(help="Write here, not to standard output.")] = None,
    replies: Annotated[bool, typer.Option("--replies", help="Suggest replies too.")] = False,
    claims: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Known claims to look for in this run."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = os.cpu_count() or 1,
) -> None:
    """Classify every comment of a file with a `text` column.

    Writes one JSON object a row, in order: the answer of /v1/classify with the
    row's id (or number), or `error` for a row that cannot be analysed. What is faulty
    in a file of claims is named; the other claims are looked for.
    """
    settings = Settings()
    try:
        comments = open_comments(source)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    known, faults = read_claims(claims) if claims is not None else ([], [])
    show(faults)
    store = open_store(settings)
    today = datetime.now(LOCAL_ZONE).date()
    analyst = FileAnalyst(
        classifier=Classifier.load(
            store.path(settings.model or store.active()), encoder=settings.tier != "fast"
        ),
        text_limit=settings.text_limit,
        catalogue=Catalogue.shipped() if replies else None,
        today=today,
        claims=ClaimIndex(known, today=lambda: today) if claims is not None else None,
    )
    load_language_names()  # here, or every worker would read the same profiles
    try:
        _deliver(comments, analyst, workers, out)
    except ValueError as error:  # the file turned out not to hold comments
        raise typer.BadParameter(str(error)) from error
    except BrokenProcessPool as error:
        typer.echo("qulaq: a worker process was killed; was there too little memory?", err=True)
        raise typer.Exit(1) from error


def _deliver(comments: CommentFile, analyst: FileAnalyst, workers: int, out: Path | None) -> None:
    """Write to standard output, or to a file that appears only when it is complete."""
    if out is None:
        _write(comments, analyst, workers, sys.stdout.buffer)
        return
    start = time.perf_counter()
    try:
        with _appearing(out) as target:
            rows = _write(comments, analyst, workers, target)
    except OSError as error:
        typer.echo(f"qulaq: {out}: cannot be written ({error.strerror or error})", err=True)
        raise typer.Exit(1) from error
    rate = rows / max(time.perf_counter() - start, 1e-9)
    typer.echo(f"{rows:,} rows written to {out}, {rate:,.0f} a second", err=True)


@contextmanager
def _appearing(out: Path) -> Iterator[BinaryIO]:
    """Open a file beside `out` that takes its place at the end; a device or pipe is kept."""
    place = out.resolve()  # what a link leads to, not the link
    if place.exists() and not place.is_file():
        with place.open("wb") as target:
            yield target
        return
    partial = place.with_name(place.name + ".partial")
    try:
        with partial.open("wb") as target:
            yield target
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)


def _write(comments: CommentFile, analyst: FileAnalyst, workers: int, target: BinaryIO) -> int:
    """Write all lines, showing how far reading has got; return the number of rows."""
    done = 0
    bar = tqdm(total=comments.total, unit="B", unit_scale=True, disable=not sys.stderr.isatty())

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        bar.set_postfix_str(f"{done:,} comments")
        bar.update(comments.position() - bar.n)

    with bar:
        for lines in classify_rows(comments, analyst, workers=workers, progress=advance):
            target.write(lines)
    target.flush()
    return done
