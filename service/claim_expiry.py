"""Claims that run out by date change what the registry says, though nobody changes them."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from service.claim_registry import count_up
from service.store.tables import RegisteredClaim, Version

_NAME: Final = "claims expired"
"""Of the row in `versions`: the day, counted as `date.toordinal` does, up to which it is known."""


def expiry_is_noted(session: Session, today: date) -> bool:
    """Say whether the registry's version tells of all claims that have run out."""
    return _noted(session) >= today.toordinal()


def note_expiry(session: Session, today: date) -> None:
    """Count up the registry's version if claims have run out since it was last asked.

    Of several processes one does it; they meet at the row of the day.
    """
    since = _noted(session)
    turned = update(Version).where(Version.name == _NAME, Version.version == since)
    turned = turned.values(version=today.toordinal()).returning(Version.version)
    if since >= today.toordinal() or session.execute(turned).first() is None:
        return
    claim = RegisteredClaim
    ran_out = exists().where(
        claim.deleted_at.is_(None), claim.expires >= date.fromordinal(since), claim.expires < today
    )
    if session.scalar(select(ran_out)):
        count_up(session)


def _noted(session: Session) -> int:
    return session.scalars(select(Version.version).where(Version.name == _NAME)).one()
