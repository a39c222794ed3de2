"""What an encoder takes the wordings of claims to mean, read before anybody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from models.features import Floats

Meanings = Callable[[Sequence[str]], Floats]
"""Gives a unit vector a text, shape (texts, numbers): what an encoder takes it to mean.
Equal where the encoder is the same."""

_NOTHING: Final[Mapping[str, Floats]] = {}


class Meant:
    """Vectors of texts by one encoder; another one's are read anew.

    Many may look while one reads: what they look at is never taken apart.
    """

    def __init__(self) -> None:
        self._by: tuple[Meanings | None, dict[str, Floats]] = (None, {})

    def is_by(self, meanings: Meanings) -> bool:
        """Say whether the vectors are of this encoder."""
        return self._by[0] == meanings

    def of(self, meanings: Meanings) -> Mapping[str, Floats]:
        """Return the vectors that `meanings` has given so far, by text."""
        encoder, known = self._by  # together: another thread may start with another encoder
        return known if encoder == meanings else _NOTHING

    def read(self, texts: Sequence[str], meanings: Meanings) -> None:
        """Keep what `meanings` gives for texts; vectors of another encoder are dropped."""
        if not self.is_by(meanings):
            self._by = (meanings, {})
        if texts:
            self._by[1].update(zip(texts, meanings(texts), strict=True))

    def forget(self, texts: Iterable[str]) -> None:
        """Drop the vectors of texts."""
        for text in texts:
            self._by[1].pop(text, None)
