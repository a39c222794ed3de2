"""The project's architecture on anybody's labelled texts: `qulaq-train benchmark`.

Two members, as in the shipped model: hashed n-grams with logistic regression, and
the pre-trained encoder, fine-tuned, more than once where that pays. Where the task is near
one of the shipped model's, the n-grams may see what that model says (`evidence`). Everything
that is chosen (penalty, epochs, how the members are mixed, an offset a label against another
balance of labels) is chosen on the validation file, and measured on the test file. Without one,
the halves of the validation file serve in turn: what is chosen on one is measured on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from models.calibrate import softmax
from models.classifier import Classifier
from models.features import Floats
from training.blend import MIXES, best_macro_f1, choose_blend, macro_f1
from training.distil import soft_targets
from training.encoder import OWN, Labels, load_encoder
from training.evidence import Evidence
from training.members import Lesson, Member, Places, Progress, n_grams, tuned
from training.tables import Table

_MANY: Final = 30_000
"""Texts from which on fewer epochs and encoders do: each costs more and brings less."""
_EPOCHS: Final = (6, 3)
_ENCODERS: Final = (4, 2)
_DISTIL: Final = (0.0, 0.6)
"""Halves of few texts teach too little to be believed."""


@dataclass(frozen=True)
class Task:
    """What is to be learned: labelled files, and their labels as numbers."""

    train: Table
    valid: Table
    test: Table | None = None
    """None: the halves of valid are chosen and measured on in turn."""
    seed: int = 0
    progress: Progress = lambda _what, _done, _total: None
    evidence: tuple[str, ...] = ()
    """Heads of the shipped model whose scores the n-grams get to see.

    On texts which that model has learned from, these scores would promise too much.
    """

    @cached_property
    def codes(self) -> list[str]:
        """The labels of train, in alphabetical order."""
        return sorted(set(self.train.labels))

    def numbers(self, table: Table, name: str) -> Labels:
        """Return the label numbers of a file; raise `ValueError` for one that train lacks."""
        if unknown := set(table.labels) - set(self.codes):
            raise ValueError(f"{name}: labels that train lacks: {', '.join(sorted(unknown))}")
        return np.array([self.codes.index(label) for label in table.labels])

    @cached_property
    def learned(self) -> Labels:
        """The label numbers of train."""
        return self.numbers(self.train, "train")

    @cached_property
    def texts(self) -> list[str]:
        """What is chosen and measured on: the texts of valid, then those of test."""
        return [*self.valid.texts, *(self.test.texts if self.test else ())]

    @cached_property
    def gold(self) -> Labels:
        """The label numbers of `texts`."""
        known = self.numbers(self.valid, "valid")
        return np.concatenate([known, self.numbers(self.test, "test")]) if self.test else known

    def turns(self) -> list[tuple[Places, Places]]:
        """Return the places in `texts` to choose on and to measure on, of one turn or of two.

        Raise `ValueError` where valid is too small to be halved.
        """
        count = len(self.valid.texts)
        if self.test:
            places = np.arange(len(self.texts))
            return [(places[:count], places[count:])]
        if count < 2:
            raise ValueError("valid: two rows at least are needed where there is no test file")
        places = np.random.default_rng(self.seed).permutation(count)
        halves = np.sort(places[: count // 2]), np.sort(places[count // 2 :])
        return [halves, halves[::-1]]


def benchmark(
    task: Task,
    *,
    starts: Sequence[str | Path] = (OWN,),
    epochs: int | None = None,
    encoders: int | None = None,
    distil: float | None = None,
) -> dict[str, Any]:
    """Return macro-F1, accuracy, figures by label and texts a second on test, and the choices.

    `starts` are folders or names that `transformers` can load, by default our own; `encoders`
    are fine-tuned, from each of them in turn, at least once, and what these say is averaged.
    With 0 `epochs` none is, and the n-grams answer alone. `distil` is the share of their targets
    that is not the label but what models say that never saw the text (`soft_targets`).
    By default four encoders take 6 epochs by the labels alone; from 30,000 texts on, two take 3,
    and `distil` is 0.6.

    Without a test file macro-F1 and accuracy are the means of both `halves`. Raise `ValueError`
    for a label of valid or test that train lacks.
    """
    turns, gold, many = task.turns(), task.gold, len(task.learned) >= _MANY
    epochs = _EPOCHS[many] if epochs is None else epochs
    encoders = _ENCODERS[many] if encoders is None else encoders
    distil = _DISTIL[many] if distil is None else distil
    if len(task.codes) < 2:
        raise ValueError(f"train: two labels at least are needed, there is only {task.codes[0]}")
    for start in starts:  # first, so that a wrong name is known at once
        load_encoder(start)
    texts, heads = task.train.texts, task.evidence
    evidence = Evidence.measured(Classifier.load(), heads, texts) if heads else None
    lesson = Lesson(texts, task.learned, len(task.codes), task.texts, progress=task.progress)
    grams = n_grams(lesson, evidence, task.seed)
    if epochs and distil:
        targets = soft_targets(
            lesson, distil, start=starts[0], epochs=epochs, beside=evidence, seed=task.seed
        )
        lesson = replace(lesson, targets=targets)
    numbers = range(max(encoders, len(starts)) if epochs else 0)
    encoded = [
        tuned(lesson, starts[n % len(starts)], epochs, task.seed + n, f"encoder {n + 1}")
        for n in numbers
    ]
    seconds = grams.seconds + sum(one.seconds for one in encoded)
    more = {"texts_per_second": round(len(gold) / seconds, 1)}
    found = [_measured(task, grams, encoded, *turn) for turn in turns]
    if task.test:
        return found[0] | more
    means = {key: round(float(np.mean([one[key] for one in found])), 4) for key in _MEANS}
    return means | more | {"halves": found}


_MEANS: Final = ("macro_f1", "accuracy")


def _measured(
    task: Task, grams: Member, encoded: Sequence[Member], chosen_on: Places, measured_on: Places
) -> dict[str, Any]:
    """Return the figures at some places, everything chosen at others."""
    gold = task.gold
    best = grams.best(gold, chosen_on)
    picked = [(one, one.best(gold, chosen_on)) for one in encoded]
    said = [one.said[state] for one, state in picked]
    members = grams.said[best], _together(said) if said else np.zeros_like(grams.said[best])

    def at(places: Places) -> tuple[Floats, Floats]:
        return members[0][places], members[1][places]

    blend = choose_blend(*at(chosen_on), gold[chosen_on], MIXES if said else (0.0,))
    blended = macro_f1(gold[chosen_on], blend.scores(*at(chosen_on)))
    alone = [best_macro_f1(gold[chosen_on], one) for one in at(chosen_on)]
    offsets = np.round(blend.offsets.astype(np.float64), 2).tolist()
    return _figures(gold[measured_on], blend.scores(*at(measured_on)), task.codes) | {
        "rows": {
            "train": len(task.learned),
            "valid": len(chosen_on),
            "test": len(measured_on),
        },
        "valid_macro_f1": {
            "blend": round(blended, 4),
            "n_grams": round(alone[0], 4),
            "encoder": round(alone[1], 4) if said else None,
        },
        "chosen": {
            "penalty": grams.states[best],
            "epochs": [one.states[state] for one, state in picked],
            "encoder_share": round(blend.mix, 2),
            "temperatures": list(blend.temperatures),
            "offsets": dict(zip(task.codes, offsets, strict=True)),
        },
    }


def _together(said: Sequence[Floats]) -> Floats:
    """Return the logarithms of the mean of the encoders' probabilities."""
    mean = np.mean([softmax(one, 1.0) for one in said], axis=0)
    logs: Floats = np.log(mean + 1e-9).astype(np.float32)
    return logs


def _figures(gold: Labels, found: Floats, codes: Sequence[str]) -> dict[str, Any]:
    guess = found.argmax(axis=1)
    table = precision_recall_fscore_support(gold, guess, labels=range(len(codes)), zero_division=0)
    return {
        "macro_f1": round(macro_f1(gold, found), 4),
        "accuracy": round(float(accuracy_score(gold, guess)), 4),
        "per_label": {
            code: {
                "precision": round(float(table[0][place]), 4),
                "recall": round(float(table[1][place]), 4),
                "f1": round(float(table[2][place]), 4),
                "rows": int(table[3][place]),
            }
            for place, code in enumerate(codes)
        },
    }
