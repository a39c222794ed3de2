"""A text read for comparison with claims: its words, numbers, places, and what it denies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from models.claims.concepts import LEXICON, Sense, sense
from models.claims.folding import consonants, fold, hisses, is_english, stem, tokens

_STOPS: Final = frozenset("?!.…\n")
_MARKS: Final = {"…": ".", "\n": "."}
_NEGATING_NEXT: Final = frozenset(
    map(fold, "не ни нет никак никакой никаких никто no not never don't doesn't didn't".split())
) | frozenset(map(fold, "isn't aren't won't wasn't can't".split()))
_NEGATING_LAST: Final = frozenset(map(fold, "жоқ емес нет жок joq емеспін".split()))
_NEGATED_VERB: Final = re.compile(
    r"^\w+(?:(?<=[aeiurl])m[ae]|(?<=[zmnj])b[ae]|(?<=[ptkscw])p[ae])(?:i|idi|di|gan|gen|pti|s|n|nar|nder|niz|nizder|nizdar|nadar"
    r"|aidi|ik|imiz|san|uda|ude)?$"
)
_NO_VERB: Final = frozenset(
    map(fold, "мама папа проблема система схема зима рима тема ома школьма сумма форма".split())
) | frozenset(map(fold, "весьма письма алма фирма норма реклама программа қалпақ".split()))
_MULTIPLIERS: Final = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_MONTHS: Final = frozenset(
    """january february march april may june july august september october november
    december""".split()
)


@dataclass(frozen=True)
class Word:
    """A word that says something; function words are left out."""

    key: str
    """As `fold` leaves it."""
    stem: str
    frame: str
    """Its consonants, "" when too few."""
    sense: Sense
    negated: bool
    sentence: int


@dataclass(frozen=True)
class Number:
    """A number with what it counts, "" when nothing says so."""

    value: float
    unit: str


@dataclass(frozen=True)
class Reading:
    """A text ready to be compared."""

    words: tuple[Word, ...]
    numbers: tuple[Number, ...]
    folded: str
    """All its words folded, function words too, for n-grams."""
    marked: str
    """The same with the marks that end sentences."""
    language: str
    """kk, ru or en, guessed from the words listed in the lexicon and from the letters."""
    word_count: int

    @cached_property
    def stems(self) -> frozenset[str]:
        """Every stem."""
        return frozenset(word.stem for word in self.words)

    @cached_property
    def frames(self) -> frozenset[str]:
        """The consonants of every stem that has enough of them."""
        return frozenset(word.frame for word in self.words if word.frame)

    @cached_property
    def concepts(self) -> frozenset[str]:
        """Every concept a word stands for."""
        return frozenset(name for word in self.words for name in word.sense.concepts)

    @cached_property
    def places(self) -> frozenset[str]:
        """Every place named."""
        return frozenset(name for word in self.words for name in word.sense.places)

    @cached_property
    def values(self) -> frozenset[float]:
        """Every number."""
        return frozenset(number.value for number in self.numbers)

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """What the index knows the text by: stems, consonants, concepts, places, numbers."""
        found = [f"={one}" for one in self.stems]
        found += [f"~{one}" for one in self.frames]
        found += [f"@{one}" for one in self.concepts | self.places]
        found += [f"#{value:g}" for value in self.values]
        return tuple(sorted(found))


@lru_cache(maxsize=20_000)
def read(text: str) -> Reading:
    """Read a text; the same text is read once."""
    raw = tokens(text)
    hissing = hisses(raw)
    keys = [fold(token, hissing) if token[0].isalpha() else token for token in raw]
    senses = _senses(keys)
    negated = _negated(keys)
    words, sentence = [], 0
    for place, key in enumerate(keys):
        if key in _STOPS:
            sentence += 1
        elif key and key[0].isalpha() and not _empty(key, senses[place]):
            found = senses[place]
            words.append(
                Word(key, stem(key), consonants(key), found, place in negated, sentence)
            )
    spoken = [key for key in keys if key and (key[0].isalpha() or key[0].isdigit())]
    numbers = tuple(_numbers(keys, senses))
    language = _language(text, raw, senses)
    marked = " ".join(_MARKS.get(key, key) for key in keys if key)
    return Reading(tuple(words), numbers, " ".join(spoken), marked, language, len(spoken))


def _empty(key: str, found: Sense) -> bool:
    listed = key in LEXICON.function and not found.places
    return len(key) < 2 or listed or found.number is not None


def _senses(keys: Sequence[str]) -> list[Sense]:
    """Return what every word stands for; two that are listed together share one sense."""
    found = [sense(key) if key[:1].isalpha() else Sense() for key in keys]
    for place, (one, other) in enumerate(pairwise(keys)):
        if one in LEXICON.pair_heads:
            joint = sense(one + other)
            if joint.languages and not joint.concepts <= found[place].concepts | joint.places:
                found[place] = joint
            elif joint.places or joint.number is not None:
                found[place] = joint
    return found


def _negated(keys: Sequence[str]) -> set[int]:
    """Return the places of words that are denied: "не закроют", "жабылмайды", "су жоқ"."""
    found = set()
    for place, key in enumerate(keys):
        if key in _NEGATING_NEXT and (after := _neighbour(keys, place, 1)) is not None:
            found.add(after)
        if key in _NEGATING_LAST and (before := _neighbour(keys, place, -1)) is not None:
            found.add(before)
        if len(key) > 4 and key not in _NO_VERB and _NEGATED_VERB.match(key):
            found.add(place)
            if key.startswith("bol") and (before := _neighbour(keys, place, -1)) is not None:
                found.add(before)
    return found


def _neighbour(keys: Sequence[str], place: int, step: int) -> int | None:
    """Return the nearest word in that direction that says something, within the sentence."""
    for near in (place + step, place + 2 * step):
        if not 0 <= near < len(keys) or keys[near] in _STOPS:
            return None
        if keys[near] and keys[near] not in LEXICON.function:
            return near
    return None


def _numbers(keys: Sequence[str], senses: Sequence[Sense]) -> list[Number]:
    """Return the numbers with their units: "150 мың теңге" is 150,000 tenge."""
    found, place = [], 0
    while place < len(keys):
        value = _value(keys[place], senses[place])
        place += 1
        if value is None:
            continue
        earlier = senses[place - 2].concepts & LEXICON.units if place > 1 else frozenset()
        unit = next(iter(sorted(earlier & _MONTHS)), "")
        while place < len(keys):
            if keys[place] == ".":  # "тыс. тенге"
                place += 1
                continue
            near = senses[place].concepts
            if factor := next((_MULTIPLIERS[name] for name in near & _MULTIPLIERS.keys()), 0):
                value *= factor
            elif counted := sorted(near & LEXICON.units):
                unit = counted[0]
                break
            elif keys[place] == "%":
                unit = "percent"
                break
            else:
                break
            place += 1
        found.append(Number(value, unit))
    return found


def _value(key: str, found: Sense) -> float | None:
    """Return the number that a token is, None for none."""
    if key[:1].isdigit():
        digits = re.sub(r"-.*|[ \u00a0']", "", key)
        if re.fullmatch(r"\d+(?:[.,]\d{3})+", digits):
            digits = re.sub("[.,]", "", digits)
        try:
            return float(digits.replace(",", "."))
        except ValueError:
            return None
    return float(found.number) if found.number is not None else None


_KAZAKH_LETTERS: Final = re.compile("[әғқңөұүһі]")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")


def _language(text: str, raw: list[str], senses: Sequence[Sense]) -> str:
    """Guess which language a text is in; only the index and the moderator's eye depend on it."""
    if _KAZAKH_LETTERS.search(text.lower()):
        return "kk"
    votes: Counter[str] = Counter()
    for found in senses:
        for language in found.languages:
            votes[language] += 1 / len(found.languages)
    if not _CYRILLIC.search(text):
        return "en" if is_english(raw) or votes["en"] > votes["kk"] + votes["ru"] else "kk"
    return "kk" if votes["kk"] > votes["ru"] else "ru"
