"""Kazakhstan's bank accounts: IBAN KZ with 20 characters and its check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban

from models.personal_data.finding import PersonalData

_CANDIDATE = re.compile(
    r"(?<![A-Za-z0-9])[Kk][Zz] ?\d{2}(?: ?[A-Za-z0-9]){16}(?![A-Za-z0-9])", re.ASCII
)


def find(text: str) -> Iterator[PersonalData]:
    """Yield the account numbers in `text`."""
    for match in _CANDIDATE.finditer(text):
        if iban.is_valid(match.group(), check_country=False):
            yield PersonalData("iban", *match.span())
