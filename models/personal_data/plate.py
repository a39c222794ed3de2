"""Vehicle plates of Kazakhstan: 123 ABC 01 and 123 AB 01, in Latin or look-alike Cyrillic.

Regions run from 01 to 20. A plate needs its region or the letters KZ beside it,
else "100 см" would be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.personal_data.finding import PersonalData

_LETTER = r"[A-ZАВЕКМНОРСТУХа-яa-z]"
_CANDIDATE = re.compile(
    rf"(?<![\w.,])\d{{3}}[ \-]?({_LETTER}{{2,3}})[ \-]?(?:0[1-9]|1\d|20)(?![\w.,:]\d|\w)"
)
_LOOK_ALIKE = re.compile(r"[A-ZАВЕКМНОРСТУХ]+", re.IGNORECASE)


def find(text: str) -> Iterator[PersonalData]:
    """Yield the plates in `text`; letters in one case only, as plates are typed."""
    for match in _CANDIDATE.finditer(text):
        letters = match.group(1)
        alphabet = letters.isascii() or not any(letter.isascii() for letter in letters)
        if alphabet and letters.isupper() and _LOOK_ALIKE.fullmatch(letters):
            yield PersonalData("plate", *match.span())
