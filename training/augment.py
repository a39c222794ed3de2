"""Kazakh in the other shapes people type it in.

Latin letters come in habits, not in one standard: what is written here is what
is seen under posts (zh or j, sh or w, q or k, y or i), each habit applied
consistently to a comment.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from models.text import skeleton
from training.corpus import Row
from training.recipe import Augment

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


def copies(rows: Sequence[Row], settings: Augment, seed: int) -> list[Row]:
    """Return the augmented copies of `rows` (the originals not among them), repeatable by seed."""
    chance = random.Random(seed)  # noqa: S311
    made: list[Row] = []
    for row in rows:
        form = row.labels["language"]
        if form in {"kk-Cyrl", "mixed"} and settings.dropped_letters:
            dropped = drop_kazakh_letters(row.text)
            if dropped != row.text:
                made.append(replace(row, id=f"{row.id}~ru-letters", text=dropped))
        if form == "kk-Cyrl":
            made += [
                _in_latin(row, number)
                for number in chance.sample(range(len(HABITS)), settings.latin_habits)
            ]
    return made


def _in_latin(row: Row, number: int) -> Row:
    """Return a copy of `row` in one of the Latin habits."""
    return replace(
        row,
        id=f"{row.id}~latin{number}",
        text=to_latin(row.text, HABITS[number]),
        labels={**row.labels, "language": "kk-Latn"},
    )
