"""What words mean in three languages: concepts, numbers, places, and what contradicts what.

Read from `concepts.toml`. A word is looked up by its longest listed beginning; what is left
of it must be endings of the language the beginning was listed for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from models.claims.claim import CLAIM_LANGUAGES
from models.claims.folding import fold

CONCEPTS_FILE: Final = Path(__file__).with_name("concepts.toml")

_KAZAKH: Final = """lar ler dar der tar ter im in i si imiz iniz miz niz m n nin din tin ga ge ka
ke na ne a e ni di ti da de ta te nda nde nan nen dan den tan ten men ben pen gi ki siz li dik
lik tik"""
_RUSSIAN: Final = """a ah am ami ov ev e ei em i oi om ou u ih im imi ie oe aia uiu ogo ego omu emu
ia iah iam iami iu ii iei oiu iou"""
_ENDINGS: Final = {
    "kk": re.compile(f"(?:{'|'.join(sorted(_KAZAKH.split(), key=len, reverse=True))}){{0,4}}"),
    "ru": re.compile(f"(?:{'|'.join(_RUSSIAN.split())})?"),
    "en": re.compile("(?:s|es|ed|d|in|ing|er|ers)?"),
}
"""What may follow a listed word, as `fold` leaves it."""


@dataclass(frozen=True)
class Sense:
    """What a word stands for; empty for one that is not listed."""

    concepts: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    number: int | None = None
    languages: frozenset[str] = frozenset()
    """Where it is listed."""
    names: tuple[str, ...] = ()
    """Concepts and places as terms of the index."""


_NOTHING: Final = Sense()


@dataclass(frozen=True)
class _Entry:
    kind: str
    name: str
    language: str
    mark: str
    """"*" lets anything follow, "!" nothing, "" the endings of the language."""

    def fits(self, rest: str) -> bool:
        if self.mark:
            return self.mark == "*" or not rest
        return _ENDINGS[self.language].fullmatch(rest) is not None


@dataclass(frozen=True)
class Lexicon:
    """All that `concepts.toml` says, ready to be asked for words as `fold` leaves them."""

    version: str
    entries: dict[str, list[_Entry]]
    pair_heads: frozenset[str]
    """First words of entries of two words ("сол-жақ")."""
    opposites: frozenset[tuple[str, str]]
    units: frozenset[str]
    deeds: frozenset[str]
    """Concepts of what happens in a claim."""
    function: frozenset[str]
    _longest: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_longest", max(map(len, self.entries), default=0))

    def sense(self, key: str, english: bool = False) -> Sense:
        """Return what the word stands for, by its longest listed beginning that fits.

        In an `english` text only English words are looked for: "will" is no Kazakh house.
        """
        for length in range(min(len(key), self._longest), 1, -1):
            fitting = [
                entry
                for entry in self.entries.get(key[:length], ())
                if entry.fits(key[length:]) and (not english or entry.language == "en")
            ]
            if fitting:
                return _joined(fitting)
        return _NOTHING


def _joined(entries: list[_Entry]) -> Sense:
    numbers = [int(entry.name) for entry in entries if entry.kind == "numbers"]
    names = {entry.name for entry in entries if entry.kind != "numbers"}
    return Sense(
        frozenset(entry.name for entry in entries if entry.kind == "concepts"),
        frozenset(entry.name for entry in entries if entry.kind == "places"),
        numbers[0] if numbers else None,
        frozenset(entry.language for entry in entries),
        tuple(sorted(f"@{name}" for name in names)),
    )


def load_lexicon(path: Path = CONCEPTS_FILE) -> Lexicon:
    """Read the lexicon; raise `ValueError` naming the entry that is faulty."""
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    entries: dict[str, list[_Entry]] = {}
    heads = set()
    for key, entry, head in _entries(raw, path.name):
        entries.setdefault(key, []).append(entry)
        if head:
            heads.add(head)
    known = raw["concepts"].keys() | raw["places"].keys()
    pairs = [tuple(pair.split()) for pair in raw["opposites"]["pairs"]]
    units = raw["units"]["names"].split()
    deeds = raw["deeds"]["names"].split()
    if unknown := {*units, *deeds, *(n for p in pairs for n in p)} - known:
        raise ValueError(f"{path.name}: no such concepts: {', '.join(sorted(unknown))}")
    return Lexicon(
        raw["version"],
        entries,
        frozenset(heads),
        frozenset(two for a, b in pairs for two in ((a, b), (b, a))),
        frozenset(units),
        frozenset(deeds),
        frozenset(fold(word) for word in raw["function"]["words"].split()),
    )


def _entries(raw: dict[str, Any], source: str) -> Iterator[tuple[str, _Entry, str]]:
    """Yield (folded beginning, entry, first word of two or "")."""
    for kind in ("concepts", "numbers", "places"):
        for name, columns in raw[kind].items():
            by_language = columns.split("|")
            if len(by_language) != len(CLAIM_LANGUAGES):
                raise ValueError(f"{source}: {kind}.{name} must list words of three languages")
            for language, words in zip(CLAIM_LANGUAGES, by_language, strict=True):
                for word in words.split():
                    if word == "-":
                        continue
                    parts = [fold(part) for part in word.rstrip("*!").split("-")]
                    mark = word[-1] if word[-1] in "*!" else ""
                    entry = _Entry(kind, name, language, mark)
                    yield "".join(parts), entry, parts[0] if len(parts) > 1 else ""


LEXICON: Final = load_lexicon()


@lru_cache(maxsize=100_000)
def sense(key: str, english: bool = False) -> Sense:
    """Return what a word, as `fold` leaves it, stands for in the shipped lexicon."""
    return LEXICON.sense(key, english)
