"""qulaq annotations: what moderators decided, out to a file and in from one."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer

from service.cli.opening import database
from service.export import annotated_comments
from service.house import utc_now
from service.import_annotations import import_annotations
from service.settings import LOCAL_ZONE

app = typer.Typer(no_args_is_help=True, help="Annotated comments, out and in.")


@app.command("export")
def export(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File; standard output by default.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(help="Decided then or later, local time of Astana.")
    ] = None,
) -> None:
    """Write what moderators decided as JSONL, personal data masked."""
    start = since and since.replace(tzinfo=LOCAL_ZONE)
    with ExitStack() as stack:
        session = stack.enter_context(stack.enter_context(database()).reading())
        target: BinaryIO = sys.stdout.buffer
        if out is not None:
            target = stack.enter_context(out.open("wb"))
        for row in annotated_comments(session, start):
            target.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A JSONL file.")],
) -> None:
    """Take annotated comments in; all lines or, if any is faulty, none."""
    with (
        file.open(encoding="utf-8", errors="surrogateescape") as lines,
        database() as sessions,
        sessions.writing() as session,
    ):
        number = import_annotations(session, lines, utc_now())
    typer.echo(f"{number} annotated comments are in")
