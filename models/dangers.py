"""Dangers to life and health, found by rule, so that no model can overlook them.

The rules are data (`dangers.toml`). A rule that holds can only raise the
urgency; it does not hold when the danger is negated, over, or not meant.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.labels import URGENCIES
from models.text import skeleton

RULES_FILE: Final = Path(__file__).with_name("dangers.toml")
_WORD = re.compile(r"\w+(?:['\-]\w+)*")
_STEM: Final = 3
"""Letters by which words are looked up first; shorter words are looked up whole."""


@dataclass(frozen=True)
class Danger:
    """A rule that holds, with the stretch of the text (code points) that made it hold."""

    rule: str
    urgency: str
    start: int
    end: int


class Words:
    """A list of words and stems ("запах*"), asked many times."""

    def __init__(self, listed: str) -> None:
        entries = listed.split()
        self.whole = frozenset(entry for entry in entries if not entry.endswith("*"))
        self.stems = tuple(entry[:-1] for entry in entries if entry.endswith("*"))

    def __contains__(self, word: str) -> bool:
        return word in self.whole or word.startswith(self.stems)

    def first_letters(self) -> set[str]:
        """Return the first letters of everything listed, for a cheap first look."""
        return {entry[:_STEM] for entry in (*self.whole, *self.stems)}


@dataclass(frozen=True)
class Rule:
    """One danger: a word of every group, close together."""

    name: str
    urgency: str
    groups: tuple[Words, ...]
    window: int
    heeds_negation: bool


@dataclass(frozen=True)
class RuleBook:
    """All rules with what makes them void."""

    version: str
    rules: tuple[Rule, ...]
    negation_before: Words
    negation_after: Words
    negated_verb: re.Pattern[str]
    solved: Words
    past: Words
    still: Words
    unreal: Words
    index: dict[str, tuple[Rule, ...]]
    """By the first letters of a word: the rules whose first group may hold it."""


def load_rules(path: Path = RULES_FILE) -> RuleBook:
    """Read the rules; raise `ValueError` naming the rule that is faulty."""
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    rules = []
    for entry in raw["rule"]:
        if entry["urgency"] not in URGENCIES[:2] or len(entry["words"]) < 2:
            raise ValueError(f"{path.name}: rule {entry['id']} must raise urgency by 2+ groups")
        groups = tuple(Words(words) for words in entry["words"])
        window = entry.get("window", raw["window"])
        rules.append(
            Rule(entry["id"], entry["urgency"], groups, window, entry.get("negation", True))
        )
    lists = ("negation_before", "negation_after", "solved", "past", "still", "unreal")
    return RuleBook(
        version=raw["version"],
        rules=tuple(rules),
        negated_verb=re.compile(raw["negated_verb"]),
        index=_index(rules),
        **{name: Words(raw[name]) for name in lists},
    )


def _index(rules: Sequence[Rule]) -> dict[str, tuple[Rule, ...]]:
    """Return the rules by the first letters of the words of their first group."""
    index: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        for letters in rule.groups[0].first_letters():
            index[letters] = (*index.get(letters, ()), rule)
    return index


_BOOK: Final = load_rules()
VERSION: Final = _BOOK.version


def find_danger(text: str, book: RuleBook = _BOOK) -> Danger | None:
    """Return the most urgent danger that is present in `text`, None without one."""
    plain = skeleton(text)
    words = _WORD.findall(plain)
    found: list[tuple[Rule, tuple[int, ...]]] = []
    for anchor, word in enumerate(words):
        for rule in book.index.get(word[:_STEM], ()):
            if word in rule.groups[0]:
                places = _complete(rule, words, anchor)
                if places and not _void(book, rule, words, places):
                    found.append((rule, places))
    if not found:
        return None
    rule, places = min(found, key=lambda item: URGENCIES.index(item[0].urgency))
    spans = [match.span() for match in _WORD.finditer(plain)]
    return Danger(rule.name, rule.urgency, spans[min(places)][0], spans[max(places)][1])


def _complete(rule: Rule, words: Sequence[str], anchor: int) -> tuple[int, ...]:
    """Return the anchor with the nearest word of every other group, () if one has none."""
    places = [anchor]
    low, high = max(anchor - rule.window, 0), min(anchor + rule.window + 1, len(words))
    near = sorted(range(low, high), key=lambda place: abs(place - anchor))
    for group in rule.groups[1:]:
        place = next((i for i in near if i not in places and words[i] in group), None)
        if place is None:
            return ()
        places.append(place)
    return tuple(places)


def _void(book: RuleBook, rule: Rule, words: Sequence[str], places: tuple[int, ...]) -> bool:
    """Say whether the danger at `places` is negated, over or not meant."""
    low, high = max(min(places) - 6, 0), min(max(places) + 7, len(words))
    around = [words[i] for i in range(low, high) if i not in places]
    if any(word in book.unreal for word in around):
        return True
    present = any(word in book.still for word in around)
    if not present and any(word in book.solved or word in book.past for word in around):
        return True
    return rule.heeds_negation and any(_negated(book, rule, words, i) for i in places)


def _negated(book: RuleBook, rule: Rule, words: Sequence[str], i: int) -> bool:
    """Say whether the word at `i` is denied by its neighbours.

    A denying word that the rule itself listens for ("люк без крышки, нет") denies nothing.
    """
    before = words[i - 1] if i else ""
    if before in book.negation_before and not _heard(rule, before):
        return True
    following = [word for word in words[i + 1 : i + 3] if not _heard(rule, word)]
    return any(word in book.negation_after or book.negated_verb.search(word) for word in following)


def _heard(rule: Rule, word: str) -> bool:
    """Say whether `word` is one the rule listens for."""
    return any(word in group for group in rule.groups)
