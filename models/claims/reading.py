"""A text read for comparison with claims: its words, numbers, places, and what it denies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from models.claims.claim import CLAIM_LANGUAGES
from models.claims.concepts import LEXICON, Sense, sense
from models.claims.folding import consonants, fold, hisses, is_english, stem, tokens

_STOPS: Final = frozenset("?!.…\n")
_MARKS: Final = {"…": ".", "\n": "."}
_NEXT: Final = """не ни нет без никак никакой никаких никто
no not never without dont doesnt didnt isnt wont cant"""
_NEGATING_NEXT: Final = frozenset(map(fold, _NEXT.split()))
_HER: Final = dict.fromkeys(("неё", "нее"), "её")
"""What would fold as "не" does, and denies nothing."""
_LAST: Final = "жоқ емес нет joq емеспін"
_NEGATING_LAST: Final = frozenset(map(fold, _LAST.split()))
_NEGATED_VERB: Final = re.compile(
    r"^\w+(?:(?<=[aeiurl])m[ae]|(?<=[zmnj])b[ae]|(?<=[ptkscw])p[ae])(?:i|idi|di|gan|gen|pti|s|(?<=a)n|nar|nder|niz|nizder|nizdar|nadar"
    r"|aidi|ik|imiz|san|uda|ude)?$"
)
"""With "радиациямен", "by radiation", nothing is denied: it only ends as "келмең" does."""
_TO_DO: Final = ("uga", "uge")
"""How "to do" ends: "жағуға болмайды" forbids it, and denies nothing."""
_LOOK_NEGATED: Final = """мама папа проблема система схема зима рима тема ома школьма сумма форма
весьма письма алма фирма норма реклама программа қалпақ"""
_NO_VERB: Final = frozenset(map(fold, _LOOK_NEGATED.split()))
_PLAINLY: Final = 6
"""One in so many words of a text that is English and nothing else is a common English one."""
_MULTIPLIERS: Final = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_IN_ORDER: Final = """january february march april may june july august september october november
december"""
_MONTHS: Final = frozenset(_IN_ORDER.split())


class Word(NamedTuple):
    """A word that says something; function words are left out."""

    key: str
    """As `fold` leaves it."""
    stem: str
    frame: str
    """Its consonants, "" when too few."""
    term: str
    """Its stem, as a term of the index."""
    sense: Sense
    negated: bool
    sentence: int


@lru_cache(maxsize=100_000)
def _spelling(key: str) -> tuple[str, str, str, str]:
    """Return the first four fields of a `Word`."""
    return key, stem(key), consonants(key), f"={stem(key)}"


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
        found = {word.term for word in self.words}
        found.update(f"~{one}" for one in self.frames)
        found.update(name for word in self.words for name in word.sense.names)
        found.update(f"#{value:g}" for value in self.values)
        return tuple(sorted(found))


@lru_cache(maxsize=20_000)
def read(text: str) -> Reading:
    """Read a text; the same text is read once."""
    raw = [_HER.get(token, token) for token in tokens(text)]
    hissing = hisses(raw)
    keys = [fold(token, hissing) if token[0].isalpha() else token for token in raw]
    senses = _senses(keys, _CYRILLIC.search(text) is None and is_english(raw, _PLAINLY))
    negated = _negated(keys)
    words, sentence = [], 0
    for place, key in enumerate(keys):
        if key in _STOPS:
            sentence += 1
        elif key and key[0].isalpha() and not _empty(key, senses[place]):
            found = senses[place]
            words.append(Word(*_spelling(key), found, place in negated, sentence))
    spoken = [key for key in keys if key and (key[0].isalpha() or key[0].isdigit())]
    numbers = tuple(_numbers(keys, senses))
    language = _language(text, raw, senses)
    marked = " ".join(_MARKS.get(key, key) for key in keys if key)
    return Reading(tuple(words), numbers, " ".join(spoken), marked, language, len(spoken))


def _empty(key: str, found: Sense) -> bool:
    listed = key in LEXICON.function and not found.places
    return len(key) < 2 or listed or found.number is not None


def _senses(keys: Sequence[str], english: bool) -> list[Sense]:
    """Return what every word stands for; two that are listed together share one sense."""
    found = [sense(key, english) for key in keys]
    for place, (one, other) in enumerate(pairwise(keys)):
        if one in LEXICON.pair_heads:
            joint = sense(one + other, english)
            more = not joint.concepts <= found[place].concepts
            if more or joint.places or joint.number is not None:
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
        if _denies_itself(key):
            found.add(place)
            before = _neighbour(keys, place, -1) if key.startswith("bol") else None
            if before is not None and not keys[before].endswith(_TO_DO):
                found.add(before)
    return found


@lru_cache(maxsize=100_000)
def _denies_itself(key: str) -> bool:
    """Say whether a word is a Kazakh verb with its denial inside ("жабылмайды")."""
    return len(key) > 4 and key not in _NO_VERB and _NEGATED_VERB.match(key) is not None


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
    for start, (key, about) in enumerate(zip(keys, senses, strict=True)):
        if start < place or not (key[:1].isdigit() or about.number is not None):
            continue
        value = _value(key, about)
        if value is None:
            continue
        place = start + 1
        earlier = senses[start - 1].concepts if start else frozenset()
        unit = next(iter(sorted(earlier & _MONTHS)), "")
        while place < len(keys):
            if keys[place] == ".":  # "тыс. тенге"
                place += 1
                continue
            near = senses[place].concepts
            if factor := _factor(keys[place], near):
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


def _factor(key: str, near: frozenset[str]) -> float:
    """Return what a word multiplies the number before it by, 0 for a word that does not."""
    if key == "k":  # "600k"
        return _MULTIPLIERS["thousand"]
    return next((_MULTIPLIERS[name] for name in near & _MULTIPLIERS.keys()), 0.0)


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
    votes: dict[str, float] = dict.fromkeys(CLAIM_LANGUAGES, 0.0)
    for found in senses:
        for language in found.languages:
            votes[language] += 1 / len(found.languages)
    if not _CYRILLIC.search(text):
        return "en" if is_english(raw) or votes["en"] > votes["kk"] + votes["ru"] else "kk"
    return "kk" if votes["kk"] > votes["ru"] else "ru"
