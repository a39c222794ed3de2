"""Comments that say nearly the same: each joins the group it is like, or founds one.

A group is known by its first comment: others are compared with that one alone, so that a
group cannot drift, and only the first has keys. All of it is in the store; what nobody adds
to any more is pruned on the way, so that it stays as large as two windows' comments and the
coordinated groups of the days that history is kept for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from models.likeness import NEAR, Signature, likeness, signature
from service.store.group_tables import TextGroup, TextKey, TextMember
from service.store.tables import Comment

_CHUNK: Final = 500
_WINDOWS_KEPT: Final = 2
_FORGOTTEN: Final = 10
"""Groups forgotten at a time; they may be large, and somebody waits."""
_SHOWN: Final = 50


@dataclass(frozen=True, kw_only=True)
class Written:
    """A stored comment, as far as grouping needs it; `seen_at` is when it was written."""

    comment_id: int
    text: str
    account: int | None
    seen_at: datetime


@dataclass
class _Known:
    """A group that is open, with what its first comment is found by; the number comes late."""

    signature: Signature
    first: Written
    number: int | None = None
    newcomers: list[Written] = field(default_factory=list)


@dataclass(frozen=True)
class Member:
    """A comment of a group."""

    id: int
    platform: str
    author: str | None
    received_at: datetime
    status: str
    text: str


@dataclass(frozen=True)
class GroupView:
    """The comments nearly like one: how many, by whom, and the newest of the others."""

    id: int
    comments: int
    accounts: int
    first_seen: datetime
    last_seen: datetime
    coordinated: bool
    members: list[Member]


def account_of(platform: str, author: str | None) -> int | None:
    """Return the number an account is counted by; None where nobody is named."""
    name = (author or "").strip().lstrip("@").casefold()
    if not name:
        return None
    digest = hashlib.blake2b(f"{platform}\n{name}".encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(digest.digest(), "little") >> 1


def join(
    session: Session, written: Iterable[Written], now: datetime, window: timedelta
) -> dict[int, list[Written]]:
    """Let every comment join its group; return the newcomers of groups with others in them."""
    prune(session, now - _WINDOWS_KEPT * window)
    signed = [(one, found) for one in written if (found := signature(one.text)) is not None]
    if not signed:
        return {}
    by_key = _candidates(session, [found for _, found in signed])
    touched: dict[int, _Known] = {}
    for one, found in signed:
        group = _nearest(by_key, found)
        if group is None:
            group = _Known(found, one)
            for key in found.keys:
                by_key.setdefault(key, []).append(group)
        group.newcomers.append(one)
        touched[id(group)] = group
    _found(session, [one for one in touched.values() if one.number is None], now)
    return _add(session, list(touched.values()), now)


def prune(session: Session, before: datetime) -> None:
    """Close what nobody has added to since; only coordinated groups are remembered."""
    stale = (
        select(TextGroup.id, TextGroup.coordinated_at)
        .where(TextGroup.open, TextGroup.last_seen_at < before)
        .limit(_CHUNK)
    )
    rows = session.execute(stale).all()
    if not rows:
        return
    gone = [number for number, coordinated_at in rows if coordinated_at is None]
    session.execute(delete(TextKey).where(TextKey.group_id.in_([number for number, _ in rows])))
    session.execute(delete(TextMember).where(TextMember.group_id.in_(gone)))
    session.execute(delete(TextGroup).where(TextGroup.id.in_(gone)))
    kept = [number for number, coordinated_at in rows if coordinated_at is not None]
    session.execute(update(TextGroup).where(TextGroup.id.in_(kept)).values(open=False))


def forget(session: Session, before: datetime) -> None:
    """Remove the oldest groups that are closed and got nothing since; comments stay."""
    stale = select(TextGroup.id).where(~TextGroup.open, TextGroup.last_seen_at < before)
    gone = session.scalars(stale.order_by(TextGroup.last_seen_at).limit(_FORGOTTEN)).all()
    if gone:
        session.execute(delete(TextMember).where(TextMember.group_id.in_(gone)))
        session.execute(delete(TextGroup).where(TextGroup.id.in_(gone)))


def group_of(session: Session, comment_id: int) -> GroupView | None:
    """Return the group of a comment, None if no other is like it."""
    group = session.scalar(
        select(TextGroup)
        .join(TextMember, TextMember.group_id == TextGroup.id)
        .where(TextMember.comment_id == comment_id)
    )
    if group is None:
        return None
    count, accounts, first, last = session.execute(
        select(
            func.count(),
            func.count(TextMember.account.distinct()),
            func.min(TextMember.seen_at),
            func.max(TextMember.seen_at),
        ).where(TextMember.group_id == group.id)
    ).one()
    if count < 2:
        return None
    others = session.scalars(
        select(Comment)
        .join(TextMember, TextMember.comment_id == Comment.id)
        .where(TextMember.group_id == group.id, Comment.id != comment_id)
        .order_by(TextMember.seen_at.desc(), Comment.id.desc())
        .limit(_SHOWN)
    )
    members = [
        Member(one.id, one.platform, one.author, one.received_at, one.status, one.text)
        for one in others
    ]
    coordinated = group.coordinated_at is not None
    return GroupView(group.id, count, accounts, first, last, coordinated, members)


def alike(
    session: Session, comment_id: int, status: str, newest: int | None = None
) -> Sequence[int]:
    """Return the other comments of its group that have this status, the oldest first.

    None of them came in after the one numbered `newest`.
    """
    group = select(TextMember.group_id).where(TextMember.comment_id == comment_id)
    query = (
        select(Comment.id)
        .join(TextMember, TextMember.comment_id == Comment.id)
        .where(TextMember.group_id.in_(group), Comment.id != comment_id, Comment.status == status)
        .order_by(Comment.id)
    )
    if newest is not None:
        query = query.where(Comment.id <= newest)
    return session.scalars(query).all()


def _candidates(session: Session, signed: Sequence[Signature]) -> dict[int, list[_Known]]:
    """Return the open groups that share a key with any of these texts, by key."""
    wanted = sorted({key for one in signed for key in one.keys})
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(wanted), _CHUNK):
        query = select(TextKey.key, TextKey.group_id)
        chunk = query.where(TextKey.key.in_(wanted[start : start + _CHUNK]))
        pairs += [(key, number) for key, number in session.execute(chunk)]
    known = _read(session, sorted({number for _, number in pairs}))
    by_key: dict[int, list[_Known]] = {}
    for key, number in pairs:
        if number in known:
            by_key.setdefault(key, []).append(known[number])
    return by_key


def _read(session: Session, numbers: Sequence[int]) -> dict[int, _Known]:
    known: dict[int, _Known] = {}
    for start in range(0, len(numbers), _CHUNK):
        query = select(TextGroup.id, TextGroup.first_seen_at, Comment.id, Comment.text)
        query = query.join(Comment, Comment.id == TextGroup.comment_id)
        chunk = query.where(TextGroup.id.in_(numbers[start : start + _CHUNK]))
        for number, first_seen, comment_id, text in session.execute(chunk):
            found = signature(text)
            if found is not None:
                first = Written(comment_id=comment_id, text=text, account=None, seen_at=first_seen)
                known[number] = _Known(found, first, number)
    return known


def _nearest(by_key: dict[int, list[_Known]], found: Signature) -> _Known | None:
    """Return the group whose first comment is most like this text, if any is near."""
    shared: dict[int, _Known] = {}
    for key in found.keys:
        shared |= {id(group): group for group in by_key.get(key, ())}
    best = max(
        ((likeness(found, group.signature), group) for group in shared.values()),
        key=lambda pair: pair[0],
        default=None,
    )
    return best[1] if best is not None and best[0] >= NEAR else None


def _found(session: Session, groups: Sequence[_Known], now: datetime) -> None:
    """Store new groups with their keys."""
    if not groups:
        return
    rows = [
        {
            "comment_id": group.first.comment_id,
            "first_seen_at": group.first.seen_at,
            "last_seen_at": now,
            "open": True,
        }
        for group in groups
    ]
    made = insert(TextGroup).returning(TextGroup.id, sort_by_parameter_order=True)
    for group, number in zip(groups, session.scalars(made, rows), strict=True):
        group.number = number
    keys = [
        {"key": key, "group_id": group.number}
        for group in groups
        for key in dict.fromkeys(group.signature.keys)
    ]
    session.execute(insert(TextKey), keys)


def _add(session: Session, groups: Sequence[_Known], now: datetime) -> dict[int, list[Written]]:
    """Store the newcomers of each group; return those of groups that have more than one."""
    members: list[dict[str, Any]] = []
    joined: dict[int, list[Written]] = {}
    for group in groups:
        assert group.number is not None  # noqa: S101 - `_found` has numbered it
        members.extend(
            {
                "comment_id": one.comment_id,
                "group_id": group.number,
                "account": one.account,
                "seen_at": one.seen_at,
                "judged": False,
            }
            for one in group.newcomers
        )
        if len(group.newcomers) > 1 or group.newcomers[0] is not group.first:
            joined[group.number] = group.newcomers
    session.execute(insert(TextMember), members)
    numbers = sorted(joined)
    for start in range(0, len(numbers), _CHUNK):
        chunk = TextGroup.id.in_(numbers[start : start + _CHUNK])
        session.execute(update(TextGroup).where(chunk).values(last_seen_at=now))
    return joined
