"""Durable storage: tables, sessions, migrations."""

from service.store.sessions import Sessions
from service.store.upgrade import upgrade

__all__ = ["Sessions", "upgrade"]
