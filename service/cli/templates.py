"""qulaq templates: look after the reply templates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.opening import database
from service.replies import Catalogue, TemplateError, check_template, load_templates
from service.templates import LiveCatalogue

app = typer.Typer(no_args_is_help=True, help="Look after the reply templates.")


@app.callback()
def templates() -> None:
    """Keep `check` a command of its own while it is the only one."""


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, dir_okay=False, help="TOML files; by default all in force."),
    ] = None,
) -> None:
    """Name every fault of the templates; status 1 if there is one."""
    faults: list[str] = []
    number = 0
    if files:
        for file in files:
            try:
                number += len(load_templates(file))
            except TemplateError as error:
                faults.append(str(error))
    else:
        with database() as sessions, sessions.reading() as session:
            catalogue = LiveCatalogue(Catalogue.shipped()).current(session)
        number = len(catalogue.templates)
        for template in catalogue.templates.values():
            faults += check_template(template)
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo(f"{number} templates, no faults")
