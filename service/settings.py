"""What an installation may set: environment variables with the prefix QULAQ_, or a .env file."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.text import TEXT_LIMIT

LOCAL_ZONE: Final = ZoneInfo("Asia/Almaty")
"""The zone of deadlines and of every time a person reads (UTC+5, no summer time)."""


class Settings(BaseSettings):
    """Every setting with its default; the environment wins over the .env file."""

    model_config = SettingsConfigDict(
        env_prefix="QULAQ_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Path(".qulaq")
    """Folder of the SQLite file, the model versions and whatever else must outlive a restart."""
    database_url: str | None = None
    """An SQLAlchemy URL; without one, a SQLite file in `data_dir`."""
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65_535)
    workers: int = Field(1, ge=1, le=256)
    broker_url: str | None = None
    models_dir: Path | None = None
    """The store of model versions; without one, the shipped `models/weights`. Where the
    program's folder is read-only, name one that is not: it starts with the shipped version."""
    model: str | None = None
    """A model version to hold on to; without one, whichever is active."""
    tier: Literal["blended", "fast"] = "blended"
    """`fast`: leave the encoder out, where speed or memory counts more than the last points."""
    bootstrap_key: SecretStr | None = None
    """An API key with every scope, created at start if absent."""
    bootstrap_password: SecretStr | None = None
    """Password of the first console user, `admin`."""

    example_claims: bool = True
    """Fill an untouched claim registry with examples, which one click takes out again."""

    recheck_days: int = Field(7, ge=1, le=366)
    """Waiting comments no older than this are compared with the claims again when these change."""
    recheck_comments: int = Field(2_000, ge=0)
    """Most comments compared again, the newest first; 0: none, they keep what they arrived with."""

    likeness_hours: int = Field(24, ge=1, le=24 * 366)
    """Window in which the same text from several accounts counts as coordinated."""
    coordinated_accounts: int = Field(3, ge=2)
    """Fewest accounts that make it so."""

    incident_hours: int = Field(12, ge=1, le=24 * 366)
    """A report joins an incident that had its last one within so many hours."""
    incident_accounts: int = Field(3, ge=2)
    """Fewest people whose reports make an incident."""

    history_days: int = Field(365, ge=1, le=366 * 20)
    """Coordinated groups, incidents and alerts are forgotten so long after the last comment."""

    webhook_url: str | None = Field(None, pattern=r"^https?://[^/\s]")
    """Where to say that a rumour gains ground; without one, nothing is sent."""
    webhook_secret: SecretStr | None = None
    """What messages are signed with, `whsec_` and base64 or any string (Standard Webhooks)."""
    rumour_threshold: int = Field(10, ge=2)
    """Comments within a window from which on a rumour gains ground."""

    text_limit: int = Field(TEXT_LIMIT, ge=1, le=TEXT_LIMIT)
    """Longest text accepted, in Unicode code points."""
    batch_limit: int = Field(1_000, ge=1)
    """Most items in one batch."""
    body_limit: int = Field(64 * 1024 * 1024, ge=1_024)
    """Largest request body, in bytes."""
    database_connections: int = Field(20, ge=2)
    """Most database connections of one worker process."""

    hold_minutes: int = Field(15, ge=1)
    """How long a moderator who opened a comment keeps others from deciding on it."""
    session_hours: int = Field(12, ge=1)
    """How long a console log-in lasts."""
    log_in_window_minutes: int = Field(15, ge=1)
    """Failed log-in attempts older than this are forgotten."""
    log_in_attempts: int = Field(5, ge=1)
    """Attempts for one user from one address within the window; an address has four times
    as many over all users, a user ten times as many over all addresses."""
    secure_cookies: bool = False
    """Send the console's cookie over HTTPS only; set it wherever HTTPS is in front."""
    open_metrics: bool = False
    """Answer /metrics without a key, for a scraper on a closed network."""

    @model_validator(mode="after")
    def _signed(self) -> Self:
        """Refuse messages nobody could tell from forged ones."""
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError("QULAQ_WEBHOOK_URL needs QULAQ_WEBHOOK_SECRET")
        return self

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy URL in use; `postgresql://` means the psycopg 3 driver."""
        if self.database_url is None:
            return f"sqlite:///{self.data_dir / 'qulaq.db'}"
        for scheme in ("postgres://", "postgresql://"):
            if self.database_url.startswith(scheme):
                return "postgresql+psycopg://" + self.database_url[len(scheme) :]
        return self.database_url
