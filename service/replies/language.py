"""Does a reply read as the language it is announced in: kk, ru or en?

Not the classifier: replies are careful prose, and a moderator who is refused
must see why. Letters settle the alphabet; words that only one of the languages
has settle the rest. Names (capitalised inside a sentence), links and handles
say nothing. A text without evidence passes.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

from models.text import KAZAKH_LETTERS, skeleton

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|@[\w.]+|\{\w*\}|[«\"“„][^»\"”“]{0,80}[»\"”“]")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|@[\w.]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…\n])[\s\-–—(]*\Z")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_RUSSIAN_ENDING = re.compile(
    r"(?:[оеё]го|[оеы]му|ться|тся|[иеёйья]те|[аяиы]ми|[ыи]х|ые|ый|ая|ую|юю|[ое]м|ешь|ишь|"
    r"[аеёияюу]т|[аеиоыя]л[аио]?|лись|ался|ился|ени[еюя]|ани[еюя]|ости?|ыми?|аем|яем)\Z"
)
_SHORTEST_WITH_ENDING: Final = 6
_SHORTEST_ENGLISH: Final = 4
_LEAST_ENGLISH: Final = 0.1
_MOST_ENGLISH: Final = 0.2
"""A Kazakh text in Latin letters may hold words that look English ("on" is ten)."""

_WORDS_FILE: Final = Path(__file__).with_name("language.toml")
_LISTS: Final = tomllib.loads(_WORDS_FILE.read_text(encoding="utf-8"))
_KAZAKH_WORDS: Final = frozenset(skeleton(_LISTS["kk"]).split()) - frozenset(_LISTS["ru"].split())
_RUSSIAN_WORDS: Final = frozenset(_LISTS["ru"].split())
_ENGLISH_WORDS: Final = frozenset(_LISTS["en"].split())
_KAZAKH_TOO: Final = frozenset(_LISTS["both"].split())


def has_words(text: str) -> bool:
    """Say whether `text` has a word at all: links, handles, digits and emoji are none.

    Without one there is no language to speak of.
    """
    return _WORD.search(_ADDRESS.sub(" ", text)) is not None


def seems_written_in(text: str, language: str) -> bool:
    """Say whether nothing in `text` speaks against its being written in kk, ru or en."""
    bare = _NOISE.sub(" ", text)
    cyrillic = len(_CYRILLIC.findall(bare))
    latin = len(_LATIN.findall(bare))
    if cyrillic + latin == 0:
        return True
    if language == "en":
        return latin > cyrillic and _reads_as_english(bare)
    if latin > cyrillic:
        return language == "kk" and _english_share(bare) < _MOST_ENGLISH
    kazakh, russian = _cyrillic_evidence(bare)
    return russian <= kazakh if language == "kk" else kazakh <= russian


def _words(text: str) -> list[str]:
    """Return the words of `text` in lower case, without names inside sentences."""
    return [
        match[0].lower()
        for match in _WORD.finditer(text)
        if not match[0][0].isupper()
        or _SENTENCE_START.search(text, max(0, match.start() - 8), match.start())
    ]


def _english_share(text: str) -> float:
    """Return the share of words that are the small change of English (0 to 1)."""
    words = _words(text)
    return sum(word in _ENGLISH_WORDS for word in words) / max(1, len(words))


def _reads_as_english(text: str) -> bool:
    """Say whether a text in Latin letters has the small words English cannot do without."""
    return len(_words(text)) < _SHORTEST_ENGLISH or _english_share(text) >= _LEAST_ENGLISH


def _cyrillic_evidence(text: str) -> tuple[int, int]:
    """Return how many words are Kazakh only and how many Russian only."""
    kazakh = russian = 0
    for word in _words(text):
        folded = skeleton(word)
        if not KAZAKH_LETTERS.isdisjoint(word) or folded in _KAZAKH_WORDS:
            kazakh += 1
        elif folded in _KAZAKH_TOO:
            continue
        elif folded in _RUSSIAN_WORDS or (
            len(word) >= _SHORTEST_WITH_ENDING and _RUSSIAN_ENDING.search(folded)
        ):
            russian += 1
    return kazakh, russian
