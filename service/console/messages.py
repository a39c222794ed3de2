"""The words of the console in Kazakh, Russian and English, with the plural rules of each."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from models.labels import REPLY_LANGUAGES

FOLDER: Final = Path(__file__).with_name("messages")
OWN_NAMES: Final = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""What each language calls itself: the language switch must be readable to its speakers."""


class MessageError(KeyError):
    """A page asked for a message that the catalogue does not have."""


def _russian(number: int) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return "one"
    return "few" if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else "many"


def _english(number: int) -> str:
    return "one" if number == 1 else "other"


def _kazakh(_: int) -> str:
    """Return the only form: after a number a Kazakh noun stays as it is."""
    return "other"


PLURALS: Final[Mapping[str, tuple[Callable[[int], str], frozenset[str]]]] = {
    "kk": (_kazakh, frozenset({"other"})),
    "ru": (_russian, frozenset({"one", "few", "many"})),
    "en": (_english, frozenset({"one", "other"})),
}
"""By language: from a number to the form of the noun, and every form a message must have."""


class Messages:
    """The catalogue of one language; `text` for a sentence, `count` for one with a number."""

    def __init__(self, language: str, catalogue: Mapping[str, str | Mapping[str, str]]) -> None:
        self.language = language
        self.catalogue = catalogue
        self._form = PLURALS[language][0]

    def text(self, *key: str, **values: object) -> str:
        """Return the message under the parts of `key`; raise `MessageError` if there is none."""
        found = self.catalogue.get(".".join(key))
        if not isinstance(found, str):
            raise MessageError(f"{self.language}: no message '{'.'.join(key)}'")
        return found.format(**values) if values else found

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the message in the form that `number` asks for, with the number in it."""
        forms = self.catalogue.get(key)
        if not isinstance(forms, Mapping):
            raise MessageError(f"{self.language}: no message with a number '{key}'")
        return forms[self._form(number)].format(n=self.number(number), **values)

    def has(self, *key: str) -> bool:
        """Say whether there is a sentence under `key`: what other parts name may be new."""
        return isinstance(self.catalogue.get(".".join(key)), str)

    def number(self, number: int) -> str:
        """Return a whole number with its thousands set apart."""
        return f"{number:,}" if self.language == "en" else f"{number:,}".replace(",", "\u00a0")

    def percent(self, share: float) -> str:
        """Return a share (0 to 1) as whole per cent; only certainty is a hundred."""
        whole = round(share * 100) if share in (0, 1) else min(99, max(1, round(share * 100)))
        return f"{whole}%" if self.language == "en" else f"{whole}\u00a0%"


@lru_cache(maxsize=len(REPLY_LANGUAGES))
def load_messages(language: str) -> Messages:
    """Return the messages of `language` (kk, ru or en)."""
    raw = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Messages(language, flatten(raw))


def flatten(raw: Mapping[str, Any], prefix: str = "") -> dict[str, str | Mapping[str, str]]:
    """Return nested tables as one, "queue.title" for queue → title; plural forms stay tables."""
    flat: dict[str, str | Mapping[str, str]] = {}
    for key, value in raw.items():
        if isinstance(value, str) or set(value) <= {"one", "few", "many", "other"}:
            flat[prefix + key] = value
        else:
            flat |= flatten(value, f"{prefix}{key}.")
    return flat
