"""Whose turn it is: what two processes must not do at the same time."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK: Final = 7_187_402
"""PostgreSQL advisory lock: any number but that of `upgrade`, as long as it is always the same."""


def take_turn(session: Session) -> None:
    """Wait until no other transaction groups comments, and keep others waiting until the commit.

    Who looks for a group, finds none and founds one must not have a neighbour who does the
    same. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
