"""How varied a set of texts is: word n-grams, near-duplicates, repeated openings."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from training.near_duplicates import near_duplicates

_WORD: Final = re.compile(r"\w+")


WINDOW: Final = 20_000
"""Words that `distinct_ngrams` looks at: the figure falls with their number."""


def distinct_ngrams(texts: Sequence[str], length: int, seed: int = 0) -> float:
    """Return how many different n-grams of `length` words come up in 1,000 words.

    Taken over the first `WINDOW` words of the texts in random order, or over all
    where they are fewer: only figures over equally many words can be compared.
    """
    order = list(texts)
    random.Random(seed).shuffle(order)  # noqa: S311
    seen: set[tuple[str, ...]] = set()
    read = 0
    for text in order:
        found = words_of(text)[: WINDOW - read]
        read += len(found)
        seen.update(zip(*(found[start:] for start in range(length)), strict=False))
        if read == WINDOW:
            break
    return len(seen) * 1000 / max(read, 1)


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return _WORD.findall(text.lower())


def alike_share(texts: Sequence[str]) -> float:
    """Return the share of texts that have a near-duplicate among the others."""
    alike: set[int] = set()
    for first, second, _ in near_duplicates(texts):
        alike |= {first, second}
    return len(alike) / len(texts)


def openings(texts: Sequence[str], length: int, most: int = 10) -> list[tuple[str, int]]:
    """Return the `most` repeated openings of `length` words and how many texts have each."""
    found = (words_of(text) for text in texts)
    opened = Counter(" ".join(some[:length]) for some in found if len(some) >= length)
    return opened.most_common(most)
