"""Self-distillation: what models that never saw a text say of it, as a part of its label.

Labels of many sets are wrong now and then (stars that contradict their review, haste). A model
that learned from the other half of the texts is not bound to such a label, and says how sure one
can be of any. Furlanello et al. 2018 (https://arxiv.org/abs/1805.04770) teach a model by one of
its own kind; that the teacher has not seen the text is cross-fitting, as in label-error search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

from models.calibrate import softmax
from models.features import Floats
from models.text import normalise
from training.augment import drop_kazakh_letters
from training.blend import choose_blend
from training.members import Columns, Lesson, Member, Places, n_grams, tuned

_FEW: Final = 10
"""Texts; a label with fewer cannot be halved: all its texts are learned, and keep their label."""


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
    halved, parts = halves(lesson, seed)
    certain = lesson.taught
    if not parts:
        return certain

    def second_opinion(learn: Callable[[Lesson, int], Member]) -> Member:
        both = [learn(_without(lesson, asked), turn) for turn, asked in enumerate(parts)]
        found = Member()
        for state, *said in zip(both[0].states, *(one.said for one in both), strict=True):
            whole = np.zeros_like(certain)
            for asked, logits in zip(parts, said, strict=True):
                whole[asked] = logits
            found.add(state, whole, 0.0)
        return found

    grams = second_opinion(lambda half, turn: n_grams(half, beside, seed, _named(turn, "n-grams")))
    encoder = second_opinion(
        lambda half, turn: tuned(half, start, epochs, seed + turn, _named(turn, "encoder"))
    )
    said = [one.said[one.best(lesson.labels, halved)][halved] for one in (grams, encoder)]
    blend = choose_blend(said[0], said[1], lesson.labels[halved])
    mixed = replace(blend, offsets=np.zeros_like(blend.offsets)).scores(said[0], said[1])
    targets = certain.copy()
    targets[halved] = (1 - share) * certain[halved] + share * softmax(mixed, 1.0)
    return targets


def _named(turn: int, member: str) -> str:
    return f"teacher {turn + 1}, {member}"


def halves(lesson: Lesson, seed: int) -> tuple[Places, list[Places]]:
    """Return the places of all texts that are halved, and those of each half; maybe none.

    A text and its copy, with or without Kazakh letters, are in the same half.
    """
    keys = [drop_kazakh_letters(normalise(text)) for text in lesson.texts]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    groups = np.array([numbers[key] for key in keys])
    distinct = [len(np.unique(groups[lesson.labels == code])) for code in range(lesson.count)]
    halved = np.flatnonzero(np.array(distinct)[lesson.labels] >= _FEW)
    if not len(halved):
        return halved, []
    folds = StratifiedGroupKFold(2, shuffle=True, random_state=seed)
    split = folds.split(halved, lesson.labels[halved], groups[halved])
    return halved, [halved[asked] for _, asked in split]


def _without(lesson: Lesson, asked: Places) -> Lesson:
    """Return the lesson that learns from all texts but those, and is asked about them."""
    kept: npt.NDArray[np.bool_] = np.ones(len(lesson.texts), dtype=bool)
    kept[asked] = False
    rows = np.flatnonzero(kept)
    return Lesson(
        [lesson.texts[int(row)] for row in rows],
        lesson.labels[rows],
        lesson.count,
        [lesson.texts[int(row)] for row in asked],
        progress=lesson.progress,
    )
