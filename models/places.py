"""Which street or district a comment names: enough to tell that two speak of one place.

A name beside a word like "көшесі", "улица", "мкр" or "street" is a place, and so is a
capitalised word within a sentence that means nothing else. Names are folded and without
endings: "Абайда", "на Абая" and "Abai street" are one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from models.claims.concepts import LEXICON, sense
from models.claims.folding import fold, hisses, stem, tokens

_LONGEST: Final = 2_000
_SHORTEST_NAME: Final = 4
_AFTER_NAME: Final = frozenset(
    fold(word)
    for word in [
        "көшесі",
        "көшесінде",
        "көшесіндегі",
        "көшесінің",
        "көшесіне",
        "көшесінен",
        "даңғылы",
        "даңғылында",
        "даңғылындағы",
        "ықшамаудан",
        "ықшамауданы",
        "ықшамауданында",
        "ықшамауданындағы",
        "ауданы",
        "ауданында",
        "ауданындағы",
        "шағынаудан",
        "шағынауданы",
        "шағынауданында",
        "мөлтекаудан",
        "мөлтекауданы",
        "мөлтекауданында",
        "тұйығы",
        "тұйығында",
        "ауылы",
        "ауылында",
        "мкр",
        "микрорайон",
        "микрорайоне",
        "микрорайона",
        "район",
        "районе",
        "района",
        "street",
        "avenue",
        "district",
        "microdistrict",
        "улица",
        "улице",
    ]
)
"""Words behind the name of a place; Kazakh and English put them there."""
_BEFORE_NAME: Final = frozenset(
    fold(word)
    for word in [
        "улица",
        "улице",
        "улицы",
        "улицу",
        "ул",
        "проспект",
        "проспекте",
        "проспекта",
        "пр",
        "просп",
        "мкр",
        "мкрн",
        "микрорайон",
        "микрорайоне",
        "микрорайона",
        "район",
        "районе",
        "района",
        "переулок",
        "переулке",
        "поселок",
        "поселке",
        "жк",
        "ш/а",
        "ықшамаудан",
    ]
)
_TOO_WIDE: Final = frozenset(
    stem(fold(word))
    for word in [
        "қала",
        "город",
        "city",
        "астана",
        "алматы",
        "шымкент",
        "қазақстан",
        "казахстан",
        "нұр-сұлтан",
        "әкім",
        "әкімдік",
        "аким",
        "акимат",
        "мэр",
        "президент",
        "уважаемый",
        "құрметті",
        "здравствуйте",
        "сәлеметсіз",
        "добрый",
        "пожалуйста",
        "аллах",
        "господи",
        "срочно",
        "көмек",
        "помогите",
        "хабарлама",
    ]
)
"""Capitalised words that name no place, or one as wide as the city."""


def places(text: str) -> dict[str, str]:
    """Return the places named: key under which they meet → as written, the surest first."""
    found = tokens(text[:_LONGEST])
    hissing = hisses(found)
    keys = [fold(token, hissing) if token[0].isalpha() else token for token in found]
    named: dict[str, str] = {}
    for at, key in enumerate(keys):
        if key in _AFTER_NAME and at > 0:
            _name(named, keys, found, at - 1)
        if key in _BEFORE_NAME:
            after = at + 2 if keys[at + 1 : at + 2] == ["."] else at + 1
            _name(named, keys, found, after)
    for word in _capitalised(text[:_LONGEST]):
        key = stem(fold(word.lower(), hissing))
        if key not in named and _is_name(key, fold(word.lower(), hissing)):
            named[key] = word
    return named


def mentions(text: str) -> frozenset[str]:
    """Return the keys of all words that could name a place, however they are written."""
    found = tokens(text[:_LONGEST])
    hissing = hisses(found)
    folded = [fold(token, hissing) for token in found if token[0].isalpha()]
    words = {stem(word): word for word in folded}
    return (
        frozenset(key for key, word in words.items() if _is_name(key, word)) | places(text).keys()
    )


def _name(named: dict[str, str], keys: list[str], found: list[str], at: int) -> None:
    """Add the word at a place beside "street", a number for a numbered district."""
    if not 0 <= at < len(keys) or keys[at] in _AFTER_NAME | _BEFORE_NAME:
        return
    if keys[at][:1].isdigit():
        number = keys[at].partition("-")[0]
        named.setdefault(f"#{number}", number)
    elif len(keys[at]) >= _SHORTEST_NAME - 1 and keys[at] not in LEXICON.function:
        named.setdefault(stem(keys[at]), found[at].capitalize())


def _is_name(key: str, word: str) -> bool:
    """Say whether a word may be a name: not too short, and none of those with a meaning."""
    if len(key) < _SHORTEST_NAME or key in _TOO_WIDE or word in LEXICON.function:
        return False
    return word not in _AFTER_NAME | _BEFORE_NAME and not sense(word).concepts


def _capitalised(text: str) -> Iterator[str]:
    """Yield words with one capital letter that do not begin a sentence."""
    begins = True
    for raw in text.split():
        word = raw.strip(".,!?;:()«»\"'“”-–—…")
        if not begins and word.isalpha() and word[:1].isupper() and word[1:].islower():
            yield word
        begins = raw[-1:] in ".!?…:" if word else begins
