"""Commands about what is live."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.model_store import SHIPPED, ModelStore, who_runs_this
from training import promote
from training.card import write_card
from training.cli.application import app
from training.cli.options import Models


@app.command("promote")
def promote_command(
    run: Annotated[Path, typer.Argument(help="The folder that `train` printed.")],
    models: Models = SHIPPED,
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
) -> None:
    """Put a trained model live; running services pick it up with their next answer."""
    entry = promote.promote(run, ModelStore(models), by=who_runs_this(), reason=reason)
    typer.echo(f"{entry.version} is live in {models}")


@app.command("card")
def card_command(
    version: Annotated[str, typer.Argument(help="A version in the store.")],
    models: Models = SHIPPED,
) -> None:
    """Write the model card of a version anew, from its manifest."""
    typer.echo(str(write_card(ModelStore(models).path(version))))
