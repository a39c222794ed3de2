"""A comment as words and numbers, and what stands between them.

Which word begins a sentence, which belong together, and which number is that of a house.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from models.claims.folding import fold, hisses
from models.places.words import (
    BETWEEN,
    HOUSE,
    NAMELESS,
    TITLES,
    follows_a_name,
    is_numbered,
    is_unit,
    precedes_a_name,
    root,
)

_TOKEN: Final = re.compile(
    r"(?P<number>[+−-]?\d+(?:[.,:/–-]\d+)*(?:[-–]?[^\W\d_]{1,6}\b)?[%°]?)"
    r"|(?P<handle>@[\w.]+)|пр-т|мкр-н|ш/а|[^\W\d_]+(?:['’ʼ`´][^\W\d_]+)*",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"[.,;:!?()…\n]")
_SENTENCE: Final = re.compile(r"[.:!?…\n]")
_HOUSE_NUMBER: Final = re.compile(
    r"([1-9]\d{0,2}(?:[а-еa-f](?![а-яa-z]))?(?:/\d{1,3}[а-еa-f]?|-\d{1,3})?)"
    r"(?:-?(?:ш[іы]|і?нші|[иоы]?й|[ая]я|м|үй\p|уй\p|дом\p))?".replace(r"\p", r"\w{0,5}"),
    re.IGNORECASE,
)
_INITIAL: Final = re.compile(r"[А-ЯӘҒҚҢӨҰҮІA-Z]\.")
_THOUSANDS: Final = re.compile(r"\d{3}")
_SPOKEN: Final = re.compile(r"(?:[үу]й|дом)\w*\Z", re.IGNORECASE)
_HELP: Final = frozenset({"101", "102", "103", "104", "109", "112"})
"""Numbers one calls; behind a comma they are no houses."""
_ABBREVIATED: Final = frozenset(
    map(fold, ("ул", "пр", "просп", "д", "кв", "мкр", "мкрн", "str", "st", "ave"))
)


@dataclass(frozen=True)
class Word:
    """A word or a number of a comment."""

    text: str
    key: str
    """As `models.claims.folding.fold` leaves it; a number as it is."""
    root: str
    is_number: bool
    begins: bool
    """Whether a sentence begins with it."""
    joined: bool
    """Whether nothing but a space parts it from the word before."""
    is_initial: bool
    """Whether it is the initial of a first name, with its stop."""

    @property
    def is_capital(self) -> bool:
        """Whether it is written as a name is: one capital letter, the rest small."""
        return self.text[:1].isupper() and self.text[1:].islower()

    @property
    def is_title(self) -> bool:
        """Whether it is a title, which is no name by itself."""
        return self.root in TITLES

    @property
    def is_kind(self) -> bool:
        """Whether it is "street", "улица", "көшесі" or the like."""
        return follows_a_name(self.key) or precedes_a_name(self.key)


def read(text: str) -> list[Word]:
    """Return the words and numbers of `text`, in order."""
    text = unicodedata.normalize("NFKC", text.replace("№", " ")).replace("İ", "I")
    found = [match for match in _TOKEN.finditer(text) if match["handle"] is None]
    hissing = hisses([match[0].lower() for match in found])
    words: list[Word] = []
    end = 0
    for match in found:
        number = match["number"] is not None
        gap = text[end : match.start()]
        if words and gap[:1] == "." and (words[-1].is_initial or words[-1].key in _ABBREVIATED):
            gap = gap[1:]
        key = match[0].lower() if number else fold(match[0].lower(), hissing)
        words.append(
            Word(
                text=match[0],
                key=key,
                root=key if number else root(key),
                is_number=number,
                begins=not words or _SENTENCE.search(gap) is not None,
                joined=bool(words) and _BREAK.search(gap) is None,
                is_initial=_INITIAL.match(text, match.start()) is not None,
            )
        )
        end = match.end()
    return words


def house_behind(words: list[Word], at: int) -> tuple[str, bool] | None:
    """Return the number of the house behind the name that ends before `at`, None if there is none.

    The second value says whether "үй" or "дом" stands beside it.
    """
    spoken = False
    first = at
    while at < len(words) and at - first < 3 and _leads_to_a_number(words[at]):
        spoken = spoken or words[at].key in HOUSE
        at += 1
    if at >= len(words) or not words[at].is_number or words[at].begins:
        return None
    number = _HOUSE_NUMBER.fullmatch(words[at].text)
    if number is None or (number[1] in _HELP and not words[at].joined):
        return None
    behind = words[at + 1] if at + 1 < len(words) and not words[at + 1].begins else None
    if behind is not None:
        if is_unit(behind.key) or is_numbered(behind.key):
            return None
        if behind.joined and _THOUSANDS.fullmatch(behind.text):
            return None
        spoken = spoken or (behind.joined and behind.key in HOUSE)
    return number[1], spoken or _SPOKEN.search(words[at].text) is not None


def _leads_to_a_number(word: Word) -> bool:
    return not word.begins and (word.key in BETWEEN or follows_a_name(word.key))


def is_nameless(word: Word) -> bool:
    """Say whether a word is listed as one that names nothing."""
    return word.is_number or word.key in NAMELESS
