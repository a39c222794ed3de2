"""Finding personal data: one detector a file, each sure of what it finds or silent.

A checksum decides wherever the number has one; a shape alone is not enough for
an IIN, a card or an account, so order numbers and meter readings stay out. Only an IIN
that is called one by its author needs no right check digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from models.personal_data import card, email, iban, iin, phone, plate
from models.personal_data.finding import PersonalData

__all__ = ["PersonalData", "find_personal_data", "mask_personal_data"]

_DETECTORS: tuple[Callable[[str], Iterator[PersonalData]], ...] = (
    email.find,
    iban.find,
    card.find,
    iin.find,
    phone.find,
    plate.find,
)
"""Surest first: where two findings overlap, the earlier detector keeps its own."""

_WORTH_A_LOOK = re.compile(r"\d{3}|@.*\.", re.DOTALL)


def find_personal_data(text: str) -> list[PersonalData]:
    """Return what was found, in reading order, never overlapping; offsets are code points."""
    if _WORTH_A_LOOK.search(text) is None:
        return []
    found: list[PersonalData] = []
    for detect in _DETECTORS:
        for candidate in detect(text):
            if all(candidate.end <= held.start or held.end <= candidate.start for held in found):
                found.append(candidate)
    return sorted(found, key=lambda finding: finding.start)


def mask_personal_data(text: str) -> str:
    """Return `text` with every finding replaced by its kind in brackets, as "[phone]"."""
    for finding in reversed(find_personal_data(text)):
        text = f"{text[: finding.start]}[{finding.kind}]{text[finding.end :]}"
    return text
