"""Phone numbers of Kazakhstan and Russia: +7 or 8 and ten digits, however they are grouped.

Short service numbers (101, 109, 1414) and toll-free ones (8-800) belong to
nobody and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.personal_data.finding import PersonalData

_GAP = r"[ \-.()\u00a0]{0,2}"
_SUBSCRIBER = rf"{_GAP}\d{{3}}{_GAP}\d\d{_GAP}\d\d"
_CITY_SUBSCRIBER = rf"{_GAP}\d\d{_GAP}\d\d{_GAP}\d\d"
_CANDIDATE = re.compile(
    rf"(?<![\d.,])(?:\+ ?7|8|(?<!\+)7){_GAP}"
    rf"(?:([3-9]\d\d){_SUBSCRIBER}|([3-9]\d{{3}}){_CITY_SUBSCRIBER})(?!\d)",
    re.ASCII,
)
_BARE_MOBILE = re.compile(rf"(?<![\d.,+])(7[0-9]\d){_SUBSCRIBER}(?!\d)", re.ASCII)


def find(text: str) -> Iterator[PersonalData]:
    """Yield the phone numbers in `text`."""
    for pattern in (_CANDIDATE, _BARE_MOBILE):
        for match in pattern.finditer(text):
            if match.group(1) != "800":
                yield PersonalData("phone", *match.span())
