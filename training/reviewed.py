"""Rows whose urgency was labelled anew, blind, because somebody doubted it.

`data/annotated/reviewed/urgency.jsonl` holds one object a line: `id`, the urgency a row was
written with (`first`), what somebody gave who saw only text and parent post (`second`), and,
where these differ, what another one gave (`third`). The corpus itself holds what was settled.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.labels import HEADS
from training.corpus import ANNOTATED

REVIEWED: Final = ANNOTATED / "reviewed" / "urgency.jsonl"


@dataclass(frozen=True)
class Review:
    """The urgencies that one row was given by different hands."""

    id: str
    given: tuple[str, ...]
    """First and second, if equal; first, second and third, if not."""

    @property
    def settled(self) -> str:
        """The one in the middle: that of two who agree, or of three who do not, by degree."""
        degrees = HEADS["urgency"]
        return sorted(self.given, key=degrees.index)[len(self.given) // 2]


def load_reviews(path: Path = REVIEWED) -> list[Review]:
    """Return every reviewed row; raise `ValueError` naming file, line and fault."""
    reviews = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        raw = json.loads(line)
        given = tuple(raw[name] for name in ("first", "second", "third") if name in raw)
        wanted = 2 if len(set(given[:2])) == 1 else 3
        if len(given) != wanted or not set(given) <= set(HEADS["urgency"]):
            raise ValueError(f"{path.name}:{number}: {given} are not {wanted} urgencies")
        reviews.append(Review(raw["id"], given))
    return reviews


def moved(reviews: Iterable[Review]) -> Counter[tuple[str, str]]:
    """Return how many rows went from which urgency to which; those that stayed, too."""
    return Counter((review.given[0], review.settled) for review in reviews)
