"""A comment's text cut into pieces, so that a page can mark words without trusting them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

MARKED_HEADS: Final = ("topic", "urgency", "sentiment", "misinformation")
"""Heads whose reasons a moderator can look at, one at a time."""

_BIDI: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what stands around them."""


@dataclass(frozen=True)
class Piece:
    """A run of text with the same marks all through."""

    text: str
    marks: tuple[str, ...] = ()
    """CSS classes: "topic-3" for a word that weighs much in the topic, "danger"."""
    personal: str | None = None
    """The kind of personal data this is."""


def cut(
    text: str,
    highlights: Mapping[str, Iterable[Mapping[str, Any]]],
    personal: Sequence[Mapping[str, Any]],
    override: Mapping[str, Any] | None,
) -> list[Piece]:
    """Return `text` in pieces that put together give it back; offsets are code points."""
    spans = [
        (found["start"], found["end"], f"{head}-{_level(found['weight'])}")
        for head in MARKED_HEADS
        for found in highlights.get(head, ())
    ]
    if override is not None:
        spans.append((override["start"], override["end"], "danger"))
    borders = {0, len(text)}
    for start, end, *_ in (*spans, *((of["start"], of["end"]) for of in personal)):
        borders |= {min(max(start, 0), len(text)), min(max(end, 0), len(text))}
    ordered = sorted(borders)
    pieces: list[Piece] = []
    for start, end in pairwise(ordered):
        marks = tuple(mark for first, last, mark in spans if first <= start and end <= last)
        kinds = [of["kind"] for of in personal if of["start"] <= start and end <= of["end"]]
        pieces.append(Piece(text[start:end], marks, kinds[0] if kinds else None))
    return pieces


def excerpt(text: str, length: int = 280) -> str:
    """Return the beginning of `text` on one line, for a list."""
    shown = " ".join(text[: 2 * length].split())
    return shown if len(shown) <= length else shown[:length].rstrip() + "…"


def without_direction(text: str) -> str:
    """Return `text` without direction marks, for attributes, where nothing can isolate them."""
    return _BIDI.sub("", text)


def _level(weight: float) -> int:
    """Return how strongly a word is marked: 1 to 3, from its share (0 to 1) in the label."""
    return 3 if weight >= 0.4 else 2 if weight >= 0.2 else 1
