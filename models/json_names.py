"""JSON objects that remember which names they were given twice.

JSON leaves open which of two values counts, so what a program keeps of such an
object is a guess: whoever reads one in from outside refuses it. The standard
`json` alone would keep the last value without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any


class JsonObject(dict[str, Any]):
    """A JSON object with the names it was given twice."""

    twice: tuple[str, ...] = ()


def read_object(pairs: list[tuple[str, Any]]) -> JsonObject:
    """Return the object of these names and values: the `object_pairs_hook` of `json.loads`."""
    read = JsonObject(pairs)
    if len(read) != len(pairs):
        counted = Counter(name for name, _ in pairs)
        read.twice = tuple(name for name, number in counted.items() if number > 1)
    return read


def names_twice(value: object) -> Iterator[str]:
    """Yield every name that an object anywhere in `value` was given twice."""
    left: list[object] = [value]
    while left:
        part = left.pop()
        if isinstance(part, JsonObject):
            yield from part.twice
        if isinstance(part, dict):
            left += part.values()
        elif isinstance(part, list):
            left += part
