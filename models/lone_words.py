"""What a comment of one word, or of one or two letters, may say about urgency.

A missed danger weighs as much as several false alarms, so that `critical` is called before it is
the likeliest label. A lone word says too little for that: it has to be the likeliest there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from models.features import Floats
from models.labels import URGENCIES

_CRITICAL: Final = URGENCIES.index("critical")
_PRESSING: Final = [_CRITICAL, URGENCIES.index("high")]
_FEWEST: Final = 3
"""Letters and digits; fewer tell of no danger."""


def quieten(urgency: Floats, texts: Sequence[str], lone_word: float) -> None:
    """Lower the scores of `urgency`, shape (texts, urgencies), in place.

    `lone_word` is taken from `critical` where a text is a single word, in log-odds.
    """
    for row, text in enumerate(texts):
        if len(text.split()) == 1:
            urgency[row, _CRITICAL] -= np.float32(lone_word)
        if sum(letter.isalnum() for letter in text[:100]) < _FEWEST:
            urgency[row, _PRESSING] = -np.inf
