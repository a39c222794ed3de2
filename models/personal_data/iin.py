"""Individual identification number (ЖСН, ИИН): 12 digits with a birth date and a check digit.

Layout and check digit: resolution of the Government of Kazakhstan No. 853 of
22 August 2003; the second series of weights is used when the first gives 10. A number that
the author calls an IIN is one even when a digit is mistyped: it still leads to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from models.personal_data.finding import PersonalData

_CANDIDATE = re.compile(r"(?<!\d)\d{6}[ \-]?\d{6}(?!\d)", re.ASCII)
_NAME: Final = r"(?:ИИН|ЖСН|IIN|JSN|ZHSN)(?:[-'’]?[^\W\d_]{1,4})?"
_OTHER_NUMBER: Final = (
    "не|нет|жоқ|емес|no|not|без|БИН|BIN|бсн|обращени|заяв|заказ|счет|счёт|договор|чек|өтініш|"
    "тапсырыс|шот|карт|account|order|contract|request"
)
_NAMED_BEFORE = re.compile(
    rf"(?<!\w){_NAME}(?:[\s:№#=()–—-]+(?!{_OTHER_NUMBER})[^\W\d_]+){{0,3}}[\s:№#=(.,–—-]*\Z",
    re.IGNORECASE,
)
"""The name, three words at most ("ИИН моей мамы") and no name of another number."""
_NAMED_AFTER = re.compile(
    rf"[\s,(–—-]+(?:(?:это|мой|менің|деген|is|my)\s+){{0,2}}{_NAME}(?![\s:№#=–—-]*\d)",
    re.IGNORECASE,
)
_NEAR: Final = 60
"""Characters before a number in which its name is looked for."""
_FIRST: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURY: Final = {0: 1800, 1: 1800, 2: 1800, 3: 1900, 4: 1900, 5: 2000, 6: 2000}
"""Seventh digit: sex and century; 0 is issued to foreigners, whose century is not told."""


def find(text: str) -> Iterator[PersonalData]:
    """Yield the IINs in `text`."""
    for match in _CANDIDATE.finditer(text):
        if is_iin("".join(filter(str.isdigit, match.group()))) or _is_named(text, match):
            yield PersonalData("iin", *match.span())


def _is_named(text: str, number: re.Match[str]) -> bool:
    """Say whether the author calls the number an IIN, before it or behind it."""
    before = text[max(0, number.start() - _NEAR) : number.start()]
    return (
        _NAMED_BEFORE.search(before) is not None
        or _NAMED_AFTER.match(text, number.end()) is not None
    )


def is_iin(digits: str) -> bool:
    """Say whether twelve digits are an IIN: a real birth date and the right check digit."""
    if len(digits) != 12 or int(digits[6]) not in _CENTURY:
        return False
    numbers = [int(digit) for digit in digits]
    try:
        date(_CENTURY[numbers[6]] + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    for weights in (_FIRST, _SECOND):
        check = sum(w * n for w, n in zip(weights, numbers[:11], strict=True)) % 11
        if check != 10:
            return check == numbers[11]
    return False
