"""Tables of who is logged in to the console, and who tries to be."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Id, Instant, Table


class LogIn(Table):
    """A console session: only the SHA-256 of its token is kept."""

    __tablename__ = "log_ins"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class LogInAttempt(Table):
    """One failed (or running) attempt to log in, kept as long as it counts."""

    __tablename__ = "log_in_attempts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    username: Mapped[str] = mapped_column(String(128))
    address: Mapped[str] = mapped_column(String(64))
    attempted_at: Mapped[datetime] = mapped_column(Instant, index=True)
