"""What every use case may need, put together once in `service.app` and passed along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from models import Taxonomy
from service.claims import LiveClaims
from service.live_model import LiveModel
from service.metrics import Metrics
from service.replies import Catalogue
from service.settings import LOCAL_ZONE, Settings
from service.store import Sessions


def utc_now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


@dataclass
class House:
    """One assembled service; at `request.app.state.house` in every request.

    An edge opens the transaction and hands the session to the use case:

        with house.sessions.writing() as session:      # commits at the end
            hold.claim(session, house, comment_id, principal.actor, house.now())
        with house.sessions.reading() as session:
            page = queue.page(session, QueueFilters(topic="heating"), limit=50, cursor=None)
    """

    settings: Settings
    sessions: Sessions
    live_model: LiveModel
    taxonomy: Taxonomy
    catalogue: Callable[[Session], Catalogue]
    """The reply templates as they stand now: the shipped ones with this installation's own."""
    claims: LiveClaims
    metrics: Metrics
    now: Callable[[], datetime] = utc_now

    def today(self) -> date:
        """Return the day it is in the city: what templates and claims expire by."""
        return self.now().astimezone(LOCAL_ZONE).date()
