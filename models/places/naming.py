"""Under which key a name meets its other spellings, and how it is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from models.claims.concepts import LEXICON, sense
from models.claims.folding import fold, stem
from models.places.text import Word, is_nameless
from models.places.words import (
    COMMON,
    GIVEN,
    SECONDS,
    SHARED,
    STREETS,
    TITLES,
    is_family_name,
)

_SHORTEST_NAME: Final = 4
_WIDE: Final = """қала город city астана алматы шымкент қазақстан казахстан нұрсұлтан
әкім әкімдік аким
акимат мэр президент уважаемый құрметті здравствуйте сәлеметсіз добрый пожалуйста аллах господи
срочно көмек помогите хабарлама"""
_TOO_WIDE: Final = frozenset(stem(fold(word)) for word in _WIDE.split())
"""Capitalised words that name no place, or one as wide as the city."""
_NO_NAME_IN_RUSSIAN: Final = re.compile(r"(?:[аеиыуюя]ть?с?я?|[аиыяе]л[аио]?|о|ется|ится)\Z")
"""What adverbs and verbs end in; "на улице темно" names no street."""


def key_of(words: Sequence[Word]) -> str | None:
    """Return the key of a name, None for titles and the like alone."""
    roots = tuple(word.root for word in words)
    known = known_street(roots)
    if known is not None:
        return known
    core = [
        word.root for word in words if word.root not in TITLES and not word.is_initial and word.root
    ]
    if not core or (core[-1] in SECONDS and len(core) < 2):
        return None
    if core[-1] in SECONDS:
        return " ".join(core[-2:])
    if len(core) > 1 and (core[-2] in GIVEN or is_family_name(core[-1])):
        return " ".join(core[-2:]) if core[-1] in SHARED else core[-1]
    return " ".join(core)


def known_street(roots: tuple[str, ...]) -> str | None:
    """Return the key of the listed street that these words name, the longest part first."""
    for length in range(len(roots), 0, -1):
        for start in range(len(roots) - length + 1):
            part = roots[start : start + length]
            if part not in STREETS:
                continue
            rest = roots[:start] + roots[start + length :]
            if part not in COMMON or all(one in TITLES or one in GIVEN for one in rest):
                return STREETS[part]
    return None


def shown(words: Sequence[Word]) -> str:
    """Return a name as written, with the capitals of a name."""
    return " ".join(_cased(word, first=not at) for at, word in enumerate(words))


def _cased(word: Word, *, first: bool) -> str:
    if word.is_initial:
        return f"{word.text}."
    if word.is_title and not first:
        return word.text.lower()
    return word.text[:1].upper() + word.text[1:].lower()


def may_name(word: Word) -> bool:
    """Say whether a word may be a name: not too short, and none of those with a meaning."""
    if len(word.key) < _SHORTEST_NAME or not may_stand_beside_a_kind(word):
        return False
    return stem(word.key) not in _TOO_WIDE and not sense(word.key).concepts


def may_stand_beside_a_kind(word: Word) -> bool:
    """Say whether a word beside "көшесі" or "улица" may be the name."""
    return not (
        is_nameless(word)
        or word.is_kind
        or len(word.key) < _SHORTEST_NAME - 1
        or word.key in LEXICON.function
    )


def may_follow_in_russian(word: Word) -> bool:
    """Say whether a word behind "улица" may be the name rather than what goes on there."""
    if word.is_capital or (word.root,) in STREETS:
        return may_stand_beside_a_kind(word)
    return may_name(word) and _NO_NAME_IN_RUSSIAN.search(word.text.lower()) is None
