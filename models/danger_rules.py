"""The rules by which dangers are found, read from `dangers.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

from models.labels import URGENCIES
from models.text import skeleton

RULES_FILE: Final = Path(__file__).with_name("dangers.toml")
STEM: Final = 4
"""Letters by which a word is looked up first; what anchors a rule is at least so long, or whole."""


class Words:
    """A list of words and stems ("запах*"), asked many times."""

    def __init__(self, listed: str) -> None:
        entries = listed.replace("ё", "е").split()
        self.whole = frozenset(entry for entry in entries if not entry.endswith("*"))
        self.stems = tuple(entry[:-1] for entry in entries if entry.endswith("*"))
        self.heads = frozenset(entry[:2] for entry in (*self.whole, *self.stems))

    def __contains__(self, word: str) -> bool:
        return word[:2] in self.heads and (word in self.whole or word.startswith(self.stems))

    def first_letters(self) -> set[str]:
        """Return the first letters of everything listed; raise `ValueError` for a short stem."""
        short = [stem for stem in self.stems if len(stem) < STEM]
        if short:
            raise ValueError(f"stems {short} are too short to look words up by")
        return {entry[:STEM] for entry in (*self.whole, *self.stems)}


@dataclass(frozen=True)
class Rule:
    """One danger: a word of every group, close together, and none of `unless` near them."""

    name: str
    urgency: str
    groups: tuple[Words, ...]
    unless: Words
    window: int
    heeds_negation: bool
    heeds_condition: bool
    """Whether "if …" or thanks make it void; a threat is meant with either."""


@dataclass(frozen=True)
class RuleBook:
    """All rules with what makes them void."""

    version: str
    confidence: float
    """How often a comment in which a rule holds is at least that urgent."""
    rules: tuple[Rule, ...]
    negation_before: Words
    negation_after: Words
    solved: Words
    solved_pairs: tuple[tuple[Words, Words, Words], ...]
    """A word and the next that together tell of an end, if the word before them is no third."""
    thanks: Words
    again: Words
    past: Words
    past_near: Words
    lately: Words
    helpers: Words
    durations: Words
    still: Words
    unreal: Words
    conditions: Words
    question_after: Words
    english: Words
    negated_verb: re.Pattern[str]
    conditional_verb: re.Pattern[str]
    marks: Words
    """Everything that may make a danger void by standing near it, for a first look."""
    index: dict[str, tuple[Rule, ...]]
    """By the first letters of a word: the rules whose first group may hold it."""
    unfolded: frozenset[str]
    """The keys of `index` in every spelling that `skeleton` folds into them."""


_UNFOLD: Final = {folded: folded for folded in "агкноухие"}
for _letter in "әғқңөұүһіёґїєў":
    _UNFOLD[skeleton(_letter)] += _letter

_MARKS: Final = ("solved", "thanks", "again", "past", "past_near", "still", "unreal")
_LISTS: Final = (
    *_MARKS,
    *("negation_before", "negation_after", "durations", "lately", "helpers"),
    *("conditions", "question_after", "english"),
)


def load_rules(path: Path = RULES_FILE) -> RuleBook:
    """Read the rules; raise `ValueError` naming the rule that is faulty."""
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    rules = []
    for entry in raw["rule"]:
        if entry["urgency"] not in URGENCIES[:2] or len(entry["words"]) < 2:
            raise ValueError(f"{path.name}: rule {entry['id']} must raise urgency by 2+ groups")
        try:
            groups = tuple(_expand(words, raw["shared"]) for words in entry["words"])
            unless = _expand(entry.get("unless", ""), raw["shared"])
        except KeyError as error:
            raise ValueError(f"{path.name}: rule {entry['id']}: no list {error}") from None
        window = entry.get("window", raw["window"])
        heeds = entry.get("negation", True), entry.get("condition", True)
        rules.append(Rule(entry["id"], entry["urgency"], groups, unless, window, *heeds))
    index = _index(rules)
    openings = [first for first, _, _ in raw["solved_pairs"]]
    return RuleBook(
        version=raw["version"],
        confidence=raw["confidence"],
        rules=tuple(rules),
        negated_verb=re.compile(raw["negated_verb"]),
        conditional_verb=re.compile(raw["conditional_verb"]),
        solved_pairs=tuple(
            (Words(first), Words(second), Words(other))
            for first, second, other in raw["solved_pairs"]
        ),
        marks=Words(" ".join([*(raw[name] for name in _MARKS), *openings])),
        index=index,
        unfolded=frozenset(spelling for letters in index for spelling in _spellings(letters)),
        **{name: Words(raw[name]) for name in _LISTS},
    )


def _expand(listed: str, shared: dict[str, str]) -> Words:
    """Read a list in which "@name" stands for a shared list."""
    return Words(" ".join(shared[w[1:]] if w[0] == "@" else w for w in listed.split()))


def _index(rules: Sequence[Rule]) -> dict[str, tuple[Rule, ...]]:
    """Return the rules by the first letters of the words of their first group."""
    index: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        for letters in rule.groups[0].first_letters():
            index[letters] = (*index.get(letters, ()), rule)
    return index


def _spellings(letters: str) -> list[str]:
    """Return every lower-case spelling that `skeleton` folds into `letters`."""
    return ["".join(spelling) for spelling in product(*(_UNFOLD.get(c, c) for c in letters))]
