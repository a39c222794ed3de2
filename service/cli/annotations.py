"""qulaq annotations: what moderators decided, out to a file and in from one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer

from service.cli.opening import database
from service.export import annotations
from service.house import utc_now
from service.import_annotations import import_annotations
from service.settings import LOCAL_ZONE

app = typer.Typer(no_args_is_help=True, help="Annotated comments, out and in.")


@app.command("export")
def export(
    out: Annotated[
        typer.FileBinaryWrite, typer.Option("--out", "-o", help="File; standard output by default.")
    ] = "-",  # type: ignore[assignment]
    since: Annotated[
        datetime | None, typer.Option(help="Decided then or later, local time of Astana.")
    ] = None,
) -> None:
    """Write what moderators decided as JSONL, personal data masked."""
    start = since and since.replace(tzinfo=LOCAL_ZONE)
    with database() as sessions, sessions.reading() as session:
        for row in annotations(session, start):
            out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A JSONL file.")],
) -> None:
    """Take annotated comments in; all lines or, if any is faulty, none."""
    with (
        file.open(encoding="utf-8") as lines,
        database() as sessions,
        sessions.writing() as session,
    ):
        number = import_annotations(session, lines, utc_now())
    typer.echo(f"{number} annotated comments are in")
