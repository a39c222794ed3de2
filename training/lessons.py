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
from itertools import cycle, islice
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from models.fast import COLUMNS, head_slices
from models.labels import HEADS
from training import meaning
from training.accelerator import has_gpu
from training.encoder import Reader
from training.examples import Example, vary
from training.meaning import Retold
from training.recipe import FineTuning
from training.teaching import Teachers

Ints = npt.NDArray[np.int64]

UNKNOWN: Final = -1
"""Number of the label of a head that a text does not know."""
_CLAIM_ROWS: Final = 16
"""Texts of a batch of claims are rounded up to it where lengths are rounded, too."""
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
    """Texts as token numbers, shape (texts, tokens), and what is known of them."""

    whole: Ints
    shown: Ints
    """The same with some tokens hidden."""
    present: Ints
    """1 where there is a token, 0 where there is padding."""
    gold: Ints
    """Label numbers, shape (texts, heads)."""
    barred: npt.NDArray[np.bool_]
    """Labels that the source of a text could not choose, shape (texts, COLUMNS)."""
    claims: int = 0
    """How many claims these are with their retellings; 0: they are labelled texts."""

    def tensors(self) -> tuple[torch.Tensor, ...]:
        """Return the arrays in order."""
        arrays = (self.whole, self.shown, self.present, self.gold, self.barred)
        return tuple(map(torch.from_numpy, arrays))


@dataclass(frozen=True)
class Draw:
    """Draws the batches of an epoch."""

    lessons: Lessons
    reader: Reader
    settings: FineTuning
    seed: int
    multiple: int = 1
    """What the lengths of texts are rounded up to (`Reader.groups`)."""

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
            self._batch(
                [rows[row] for row in group],
                [coded[row] for row in group],
                [shown[row] for row in group],
            )
            for group in self.reader.groups(coded, self.settings.tokens, chance, self.multiple)
        ]
        for _ in range(self.settings.retellings):
            for claims, texts in meaning.batches(self.lessons.retold, self.settings, chance):
                drawn.append(self._retold(claims, texts))
        chance.shuffle(drawn)
        return drawn

    def _retold(self, claims: int, texts: list[str]) -> Batch:
        """Return a batch of claims; what looks like them is repeated up to a round number."""
        near = texts[2 * claims :]
        if near and self.multiple > 1:
            texts = [*texts, *islice(cycle(near), -len(texts) % _CLAIM_ROWS)]
        read = self.reader.read(texts)
        return self._batch([Example(text, {}, 1.0) for text in texts], read, read, claims)

    def _batch(
        self,
        rows: Sequence[Example],
        coded: Sequence[Sequence[int]],
        shown: Sequence[Sequence[int]],
        claims: int = 0,
    ) -> Batch:
        whole, present = self.reader.padded(coded, self.multiple)
        hidden, _ = self.reader.padded(shown, self.multiple)
        return Batch(
            whole.numpy(), hidden.numpy(), present.numpy(), _gold(rows), _barred(rows), claims
        )


def _gold(rows: Sequence[Example]) -> Ints:
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


def _barred(rows: Sequence[Example]) -> npt.NDArray[np.bool_]:
    barred = np.zeros((len(rows), COLUMNS), dtype=np.bool_)
    for place, row in enumerate(rows):
        for head, among in row.among.items():
            barred[place, head_slices()[head]] = [code not in among for code in HEADS[head]]
    return barred


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
