"""The text of a template as pieces: plain words, slots, and parts that may be left out.

`{address}` is a slot. `[[{author}, ]]` is a part that disappears with its slot;
what then begins a sentence gets a capital letter. A value is put in as it is:
braces inside it mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

_PIECE = re.compile(
    r"\[\[(?P<before>[^\[\]{}]*)\{(?P<optional>[a-z][a-z0-9_]*)\}(?P<after>[^\[\]{}]*)\]\]"
    r"|\{(?P<slot>[a-z][a-z0-9_]*)\}"
)
_STRAY = re.compile(r"[{}]|\[\[|\]\]")
_SENTENCE_END = re.compile(r"(?:^|[.!?…:]\s+|\n\s*)\Z")


class PieceError(ValueError):
    """A template text whose braces or brackets do not add up."""


class Piece(NamedTuple):
    """Plain text in `before`, then a slot if any, then more plain text."""

    before: str
    slot: str | None = None
    after: str = ""
    optional: bool = False


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """Return the pieces of a template text; raise `PieceError` when it cannot be read."""
    found: list[Piece] = []
    position = 0
    for match in _PIECE.finditer(text):
        _add_words(found, text[position : match.start()])
        if match["slot"]:
            found.append(Piece("", match["slot"]))
        else:
            found.append(Piece(match["before"], match["optional"], match["after"], optional=True))
        position = match.end()
    _add_words(found, text[position:])
    return tuple(found)


def _add_words(found: list[Piece], words: str) -> None:
    """Append a piece of plain text, unless it is empty."""
    if stray := _STRAY.search(words):
        raise PieceError(f"stray '{stray[0]}' near '{words[max(0, stray.start() - 15) :][:30]}'")
    if words:
        found.append(Piece(words))


def required_slots(text: str) -> tuple[str, ...]:
    """Return the slots of `text` that cannot be left out, in order of appearance."""
    names = [piece.slot for piece in pieces(text) if piece.slot and not piece.optional]
    return tuple(dict.fromkeys(names))


def all_slots(text: str) -> tuple[str, ...]:
    """Return every slot of `text`, in order of appearance."""
    return tuple(dict.fromkeys(piece.slot for piece in pieces(text) if piece.slot))


def _capitalised(words: str) -> str:
    """Return `words` with a capital at the beginning, unless it is a name like eGov."""
    first = words.split(maxsplit=1)[:1]
    if first and first[0] != first[0].lower():
        return words
    return words[:1].upper() + words[1:]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with `values` in its slots; a slot without one stays as `{name}`."""
    result = ""
    capital_due = False
    for before, slot, after, optional in pieces(text):
        if slot is None:
            addition = before
        elif slot in values:
            addition = f"{before}{values[slot]}{after}"
        elif optional:
            capital_due = _SENTENCE_END.search(result[-3:]) is not None
            continue
        else:
            addition = f"{{{slot}}}"
        if capital_due:
            addition = _capitalised(addition)
            capital_due = False
        if addition.startswith(".") and result.endswith((".", "!", "?", "…")):
            addition = addition[1:]  # the value has ended the sentence already
        result += addition
    return result.strip()
