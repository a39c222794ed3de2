"""Payment cards: 16 digits in fours (15 for American Express) that pass Luhn's check."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn

from models.personal_data.finding import PersonalData

_CANDIDATE = re.compile(
    r"(?<![\d+])(?:[2-6]\d{3}(?:[ \-]?\d{4}){3}|3[47]\d{2}[ \-]?\d{6}[ \-]?\d{5})(?!\d)", re.ASCII
)


def find(text: str) -> Iterator[PersonalData]:
    """Yield the card numbers in `text`."""
    for match in _CANDIDATE.finditer(text):
        if luhn.is_valid("".join(filter(str.isdigit, match.group()))):
            yield PersonalData("card", *match.span())
