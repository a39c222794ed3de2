"""qulaq claims: bring known claims in from a file, and out to one."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer

from models.claims.claim import as_json
from models.claims.read import Fault
from service import claim_lists
from service.cli.opening import database
from service.house import utc_now
from service.settings import LOCAL_ZONE
from service.take_in_claims import take_in

app = typer.Typer(no_args_is_help=True, help="Known claims, in and out.")

ACTOR = "command line"
_SHOWN = 50


@app.command("import")
def bring_in(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="JSONL, ClaimReview JSON-LD, or CSV."),
    ],
    overwrite: Annotated[
        bool, typer.Option("--replace", help="Put them in place of those with the same id.")
    ] = False,
) -> None:
    """Take claims in; what is faulty is named by its place, and status 1 says so.

    A column nobody knows is named too, but no fault.

    The rest is taken. Running services compare comments with them from the next one
    on, and those that still wait again.
    """
    with database() as sessions:
        taken = take_in(sessions, file.read_bytes(), ACTOR, utc_now(), overwrite=overwrite)
    show(taken.faults)
    for status, words in (("created", "added"), ("changed", "changed"), ("unchanged", "known")):
        if number := taken.counts.get(status, 0):
            typer.echo(f"claims {words}: {number:,}")
    if taken.faulty:
        raise typer.Exit(1)


@app.command("export")
def export(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File; standard output by default.")
    ] = None,
    examples: Annotated[bool, typer.Option("--examples", help="The examples too.")] = False,
) -> None:
    """Write the claims as a claims file (JSONL), for `qulaq classify --claims`."""
    with ExitStack() as stack:
        session = stack.enter_context(stack.enter_context(database()).reading())
        target: BinaryIO = sys.stdout.buffer
        if out is not None:
            target = stack.enter_context(out.open("wb"))
        filters = claim_lists.ClaimFilters(example=None if examples else False)
        today = utc_now().astimezone(LOCAL_ZONE).date()
        for kept in claim_lists.everything(session, filters, today):
            target.write(orjson.dumps(as_json(kept.claim), option=orjson.OPT_APPEND_NEWLINE))


def show(faults: list[Fault]) -> None:
    """Name faults on standard error; of very many, the first."""
    for fault in faults[:_SHOWN]:
        typer.echo(f"{fault.position}: {fault.detail}", err=True)
    if len(faults) > _SHOWN:
        typer.echo(f"… and {len(faults) - _SHOWN:,} more faults", err=True)
