"""Whose turn it is: what two processes must not do at the same time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, or_, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.tables import Instant, Table

_LOCK: Final = 7_187_402
"""PostgreSQL advisory lock: any number but that of `upgrade`, as long as it is always the same."""


class Lease(Table):
    """Work that one process does at a time: nobody else before `until`, should it have died."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(32))
    until: Mapped[datetime] = mapped_column(Instant)


def take_turn(session: Session) -> None:
    """Wait until no other transaction groups comments, and keep others waiting until the commit.

    Who looks for a group, finds none and founds one must not have a neighbour who does the
    same. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def take_lease(session: Session, name: str, holder: str, now: datetime, term: timedelta) -> bool:
    """Take the work `name` for `term`, or prolong it; say whether it is ours."""
    taken = session.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.until <= now, Lease.holder == holder))
        .values(holder=holder, until=now + term)
        .returning(Lease.name)
    ).first()
    return taken is not None
