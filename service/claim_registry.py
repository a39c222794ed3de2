"""The claim registry: what is known about claims that people repeat, and every change of it.

Changes count up the registry's version first. That row is locked until the
commit, so that versions become visible in their order and whoever follows
(`service.claims`) misses none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from models.claims.claim import Claim, as_json
from models.text import skeleton
from service.errors import FieldError, Problem
from service.store.tables import ClaimEdit, RegisteredClaim, Version

Status = Literal["created", "changed", "unchanged"]

NAME: Final = "claims"
"""Of the row in `versions`."""
_CHUNK: Final = 500


@dataclass(frozen=True)
class KeptClaim:
    """A claim of the registry with who entered and changed it."""

    number: int
    claim: Claim
    revision: int
    entered_by: str
    entered_at: datetime
    updated_by: str
    updated_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True)
class Put:
    """What became of a claim that was put in."""

    kept: KeptClaim
    status: Status


def put(
    session: Session,
    claims: Sequence[Claim],
    actor: str,
    now: datetime,
    *,
    overwrite: bool,
) -> list[Put | Problem]:
    """Put claims in and return one result each, in order.

    A claim whose id is known with other content answers with the problem
    `claim-conflict`, or takes its place with `overwrite`. A deleted one comes back.
    """
    if not claims:
        return []
    version = count_up(session)
    rows = _find(session, [claim.claim_id for claim in claims])
    results: list[tuple[RegisteredClaim, Status] | Problem] = []
    for claim in claims:
        row = rows.get(claim.claim_id)
        if row is None:
            rows[claim.claim_id] = row = _enter(session, claim, actor, now, version)
            results.append((row, "created"))
        elif row.deleted_at is not None:
            _change(session, row, claim, "restored", actor, now, version)
            results.append((row, "created"))
        elif _same(row, claim):
            results.append((row, "unchanged"))
        elif overwrite:
            _change(session, row, claim, "changed", actor, now, version)
            results.append((row, "changed"))
        else:
            results.append(_conflict(row))
    session.flush()
    return [one if isinstance(one, Problem) else Put(kept(one[0]), one[1]) for one in results]


def get(session: Session, claim_id: str) -> KeptClaim:
    """Return the claim, a deleted one too; raise `claim-not-found`."""
    row = session.scalar(select(RegisteredClaim).where(RegisteredClaim.claim_id == claim_id))
    if row is None:
        raise Problem("claim-not-found", "there is no claim of this id")
    return kept(row)


def by_number(session: Session, number: int) -> KeptClaim:
    """Return the claim that was entered under this number, a deleted one too."""
    row = session.get(RegisteredClaim, number)
    if row is None:
        raise Problem("claim-not-found", "there is no claim of this number")
    return kept(row)


def by_id(session: Session, ids: Sequence[str]) -> dict[str, KeptClaim]:
    """Return the claims there are under these ids, deleted ones too."""
    return {claim_id: kept(row) for claim_id, row in _find(session, ids).items()}


def present(session: Session, claim_id: str) -> KeptClaim:
    """Return the claim; raise `claim-not-found` for a deleted one, too."""
    found = get(session, claim_id)
    if found.deleted_at is not None:
        raise Problem("claim-not-found", "this claim has been deleted; its history is kept")
    return found


def delete(session: Session, claim_id: str, actor: str, now: datetime) -> None:
    """Take a claim out; what it flagged and how it read stay. Raise `claim-not-found`."""
    version = count_up(session)
    row = _find(session, [claim_id]).get(claim_id)
    if row is None or row.deleted_at is not None:
        raise Problem("claim-not-found", "there is no claim of this id")
    _take_out(session, row, actor, now, version)


def delete_examples(session: Session, actor: str, now: datetime) -> int:
    """Take every example out that nobody has made a claim of their own; return how many."""
    version = count_up(session)
    rows = session.scalars(
        select(RegisteredClaim).where(RegisteredClaim.example, RegisteredClaim.deleted_at.is_(None))
    ).all()
    for row in rows:
        _take_out(session, row, actor, now, version)
    return len(rows)


def enter_examples(session: Session, claims: Sequence[Claim], actor: str, now: datetime) -> int:
    """Put the examples into a registry nobody has touched yet; return how many.

    Of several processes that start at once, one does it.
    """
    untouched = update(Version).where(Version.name == NAME, Version.version == 0)
    if session.execute(untouched.values(version=1).returning(Version.version)).first() is None:
        return 0
    for claim in claims:
        _enter(session, claim, actor, now, 1)
    return len(claims)


def version(session: Session) -> int:
    """Return what changes with every change of the registry."""
    return session.scalar(select(Version.version).where(Version.name == NAME)) or 0


def count_up(session: Session) -> int:
    """Return the registry's next version; whoever else wants to change it waits."""
    counted = update(Version).where(Version.name == NAME).values(version=Version.version + 1)
    return int(session.execute(counted.returning(Version.version)).scalar_one())


