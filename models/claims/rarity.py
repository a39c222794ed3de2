"""How much a term tells: rare in comments at large, rare among the claims, or neither.

A registry of forty claims cannot say that "today" is common, so it is asked together with how
often terms occur in the annotated comments (`frequencies.toml`, written by
`qulaq-train claims-fit`).
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Final

FREQUENCIES_FILE: Final = Path(__file__).with_name("frequencies.toml")

_KINDS: Final = {"=": 1.0, "~": 0.4, "@": 0.8, "#": 0.8}
"""What a stem, a consonant frame, a concept and a number count beside each other."""
_COMMENTS_WEIGH: Final = 150
"""The comments speak as loudly as so many claims."""
_UNHEARD: Final = 1e-4
"""Share of texts that a term has which occurs nowhere."""


def load_frequencies(path: Path = FREQUENCIES_FILE) -> dict[str, float]:
    """Return the share (0 to 1) of comments that hold a term, for terms that are not rare."""
    if not path.exists():  # only until the first fit
        return {}
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        term: int(in_ten_thousand) / 10_000
        for in_ten_thousand, terms in raw["in_ten_thousand"].items()
        for term in terms.split()
    }


FREQUENCIES: Final = load_frequencies()


def weight(term: str, among: int, claims: int) -> float:
    """Return what a term counts that occurs in `among` of `claims` wordings; never below 0."""
    heard = FREQUENCIES.get(term, _UNHEARD)
    share = (among + _COMMENTS_WEIGH * heard) / (claims + _COMMENTS_WEIGH)
    return -_KINDS[term[0]] * math.log(min(max(share, _UNHEARD), 0.9))
