"""Proving who is asking: API keys, passwords and console sessions.

Secrets of keys and sessions are long random strings, so a plain SHA-256 of them
is safe to keep and fast to look up; passwords are chosen by people and kept
with argon2.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.errors import Problem
from service.principal import Principal
from service.settings import Settings
from service.store.log_in_tables import LogIn, LogInAttempt
from service.store.tables import ApiKey, User

passwords: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's argon2id parameters: 19 MiB a check, so that a burst of log-ins fits in memory."""

PASSWORD_LIMIT: Final = 1_024
"""Longest password that is looked at, in characters."""


def digest(secret: str) -> str:
    """Return what is kept of a high-entropy secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def authenticate_key(session: Session, key: str) -> Principal:
    """Return who `key` belongs to; raise the problem `key-invalid`."""
    found = session.scalar(select(ApiKey).where(ApiKey.digest == digest(key)))
    if found is None or found.revoked_at is not None:
        raise Problem(
            "key-invalid",
            "the API key is unknown or revoked",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    return Principal(found.name, "key", frozenset(found.scopes))


def log_in(
    session: Session,
    settings: Settings,
    username: str,
    password: str,
    now: datetime,
    *,
    address: str = "",
) -> str:
    """Return the token of a new console session; it is not stored, only its digest is.

    Raise the problems `log-in-failed` and `too-many-attempts`. The attempt is
    written down and committed before the password is looked at: many attempts
    at once cannot slip past the limit, and no lock is held while argon2 works.
    """
    username, address = username[:128], address[:64]
    _refuse_unstorable(username, address)
    _refuse_flood(session, settings, username, address, now)
    attempt = LogInAttempt(username=username, address=address, attempted_at=now)
    session.add(attempt)
    session.commit()
    user = session.execute(
        select(User.id, User.password_hash).where(User.name == username)
    ).one_or_none()
    session.rollback()
    kept = user.password_hash if user is not None else _nobody()
    if not _matches(kept, password) or user is None:
        raise Problem("log-in-failed", "user name or password is wrong")
    session.execute(
        delete(LogInAttempt).where(
            LogInAttempt.username == username, LogInAttempt.address == address
        )
    )
    session.execute(delete(LogIn).where(LogIn.expires_at <= now))
    token = secrets.token_urlsafe(32)
    expires_at = now + timedelta(hours=settings.session_hours)
    session.add(LogIn(digest=digest(token), user_id=user.id, created_at=now, expires_at=expires_at))
    return token


def session_principal(session: Session, token: str, now: datetime) -> Principal | None:
    """Return whose console session `token` is, or None when it is unknown or over."""
    user = session.scalar(
        select(User)
        .join(LogIn, LogIn.user_id == User.id)
        .where(LogIn.digest == digest(token), LogIn.expires_at > now)
    )
    if user is None:
        return None
    return Principal(user.name, "user", frozenset(user.scopes), user.language)


def log_out(session: Session, token: str) -> None:
    """End the console session of `token`."""
    session.execute(delete(LogIn).where(LogIn.digest == digest(token)))


def _refuse_unstorable(*names: str) -> None:
    """Raise `log-in-failed` for a name no database can hold, hence no user has."""
    for name in names:
        if "\x00" in name or not name.isprintable():
            raise Problem("log-in-failed", "user name or password is wrong")


def _refuse_flood(
    session: Session, settings: Settings, username: str, address: str, now: datetime
) -> None:
    """Raise `too-many-attempts` when user or address had their share of the window."""
    window = timedelta(minutes=settings.log_in_window_minutes)
    session.execute(delete(LogInAttempt).where(LogInAttempt.attempted_at <= now - window))
    of_user, of_address = LogInAttempt.username == username, LogInAttempt.address == address
    for conditions, limit in (
        ((of_user, of_address), settings.log_in_attempts),
        ((of_address,), settings.log_in_attempts * 4),
        ((of_user,), settings.log_in_attempts * 10),
    ):
        oldest, count = session.execute(
            select(func.min(LogInAttempt.attempted_at), func.count()).where(*conditions)
        ).one()
        if count >= limit:
            seconds = max(1, round((oldest + window - now).total_seconds()))
            raise Problem(
                "too-many-attempts",
                f"too many log-in attempts; try again in {seconds} seconds",
                headers={"Retry-After": str(seconds)},
            )


def _matches(kept: str, password: str) -> bool:
    """Say whether `password` is the one whose hash is `kept`."""
    try:
        return passwords.verify(kept, password[:PASSWORD_LIMIT].encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Return a hash to check for a user who does not exist, so that the answer takes as long."""
    return passwords.hash(secrets.token_urlsafe(16))
