"""E-mail addresses, but not those of the state (gov.kz, astana.kz), which are public."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.personal_data.finding import PersonalData

_CANDIDATE = re.compile(
    r"(?<![\w.+\-])[\w+\-]{1,64}(?:\.[\w+\-]{1,64}){0,8}@(?:[\w\-]{1,63}\.){1,6}[a-zA-Zа-яА-Я]{2,24}(?![\w])"
)
_PUBLIC = re.compile(r"[@.](?:gov|astana)\.kz$", re.IGNORECASE)


def find(text: str) -> Iterator[PersonalData]:
    """Yield the e-mail addresses in `text`."""
    if "@" not in text:
        return
    for match in _CANDIDATE.finditer(text):
        if not _PUBLIC.search(match.group()):
            yield PersonalData("email", *match.span())
