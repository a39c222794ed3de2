"""Who may come in: making, listing and revoking API keys and console users."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.labels import REPLY_LANGUAGES
from service.auth import digest, passwords
from service.errors import FieldError, Problem, field_problem
from service.principal import MODERATOR_SCOPES, SCOPES
from service.settings import Settings
from service.store.tables import ApiKey, User

logger: Final = logging.getLogger(__name__)

FIRST_KEY: Final = "bootstrap"
FIRST_USER: Final = "admin"
SHORTEST_PASSWORD: Final = 8
"""Fewest characters of a new password."""
_SHORT_SECRET: Final = 16


@dataclass(frozen=True)
class Credentials:
    """What the very first start made at random and has to show once; None was not made."""

    key: str | None = None
    password: str | None = None


def create_key(
    session: Session, name: str, scopes: Iterable[str], now: datetime, *, secret: str | None = None
) -> str:
    """Store a new key under `name` and return its secret, which cannot be read again.

    Raise the problems `name-taken`, `invalid-value`.
    """
    wanted = sorted(set(scopes), key=list(scopes).index)
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        detail = f"scopes are {', '.join(SCOPES)}; not {', '.join(unknown) or 'none at all'}"
        raise field_problem([FieldError("scopes", "invalid-value", detail)])
    _check_name(name)
    if session.scalar(select(ApiKey.id).where(ApiKey.name == name)) is not None:
        raise Problem("name-taken", f"there already is a key named '{name}'")
    secret = secret or f"qulaq_{secrets.token_urlsafe(32)}"
    session.add(ApiKey(name=name, digest=digest(secret), scopes=wanted, created_at=now))
    return secret


def list_keys(session: Session) -> list[ApiKey]:
    """Return every key, revoked ones too, oldest first."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.id)))


def revoke_key(session: Session, name: str, now: datetime) -> None:
    """Make the key useless from now on; raise `not-found` if there is none of this name."""
    key = session.scalar(select(ApiKey).where(ApiKey.name == name))
    if key is None:
        raise Problem("not-found", f"there is no key named '{name}'")
    if key.revoked_at is None:
        key.revoked_at = now


def create_user(
    session: Session,
    name: str,
    password: str,
    now: datetime,
    *,
    admin: bool = False,
    language: str = "kk",
) -> None:
    """Let somebody log in to the console; raise `name-taken`, `invalid-value`."""
    _check_name(name)
    if (length := len(password)) < SHORTEST_PASSWORD:
        characters = "character" if length == 1 else "characters"
        detail = f"password has {length} {characters}; it needs at least {SHORTEST_PASSWORD}"
        raise field_problem([FieldError("password", "invalid-value", detail)])
    if language not in REPLY_LANGUAGES:
        detail = f"language is one of {', '.join(REPLY_LANGUAGES)}"
        raise field_problem([FieldError("language", "invalid-value", detail)])
    if session.scalar(select(User.id).where(User.name == name)) is not None:
        raise Problem("name-taken", f"there already is a user named '{name}'")
    scopes = list(SCOPES) if admin else sorted(MODERATOR_SCOPES)
    _add_user(session, name, password, now, scopes=scopes, language=language)


def _add_user(
    session: Session, name: str, password: str, now: datetime, *, scopes: list[str], language: str
) -> None:
    session.add(
        User(
            name=name,
            password_hash=passwords.hash(password),
            scopes=scopes,
            language=language,
            created_at=now,
        )
    )


def set_language(session: Session, name: str, language: str) -> None:
    """Let the console speak `language` to this user; raise `invalid-value`, `not-found`."""
    if language not in REPLY_LANGUAGES:
        detail = f"language is one of {', '.join(REPLY_LANGUAGES)}"
        raise field_problem([FieldError("language", "invalid-value", detail)])
    user = session.scalar(select(User).where(User.name == name))
    if user is None:
        raise Problem("not-found", "there is no user of this name")
    user.language = language


def bootstrap(session: Session, settings: Settings, now: datetime, *, invent: bool) -> Credentials:
    """Make sure that somebody can come in, and return what was made at random.

    The key of QULAQ_BOOTSTRAP_KEY is created if absent. The user `admin` is created
    on the very first start. With `invent`, a key or password that nobody set is
    made at random; without it (a worker that cannot show it) nothing is made.
    """
    invented_key = invented_password = None
    if settings.bootstrap_key is not None:
        _bootstrap_key(session, settings.bootstrap_key.get_secret_value(), now)
    elif invent and _empty(session, ApiKey):
        invented_key = create_key(session, FIRST_KEY, SCOPES, now)
    if _empty(session, User):
        given = _secret(settings.bootstrap_password)
        if given is None and invent:
            invented_password = secrets.token_urlsafe(12)
        if given is not None and len(given) < SHORTEST_PASSWORD:
            # whoever runs the installation decides; a service that does not start helps nobody
            logger.warning("QULAQ_BOOTSTRAP_PASSWORD is short: at least %d", SHORTEST_PASSWORD)
        if (password := given or invented_password) is not None:
            _add_user(session, FIRST_USER, password, now, scopes=list(SCOPES), language="kk")
    return Credentials(invented_key, invented_password)


def _bootstrap_key(session: Session, secret: str, now: datetime) -> None:
    """Create the key that the settings name, unless it exists (revoked or not)."""
    if len(secret) < _SHORT_SECRET:
        logger.warning("QULAQ_BOOTSTRAP_KEY is short; use at least %d characters", _SHORT_SECRET)
    if session.scalar(select(ApiKey.id).where(ApiKey.digest == digest(secret))) is not None:
        return
    name = FIRST_KEY if _empty(session, ApiKey) else f"{FIRST_KEY}-{digest(secret)[:8]}"
    create_key(session, name, SCOPES, now, secret=secret)


def _secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value is not None else None


def _empty(session: Session, table: type[ApiKey] | type[User]) -> bool:
    return session.scalar(select(table.id).limit(1)) is None


def _check_name(name: str) -> None:
    """Raise `invalid-value` for a name that would not read well in a list or a log."""
    if not name.strip() or not name.isprintable() or len(name) > 120:
        detail = "a name has 1 to 120 printable characters"
        raise field_problem([FieldError("name", "invalid-value", detail)])
