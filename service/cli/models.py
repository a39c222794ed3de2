"""`qulaq models`: which versions there are, which is live, and changing that."""

from __future__ import annotations

from typing import Annotated

import typer

from models.model_store import who_runs_this
from service.model_choice import open_store
from service.settings import Settings

app = typer.Typer(help="List, activate and roll back model versions.", no_args_is_help=True)


@app.command("list")
def list_versions() -> None:
    """List the versions with their figures; the live one has a star."""
    store = open_store(Settings())
    live = store.active()
    for manifest in store.versions():
        star = "*" if manifest.version == live else " "
        test = manifest.metrics.get("test", {})
        figures = ", ".join(
            f"{head} {test[head]['macro_f1']:.3f}"
            for head in ("topic", "urgency", "sentiment", "intent")
            if head in test
        )
        typer.echo(f"{star} {manifest.version}  {manifest.created}  {figures}")


@app.command("activate")
def activate(
    version: Annotated[str, typer.Argument(help="A version from `qulaq models list`.")],
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
) -> None:
    """Make a version live; running services answer with it from their next request on."""
    entry = open_store(Settings()).activate(version, by=who_runs_this(), reason=reason)
    typer.echo(f"{entry.version} is live")


@app.command("rollback")
def rollback(
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "rollback",
) -> None:
    """Make the version live that was live before the present one; again, further back."""
    entry = open_store(Settings()).rollback(by=who_runs_this(), reason=reason)
    typer.echo(f"{entry.version} is live")
