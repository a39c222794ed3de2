"""qulaq serve: start the service; on the very first start, show the credentials it made."""

from __future__ import annotations

import os
import shutil
from typing import Annotated, Any

import typer
import uvicorn

from service.accounts import FIRST_USER, Credentials, bootstrap
from service.cli.opening import database
from service.console.links import ROOT
from service.house import utc_now
from service.model_choice import open_store
from service.settings import Settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Worker processes.")] = None,
) -> None:
    """Start the service: the interface and the moderators' console."""
    given: dict[str, Any] = {"host": host, "port": port, "workers": workers}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    store = open_store(settings)
    store.path(settings.model or store.active())  # raises a sentence, not a traceback
    with database(settings) as sessions, sessions.writing() as session:
        credentials = bootstrap(session, settings, utc_now(), invent=True)
    _show(credentials)
    typer.echo(f"Console:      http://{settings.host}:{settings.port}{ROOT}")
    if settings.workers > 1:
        _share_metrics(settings)
    uvicorn.run(
        "service.app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        access_log=False,  # paths may carry what people search for
        server_header=False,
    )


def _show(credentials: Credentials) -> None:
    """Print what was made at random; it is stored only as hashes and cannot be shown again."""
    if credentials.password is not None:
        typer.echo(f"Console user: {FIRST_USER}")
        typer.echo(f"Password:     {credentials.password}")
    if credentials.key is not None:
        typer.echo(f"API key:      {credentials.key}")
    if credentials != Credentials():
        typer.echo("Keep them: they are shown this once.")


def _share_metrics(settings: Settings) -> None:
    """Give the workers a fresh folder for counters that a scrape of any of them adds up."""
    folder = settings.data_dir / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
