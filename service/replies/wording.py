"""Words no reply may hold: officialese in templates, insults anywhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from models.text import skeleton

WORDING_FILE = Path(__file__).with_name("wording.toml")


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    """Return one pattern for these phrases; a trailing * stands for any ending."""
    alternatives = [
        re.escape(skeleton(phrase).removesuffix("*")).replace(r"\ ", r"\s+")
        + (r"\w*" if phrase.endswith("*") else "")
        for phrase in phrases
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)")


_LISTS = tomllib.loads(WORDING_FILE.read_text(encoding="utf-8"))
_OFFICIALESE = {language: _pattern(phrases) for language, phrases in _LISTS["officialese"].items()}
_INSULTS = _pattern([phrase for phrases in _LISTS["insults"].values() for phrase in phrases])


def find_officialese(text: str, language: str) -> str | None:
    """Return the first phrase of officialese in `text` (kk, ru or en), as written."""
    return _first(_OFFICIALESE[language], text)


def find_insult(text: str) -> str | None:
    """Return the first insult in `text`, whatever its language, as written."""
    return _first(_INSULTS, text)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    """Return the first match in `text`; folding keeps the length, so the span fits."""
    match = pattern.search(skeleton(text))
    return text[slice(*match.span())] if match else None
