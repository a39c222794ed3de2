"""What a detector returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonalData:
    """A stretch of a text that identifies somebody, in code points of the text as sent."""

    kind: str
    """iin, phone, card, email, iban or plate."""
    start: int
    end: int
