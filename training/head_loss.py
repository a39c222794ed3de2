"""What an encoder loses on a batch: by its labels, by its teachers' opinion, by likeness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from models.fast import COLUMNS, head_slices
from models.labels import HEADS
from training import meaning
from training.accelerator import device, half_precision
from training.encoder import Reader
from training.examples import Example
from training.lessons import UNKNOWN, Batch, Lessons
from training.recipe import FineTuning
from training.teaching import taught_loss

Floats = npt.NDArray[np.float32]

_IMPOSSIBLE: Final = -1e4
_SMOOTHING: Final = 0.05


class Loss:
    """What an encoder loses on a batch."""

    def __init__(self, lessons: Lessons, reader: Reader, settings: FineTuning) -> None:
        self._teachers = lessons.teachers
        self._reader = reader
        self._settings = settings
        self._lift = {
            head: torch.from_numpy(of).to(device())
            for head, of in _balance(lessons.labelled).items()
        }

    def of(self, batch: Batch, model: Any) -> torch.Tensor:
        """Return the loss of a model's outputs for a batch; it runs the model once."""
        teachers, settings = self._teachers, self._settings
        ids, present = (part.to(device()) for part in self._reader.padded(batch.shown))
        if batch.claims:
            return meaning.loss_of(batch.claims, self._said(model, ids, present))
        if teachers is None:
            return self._of_labels(batch, self._said(model, ids, present))
        whole = self._reader.padded(batch.coded)[0].to(device())
        if teachers.writer is not None and torch.rand(()) < settings.rewritten:
            whole = teachers.rewritten(whole, self._reader, settings.replaced)
            said = self._said(model, whole, present)
            return taught_loss(said, teachers.opinions(whole, present))
        said = self._said(model, ids, present)
        taught = taught_loss(said, teachers.opinions(whole, present))
        return settings.taught * taught + (1 - settings.taught) * self._of_labels(batch, said)

    @staticmethod
    def _said(model: Any, ids: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        with half_precision():
            outputs: torch.Tensor = model(ids, present)
        return outputs.float()

    def _of_labels(self, batch: Batch, logits: torch.Tensor) -> torch.Tensor:
        """Return the mean over the rows of what their known heads lose."""
        if batch.gold is None:
            raise ValueError("a batch without labels")
        total = logits.new_zeros(())
        gold = torch.from_numpy(batch.gold).to(logits.device)
        barred = batch.barred
        if barred is not None:
            bars = torch.from_numpy(barred).to(logits.device)
            logits = logits[:, :COLUMNS].masked_fill(bars, _IMPOSSIBLE)
        for place, (head, columns) in enumerate(head_slices().items()):
            if (batch.gold[:, place] == UNKNOWN).all():
                continue
            # It would reward the labels that are barred.
            smooth = barred is None or not barred[:, columns].any()
            losses = torch.nn.functional.cross_entropy(
                logits[:, columns],
                gold[:, place],
                weight=self._lift[head],
                reduction="none",
                ignore_index=UNKNOWN,
                label_smoothing=_SMOOTHING if smooth else 0.0,
            )
            total = total + losses.sum() / len(gold)
        return total


def _balance(known: Sequence[Example]) -> dict[str, Floats]:
    """Return what every label of a head counts, 1 on average over the examples."""
    lift = {}
    for head, codes in HEADS.items():
        total = dict.fromkeys(codes, 0.0)
        for example in known:
            if head in example.labels:
                total[example.labels[head]] += example.weight
        count = np.array([max(total[code], 1.0) for code in codes])
        of = (count.sum() / (len(codes) * count)) ** 0.5
        lift[head] = (of * count.sum() / (of * count).sum()).astype(np.float32)
    return lift
