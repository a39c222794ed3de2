"""Verdicts as others give them: in words of three languages, or as a number on a scale."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from models.claims.claim import VERDICTS, ClaimError
from models.text import skeleton

WORST: Final = 1
BEST: Final = 5
"""The scale of schema.org where a rating names none, and that of our own ratings."""

_FILE: Final = Path(__file__).with_name("verdicts.toml")
_NO_WORD: Final = re.compile(r"[^\w]+")
_LOOKED_AT: Final = 300
"""Code points of a verdict that are read; some put a whole paragraph there."""


def name_of(verdict: str, language: str) -> str:
    """Return what a verdict is called in kk, ru or en."""
    return str(_table()["names"][verdict][language])


def rating_of(verdict: str) -> int:
    """Return where a verdict stands between `WORST` and `BEST`."""
    return int(_table()["ratings"][verdict])


def verdict_in_words(words: str) -> str | None:
    """Return the verdict that `words` give, None where they give none that we know.

    Words that give several ("true, but misleading") mislead; where one is fraud, it is that.
    """
    text = _plain(words[:_LOOKED_AT])
    found: set[str | None] = set()
    for phrase, verdict in _phrases():
        if f" {phrase} " in text:
            found.add(verdict)
            text = text.replace(f" {phrase} ", " | ")
    known = found - {None}
    if "scam" in known:
        return "scam"
    if len(known) > 1:
        return "misleading"
    return known.pop() if known else None


def verdict_on_scale(value: object, worst: object, best: object) -> str | None:
    """Return the verdict of a number, None without one; raise `ClaimError` off its scale.

    The lowest quarter is false, the highest true, what lies between misleads.
    A scale of one point, as some tools write for "no scale", gives no verdict.
    """
    if value is None or value == "":
        return None
    number = _number("ratingValue", value)
    low = WORST if worst in (None, "") else _number("worstRating", worst)
    high = BEST if best in (None, "") else _number("bestRating", best)
    if not low <= number <= high:
        raise ClaimError(f"reviewRating: {number:g} is outside its scale, {low:g} to {high:g}")
    if low == high:
        return None
    share = (number - low) / (high - low)
    if share <= 0.25:
        return "false"
    return "true" if share >= 0.75 else "misleading"


def is_number(value: object) -> bool:
    """Say whether `value` is a finite number, or a string that holds one."""
    try:
        _number("", value)
    except ClaimError:
        return False
    return True


def _number(field: str, value: object) -> float:
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TypeError
        number = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ClaimError(f"reviewRating: {field} must be a number")
    return number


def _plain(words: str) -> str:
    return f" {_NO_WORD.sub(' ', skeleton(words)).strip()} "


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, str | None], ...]:
    """Return every phrase with its verdict, the longest first; None where it is none."""
    found = [
        (_plain(phrase).strip(), verdict if verdict in VERDICTS else None)
        for verdict, phrases in _table()["words"].items()
        for phrase in phrases
    ]
    return tuple(sorted(found, key=lambda one: -len(one[0])))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
