"""The tables. What the model thought and what a human decided are rows of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Id = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite only counts up by itself in a column declared INTEGER."""
LARGEST_ID: Final = 2**63 - 1
FINAL: Final = text("decision NOT IN ('escalate', 'return')")
"""Which decisions nobody can come back to."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, always with its zone; SQLite, which knows none, keeps it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as the database takes it; raise `ValueError` without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """Base of all tables; constraints get names, so that migrations can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Comment(Table):
    """A comment as it came in, where it stands, and the labels the queue filters by.

    The labels repeat the newest `Opinion`: an index can only serve columns of one table.
    """

    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("platform", "external_id"),
        Index("ix_comments_queue", "status", "due_at", "urgency_rank", "id"),
        Index("ix_comments_decided", "status", "decided_at", "urgency_rank", "id"),
        Index("ix_comments_received_at", "received_at"),
        Index("ix_comments_compared", "status", "received_at", "id", "claims_version"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    platform: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(256))
    text: Mapped[str] = mapped_column(Text)
    parent_text: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(String(256))
    url: Mapped[str | None] = mapped_column(String(2_048))
    posted_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[str] = mapped_column(String(16), default="open")
    language: Mapped[str] = mapped_column(String(16))
    topic: Mapped[str] = mapped_column(String(32))
    urgency: Mapped[str] = mapped_column(String(16))
    urgency_rank: Mapped[int] = mapped_column(Integer)
    sentiment: Mapped[str] = mapped_column(String(16))
    flag: Mapped[str] = mapped_column(String(16))
    needs_answer: Mapped[bool]
    claims_version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """That of the claim registry it was last compared with."""
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it got its status; none while it is open."""
    held_by: Mapped[str | None] = mapped_column(String(128))
    held_until: Mapped[datetime | None] = mapped_column(Instant)


class Opinion(Table):
    """What one model version thought of a comment; the newest row is the current opinion."""

    __tablename__ = "opinions"
    __table_args__ = (Index("ix_opinions_comment_id_id", "comment_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    comment_id: Mapped[int] = mapped_column(Id, ForeignKey("comments.id"))
    model_version: Mapped[str] = mapped_column(String(128))
    taxonomy_version: Mapped[str] = mapped_column(String(64))
    analysis: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Review(Table):
    """What a human decided, never changed afterwards.

    A comment may be passed up and put back any number of times, but answered or rejected once.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        Index("ix_reviews_comment_id_id", "comment_id", "id"),
        Index(
            "uq_reviews_final",
            "comment_id",
            unique=True,
            sqlite_where=FINAL,
            postgresql_where=FINAL,
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    comment_id: Mapped[int] = mapped_column(Id, ForeignKey("comments.id"))
    opinion_id: Mapped[int] = mapped_column(Id, ForeignKey("opinions.id"))
    """The opinion the moderator had before them."""
    moderator: Mapped[str] = mapped_column(String(128))
    decision: Mapped[str] = mapped_column(String(16))
    template_id: Mapped[str | None] = mapped_column(String(128))
    language: Mapped[str | None] = mapped_column(String(8))
    reply_text: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why there is no reply, or why the comment was passed up or put back."""
    corrections: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_at: Mapped[datetime] = mapped_column(Instant, index=True)
    seconds: Mapped[int] = mapped_column(Integer)
    """From receipt to decision."""


class TemplateOverride(Table):
    """A reply template of this installation, instead of or beside the shipped ones."""

    __tablename__ = "template_overrides"

    template_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_by: Mapped[str] = mapped_column(String(128))
    updated_at: Mapped[datetime] = mapped_column(Instant)


class TemplateOutcome(Table):
    """How often replies from a template were sent as they were, edited, or turned down."""

    __tablename__ = "template_outcomes"

    template_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    accepted: Mapped[int] = mapped_column(Integer, default=0)
    edited: Mapped[int] = mapped_column(Integer, default=0)
    rejected: Mapped[int] = mapped_column(Integer, default=0)


class ImportedAnnotation(Table):
    """An annotated comment brought in from elsewhere; goes out again with our own."""

    __tablename__ = "imported_annotations"

    annotation_id: Mapped[str] = mapped_column(String(256), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported_at: Mapped[datetime] = mapped_column(Instant)


class Version(Table):
    """How often something was changed: one row says whether there is anything to read anew.

    Whoever changes it counts up first, which keeps others from changing it before the
    commit: what has a higher version became visible later.
    """

    __tablename__ = "versions"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class RegisteredClaim(Table):
    """A claim that comments are compared with; a deleted one stays, with what it flagged.

    `body` is the claim as a claims file has it, `version` that of the registry when it was
    last changed; the columns repeat what lists are filtered by.
    """

    __tablename__ = "claims"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    claim_id: Mapped[str] = mapped_column(String(200), unique=True)
    version: Mapped[int] = mapped_column(BigInteger, index=True)
    revision: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    extra: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What a foreign format said beside."""
    verdict: Mapped[str] = mapped_column(String(16))
    expires: Mapped[date | None] = mapped_column(Date)
    example: Mapped[bool]
    search_text: Mapped[str] = mapped_column(Text)
    """Every word of it, folded, for looking through."""
    entered_by: Mapped[str] = mapped_column(String(128))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    updated_by: Mapped[str] = mapped_column(String(128))
    updated_at: Mapped[datetime] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)


class ClaimEdit(Table):
    """One change of a claim and how it read afterwards; rows are only ever added."""

    __tablename__ = "claim_edits"
    __table_args__ = (Index("ix_claim_edits_claim_number_id", "claim_number", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    claim_number: Mapped[int] = mapped_column(Id, ForeignKey("claims.id"))
    revision: Mapped[int] = mapped_column(Integer)
    deed: Mapped[str] = mapped_column(String(16))
    """created, changed, deleted or restored."""
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    actor: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(Instant)
    claim: Mapped[RegisteredClaim] = relationship()
    """For a claim that gets its number only now."""


class ClaimMatch(Table):
    """A comment in which a claim was found, and how the claim read then."""

    __tablename__ = "claim_matches"
    __table_args__ = (
        UniqueConstraint("comment_id", "claim_number"),
        Index("ix_claim_matches_claim_number_id", "claim_number", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    comment_id: Mapped[int] = mapped_column(Id, ForeignKey("comments.id"))
    claim_number: Mapped[int] = mapped_column(Id, ForeignKey("claims.id"))
    revision: Mapped[int] = mapped_column(Integer)
    flag: Mapped[str] = mapped_column(String(16))
    """What this claim flags the comment with, `none` where it only asks about it or denies it."""
    score: Mapped[float] = mapped_column(Float)
    matched_at: Mapped[datetime] = mapped_column(Instant, index=True)


class ApiKey(Table):
    """An API key: only the SHA-256 of the secret is kept."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(128), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class User(Table):
    """Somebody who may log in to the console; the password is kept as an argon2 hash."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(128), unique=True)
    password_hash: Mapped[str] = mapped_column(String(256))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(Instant)
