"""What is wrong with a claim, said in the visitor's language.

The checks of `models.claims` speak English, to programs and on the command line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from models.claims.read import Fault

_CODES: Final = (
    (r"column '.*' is unknown", "unknown-column"),
    (r"is not UTF-8|is UTF-16|valid Unicode|lone surrogate|NUL byte", "encoding"),
    (r"is a workbook", "workbook"),
    (r"neither JSON nor CSV", "no-claims-file"),
    (r"is not valid JSON|is not JSON|^row: ", "broken"),
    (r"must be a list of claims", "no-claims-file"),
    (r"^is empty|holds no claim", "empty"),
    (r"is given twice", "name-twice"),
    (r"given before", "given-twice"),
    (r"known with other content", "known-otherwise"),
    (r"outside its scale|must be a number", "off-scale"),
    (r"no verdict that is known|^verdict must be|reviewRating", "no-verdict"),
    (r"@type must be", "wrong-type"),
    (r"a text in kk, ru or en|claimReviewed is missing", "no-wording"),
    (r"the limit is|at most", "too-long"),
    (r"text is empty", "blank"),
    (r"must begin with http|must be an address", "bad-link"),
    (r"must be a date", "bad-date"),
    (r"must be a printable string", "bad-id"),
    (r"must not end in", "reserved-id"),
)
"""How a fault reads → what it is called in `claim_fault`; the first that fits."""
CODES: Final = (*(code for _, code in _CODES), "other")
_FIELD: Final = re.compile(r"(?:[@a-zA-Z_]+)(?:[.\[][\w\]]+)*(?=[: ])")
_QUOTED: Final = re.compile("'(.+)'")
_IN_FULL: Final = frozenset({"broken", "off-scale", "other", "too-long", "wrong-type"})
"""Faults whose sentence holds a figure or a name that helps."""
_NO_FIELD: Final = frozenset({"is", "a", "row", "holds", "column", "unknown", "no"})


@dataclass(frozen=True)
class ShownFault:
    """A fault: a code for the message, and what it was about."""

    code: str
    field: str
    """As the file calls it; "" where the fault is not about a field."""
    words: str
    """What the message does not tell: a quoted value, or the check's own sentence."""
    place: str = ""
    """"file", or a code for the kind of place, and its number."""
    number: str = ""


def shown(detail: str, position: str = "") -> ShownFault:
    """Return a fault of `models.claims` as a page says it."""
    code = next((code for pattern, code in _CODES if re.search(pattern, detail)), "other")
    field = _FIELD.match(detail)
    name = field[0] if field is not None and field[0] not in _NO_FIELD else ""
    kind, _, number = position.partition(" ")
    if kind not in {"item", "line", "row", "file"}:
        kind, number = ("claim", position) if position else ("", "")
    quoted = _QUOTED.search(detail)
    words = quoted[1] if quoted is not None else detail if code in _IN_FULL else ""
    return ShownFault(code, name, words, kind, number)


def shown_all(faults: Sequence[Fault]) -> list[ShownFault]:
    """Return the faults of a file."""
    return [shown(fault.detail, fault.position) for fault in faults]
