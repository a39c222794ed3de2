"""How alike two comments are, and keys under which nearly the same text is found again.

A comment is read as the set of 4-grams of its words, folded by sound, so that copies in
Kazakh Cyrillic, Russian letters or Latin ones meet. MinHash turns the set into numbers that
agree as often as the sets do (Broder, "On the resemblance and containment of documents",
1997); bands of them are keys that nearly equal texts share and others hardly ever do
(Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.claims.folding import fold, hisses, tokens

Grams: TypeAlias = NDArray[np.uint64]

NEAR: Final = 0.6
"""Texts whose 4-grams agree this much (Jaccard) are nearly the same."""
FEWEST_WORDS: Final = 6
FEWEST_LETTERS: Final = 25
"""Shorter texts are everybody's own words: "рахмет", "жарық жоқ"."""
LONGEST: Final = 2_000
"""Code points that are compared; who copies more has copied these too."""
BANDS: Final = 12
_ROWS: Final = 4
"""At likeness 0.6 four of five pairs share a key, at 0.8 all but two of a thousand."""
_GRAM: Final = 4


def _constant(purpose: str, number: int) -> int:
    """Return a fixed 64-bit number: keys in the store must mean the same tomorrow."""
    digest = hashlib.blake2b(f"{purpose} {number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


_FACTORS: Final = np.array(
    [_constant("factor", number) | 1 for number in range(BANDS * _ROWS)], dtype=np.uint64
)
_SHIFTS: Final = np.array(
    [_constant("shift", number) for number in range(BANDS * _ROWS)], dtype=np.uint64
)
_HALF: Final = np.uint64(32)
_MIX: Final = np.uint64(_constant("mix", 0) | 1)


@dataclass(frozen=True)
class Signature:
    """What a text is found again by: its 4-grams, and one key a band (0 to 2^63 - 1)."""

    grams: Grams
    keys: tuple[int, ...]


def signature(text: str) -> Signature | None:
    """Return the signature of `text`, None for one too short or too plain to be a copy."""
    found = tokens(text[:LONGEST])
    hissing = hisses(found)
    words = [fold(token, hissing) for token in found if token[0].isalpha()]
    words = [word for word in words if word]
    if len(words) < FEWEST_WORDS or sum(map(len, words)) < FEWEST_LETTERS:
        return None
    grams = _grams(f" {' '.join(words)} ")
    return Signature(grams, _keys(grams))


def likeness(one: Signature, other: Signature) -> float:
    """Return the share of 4-grams two texts have in common (0 to 1)."""
    common = np.intersect1d(one.grams, other.grams, assume_unique=True).size
    return float(common / (one.grams.size + other.grams.size - common))


def _grams(folded: str) -> Grams:
    """Return the 4-grams of ASCII text, each as one number, none twice."""
    letters = np.frombuffer(folded.encode("ascii"), dtype=np.uint8).astype(np.uint64)
    count = letters.size - _GRAM + 1
    grams = np.zeros(count, dtype=np.uint64)
    for place in range(_GRAM):
        grams = (grams << np.uint64(8)) | letters[place : place + count]
    return np.unique(grams)


def _keys(grams: Grams) -> tuple[int, ...]:
    mixed = grams * _MIX
    mixed ^= mixed >> _HALF
    smallest = (mixed[:, None] * _FACTORS + _SHIFTS).min(axis=0) >> _HALF
    bands = smallest.astype("<u4").reshape(BANDS, _ROWS)
    return tuple(
        int.from_bytes(
            hashlib.blake2b(bytes([number]) + band.tobytes(), digest_size=8).digest(), "little"
        )
        >> 1
        for number, band in enumerate(bands)
    )
