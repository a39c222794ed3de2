"""Each fold of the texts asked of models that learned from the other folds alone (cross-fitting).

What such models say of a text can be believed: they never saw it, nor a copy of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold

from models.text import normalise
from training.augment import drop_kazakh_letters
from training.blend import together
from training.members import Lesson, Member, Places


@dataclass(frozen=True)
class Folds:
    """The texts of a lesson in parts, each of them to be left out in turn."""

    lesson: Lesson
    parts: Sequence[Places]
    """Row numbers of the texts, by part; none where every label is rare."""

    @property
    def places(self) -> Places:
        """Return the row numbers of all texts that are in a part, in order."""
        return np.sort(np.concatenate([*self.parts, np.empty(0, np.int_)]).astype(np.int_))

    def lessons(self) -> list[Lesson]:
        """Return a lesson a part: asked about the part, then about what the whole one asks."""
        return [self._without(part) for part in self.parts]

    def _without(self, part: Places) -> Lesson:
        kept: npt.NDArray[np.bool_] = np.ones(len(self.lesson.texts), dtype=bool)
        kept[part] = False
        rows = np.flatnonzero(kept)
        return replace(
            self.lesson,
            texts=[self.lesson.texts[int(row)] for row in rows],
            labels=self.lesson.labels[rows],
            asked=[*(self.lesson.texts[int(row)] for row in part), *self.lesson.asked],
            targets=None if self.lesson.targets is None else self.lesson.targets[rows],
        )

    def joined(self, lessons: Sequence[Lesson], learn: Callable[[Lesson, int], Member]) -> Member:
        """Return what is said of the texts, then of what the whole lesson asks.

        `learn` gets each of the `lessons` with its number. Rows of texts in no part are zeros; of
        what the whole lesson asks all models speak, and their probabilities are averaged.
        """
        found = [learn(lesson, number) for number, lesson in enumerate(lessons)]
        member = Member()
        for state, *said in zip(found[0].states, *(one.said for one in found), strict=True):
            texts = np.zeros((len(self.lesson.texts), self.lesson.count), np.float32)
            for part, logits in zip(self.parts, said, strict=True):
                texts[part] = logits[: len(part)]
            pairs = zip(self.parts, said, strict=True)
            asked = together([logits[len(part) :] for part, logits in pairs])
            member.add(state, np.concatenate([texts, asked]), 0.0)
        member.pace = sum(one.pace for one in found)
        return member


def folds(lesson: Lesson, count: int, seed: int, fewest: int = 0) -> Folds:
    """Return `count` parts with the same share of each label in all.

    A text and its copies, with or without Kazakh letters, are in the same part. A label with
    fewer texts than `count`, or than `fewest`, is in none: every model learns all of them.
    """
    keys = [drop_kazakh_letters(normalise(text)) for text in lesson.texts]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    groups = np.array([numbers[key] for key in keys])
    distinct = [len(np.unique(groups[lesson.labels == code])) for code in range(lesson.count)]
    parted = np.flatnonzero(np.array(distinct)[lesson.labels] >= max(fewest, count))
    if not len(parted):
        return Folds(lesson, [])
    drawn = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    split = drawn.split(parted, lesson.labels[parted], groups[parted])
    return Folds(lesson, [parted[part] for _, part in split])