def changed_since(session: Session, seen: int) -> list[KeptClaim]:
    """Return every claim that was changed or deleted after version `seen`."""
    rows = session.scalars(
        select(RegisteredClaim).where(RegisteredClaim.version > seen).order_by(RegisteredClaim.id)
    )
    return [kept(row) for row in rows]


def edits(session: Session, number: int) -> list[ClaimEdit]:
    """Return every change of claim `number`, the newest first."""
    query = select(ClaimEdit).where(ClaimEdit.claim_number == number)
    return list(session.scalars(query.order_by(ClaimEdit.id.desc())))


def kept(row: RegisteredClaim) -> KeptClaim:
    """Return the claim of a row."""
    claim = read_body(row.body, extra=row.extra)
    return KeptClaim(
        row.id,
        replace(claim, entered_by=row.entered_by),
        row.revision,
        row.entered_by,
        row.entered_at,
        row.updated_by,
        row.updated_at,
        row.deleted_at,
    )


def read_body(body: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> Claim:
    """Return the claim in what `as_json` wrote; it has been checked before."""
    published, expires = body.get("published"), body.get("expires")
    return Claim(
        claim_id=body["claim_id"],
        text=body["claim"],
        phrasings=tuple(body.get("phrasings", ())),
        verdict=body["verdict"],
        refutation=body["refutation"],
        url=body.get("url"),
        published=date.fromisoformat(published) if published else None,
        expires=date.fromisoformat(expires) if expires else None,
        entered_by=body.get("entered_by"),
        example=body.get("example", False),
        extra=extra or {},
    )


def folded(words: Iterable[str]) -> str:
    """Return words as they are looked through: lower case, Kazakh letters as others type them."""
    return skeleton(" ".join(words))


def _find(session: Session, ids: Sequence[str]) -> dict[str, RegisteredClaim]:
    """Return the rows under these ids, deleted ones too."""
    found: dict[str, RegisteredClaim] = {}
    for start in range(0, len(ids), _CHUNK):
        query: Select[RegisteredClaim] = select(RegisteredClaim).where(
            RegisteredClaim.claim_id.in_(ids[start : start + _CHUNK])
        )
        found |= {row.claim_id: row for row in session.scalars(query)}
    return found


def _enter(
    session: Session, claim: Claim, actor: str, now: datetime, version: int
) -> RegisteredClaim:
    row = RegisteredClaim(
        claim_id=claim.claim_id, entered_by=actor, entered_at=now, revision=0, deleted_at=None
    )
    session.add(row)
    _change(session, row, claim, "created", actor, now, version)
    return row


def _change(  # noqa: PLR0917
    session: Session,
    row: RegisteredClaim,
    claim: Claim,
    deed: str,
    actor: str,
    now: datetime,
    version: int,
) -> None:
    """Let a row say what `claim` says, and write down that it does."""
    row.body = as_json(replace(claim, entered_by=None))
    row.extra = dict(claim.extra)
    row.verdict, row.expires, row.example = claim.verdict, claim.expires, claim.example
    row.search_text = folded([claim.claim_id, *claim.wordings(), *claim.refutation.values()])
    row.deleted_at = None
    _note(session, row, deed, actor, now, version)


def _take_out(
    session: Session, row: RegisteredClaim, actor: str, now: datetime, version: int
) -> None:
    row.deleted_at = now
    _note(session, row, "deleted", actor, now, version)


def _note(  # noqa: PLR0917
    session: Session, row: RegisteredClaim, deed: str, actor: str, now: datetime, version: int
) -> None:
    """Write down a change; `claims` tells every follower by its version."""
    row.revision += 1
    row.version = version
    row.updated_by, row.updated_at = actor, now
    session.add(
        ClaimEdit(
            claim=row,
            revision=row.revision,
            deed=deed,
            body=row.body,
            actor=actor,
            at=now,
        )
    )


def _same(row: RegisteredClaim, claim: Claim) -> bool:
    return row.body == as_json(replace(claim, entered_by=None)) and row.extra == claim.extra


def _conflict(row: RegisteredClaim) -> Problem:
    detail = "claim_id: names another claim; PUT it to change that one"
    return Problem(
        "claim-conflict",
        f"claim {row.claim_id} has other content; PUT it to change it",
        errors=[FieldError("claim_id", "claim-conflict", detail)],
    )
