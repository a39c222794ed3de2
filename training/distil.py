"""Self-distillation: what models that never saw a text say of it, as a part of its label.

Labels of many sets are wrong now and then (stars that contradict their review, haste). A model
that learned from the other half of the texts is not bound to such a label, and says how sure one
can be of any. Furlanello et al. 2018 (https://arxiv.org/abs/1805.04770) teach a model by one of
its own kind; that the teacher has not seen the text is cross-fitting, as in label-error search.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from models.calibrate import softmax
from models.features import Floats
from training.blend import choose_blend
from training.folds import folds
from training.members import Columns, Lesson, Member, n_grams, tuned

_FEW: Final = 10
"""Texts; a label with fewer keeps them as they are: half of them would teach nothing."""


def soft_targets(
    lesson: Lesson,
    share: float,
    *,
    start: str | Path,
    epochs: int,
    beside: Columns | None,
    seed: int,
) -> Floats:
    """Return targets for the texts of a lesson, shape (texts, labels).

    `share` of a target is what n-grams and an encoder say together that learned from the other
    half of the texts, the rest is the label.
    """
    halves = folds(replace(lesson, asked=()), 2, seed, _FEW)
    certain = lesson.taught
    if not halves.parts:
        return certain
    lessons, halved = halves.lessons(), halves.places

    def grams(half: Lesson, turn: int) -> Member:
        return n_grams(half, beside, seed, f"teacher {turn + 1}, n-grams")

    def encoder(half: Lesson, turn: int) -> Member:
        return tuned(half, start, epochs, seed + turn, f"teacher {turn + 1}, encoder")

    members = [halves.joined(lessons, learn) for learn in (grams, encoder)]
    said = [one.said[one.best(lesson.labels, halved)][halved] for one in members]
    blend = choose_blend(said[0], said[1], lesson.labels[halved])
    mixed = replace(blend, offsets=np.zeros_like(blend.offsets)).scores(said[0], said[1])
    targets = certain.copy()
    targets[halved] = (1 - share) * certain[halved] + share * softmax(mixed, 1.0)
    return targets
