"""Kazakh in the other shapes people type it in.

Latin letters come in habits, not in one standard: what is written here is what
is seen under posts (zh or j, sh or w, q or k, y or i), each habit applied
consistently to a comment.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from models.text import KAZAKH_LETTERS, skeleton

_PLAIN: Final = {
    **dict(zip("абвгдезийклмнопрстуфхцэ", "abvgdezijklmnoprstufhce", strict=True)),
    "ё": "yo",
    "ъ": "",
    "ь": "",
    "ч": "ch",
    "щ": "sh",
    "ю": "yu",
    "я": "ya",
    "ц": "ts",
}
HABITS: Final[tuple[dict[str, str], ...]] = (
    {"ж": "zh", "ш": "sh", "қ": "q", "ғ": "g", "ң": "n", "ә": "a", "ө": "o", "ү": "u", "ұ": "u",
     "һ": "h", "і": "i", "ы": "y", "й": "i", "и": "i"},
    {"ж": "j", "ш": "w", "қ": "k", "ғ": "g", "ң": "n", "ә": "a", "ө": "o", "ү": "u", "ұ": "u",
     "һ": "h", "і": "i", "ы": "i", "й": "i", "и": "i", "ч": "c"},
    {"ж": "j", "ш": "sh", "қ": "q", "ғ": "g'", "ң": "n'", "ә": "a'", "ө": "o'", "ү": "u'",
     "ұ": "u", "һ": "h", "і": "i", "ы": "y", "й": "i", "и": "i"},
    {"ж": "j", "ш": "ş", "қ": "q", "ғ": "ğ", "ң": "ñ", "ә": "ä", "ө": "ö", "ү": "ü", "ұ": "ū",
     "һ": "h", "і": "ı", "ы": "y", "й": "i", "и": "i"},
    {"ж": "zh", "ш": "sh", "қ": "k", "ғ": "g", "ң": "ng", "ә": "a", "ө": "o", "ү": "u", "ұ": "u",
     "һ": "h", "і": "i", "ы": "y", "й": "y", "и": "i"},
)  # fmt: skip


def to_latin(text: str, habit: dict[str, str]) -> str:
    """Return `text` with its Cyrillic letters in one Latin habit; capitals stay capitals."""
    table = {**_PLAIN, **habit}
    return "".join(
        table.get(letter, letter)
        if letter == letter.lower()
        else table.get(letter.lower(), letter).capitalize()
        for letter in text
    )


def drop_kazakh_letters(text: str) -> str:
    """Return `text` as typed on a Russian keyboard, capitals kept."""
    return "".join(
        plain.upper() if letter.isupper() else plain
        for letter, plain in zip(text, skeleton(text), strict=True)
    )


def with_dropped_letters(texts: Sequence[str]) -> list[int]:
    """Return the numbers of the texts that dropping Kazakh letters changes."""
    return [row for row, text in enumerate(texts) if not KAZAKH_LETTERS.isdisjoint(text)]


def mistype(text: str, chance: random.Random) -> str:
    """Return `text` with one letter left out, doubled or changed for its neighbour."""
    if len(text) < 4:
        return text
    place = chance.randrange(1, len(text) - 1)
    before, letter, after = text[:place], text[place], text[place + 1 :]
    return chance.choice(
        (before + after, before + letter * 2 + after, before[:-1] + letter + before[-1] + after)
    )
