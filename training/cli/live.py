"""Commands about what is live."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from models.classifier import Classifier
from models.model_store import SHIPPED, who_runs_this
from training import promote
from training.card import write_card
from training.cli.application import app
from training.cli.options import Models, Rows, Split, find_artifact, open_store, rows_of
from training.compare import answers_of, compare
from training.comparison_report import as_json, as_table
from training.corpus import ANNOTATED


@app.command("compare")
def compare_command(  # noqa: PLR0917  typer's options are no positions
    candidate: Annotated[str, typer.Argument(help="A run's folder, or a version in the store.")],
    against: Annotated[
        str, typer.Argument(help="Another one to measure it by; default: the live version.")
    ] = "",
    data: Rows = None,
    split: Split = "test",
    models: Models = SHIPPED,
    json_wanted: Annotated[bool, typer.Option("--json", help="All figures, as JSON.")] = False,
) -> None:
    """Compare two models on the same rows; exit status 1 when the candidate is worse anywhere."""
    rows = rows_of(data, split)
    new = Classifier.load(find_artifact(candidate, models))
    old = Classifier.load(find_artifact(against, models))
    found = compare(rows, answers_of(new, rows), answers_of(old, rows))
    typer.echo(json.dumps(as_json(found), indent=1) if json_wanted else as_table(found))
    if found.regressions:
        raise typer.Exit(1)


@app.command("promote")
def promote_command(
    run: Annotated[Path, typer.Argument(help="The folder that `train` printed.")],
    data: Rows = None,
    models: Models = SHIPPED,
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Even if it is worse than the live one; say why.")
    ] = False,
) -> None:
    """Put a trained model live unless it is worse; running services follow at their next answer."""
    entry = promote.promote(
        find_artifact(run, models),
        open_store(models),
        by=who_runs_this(),
        reason=reason,
        data=data or [ANNOTATED],
        force=force,
    )
    for objection in entry.overridden:
        typer.echo(f"in spite of: {objection}", err=True)
    typer.echo(f"{entry.version} is live in {models}")


@app.command("rollback")
def rollback_command(
    models: Models = SHIPPED,
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "rollback",
) -> None:
    """Put the version live that was live before the present one; again, further back.

    Nothing is compared.
    """
    entry = open_store(models).rollback(by=who_runs_this(), reason=reason)
    typer.echo(f"{entry.version} is live in {models}")


@app.command("history")
def history_command(models: Models = SHIPPED) -> None:
    """List which version went live when, by whom and why; the last one is live."""
    for entry in open_store(models).history():
        typer.echo(f"{entry.at[:19]}  {entry.version}  {entry.by}  {entry.reason}".rstrip())
        for objection in entry.overridden:
            typer.echo(f"{'':<19}  in spite of: {objection}")


@app.command("card")
def card_command(
    version: Annotated[str, typer.Argument(help="A version in the store.")],
    models: Models = SHIPPED,
) -> None:
    """Write the model card of a version anew, from its manifest."""
    typer.echo(str(write_card(open_store(models).path(version))))
