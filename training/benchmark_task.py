"""What a benchmark learns from, chooses on and is measured on: rows of up to three files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from training.augment import drop_kazakh_letters
from training.encoder import Labels
from training.folds import Folds, folds
from training.members import Lesson, Places, Progress
from training.tables import Table, both_keyboards


@dataclass(frozen=True)
class Turn:
    """Places in a task's `gold`: some to choose on, others to measure on."""

    chosen_on: Places
    measured_on: Places
    retyped: Places = field(default_factory=lambda: np.empty(0, np.int_))
    """What is measured on, as typed without Kazakh letters; maybe none."""


@dataclass(frozen=True)
class Task:
    """What is to be learned: labelled files, and their labels as numbers."""

    train: Table
    valid: Table | None = None
    """None: `folds` of train are chosen on, each by models that learned from the others."""
    test: Table | None = None
    """None: the halves of valid are chosen and measured on in turn."""
    seed: int = 0
    progress: Progress = lambda _what, _done, _total: None
    evidence: tuple[str, ...] = ()
    """Heads of the shipped model whose scores the n-grams get to see.

    On texts which that model has learned from, these scores would promise too much.
    """
    both_keyboards: bool = False
    """Kazakh texts are learned without their Kazakh letters too, and test is measured so too."""
    folds: int = 5
    keep_in: Path | None = None
    """A folder for what encoders say, so that a run that was stopped, or has more, goes on."""

    def __post_init__(self) -> None:
        """Refuse what cannot be chosen on and measured on, before anything is learned."""
        if len(self.codes) < 2:
            only = self.codes[0]
            raise ValueError(f"train: two labels at least are needed, there is only {only}")
        if self.valid is None and self.test is None:
            raise ValueError("neither a validation nor a test file is given")
        if self.test is None and self.valid is not None and len(self.valid.texts) < 2:
            raise ValueError("valid: two rows at least are needed where there is no test file")
        if self.valid is None and not self.parts.parts:
            raise ValueError(
                f"train: no label has {self.folds} different texts, so valid must be given"
            )
        _ = self.gold  # names a label that train lacks

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
    def learned(self) -> Table:
        """What is learned from."""
        return both_keyboards(self.train) if self.both_keyboards else self.train

    @cached_property
    def lesson(self) -> Lesson:
        """All of train to learn from, and what is not in train to be asked about."""
        asked = [text for table in (self.valid, *self._measured) if table for text in table.texts]
        labels = self.numbers(self.learned, "train")
        return Lesson(
            self.learned.texts,
            labels,
            len(self.codes),
            asked,
            keep_in=self.keep_in,
            progress=self.progress,
        )

    @property
    def _measured(self) -> Sequence[Table]:
        """The test file, and as it would be typed without Kazakh letters; none without a test."""
        if not self.test:
            return ()
        retyped = [drop_kazakh_letters(text) for text in self.test.texts]
        return [self.test, *([Table(retyped, self.test.labels)] if self.both_keyboards else [])]

    @cached_property
    def parts(self) -> Folds:
        """The folds of train; only where there is no validation file."""
        return folds(self.lesson, self.folds, self.seed)

    @property
    def lessons(self) -> Sequence[Lesson]:
        """What each model learns in its turn: all of train, or all but a fold."""
        return [self.lesson] if self.valid else self.parts.lessons()

    @cached_property
    def gold(self) -> Labels:
        """The label numbers of all that is spoken of: valid, or else train, and then test."""
        chosen = self.numbers(self.valid, "valid") if self.valid else self.lesson.labels
        return np.concatenate([chosen, *(self.numbers(one, "test") for one in self._measured)])

    @cached_property
    def turns(self) -> Sequence[Turn]:
        """What is chosen on and measured on: once, or twice, halves of valid exchanged."""
        count = len((self.valid or self.learned).texts)
        places = np.arange(len(self.gold))
        if self.test:
            chosen = places[:count]
            if not self.valid:  # as written: the retyped copies would count Kazakh twice
                chosen = self.parts.places
                chosen = chosen[chosen < len(self.train.texts)]
            end = count + len(self.test.texts)
            return [Turn(chosen, places[count:end], places[end:])]
        drawn = np.random.default_rng(self.seed).permutation(count)
        half, other = np.sort(drawn[: count // 2]), np.sort(drawn[count // 2 :])
        return [Turn(half, other), Turn(other, half)]
