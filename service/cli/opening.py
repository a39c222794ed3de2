"""What most commands begin with: the settings, and the database at the newest schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.settings import Settings
from service.store import Sessions, upgrade


@contextmanager
def database(settings: Settings | None = None) -> Iterator[Sessions]:
    """Yield the sessions of the configured database."""
    settings = settings or Settings()
    sessions = Sessions(settings.database, connections=settings.database_connections)
    try:
        upgrade(sessions)
        yield sessions
    finally:
        sessions.close()
