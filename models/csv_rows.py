"""The rows of a CSV file, of which none gets lost in another.

A quote that is opened and never closed would swallow every row up to the next
quote, or to the end of the file. So a row of several lines that turns out to be
no proper CSV is taken apart again: its first line is at fault, the lines behind
it are rows of their own.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_LONGEST_FIELD: Final = 64 * 1024 * 1024
"""Characters; a text that long is refused later, this bounds the memory until then."""

SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
"""What sets cells apart; spreadsheets here write semicolons, since the comma is decimal."""
_QUOTED: Final = re.compile('"[^"]*"')


def separator_of(header: str) -> str:
    """Return what sets the cells of a header line apart: the commonest outside quotes."""
    plain = _QUOTED.sub("", header)
    return max(SEPARATORS, key=plain.count)


@dataclass(frozen=True)
class RowFault:
    """A row that is no CSV; `detail` says why in words."""

    detail: str


class _Lines(Iterator[str]):
    """Lines of text that remember which of them the present row took."""

    def __init__(self, source: Iterable[str]) -> None:
        self._source = iter(source)
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.ended = False

    def __next__(self) -> str:
        try:
            line = self._again.popleft() if self._again else next(self._source)
        except StopIteration:
            self.ended = True
            raise
        self.taken.append(line)
        return line

    def header(self) -> str:
        """Return the first line that is not blank; it comes once more."""
        for line in self:
            if line.strip():
                self.give_back(line)
                return line
        return ""

    def give_back(self, line: str) -> None:
        """Let `line` come once more."""
        self._again.append(line)


def csv_rows(source: Iterable[str], delimiter: str = "") -> Iterator[list[str] | RowFault]:
    """Yield the cells of every row, the header's first, or what is wrong with the row.

    Without a `delimiter`, it is what the header shows. Blank lines are no rows. A row with
    more cells than the header is at fault, since nobody can know which comma was meant as
    text. Every line is read three times at most, however the quotes stand.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    lines = _Lines(source)
    delimiter = delimiter or separator_of(lines.header())
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    while True:
        lines.taken = []
        try:
            cells = next(reader, None)
        except csv.Error:
            cells = []
        if cells is None:
            return
        if cells and (not width or not any(cells[width:])):
            width = width or len(cells)
            yield cells
        elif len(lines.taken) == 1:
            yield from _alone(lines.taken[0], delimiter, width)
        else:
            *apart, last = lines.taken
            for line in apart:
                yield from _alone(line, delimiter, width)
            lines.give_back(last)


def _alone(line: str, delimiter: str, width: int) -> Iterator[list[str] | RowFault]:
    """Yield the row in one line, read with forgiveness for quotes amid the text."""
    lines = _Lines([line])
    try:
        cells = next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error as error:
        yield RowFault(f"row: {error}")
        return
    if lines.ended:
        yield RowFault("row: a quote is opened and never closed")
    elif width and any(cells[width:]):
        detail = f"row: {len(cells)} cells under a header of {width}; quote a text with "
        yield RowFault(detail + SEPARATORS.get(delimiter, repr(delimiter)))
    elif cells:
        yield cells
