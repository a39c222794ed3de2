"""Claims from a file: taken in piece by piece, with everything that was not taken named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.claims.read import Fault, read_claims
from service.claim_registry import put
from service.errors import Problem
from service.store import Sessions

_PIECE: Final = 1_000
"""Claims in one transaction: meanwhile nobody else can write to SQLite."""


@dataclass(frozen=True)
class Taken:
    """How a file was taken in."""

    counts: Mapping[str, int]
    """How many claims were created, changed, unchanged."""
    faults: list[Fault]
    """What was not taken, and what beside the claims was left out."""

    @property
    def faulty(self) -> int:
        """How many claims were not taken."""
        return sum(not fault.warning for fault in self.faults)


def take_in(
    sessions: Sessions, content: bytes, actor: str, now: datetime, *, overwrite: bool
) -> Taken:
    """Put the claims of a file into the registry; what is faulty keeps nothing else out."""
    claims, faults = read_claims(content)
    counts: Counter[str] = Counter()
    for start in range(0, len(claims), _PIECE):
        piece = claims[start : start + _PIECE]
        with sessions.writing() as session:
            results = put(session, piece, actor, now, overwrite=overwrite)
        for claim, result in zip(piece, results, strict=True):
            if isinstance(result, Problem):
                faults.append(Fault(claim.claim_id, "is known with other content"))
            else:
                counts[result.status] += 1
    return Taken(counts, faults)
