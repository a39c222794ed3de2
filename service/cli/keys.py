"""qulaq keys: make, list and revoke API keys."""

from __future__ import annotations

from typing import Annotated

import typer

from service import accounts
from service.cli.opening import database
from service.house import utc_now
from service.principal import SCOPES

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[str], typer.Option("--scope", "-s", help=f"One of: {', '.join(SCOPES)}. Repeatable.")
    ],
) -> None:
    """Make a key and print its secret; it cannot be shown again."""
    with database() as sessions, sessions.writing() as session:
        secret = accounts.create_key(session, name, scope, utc_now())
    typer.echo(secret)


@app.command("list")
def show() -> None:
    """List the keys: name, when it was made, scopes."""
    with database() as sessions, sessions.reading() as session:
        for key in accounts.list_keys(session):
            state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "valid"
            scopes = " ".join(key.scopes)
            typer.echo(f"{key.name}\t{key.created_at:%Y-%m-%d}\t{state}\t{scopes}")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="Name of the key.")]) -> None:
    """Make a key useless from now on."""
    with database() as sessions, sessions.writing() as session:
        accounts.revoke_key(session, name, utc_now())
    typer.echo(f"{name} is revoked")
