"""How much of a comment is Kazakh and how much Russian, word by word.

A linear model of the whole text cannot say "both": evidence for two languages
looks like little evidence for either. So every word is scored by itself, and a
comment is mixed as far as it has sure words of both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from models.fast import FastTier
from models.features import Floats
from models.labels import LANGUAGES

MIXED: Final = LANGUAGES.index("mixed")
_KAZAKH: Final = LANGUAGES.index("kk-Cyrl")
_RUSSIAN: Final = LANGUAGES.index("ru")
_WORD = re.compile("[\u0400-\u052f]+")
_ENOUGH: Final = 4.0
"""So many sure words of the weaker language leave no doubt; more add nothing."""


def mixture(texts: Sequence[str], tier: FastTier, sure: float) -> Floats:
    """Return about how many words the weaker of Kazakh and Russian has, 0 to 4, shape (n,).

    `texts` are normalised; `sure` is the difference of scores at which a word counts half.
    """
    words = [_WORD.findall(text) for text in texts]
    owners = np.repeat(np.arange(len(texts)), [len(of) for of in words])
    amount = np.zeros(len(texts), dtype=np.float32)
    if not len(owners):
        return amount
    place: dict[str, int] = {}  # a batch says most of its words several times
    said = [place.setdefault(word, len(place)) for of in words for word in of]
    scores = tier.language_logits(list(place))[said]
    leaning = scores[:, _KAZAKH] - scores[:, _RUSSIAN]
    kazakh, russian = (
        np.bincount(owners, 1 / (1 + np.exp(sure - side)), len(texts))
        for side in (leaning, -leaning)
    )
    amount[:] = np.minimum(np.minimum(kazakh, russian), _ENOUGH)
    return amount
