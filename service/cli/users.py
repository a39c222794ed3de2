"""qulaq users: let people log in to the console."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from service import accounts
from service.cli.opening import database
from service.house import utc_now

app = typer.Typer(no_args_is_help=True, help="Let people log in to the console.")


@app.callback()
def users() -> None:
    """Keep `create` a command of its own while it is the only one."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="User name.")],
    admin: Annotated[bool, typer.Option("--admin", help="May do everything.")] = False,
    language: Annotated[str, typer.Option(help="Language of the console: kk, ru or en.")] = "kk",
) -> None:
    """Make a console user; asks for the password, or reads it from standard input."""
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    with database() as sessions, sessions.writing() as session:
        accounts.create_user(session, name, password, utc_now(), admin=admin, language=language)
    typer.echo(f"{name} can log in")
