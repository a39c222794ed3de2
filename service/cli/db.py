"""qulaq db: look after the database."""

from __future__ import annotations

import typer

from service.settings import Settings
from service.store import Sessions, upgrade

app = typer.Typer(no_args_is_help=True, help="Look after the database.")


@app.callback()
def db() -> None:
    """Keep `upgrade` a command of its own while it is the only one."""


@app.command("upgrade")
def run_upgrade() -> None:
    """Bring the database to the newest schema."""
    settings = Settings()
    sessions = Sessions(settings.database)
    try:
        typer.echo(f"the database is at revision {upgrade(sessions)}")
    finally:
        sessions.close()
