"""Durable storage: tables, sessions, migrations."""

from service.store import group_tables as group_tables  # or its tables would be unknown
from service.store import log_in_tables as log_in_tables
from service.store.sessions import Sessions
from service.store.turns import Lease as Lease
from service.store.upgrade import upgrade

__all__ = ["Sessions", "upgrade"]
