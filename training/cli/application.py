"""The typer application that every command registers with."""

from __future__ import annotations

from typing import Final

import typer

app: Final = typer.Typer(
    help="Check annotated comments, train a model on them, measure it, put it live.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
