"""The project's architecture on anybody's labelled texts: `qulaq-train benchmark`.

Two members, as in the shipped model: hashed n-grams with logistic regression, and
the pre-trained encoder, fine-tuned, more than once where that pays. Where the task is near
one of the shipped model's, the n-grams may see what that model says (`evidence`). Everything
that is chosen (penalty, epochs, how the members are mixed, an offset a label against another
balance of labels) is chosen on the validation file, and measured on the test file. Without a
test file, the halves of the validation file serve in turn: what is chosen on one is measured on
the other. Without a validation file, folds of train are chosen on, each by what models say that
learned from the others; test is answered by all of these models together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from models.classifier import Classifier
from models.features import Floats
from training.benchmark_task import Task, Turn
from training.blend import MIXES, best_macro_f1, choose_blend, macro_f1, together
from training.distil import soft_targets
from training.encoder import OWN, Labels, load_encoder
from training.evidence import Evidence
from training.members import Lesson, Member, Places, n_grams, tuned

_MANY: Final = 30_000
"""Texts from which on fewer epochs and encoders do: each costs more and brings less."""
_EPOCHS: Final = (6, 3)
_ENCODERS: Final = (4, 2)
_DISTIL: Final = (0.0, 0.6)
"""Halves of few texts teach too little to be believed."""


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
    are fine-tuned, from each of them in turn, at least once, and what these say is averaged;
    without a validation file, so many a fold.
    With 0 `epochs` none is, and the n-grams answer alone. `distil` is the share of their targets
    that is not the label but what models say that never saw the text (`soft_targets`).
    By default four encoders (one a start and fold) take 6 epochs by the labels alone; from 30,000
    texts on, two take 3, and `distil` is 0.6.

    Without a test file macro-F1 and accuracy are the means of both `halves`. Raise `ValueError`
    for a label of valid or test that train lacks.
    """
    many = len(task.lesson.texts) >= _MANY
    epochs = _EPOCHS[many] if epochs is None else epochs
    if encoders is None:
        encoders = _ENCODERS[many] if task.valid else 1
    distil = _DISTIL[many] if distil is None else distil
    for start in starts:  # first, so that a wrong name is known at once
        load_encoder(start)
    heads, seed = task.evidence, task.seed
    evidence = Evidence.measured(Classifier.load(), heads, task.lesson.texts) if heads else None
    lessons = task.lessons
    grams = _said(task, lessons, lambda one, _: n_grams(one, evidence, seed))
    if epochs and distil:

        def taught(one: Lesson) -> Lesson:
            targets = soft_targets(
                one, distil, start=starts[0], epochs=epochs, beside=evidence, seed=seed
            )
            return replace(one, targets=targets)

        lessons = [taught(one) for one in lessons]
    encoded: list[Member] = []
    for number in range(max(encoders, len(starts)) if epochs else 0):

        def encoder(lesson: Lesson, fold: int, number: int = number) -> Member:
            name = f"encoder {number * len(lessons) + fold + 1}"
            start = starts[number % len(starts)]
            return tuned(lesson, start, epochs, seed + number * len(lessons) + fold, name)

        encoded.append(_said(task, lessons, encoder))
    pace = grams.pace + sum(one.pace for one in encoded)
    more: dict[str, Any] = {"texts_per_second": round(1 / pace, 1)}
    if not task.valid:
        more["folds"] = task.folds
    found = [_measured(task, grams, encoded, turn) for turn in task.turns]
    if task.test:
        return found[0] | more
    means = {key: round(float(np.mean([one[key] for one in found])), 4) for key in _MEANS}
    return means | more | {"halves": found}


_MEANS: Final = ("macro_f1", "accuracy")


def _said(task: Task, lessons: Sequence[Lesson], learn: Callable[[Lesson, int], Member]) -> Member:
    """Return what a member says of the places of a task's `gold`."""
    return learn(lessons[0], 0) if task.valid else task.parts.joined(lessons, learn)


def _measured(task: Task, grams: Member, encoded: Sequence[Member], turn: Turn) -> dict[str, Any]:
    """Return the figures at some places, everything chosen at others."""
    gold, chosen_on = task.gold, turn.chosen_on
    best = grams.best(gold, chosen_on)
    picked = [(one, one.best(gold, chosen_on)) for one in encoded]
    said = [one.said[state] for one, state in picked]
    members = grams.said[best], together(said) if said else np.zeros_like(grams.said[best])

    def at(places: Places) -> tuple[Floats, Floats]:
        return members[0][places], members[1][places]

    blend = choose_blend(*at(chosen_on), gold[chosen_on], MIXES if said else (0.0,))

    def figures(places: Places) -> dict[str, Any]:
        return _figures(gold[places], blend.scores(*at(places)), task.codes)

    blended = macro_f1(gold[chosen_on], blend.scores(*at(chosen_on)))
    alone = [best_macro_f1(gold[chosen_on], one) for one in at(chosen_on)]
    offsets = np.round(blend.offsets.astype(np.float64), 2).tolist()
    retyped = {"without_kazakh_letters": figures(turn.retyped)} if len(turn.retyped) else {}
    return (
        figures(turn.measured_on)
        | retyped
        | {
            "rows": {
                "train": len(task.lesson.texts),
                "valid": len(chosen_on),
                "test": len(turn.measured_on),
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
    )


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
