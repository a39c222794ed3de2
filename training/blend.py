"""Two members' scores made one answer, chosen for macro-F1 on validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.metrics import f1_score

from models.calibrate import softmax
from models.features import Floats
from training.encoder import Labels

_OFFSETS: Final = np.linspace(-1.5, 1.5, 31)
MIXES: Final = tuple(np.linspace(0.0, 1.0, 21).tolist())
_TEMPERATURES: Final = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)


@dataclass(frozen=True)
class Blend:
    """How two members' scores become one answer."""

    mix: float
    """Share of the encoder."""
    temperatures: tuple[float, float]
    offsets: Floats

    def scores(self, grams: Floats, encoded: Floats) -> Floats:
        """Return log-probabilities with offsets, shape (texts, labels)."""
        one = softmax(grams, self.temperatures[0])
        other = softmax(encoded, self.temperatures[1])
        return np.log((1 - self.mix) * one + self.mix * other + 1e-9) + self.offsets


def choose_blend(
    grams: Floats, encoded: Floats, gold: Labels, mixes: Sequence[float] = MIXES
) -> Blend:
    """Return the blend with the best macro-F1 on validation, of the encoder's shares in `mixes`."""
    temperatures = (_temperature(grams, gold), _temperature(encoded, gold))
    best, best_score = Blend(mixes[0], temperatures, np.zeros(grams.shape[1], np.float32)), -1.0
    for mix in mixes:
        blend = Blend(mix, temperatures, np.zeros(grams.shape[1], np.float32))
        offsets = choose_offsets(blend.scores(grams, encoded), gold)
        blend = Blend(mix, temperatures, offsets)
        score = macro_f1(gold, blend.scores(grams, encoded))
        if score > best_score + 1e-4:
            best, best_score = blend, score
    return best


def _temperature(logits: Floats, gold: Labels) -> float:
    """Return the temperature with the least loss, of a grid."""
    rows = np.arange(len(gold))
    losses = {
        temperature: -np.log(softmax(logits, temperature)[rows, gold] + 1e-9).mean()
        for temperature in _TEMPERATURES
    }
    return min(losses, key=lambda temperature: losses[temperature])


def choose_offsets(logs: Floats, gold: Labels) -> Floats:
    """Return what to add to each label's score, found label by label in two rounds."""
    offsets = np.zeros(logs.shape[1], dtype=np.float32)
    for _ in range(2):
        for label in range(logs.shape[1]):
            tries = []
            for value in _OFFSETS:
                moved = offsets.copy()
                moved[label] = value
                tries.append(macro_f1(gold, logs + moved))
            smooth = np.convolve(np.pad(tries, 2, mode="edge"), np.full(5, 0.2), mode="valid")
            offsets[label] = _OFFSETS[int(smooth.argmax())]
    return offsets


def best_macro_f1(gold: Labels, logits: Floats) -> float:
    """Return macro-F1 with the offsets that suit these labels best.

    What a member is worth where the balance of labels differs from the one it learned from.
    """
    logs = np.log(softmax(logits, _temperature(logits, gold)) + 1e-9)
    return macro_f1(gold, logs + choose_offsets(logs, gold))


def macro_f1(gold: Labels, found: Floats) -> float:
    """Return macro-F1 of the best label of each row."""
    return float(f1_score(gold, found.argmax(axis=1), average="macro", zero_division=0))
