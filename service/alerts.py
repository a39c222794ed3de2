"""Say once that a rumour gains ground: a signed message to another system, never lost.

What crosses the threshold is written to an outbox and sent from there, outside any request,
as https://www.standardwebhooks.com has it: again and again with growing pauses, under the
same `webhook-id`, until it is taken.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Final
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orjson
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.house import House
from service.rumours import Rumour, gaining
from service.store.group_tables import Alert

logger: Final = logging.getLogger(__name__)

EVENT: Final = "rumour.gaining_ground"
PAUSES: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 86_400)
)
"""How long to wait after each failure; then the message stays undelivered."""
LEASE: Final = timedelta(minutes=2)
"""Nobody else sends a message while one worker does."""
_EVERY_SECONDS: Final = 15
_PATIENCE: Final = 10
_LOOKED_AT: Final = 200

Send = Callable[[str, bytes, Mapping[str, str]], int]
"""Posts a body to an address and returns the status of the answer."""


def note_crossings(session: Session, house: House, now: datetime) -> int:
    """Write a message for every rumour that has just crossed the threshold; return how many."""
    found = gaining(session, house, now, limit=_LOOKED_AT)
    above = {
        f"{one.kind}:{one.id}": one
        for one in found
        if one.recent >= house.settings.rumour_threshold
    }
    session.execute(
        update(Alert)
        .where(Alert.ended_at.is_(None), Alert.subject.not_in(list(above)))
        .values(ended_at=now)
    )
    forgotten = now - timedelta(days=house.settings.history_days)
    session.execute(delete(Alert).where(Alert.ended_at < forgotten))
    latest: dict[str, Alert] = {}
    query = select(Alert).where(Alert.subject.in_(list(above))).order_by(Alert.turn)
    for alert in session.scalars(query):
        latest[alert.subject] = alert
    rows = [
        _row(subject, latest[subject].turn + 1 if subject in latest else 0, one, now)
        for subject, one in above.items()
        if subject not in latest or latest[subject].ended_at is not None
    ]
    if not rows:
        return 0
    dialect = session.get_bind().dialect.name
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Alert)
    session.execute(
        statement.on_conflict_do_nothing(index_elements=["subject", "turn"]),
        rows,
    )
    return len(rows)


def deliver(house: House, send: Send) -> int:
    """Send what is due and return how many messages were taken."""
    settings = house.settings
    if settings.webhook_url is None or settings.webhook_secret is None:
        return 0
    with house.sessions.reading() as session:
        due = session.scalars(
            select(Alert)
            .where(
                Alert.delivered_at.is_(None),
                Alert.due_at <= house.now(),
                Alert.attempts <= len(PAUSES),
            )
            .order_by(Alert.due_at)
            .limit(_LOOKED_AT)
        ).all()
    taken = 0
    for alert in due:
        if not _lease(house, alert):
            continue
        body = alert.body.encode()
        secret = settings.webhook_secret.get_secret_value()
        headers = signed(secret, alert.message_id, house.now(), body)
        delivered = _sent(send, settings.webhook_url, body, headers)
        _note_outcome(house, alert, delivered=delivered)
        if not delivered:
            break  # whoever does not answer now is not asked for each of them
        taken += 1
    return taken


def signed(secret: str, message_id: str, moment: datetime, body: bytes) -> dict[str, str]:
    """Return the headers under which the receiver can tell who sent `body`, and when."""
    stamp = str(int(moment.timestamp()))
    content = f"{message_id}.{stamp}.".encode() + body
    digest = hmac.new(_key(secret), content, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


async def keep_alerting(house: House, stop: asyncio.Event, send: Send | None = None) -> None:
    """Look for crossings and send messages until `stop` is set; nothing without an address."""
    if house.settings.webhook_url is None:
        return
    while not stop.is_set():
        try:
            await asyncio.to_thread(_round, house, send or post)
        except SQLAlchemyError:
            logger.warning("alerts have to wait for the database")
        try:
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)
        except TimeoutError:
            continue


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post `body` and return the status; redirections are not followed. Raise `OSError`."""
    request = Request(url, body, dict(headers), method="POST")  # noqa: S310 - set by the operator
    with build_opener(_Stay).open(request, timeout=_PATIENCE) as response:
        return int(response.status)


class _Stay(HTTPRedirectHandler):
    """Takes a redirection for a failure: signed messages go where the operator said."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


def _round(house: House, send: Send) -> None:
    with house.sessions.writing() as session:
        note_crossings(session, house, house.now())
    deliver(house, send)


def _row(subject: str, turn: int, rumour: Rumour, now: datetime) -> dict[str, Any]:
    body = orjson.dumps({"type": EVENT, "timestamp": now, "data": rumour}).decode()
    return {
        "subject": subject,
        "turn": turn,
        "message_id": f"msg_{uuid.uuid4().hex}",
        "body": body,
        "created_at": now,
        "attempts": 0,
        "due_at": now,
    }


def _lease(house: House, alert: Alert) -> bool:
    """Take a message for sending; of two workers only one gets it."""
    with house.sessions.writing() as session:
        taken = session.execute(
            update(Alert)
            .where(Alert.id == alert.id, Alert.attempts == alert.attempts)
            .where(Alert.delivered_at.is_(None))
            .values(attempts=Alert.attempts + 1, due_at=house.now() + LEASE)
            .returning(Alert.id)
        ).first()
    return taken is not None


def _sent(send: Send, url: str, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        status = send(url, body, headers)
    except (OSError, HTTPException) as error:
        logger.warning("a webhook was not taken: %s", type(error).__name__)
        return False
    return 200 <= status < 300


def _note_outcome(house: House, alert: Alert, *, delivered: bool) -> None:
    now = house.now()
    pause = PAUSES[min(alert.attempts, len(PAUSES) - 1)]
    outcome = {"delivered_at": now} if delivered else {"due_at": now + pause}
    with house.sessions.writing() as session:
        session.execute(update(Alert).where(Alert.id == alert.id).values(outcome))


def _key(secret: str) -> bytes:
    """Return the bytes to sign with: base64 behind `whsec_`, else the string itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            logger.warning("QULAQ_WEBHOOK_SECRET is no base64; it is taken as it stands")
    return secret.encode()
