"""The command line `qulaq`."""

from __future__ import annotations

import typer
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, OperationalError

from models import ArtifactError
from service.cli import claims, db, keys, models, templates, users
from service.cli.annotations import app as annotations_app
from service.cli.classify import classify
from service.cli.serve import serve
from service.errors import Problem
from service.fault_words import in_words
from service.settings import Settings

app = typer.Typer(
    name="qulaq",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they would print the texts at hand
    help="Reads every comment to a city administration.",
)
app.command()(serve)
app.command()(classify)
app.add_typer(annotations_app, name="annotations")
app.add_typer(claims.app, name="claims")
app.add_typer(templates.app, name="templates")
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")
app.add_typer(db.app, name="db")
app.add_typer(models.app, name="models")


def main() -> None:
    """Run the command line; what a user has to know ends it with status 1 and a sentence."""
    try:
        app()
    except Problem as problem:
        for line in _lines(problem):
            typer.echo(line, err=True)
        raise SystemExit(1) from None
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        for fault in error.errors(include_input=False, include_url=False):
            name = "".join(f"QULAQ_{str(part).upper()}: " for part in fault["loc"][:1])
            typer.echo(f"qulaq: {name}{in_words(fault)}", err=True)  # no name: about several
        raise SystemExit(1) from None
    except (OperationalError, ArgumentError) as error:
        reason = getattr(error, "orig", None) or error
        typer.echo(f"qulaq: the database cannot be used: {reason}", err=True)
        raise SystemExit(1) from None
    except (ArtifactError, OSError) as error:
        typer.echo(f"qulaq: {error}", err=True)
        raise SystemExit(1) from None


def _lines(problem: Problem) -> list[str]:
    """Return what is said about a problem; a single fault is all of it, and said once."""
    named = [
        one.detail if one.detail.startswith(one.field) else f"{one.field}: {one.detail}"
        for one in problem.errors
    ]
    if [one.detail for one in problem.errors] == [problem.detail]:
        return [f"qulaq: {named[0]}"]
    return [f"qulaq: {problem.detail}", *(f"  {one}" for one in named)]
