"""Incidents: many reports, one outage, one answer for all who still wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from service.answer_all import Answered, answer_all
from service.errors import Problem
from service.house import House
from service.review import ReviewInput
from service.store.group_tables import Incident, IncidentMember
from service.store.tables import LARGEST_ID, Comment
from service.text_groups import Member

_SHOWN: Final = 100
_SAMPLE: Final = 3


@dataclass(frozen=True, kw_only=True)
class IncidentItem:
    """An incident as it stands: `waiting` is how many of its comments are still open."""

    id: int
    topic: str
    place: str
    comments: int
    accounts: int
    waiting: int
    platforms: dict[str, int]
    first_seen: datetime
    last_seen: datetime
    current: bool
    """Whether further reports join it."""
    sample: list[Member]


@dataclass(frozen=True)
class IncidentLink:
    """The incident a comment belongs to, and how many comments it has."""

    id: int
    comments: int


def newest(
    session: Session, house: House, *, limit: int, waiting: bool = False
) -> list[IncidentItem]:
    """Return the incidents, the newest reports first; `waiting`: only with open comments."""
    accounts = (
        select(func.count(IncidentMember.account.distinct()))
        .where(IncidentMember.incident_id == Incident.id)
        .scalar_subquery()
    )
    query = select(Incident.id).where(accounts >= house.settings.incident_accounts)
    if waiting:
        open_in = (
            select(IncidentMember.incident_id)
            .join(Comment, Comment.id == IncidentMember.comment_id)
            .where(Comment.status == "open")
        )
        query = query.where(Incident.id.in_(open_in))
    order = (Incident.last_seen_at.desc(), Incident.id.desc())
    # Only these are counted in full: all there ever were would take the longer the older it gets.
    shown = session.scalars(query.order_by(*order).limit(limit)).all()
    rows = session.execute(_counted().where(Incident.id.in_(shown)).order_by(*order)).all()
    return _items(session, rows, _SAMPLE)


def get(session: Session, incident_id: int) -> IncidentItem:
    """Return the incident with its newest comments; raise the problem `incident-not-found`."""
    row = None
    if 0 < incident_id <= LARGEST_ID:
        row = session.execute(_counted().where(Incident.id == incident_id)).one_or_none()
    if row is None:
        raise Problem("incident-not-found", "there is no incident of this id")
    return _items(session, [row], _SHOWN)[0]


def of_comments(
    session: Session, house: House, comment_ids: Sequence[int]
) -> dict[int, IncidentLink]:
    """Return the incident of each of these comments that is part of one."""
    member = IncidentMember
    query = select(member.comment_id, member.incident_id).where(member.comment_id.in_(comment_ids))
    belongs = dict(session.execute(query).all())
    if not belongs:
        return {}
    counted = (
        select(member.incident_id, func.count())
        .where(member.incident_id.in_(set(belongs.values())))
        .group_by(member.incident_id)
        .having(func.count(member.account.distinct()) >= house.settings.incident_accounts)
    )
    sizes = dict(session.execute(counted).all())
    return {
        comment_id: IncidentLink(number, sizes[number])
        for comment_id, number in belongs.items()
        if number in sizes
    }


def open_members(session: Session, incident_id: int) -> Sequence[int]:
    """Return the comments of the incident that wait for a decision, the oldest first."""
    return session.scalars(
        select(Comment.id)
        .join(IncidentMember, IncidentMember.comment_id == Comment.id)
        .where(IncidentMember.incident_id == incident_id, Comment.status == "open")
        .order_by(Comment.id)
    ).all()


def review_all(
    house: House, incident_id: int, moderator: str, given: ReviewInput, now: datetime
) -> Answered:
    """Decide on every open comment of the incident, as `answer_all` does.

    Raise what would be wrong for all, and `incident-not-found`.
    """
    with house.sessions.reading() as session:
        get(session, incident_id)
        waiting = open_members(session, incident_id)
    return answer_all(house, waiting, moderator, given, now)


def _counted() -> Any:
    """Return the query for incidents with their figures."""
    return (
        select(
            Incident,
            func.count().label("comments"),
            func.count(IncidentMember.account.distinct()).label("accounts"),
            func.sum(case((Comment.status == "open", 1), else_=0)).label("waiting"),
        )
        .join(IncidentMember, IncidentMember.incident_id == Incident.id)
        .join(Comment, Comment.id == IncidentMember.comment_id)
        .group_by(Incident.id)
    )


def _items(session: Session, rows: Sequence[Any], shown: int) -> list[IncidentItem]:
    """Return incidents with their figures, platforms and `shown` newest comments."""
    ids = [row.Incident.id for row in rows]
    platforms = _platforms(session, ids)
    samples = _samples(session, ids, shown)
    return [
        IncidentItem(
            id=row.Incident.id,
            topic=row.Incident.topic,
            place=row.Incident.place,
            comments=row.comments,
            accounts=row.accounts,
            waiting=row.waiting,
            platforms=platforms[row.Incident.id],
            first_seen=row.Incident.first_seen_at,
            last_seen=row.Incident.last_seen_at,
            current=row.Incident.open,
            sample=samples[row.Incident.id],
        )
        for row in rows
    ]


def _platforms(session: Session, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return comments by platform of each incident, most first."""
    query = (
        select(IncidentMember.incident_id, Comment.platform, func.count())
        .join(Comment, IncidentMember.comment_id == Comment.id)
        .where(IncidentMember.incident_id.in_(ids))
        .group_by(IncidentMember.incident_id, Comment.platform)
        .order_by(func.count().desc(), Comment.platform)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for number, platform, count in session.execute(query):
        found[number][platform] = count
    return found


def _samples(session: Session, ids: Sequence[int], shown: int) -> dict[int, list[Member]]:
    """Return the newest comments of each incident."""
    place = func.row_number().over(
        partition_by=IncidentMember.incident_id, order_by=IncidentMember.comment_id.desc()
    )
    ranked = (
        select(IncidentMember.incident_id, IncidentMember.comment_id, place.label("place"))
        .where(IncidentMember.incident_id.in_(ids))
        .subquery()
    )
    query = (
        select(ranked.c.incident_id, Comment)
        .join(Comment, Comment.id == ranked.c.comment_id)
        .where(ranked.c.place <= shown)
        .order_by(Comment.id.desc())
    )
    found: dict[int, list[Member]] = defaultdict(list)
    for number, one in session.execute(query):
        found[number].append(
            Member(one.id, one.platform, one.author, one.received_at, one.status, one.text)
        )
    return found
