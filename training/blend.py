"""Two members' scores made one answer, for macro-F1, chosen on validation.

Macro-F1 of a few hundred texts is too coarse to choose by: a label more or less right moves it
further than most choices do. So the mix is the one with the least log-loss, and the
offsets are those that promise the best macro-F1 by the calibrated probabilities themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from sklearn.metrics import f1_score

from models.calibrate import softmax
from models.features import Floats
from training.encoder import Labels

_OFFSETS: Final = np.linspace(-1.5, 1.5, 61)
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


def together(said: Sequence[Floats]) -> Floats:
    """Return the logarithms of the mean of several models' probabilities."""
    mean = np.mean([softmax(one, 1.0) for one in said], axis=0)
    logs: Floats = np.log(mean + 1e-9).astype(np.float32)
    return logs


def choose_blend(
    grams: Floats, encoded: Floats, gold: Labels, mixes: Sequence[float] = MIXES
) -> Blend:
    """Return the blend with the least loss on validation, of the encoder's shares in `mixes`."""
    temperatures = (_temperature(grams, gold), _temperature(encoded, gold))

    def loss(blend: Blend) -> float:
        logs = blend.scores(grams, encoded)
        return _loss(softmax(logs + _prior(logs, gold), 1.0), gold)

    none = np.zeros(grams.shape[1], np.float32)
    best = min((Blend(mix, temperatures, none) for mix in mixes), key=loss)
    return replace(best, offsets=choose_offsets(best.scores(grams, encoded), gold))


def _temperature(logits: Floats, gold: Labels) -> float:
    """Return the temperature with the least loss, of a grid."""
    return min(_TEMPERATURES, key=lambda one: _loss(softmax(logits, one), gold))


def _loss(probabilities: Floats, gold: Labels) -> float:
    """Return the log-loss, the mean over the rows."""
    return float(-np.log(probabilities[np.arange(len(gold)), gold] + 1e-9).mean())


def choose_offsets(logs: Floats, gold: Labels) -> Floats:
    """Return what to add to each label's log-probability, shape (labels,).

    First what makes the labels as frequent as they are here, then what the macro-F1 that the
    probabilities promise is best with (Jansche, 2007), label by label. A label that is not among
    `gold` gets 0: that nobody could choose for it does not mean that it never comes.
    """
    there = np.unique(gold)
    if len(there) < logs.shape[1]:
        total = np.zeros(logs.shape[1], dtype=np.float32)
        total[there] = choose_offsets(logs[:, there], np.searchsorted(there, gold))
        return total
    prior = _prior(logs, gold)
    logs = logs + prior
    probabilities = softmax(logs, 1.0)
    offsets = np.zeros(logs.shape[1], dtype=np.float32)
    for _ in range(3):
        for label in range(logs.shape[1]):
            tries = np.tile(offsets, (len(_OFFSETS), 1))
            tries[:, label] = _OFFSETS
            promised = [_promised_macro_f1(probabilities, logs + one) for one in tries]
            offsets = tries[int(np.argmax(promised))]
    return np.asarray(prior + offsets, np.float32)


def _prior(logs: Floats, gold: Labels, rounds: int = 100) -> Floats:
    """Return offsets with which the labels' mean probability is their share (iterative scaling)."""
    shares = (np.bincount(gold, minlength=logs.shape[1]) + 0.5) / len(gold)
    offsets = np.zeros(logs.shape[1], dtype=np.float32)
    for _ in range(rounds):
        offsets += np.log(shares / softmax(logs + offsets, 1.0).mean(axis=0)).astype(np.float32)
    centred: Floats = offsets - offsets.mean()
    return centred


def _promised_macro_f1(probabilities: Floats, scores: Floats) -> float:
    """Return the macro-F1 of the best-scored labels, if the probabilities are true."""
    chosen = np.zeros_like(probabilities)
    chosen[np.arange(len(scores)), scores.argmax(axis=1)] = 1
    right = (chosen * probabilities).sum(axis=0)
    f1 = 2 * right / (chosen.sum(axis=0) + probabilities.sum(axis=0) + 1e-9)
    return float(f1.mean())


def best_macro_f1(gold: Labels, logits: Floats) -> float:
    """Return macro-F1 with the offsets that suit these labels best.

    What a member is worth where the balance of labels differs from the one it learned from.
    """
    logs = np.log(softmax(logits, _temperature(logits, gold)) + 1e-9)
    return macro_f1(gold, logs + choose_offsets(logs, gold))


def macro_f1(gold: Labels, found: Floats) -> float:
    """Return macro-F1 of the best label of each row."""
    return float(f1_score(gold, found.argmax(axis=1), average="macro", zero_division=0))
