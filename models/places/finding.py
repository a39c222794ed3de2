"""Find the places of a comment: beside "street" first, then streets that are known, then names."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from models.claims.concepts import LEXICON
from models.places.naming import (
    key_of,
    may_follow_in_russian,
    may_name,
    may_stand_beside_a_kind,
    shown,
)
from models.places.text import Word, house_behind, read
from models.places.words import (
    COMMON,
    GIVEN,
    LONGEST_NAME,
    SECONDS,
    STREETS,
    follows_a_name,
    is_family_name,
    is_numbered,
    precedes_a_name,
)

_LONGEST: Final = 2_000
_MOST_WORDS: Final = 3
"""Words of one name."""


@dataclass(frozen=True)
class Place:
    """A street or a district that a comment names."""

    key: str
    """Under which it meets its other spellings."""
    name: str
    """As written."""
    house: str | None = None
    """The number of the house, where one stands beside the name."""


def places(text: str) -> dict[str, str]:
    """Return the places named: key under which they meet → as written, the surest first."""
    return {place.key: place.name for place in find_places(text)}


def find_places(text: str) -> list[Place]:
    """Return the places that `text` names, the surest first, each once."""
    words = read(text[:_LONGEST])
    taken: set[int] = set()
    found: dict[str, Place] = {}
    for step in (_beside_kinds, _known, _names):
        for span in step(words, taken):
            if taken.isdisjoint(span):
                taken.update(span)
                place = _place(words, span)
                if place is not None:
                    found.setdefault(place.key, place)
    return list(found.values())


def mentions(text: str) -> frozenset[str]:
    """Return the keys of all words that could name a place, however they are written."""
    words = read(text[:_LONGEST])
    found = {place.key for place in find_places(text)}
    for at, word in enumerate(words):
        for length in range(1, LONGEST_NAME + 1):
            known = STREETS.get(tuple(one.root for one in words[at : at + length]))
            if known is not None:
                found.add(known)
        if word.is_title or word.root in SECONDS or not may_name(word):
            continue
        found.add(word.root)
        if at + 1 < len(words) and words[at + 1].joined:
            found.add(f"{word.root} {words[at + 1].root}")
        if at > 0 and word.joined:
            found.add(f"{words[at - 1].root} {word.root}")
    return frozenset(found)


def _place(words: list[Word], span: range) -> Place | None:
    """Return the place that the words of a span name, or the numbered district."""
    named = words[span.start : span.stop]
    key: str | None
    if named[0].is_number:
        number = "".join(itertools.takewhile(str.isdigit, named[0].text))
        key, name = f"#{number}", number
    else:
        key, name = key_of(named), shown(named)
    if key is None:
        return None
    house = house_behind(words, span.stop)
    return Place(key, name, None if house is None else house[0])


def _beside_kinds(words: list[Word], _taken: set[int]) -> Iterator[range]:
    """Yield the names beside "көшесі", "улица", "мкр" and the like."""
    for at, word in enumerate(words):
        after, before = follows_a_name(word.key), precedes_a_name(word.key)
        back = _backward(words, at, strict=before) if after else None
        ahead = _forward(words, at) if before else None
        if back is not None and ahead is not None:
            sure = _is_sure(words, back) or not _is_sure(words, ahead)
            ahead, back = (None, back) if sure else (ahead, None)
        if (span := back or ahead) is not None:
            yield span


def _is_sure(words: list[Word], span: range) -> bool:
    first = words[span.start]
    return first.is_number or first.is_capital or (first.root,) in STREETS


def _backward(words: list[Word], at: int, *, strict: bool) -> range | None:
    """Return the name that ends before `at`; `strict`: a word that means something is none."""
    last = at - 1
    if last < 0 or not words[at].joined:
        return None
    if words[last].is_number:
        return range(last, at) if is_numbered(words[at].key) else None
    first = last
    while first > 0 and at - first < _MOST_WORDS and _belongs(words, first):
        first -= 1
    head = words[first]
    known = (head.root,) in STREETS
    good = known or (may_name(head) if strict else may_stand_beside_a_kind(head))
    return range(first, at) if good or first < last else None


def _belongs(words: list[Word], at: int) -> bool:
    """Say whether the word before `at` is part of the name that the word at `at` is in."""
    word, before = words[at], words[at - 1]
    if not word.joined or before.is_number or before.is_kind:
        return False
    if before.is_initial or (before.root, word.root) in STREETS:
        return True
    if word.root in SECONDS:
        return before.key not in LEXICON.function  # "Жаңа жол" is a name, "жаңа" is none
    if word.is_title:
        return may_stand_beside_a_kind(before)
    if before.root in GIVEN or before.is_title:
        return True
    return word.is_capital and before.is_capital and not before.begins and may_name(before)


def _forward(words: list[Word], at: int) -> range | None:
    """Return the name that begins behind `at`."""
    first = last = at + 1
    if first >= len(words) or not words[first].joined:
        return None
    if words[first].is_number:
        return range(first, first + 1) if is_numbered(words[at].key) else None
    while last + 1 < len(words) and words[last + 1].joined and last - first < _MOST_WORDS:
        word, behind = words[last], words[last + 1]
        leads = word.is_initial or word.is_title or word.root in GIVEN
        follows = behind.is_title or behind.root in SECONDS
        known = (word.root, behind.root) in STREETS
        both = word.is_capital and behind.is_capital and may_name(behind)
        if not (follows or known or both or (leads and may_follow_in_russian(behind))):
            break
        last += 1
    named = words[first : last + 1]
    good = any(may_follow_in_russian(word) for word in named if not word.is_title)
    return range(first, last + 1) if good else None


def _known(words: list[Word], taken: set[int]) -> Iterator[range]:
    """Yield the streets that are listed, with the title and the first name beside them."""
    at = 0
    while at < len(words):
        end = next(
            (
                at + length
                for length in range(LONGEST_NAME, 0, -1)
                if tuple(one.root for one in words[at : at + length]) in STREETS
                and all(one.joined for one in words[at + 1 : at + length])
            ),
            None,
        )
        if end is None or not taken.isdisjoint(range(at, end)):
            at += 1
            continue
        roots = tuple(one.root for one in words[at:end])
        while end < len(words) and words[end].joined and words[end].is_title:
            end += 1
        first = at
        if at > 0 and words[at].joined and (words[at - 1].root in GIVEN or words[at - 1].is_title):
            first -= 1
        names_more = roots in COMMON and len(roots) == end - at
        within = words[at].is_capital and not words[at].begins
        if not names_more or within or house_behind(words, end) is not None:
            yield range(first, end)
        at = end


def _names(words: list[Word], taken: set[int]) -> Iterator[range]:
    """Yield names that are not listed: capitals within a sentence, and names before a house."""
    at = 0
    while at < len(words):
        if at in taken or not may_name(words[at]) or words[at].is_title:
            at += 1
            continue
        end = at + 1
        while end < len(words) and end - at < _MOST_WORDS and _goes_on(words, end, taken):
            end += 1
        word, last = words[at], words[end - 1]
        within = word.is_capital and not word.begins
        if within or _lives_in(words, end, word, last):
            yield range(at, end)
        at = end


def _goes_on(words: list[Word], at: int, taken: set[int]) -> bool:
    """Say whether the word at `at` is still part of the name before it."""
    word, before = words[at], words[at - 1]
    if at in taken or not word.joined:
        return False
    if word.is_title or word.root in SECONDS:
        return True
    return word.is_capital and before.is_capital and may_name(word)


def _lives_in(words: list[Word], end: int, first: Word, last: Word) -> bool:
    """Say whether the words that end before `end` are a name, as the house behind them shows."""
    house = house_behind(words, end)
    if house is None:
        return False
    looks_like_one = last.is_title or is_family_name(last.key)
    return looks_like_one or (first.is_capital and house[1])
