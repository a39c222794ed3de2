"""Honest reports join the incident they are about: the same topic, place and stretch of time.

The first report that names a place opens an incident under it; whoever mentions that place
later, in whatever spelling, joins while reports still come in. A report that names no place,
nor its parent post, stays alone: an answer about another street would be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from models.places import mentions, places
from service.store.group_tables import Incident, IncidentKey, IncidentMember

OUTAGES: Final = frozenset({"heating", "electricity", "water", "emergency"})
"""Topics in which a report is mostly one of many about the same."""
_CHUNK: Final = 500
_PRESSING: Final = frozenset({"critical", "high"})
_REPORTING: Final = frozenset({"problem", "question"})
_KEY_LENGTH: Final = 64
_PLACE_LENGTH: Final = 128
_FORGOTTEN: Final = 10
"""Incidents forgotten at a time; they may be large, and somebody waits."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A stored comment that reports or asks about an outage."""

    comment_id: int
    topic: str
    text: str
    parent_text: str
    account: int | None


@dataclass
class _Known:
    """An incident that is open; the number of a new one comes late."""

    number: int | None
    place: str
    keys: tuple[str, ...]
    topic: str


def report_of(
    comment_id: int,
    analysis: Mapping[str, Any],
    *,
    text: str,
    parent_text: str | None,
    account: int | None,
) -> Report | None:
    """Return a comment as the honest report of something pressing, None if it is none."""
    if (
        analysis["intent"]["label"] not in _REPORTING
        or analysis["misinformation"]["flag"] != "none"
    ):
        return None
    topic = analysis["topic"]["label"]
    if analysis["urgency"]["label"] not in _PRESSING and topic not in OUTAGES:
        return None
    return Report(
        comment_id=comment_id,
        topic=topic,
        text=text,
        parent_text=parent_text or "",
        account=account,
    )


def join_incidents(
    session: Session, reports: Sequence[Report], now: datetime, window: timedelta
) -> None:
    """Let every report join its incident, or open one where it names a place."""
    _close(session, now - window)
    if not reports:
        return
    said = [(one, *_said(one)) for one in reports]
    known = _open_incidents(session, {key for _, _, keys in said for key in keys})
    joined: list[tuple[Report, _Known]] = []
    for one, named, keys in said:
        incident = _best(known, one.topic, keys)
        if incident is None:
            if not named:
                continue
            found = _keys(named)
            shown = next(iter(named.values()))[:_PLACE_LENGTH]
            incident = _Known(None, shown, found, one.topic)
            for key in found:
                known.setdefault((one.topic, key), []).append(incident)
        joined.append((one, incident))
    _store(session, joined, now)


def leave_incidents(session: Session, comment_ids: Sequence[int]) -> None:
    """Take comments out of their incidents: they have turned out to be no reports."""
    if comment_ids:
        session.execute(delete(IncidentMember).where(IncidentMember.comment_id.in_(comment_ids)))


def forget_incidents(session: Session, before: datetime) -> None:
    """Remove the oldest incidents that are closed and had no report since; comments stay."""
    stale = select(Incident.id).where(~Incident.open, Incident.last_seen_at < before)
    gone = session.scalars(stale.order_by(Incident.last_seen_at).limit(_FORGOTTEN)).all()
    if gone:
        session.execute(delete(IncidentMember).where(IncidentMember.incident_id.in_(gone)))
        session.execute(delete(Incident).where(Incident.id.in_(gone)))


def _said(report: Report) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the places a report names, else its parent post, and the keys it is found by."""
    named = places(report.text) or places(report.parent_text)
    return named, _keys(mentions(report.text) | named.keys())


def _keys(found: Mapping[str, str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted({key[:_KEY_LENGTH] for key in found}))


def _close(session: Session, before: datetime) -> None:
    """Let nobody join what had no report since."""
    stale = select(Incident.id).where(Incident.open, Incident.last_seen_at < before).limit(_CHUNK)
    numbers = session.scalars(stale).all()
    if numbers:
        session.execute(delete(IncidentKey).where(IncidentKey.incident_id.in_(numbers)))
        session.execute(update(Incident).where(Incident.id.in_(numbers)).values(open=False))


def _open_incidents(session: Session, keys: set[str]) -> dict[tuple[str, str], list[_Known]]:
    """Return the open incidents under these keys, by topic and key."""
    wanted = sorted(keys)
    incidents: dict[int, _Known] = {}
    known: dict[tuple[str, str], list[_Known]] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = select(IncidentKey.key, Incident.id, Incident.topic, Incident.place)
        query = query.join(Incident, Incident.id == IncidentKey.incident_id)
        chunk = query.where(IncidentKey.key.in_(wanted[start : start + _CHUNK]))
        for key, number, topic, place in session.execute(chunk):
            incident = incidents.setdefault(number, _Known(number, place, (), topic))
            known.setdefault((topic, key), []).append(incident)
    return known


def _best(
    known: Mapping[tuple[str, str], list[_Known]], topic: str, keys: Sequence[str]
) -> _Known | None:
    """Return the incident of this topic that shares most places; of equals, the first one."""
    shared: dict[int, tuple[int, _Known]] = {}
    for key in keys:
        for incident in known.get((topic, key), ()):
            count, _ = shared.get(id(incident), (0, incident))
            shared[id(incident)] = (count + 1, incident)
    return max(shared.values(), key=lambda pair: pair[0])[1] if shared else None


def _store(session: Session, joined: Sequence[tuple[Report, _Known]], now: datetime) -> None:
    """Store new incidents, and who belongs to which."""
    new = list({id(one): one for _, one in joined if one.number is None}.values())
    if new:
        made = insert(Incident).returning(Incident.id, sort_by_parameter_order=True)
        moments = {"first_seen_at": now, "last_seen_at": now, "open": True}
        rows = [{"topic": one.topic, "place": one.place, **moments} for one in new]
        for one, number in zip(new, session.scalars(made, rows), strict=True):
            one.number = number
        keys = [{"key": key, "incident_id": one.number} for one in new for key in one.keys]
        session.execute(insert(IncidentKey), keys)
    members = [
        {
            "comment_id": report.comment_id,
            "incident_id": incident.number,
            "account": report.account if report.account is not None else -report.comment_id,
        }
        for report, incident in joined
    ]
    if members:
        session.execute(insert(IncidentMember), members)
    numbers = sorted({row["incident_id"] for row in members if row["incident_id"] is not None})
    for start in range(0, len(numbers), _CHUNK):
        chunk = Incident.id.in_(numbers[start : start + _CHUNK])
        session.execute(update(Incident).where(chunk).values(last_seen_at=now))
