"""The words `words.toml` lists, folded; and what a name is without its endings."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from models.claims.folding import fold

WORDS_FILE: Final = Path(__file__).with_name("words.toml")
_LEAST: Final = 3
"""Letters a name keeps without its endings."""
_KAZAKH: Final = re.compile(
    r"(?:(?<=[aeou]i)|(?<=uli)|(?<=[lrmnjvzgb]))n?(?:d[ae]gi|[dn][ae]n?|[dn]in?|g[ae])\Z"
    r"|(?<=[ptkswfhc])(?:t[ae]gi|t[ae]n?|tin?|k[ae])\Z"
    r"|(?<=[aeiou])(?:d[ae]gi|d[ae]n?|nin|g[ae])\Z"
)
"""Endings of Kazakh cases as `fold` leaves them, each behind the sounds that call for it."""
_RUSSIAN: Final = re.compile(
    r"(?:(?<=[aeou]i)(?:a|u|e|em|om)|(?:(?<=sk)|(?<=[bcdlrt]n))(?:aia|uiu|ogo|omu|oe|oi|om|ii)"
    r"|(?<=[^aeou])(?:oi|ou|om|iu|iam|iah|ami|am|ah|i|a|e|u))\Z"
)
_SOFT: Final = re.compile(r"(?<=[aeou])em?\Z")
"""The й of "Абай" is gone from "Абае", "Абаем"."""
_FAMILY: Final = re.compile(r"(?:[oe]va?|ina|uli|kizi)\Z")


@lru_cache(maxsize=100_000)
def root(word: str) -> str:
    """Return a folded name without its case, in Kazakh or Russian: one ending, not a stem.

    Stems are for meanings: "Кенесары" and "Кеңес" have one, and are two streets.
    """
    for pattern in (_KAZAKH, _SOFT, _RUSSIAN):
        left = pattern.sub("i" if pattern is _SOFT else "", word)
        if len(left) >= _LEAST and left != word:
            word = left
            if pattern is _SOFT:
                break
    return word


def is_family_name(word: str) -> bool:
    """Say whether a folded word ends as the family names of Kazakhstan do."""
    return len(word) > 5 and _FAMILY.search(word) is not None


@lru_cache(maxsize=100_000)
def is_unit(word: str) -> bool:
    """Say whether a folded word says what a number counts, in whatever case."""
    return word in _UNITS or word.startswith(_LONG_UNITS)


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


def _roots(words: str) -> frozenset[str]:
    return frozenset(root(fold(word)) for word in words.split())


def _streets(lines: str) -> tuple[dict[tuple[str, ...], str], frozenset[tuple[str, ...]]]:
    """Return key by the roots of the words that tell a street, and those that mean more."""
    named: dict[tuple[str, ...], str] = {}
    common: set[tuple[str, ...]] = set()
    for line in lines.split("\n"):
        sure, _, unsure = line.strip().partition(">")
        ways = [way for way in sure.split("|") if way]
        # A common word that heads its line ("республика|>…") is one that means more, too.
        weak = [way for way in unsure.split("|") if way]
        if sure.endswith("|"):
            weak, ways = ways + weak, []
        if not ways + weak:
            continue
        key = "=" + " ".join(_parts((ways + weak)[0]))
        for way in ways + weak:
            named.setdefault(_parts(way), key)
        common.update(map(_parts, weak))
    return named, frozenset(common)


def _parts(way: str) -> tuple[str, ...]:
    return tuple(root(fold(part)) for part in way.replace("-", " ").split())


_RAW: Final[dict[str, Any]] = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))
STREETS, COMMON = _streets(_RAW["streets"]["names"])
"""Key by the roots of the words that tell a street; those that mean something else, too."""
LONGEST_NAME: Final = max(map(len, STREETS))
TITLES: Final = _roots(_RAW["titles"]["words"])
SECONDS: Final = _roots(_RAW["seconds"]["words"])
GIVEN: Final = _roots(_RAW["given"]["words"])
SHARED: Final = _roots(_RAW["shared"]["words"])
NAMELESS: Final = _folded(_RAW["nameless"]["words"])
_UNITS: Final = _folded(_RAW["units"]["words"])
_LONG_UNITS: Final = tuple(unit for unit in _UNITS if len(unit) > 3)
HOUSE: Final = _folded(_RAW["kinds"]["house"])
BETWEEN: Final = _folded(_RAW["kinds"]["between"])
_INFLECTED: Final = _folded(_RAW["kinds"]["russian_endings"])
_CASES: Final = re.compile(r"n(?:da|de|dagi|degi|in|a|e|an|en)?|da|de|ta|te|dan|den|ga|ge|din|din")


def _of_kind(word: str, listed: frozenset[str]) -> bool:
    """Say whether a folded word is one of a kind, in any case."""
    if word in listed:
        return True
    return any(
        word.startswith(one) and len(one) > 3 and _CASES.fullmatch(word[len(one) :])
        for one in listed
    )


_AFTER: Final = _folded(_RAW["kinds"]["after"]) | _INFLECTED
_BEFORE: Final = _folded(_RAW["kinds"]["before"]) | _INFLECTED
_NUMBERED: Final = _folded(_RAW["kinds"]["numbered"]) | (
    {word for word in _INFLECTED if "raion" in word}
)


@lru_cache(maxsize=100_000)
def follows_a_name(word: str) -> bool:
    """Say whether a folded word is "street" or the like, as Kazakh and English put it."""
    return _of_kind(word, _AFTER)


@lru_cache(maxsize=100_000)
def precedes_a_name(word: str) -> bool:
    """Say whether a folded word is "street" or the like, as Russian puts it."""
    return word in _BEFORE


@lru_cache(maxsize=100_000)
def is_numbered(word: str) -> bool:
    """Say whether a folded word is a district that a number may name."""
    return _of_kind(word, frozenset(_NUMBERED))
