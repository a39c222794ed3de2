"""What the encoder is taught, drawn anew for every epoch.

Kazakh rows come in the shapes they arrive in (Latin letters in several habits, Russian letters
only), some rows with a typing error, and with some of their tokens hidden.
"""

from __future__ import annotations

import multiprocessing
import os
import random
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from models.labels import HEADS
from training import meaning
from training.accelerator import has_gpu
from training.encoder import Reader
from training.examples import Example, vary
from training.meaning import Retold
from training.recipe import FineTuning
from training.teaching import Teachers

UNKNOWN: Final = -1
"""Number of the label of a head that a text does not know."""
_DRAWERS: Final = 6
"""Processes that draw epochs ahead of a GPU."""


@dataclass(frozen=True)
class Lessons:
    """What the encoder is taught: texts with labels, texts that say the same, and by whom."""

    labelled: Sequence[Example]
    retold: Sequence[Retold] = ()
    teachers: Teachers | None = None


@dataclass(frozen=True)
class Batch:
    """Texts as token numbers, and what is known of them."""

    coded: Sequence[Sequence[int]]
    shown: Sequence[Sequence[int]]
    """The same with some tokens hidden."""
    claims: int = 0
    """How many claims these are with their retellings; 0: they are labelled texts."""
    gold: npt.NDArray[np.int64] | None = None
    """Label numbers, shape (texts, heads)."""
    barred: npt.NDArray[np.bool_] | None = None
    """Labels that the source of a text could not choose, shape (texts, COLUMNS)."""


@dataclass(frozen=True)
class Draw:
    """Draws the batches of an epoch."""

    lessons: Lessons
    reader: Reader
    settings: FineTuning
    seed: int

    def batches(self, epoch: int) -> list[Batch]:
        """Return an epoch's batches, shuffled: rows by their weight, and claims retold."""
        chance = random.Random(f"{self.seed}-{epoch}")  # noqa: S311
        # A weight is how often an example is drawn, on average: weak sets cost little time.
        rows = [
            vary(example, self.settings, chance)
            for example in self.lessons.labelled
            for _ in range(int(example.weight + chance.random()))
        ]
        coded = self.reader.read([row.text for row in rows])
        shown = self.reader.hide(coded, self.settings.hidden, chance)
        drawn = [
            Batch(
                [coded[row] for row in group],
                [shown[row] for row in group],
                gold=_gold([rows[row] for row in group]),
                barred=_barred([rows[row] for row in group]),
            )
            for group in self.reader.groups(coded, self.settings.tokens, chance)
        ]
        for _ in range(self.settings.retellings):
            for claims, texts in meaning.batches(self.lessons.retold, self.settings, chance):
                read = self.reader.read(texts)
                drawn.append(Batch(read, read, claims))
        chance.shuffle(drawn)
        return drawn


def _gold(rows: Sequence[Example]) -> npt.NDArray[np.int64]:
    return np.array(
        [
            [
                codes.index(row.labels[head]) if head in row.labels else UNKNOWN
                for head, codes in HEADS.items()
            ]
            for row in rows
        ],
        dtype=np.int64,
    )


def _barred(rows: Sequence[Example]) -> npt.NDArray[np.bool_] | None:
    if not any(row.among for row in rows):
        return None
    return np.array(
        [
            [
                code not in row.among.get(head, codes)
                for head, codes in HEADS.items()
                for code in codes
            ]
            for row in rows
        ]
    )


def epochs_of(draw: Draw, epochs: int) -> Iterator[list[Batch]]:
    """Yield the batches of every epoch; beside a GPU other processes draw them ahead."""
    if not has_gpu():
        yield from map(draw.batches, range(epochs))
        return
    drawers = min(_DRAWERS, epochs, os.cpu_count() or 1)
    fork = multiprocessing.get_context("fork")  # what is drawn from is large, and not sent
    with ProcessPoolExecutor(drawers, fork, _remember, (draw,)) as pool:
        coming = iter(range(epochs))
        ahead = deque(pool.submit(_recall, epoch) for epoch in islice(coming, drawers))
        while ahead:
            yield ahead.popleft().result()
            ahead.extend(pool.submit(_recall, epoch) for epoch in islice(coming, 1))


_remembered: list[Draw] = []


def _remember(draw: Draw) -> None:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _remembered.append(draw)


def _recall(epoch: int) -> list[Batch]:
    return _remembered[-1].batches(epoch)
