"""Tables of what is told apart only together: like texts, incidents, and alerts about rumours."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Comment, Id, Instant, Table

FLAGGED: Final = text("flag != 'none'")
REACH: Final = Index(
    "ix_comments_flagged",
    *(Comment.id, Comment.platform, Comment.author, Comment.language, Comment.received_at),
    sqlite_where=FLAGGED,
    postgresql_where=FLAGGED,
)
"""What rumours are counted by: without it PostgreSQL reads all comments there are."""


class TextGroup(Table):
    """Comments that say nearly the same; `comment_id` is the first, the others are like it."""

    __tablename__ = "text_groups"
    __table_args__ = (Index("ix_text_groups_open_last_seen_at", "open", "last_seen_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    comment_id: Mapped[int] = mapped_column(Id, ForeignKey("comments.id"))
    first_seen_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    """When the newest was received."""
    open: Mapped[bool]
    """Whether it has keys, so that more can join."""
    coordinated_at: Mapped[datetime | None] = mapped_column(Instant)
    """Since when it counts as the work of several accounts; such a group is kept."""


class TextKey(Table):
    """A key under which a text like that of a group is found (`models.likeness`)."""

    __tablename__ = "text_keys"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    group_id: Mapped[int] = mapped_column(
        Id, ForeignKey("text_groups.id"), primary_key=True, autoincrement=False, index=True
    )


class TextMember(Table):
    """A comment of a group, its account by a hash, and when it was written."""

    __tablename__ = "text_members"
    __table_args__ = (
        Index("ix_text_members_group_id_seen_at_account", "group_id", "seen_at", "account"),
    )

    comment_id: Mapped[int] = mapped_column(
        Id, ForeignKey("comments.id"), primary_key=True, autoincrement=False
    )
    group_id: Mapped[int] = mapped_column(Id, ForeignKey("text_groups.id"))
    account: Mapped[int | None] = mapped_column(BigInteger)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    judged: Mapped[bool]
    """Whether it has been looked at as part of a coordinated group."""


class Incident(Table):
    """Honest reports of one outage: one topic, one place, one stretch of time."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_open_last_seen_at", "open", "last_seen_at"),
        Index("ix_incidents_last_seen_at_id", "last_seen_at", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    topic: Mapped[str] = mapped_column(String(32))
    place: Mapped[str] = mapped_column(String(128))
    """As the first report wrote it."""
    first_seen_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    open: Mapped[bool]
    """Whether it has keys, so that more can join."""


class IncidentKey(Table):
    """A place under which further reports find an incident (`models.places`)."""

    __tablename__ = "incident_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    incident_id: Mapped[int] = mapped_column(
        Id, ForeignKey("incidents.id"), primary_key=True, autoincrement=False, index=True
    )


class IncidentMember(Table):
    """A report that belongs to an incident; one without an author speaks for itself."""

    __tablename__ = "incident_members"
    __table_args__ = (Index("ix_incident_members_incident_id_account", "incident_id", "account"),)

    comment_id: Mapped[int] = mapped_column(
        Id, ForeignKey("comments.id"), primary_key=True, autoincrement=False
    )
    incident_id: Mapped[int] = mapped_column(Id, ForeignKey("incidents.id"))
    account: Mapped[int] = mapped_column(BigInteger)


class Alert(Table):
    """A rumour that crossed the threshold, and the message about it until it is delivered."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("subject", "turn"),
        Index("ix_alerts_delivered_at_due_at", "delivered_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    turn: Mapped[int] = mapped_column(Integer)
    """How often it had crossed the threshold before."""
    message_id: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    """What is sent, to the byte: it is what is signed."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it had fallen below again."""
    attempts: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
