"""Rumours gaining ground: known claims and unmatched groups of texts, by how fast they grow.

A window is that of likeness; growth is what came in the last one less what came in the one
before. Only comments that are flagged count: who asks or denies does not spread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Executable, Select, case, exists, func, literal, select
from sqlalchemy.orm import Session

from models.claims.claim import REFUTED
from models.misinformation import ATTACHED
from service.claim_registry import kept
from service.house import House
from service.store.group_tables import TextGroup, TextMember
from service.store.tables import ClaimMatch, Comment, RegisteredClaim

_MOST: Final = 200
"""Claims and groups looked at: those with the most comments in both windows."""
_FEWEST: Final = 2
"""One comment alone is no rumour that spreads."""
_FLAGGED: Final = Comment.flag != literal("none", literal_execute=True)
"""Written out in the statement: no parameter tells that the index of the flagged will do."""


@dataclass(frozen=True, kw_only=True)
class Rumour:
    """A claim or a group of texts, how far it reaches, and whether there is an answer to it.

    `id` is the number of the claim or the group; `texts` is it in words, by language where
    that is known ("" for words of a comment); `answers` are the languages with a refutation.
    """

    kind: Literal["claim", "cluster"]
    id: int
    claim_id: str | None
    verdict: str | None
    texts: dict[str, str]
    comments: int
    accounts: int
    recent: int
    before: int
    growth: int
    platforms: dict[str, int]
    languages: dict[str, int]
    first_seen: datetime
    last_seen: datetime
    coordinated: bool = False
    answers: list[str] = field(default_factory=list)


def gaining(session: Session, house: House, now: datetime, *, limit: int) -> list[Rumour]:
    """Return what spreads in this window or did in the last, the fastest first."""
    window = timedelta(hours=house.settings.likeness_hours)
    figures = [("claim", row) for row in _most(session, _claim_figures(now, window))]
    figures += [("cluster", row) for row in _most(session, _cluster_figures(now, window))]
    shown = sorted(figures, key=_rank)[:limit]
    claims = _claims(session, [row for kind, row in shown if kind == "claim"])
    clusters = _clusters(session, house, [row for kind, row in shown if kind == "cluster"])
    found = {"claim": claims, "cluster": clusters}
    return [found[kind][row.subject] for kind, row in shown]


def _rank(found: tuple[str, Any]) -> tuple[int, int, int, str, int]:
    kind, row = found
    return row.before - row.recent, -row.recent, -row.comments, kind, row.subject


def _claim_figures(now: datetime, window: timedelta) -> Select[Any]:
    """Return the query for the figures of claims that were lately spread."""
    lately = (
        select(ClaimMatch.claim_number)
        .join(RegisteredClaim, RegisteredClaim.id == ClaimMatch.claim_number)
        .where(ClaimMatch.matched_at > now - 2 * window, ClaimMatch.flag != "none")
        .where(RegisteredClaim.deleted_at.is_(None))
    )
    account = Comment.platform + "/" + Comment.author
    return (
        select(*_figures(ClaimMatch.claim_number, account, Comment.received_at, now, window))
        .join(Comment, Comment.id == ClaimMatch.comment_id)
        .where(ClaimMatch.claim_number.in_(lately), ClaimMatch.flag != "none", _FLAGGED)
        .group_by(ClaimMatch.claim_number)
        # Comments of last week may have been matched just now.
        .having(func.max(Comment.received_at) > now - 2 * window)
    )


def _cluster_figures(now: datetime, window: timedelta) -> Select[Any]:
    """Return the query for the figures of groups of flagged texts in which no claim was found."""
    matched = exists().where(
        ClaimMatch.comment_id == TextMember.comment_id, ClaimMatch.flag != "none"
    )
    # What was added to within two windows is open, which is what the index begins with.
    lately = select(TextGroup.id).where(TextGroup.open, TextGroup.last_seen_at > now - 2 * window)
    return (
        select(*_figures(TextMember.group_id, TextMember.account, TextMember.seen_at, now, window))
        .join(Comment, Comment.id == TextMember.comment_id)
        .where(TextMember.group_id.in_(lately), _FLAGGED)
        .group_by(TextMember.group_id)
        .having(func.count() >= _FEWEST, func.sum(case((matched, 1), else_=0)) == 0)
    )


def _claims(session: Session, rows: Sequence[Any]) -> dict[int, Rumour]:
    """Return the claims with these figures, by number."""
    numbers = [row.subject for row in rows]
    spread = _spread(
        session,
        select(ClaimMatch.claim_number, Comment.platform, Comment.language, func.count())
        .join(Comment, Comment.id == ClaimMatch.comment_id)
        .where(ClaimMatch.claim_number.in_(numbers), ClaimMatch.flag != "none", _FLAGGED)
        .group_by(ClaimMatch.claim_number, Comment.platform, Comment.language),
    )
    claims = session.scalars(select(RegisteredClaim).where(RegisteredClaim.id.in_(numbers)))
    known = {row.id: kept(row).claim for row in claims}
    return {
        row.subject: Rumour(
            kind="claim",
            claim_id=known[row.subject].claim_id,
            verdict=known[row.subject].verdict,
            texts=dict(known[row.subject].text) or {"": known[row.subject].phrasings[0]},
            answers=list(known[row.subject].refutation),
            **_reach(row, spread),
        )
        for row in rows
    }


def _clusters(session: Session, house: House, rows: Sequence[Any]) -> dict[int, Rumour]:
    """Return the groups with these figures, by number."""
    numbers = [row.subject for row in rows]
    spread = _spread(
        session,
        select(TextMember.group_id, Comment.platform, Comment.language, func.count())
        .join(Comment, Comment.id == TextMember.comment_id)
        .where(TextMember.group_id.in_(numbers), _FLAGGED)
        .group_by(TextMember.group_id, Comment.platform, Comment.language),
    )
    firsts = session.execute(
        select(TextGroup.id, TextGroup.coordinated_at, Comment.text)
        .join(Comment, Comment.id == TextGroup.comment_id)
        .where(TextGroup.id.in_(numbers))
    )
    known = {number: (coordinated, " ".join(text.split())) for number, coordinated, text in firsts}
    answered = _answered(session, house, {number: text for number, (_, text) in known.items()})
    return {
        row.subject: Rumour(
            kind="cluster",
            texts={"": known[row.subject][1]},
            coordinated=known[row.subject][0] is not None,
            **answered[row.subject],
            **_reach(row, spread),
        )
        for row in rows
    }


def _answered(session: Session, house: House, texts: Mapping[int, str]) -> dict[int, Any]:
    """Return for each group the claim that has been entered since, if one fits."""
    found: dict[int, Any] = {}
    meanings = house.live_model.current().meanings
    index = house.claims.current(session)
    matches = index.match(list(texts.values()), meanings=meanings) if texts else []
    for number, candidates in zip(texts, matches, strict=True):
        best = next((one for one in candidates if one.score >= ATTACHED), None)
        fits = best is not None and best.claim.verdict in REFUTED
        claim = best.claim if best is not None and fits else None
        found[number] = {
            "claim_id": claim.claim_id if claim is not None else None,
            "verdict": claim.verdict if claim is not None else None,
            "answers": list(claim.refutation) if claim is not None else [],
        }
    return found


def _figures(
    subject: Any, account: Any, moment: Any, now: datetime, window: timedelta
) -> Iterable[Any]:
    """Return the columns that count comments and accounts of a subject in both windows."""
    recent = func.sum(case((moment > now - window, 1), else_=0))
    both = func.sum(case((moment > now - 2 * window, 1), else_=0))
    return (
        subject.label("subject"),
        func.count().label("comments"),
        func.count(account.distinct()).label("accounts"),
        recent.label("recent"),
        (both - recent).label("before"),
        func.min(moment).label("first_seen"),
        func.max(moment).label("last_seen"),
    )


def _most(session: Session, query: Select[Any]) -> Sequence[Any]:
    return session.execute(query.order_by(func.count().desc()).limit(_MOST)).all()


def _spread(session: Session, query: Executable) -> dict[int, list[tuple[str, str, int]]]:
    """Return (platform, written form, comments) by subject."""
    found: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for subject, platform, language, number in session.execute(query):
        found[subject].append((platform, language, number))
    return found


def _reach(row: Any, spread: Mapping[int, list[tuple[str, str, int]]]) -> dict[str, Any]:
    """Return the figures of a `Rumour`."""
    platforms: dict[str, int] = defaultdict(int)
    languages: dict[str, int] = defaultdict(int)
    for platform, language, number in spread[row.subject]:
        platforms[platform] += number
        languages[language] += number
    return {
        "id": row.subject,
        "comments": row.comments,
        "accounts": row.accounts,
        "recent": row.recent,
        "before": row.before,
        "growth": row.recent - row.before,
        "platforms": dict(sorted(platforms.items(), key=lambda pair: -pair[1])),
        "languages": dict(sorted(languages.items(), key=lambda pair: -pair[1])),
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
    }
