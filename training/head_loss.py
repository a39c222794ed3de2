"""What an encoder loses on a batch: by its labels, by its teachers' opinion, by likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from models.fast import head_slices
from models.labels import HEADS
from training import meaning
from training.accelerator import device, half_precision
from training.examples import Example
from training.lessons import UNKNOWN, Batch, Lessons
from training.recipe import FineTuning
from training.teaching import taught_loss

Floats = npt.NDArray[np.float32]

_IMPOSSIBLE: Final = -1e4
_SMOOTHING: Final = 0.05


Kind = tuple[str, int]
"""How a batch is learned ("labels", "taught", "rewritten", "claims"), and its number of claims."""


class Loss:
    """What an encoder loses on a batch."""

    def __init__(self, lessons: Lessons, settings: FineTuning) -> None:
        self._teachers = lessons.teachers
        self._settings = settings
        self._taught = [head for head in HEADS if head not in settings.relabelled]
        self.lift = {
            head: torch.from_numpy(of).to(device())
            for head, of in _balance(lessons.labelled).items()
        }

    def kind(self, batch: Batch) -> Kind:
        """Return how a batch is to be learned; by chance it is rewritten for the teachers."""
        if batch.claims:
            return "claims", batch.claims
        if self._teachers is None:
            return "labels", 0
        rewritten = self._teachers.writer is not None and self._settings.rewritten
        return "rewritten" if torch.rand(()) < rewritten else "taught", 0

    def of(self, kind: Kind, model: torch.nn.Module, *tensors: torch.Tensor) -> torch.Tensor:
        """Return the loss of a model's outputs for a batch's tensors; it runs the model once."""
        (name, claims), (whole, shown, present, gold, barred) = kind, tensors
        if name == "claims":
            return meaning.loss_of(claims, self._said(model, whole, present))
        teachers, settings = self._teachers, self._settings
        if teachers is None:
            return self._of_labels(self._said(model, shown, present), gold, barred, {})
        if name == "rewritten":
            made = teachers.rewritten(whole, present, settings.replaced)
            said = self._said(model, made, present)
            return taught_loss(said, teachers.opinions(made, present), self._taught)
        said = self._said(model, shown, present)
        taught = taught_loss(said, teachers.opinions(whole, present), self._taught)
        by_labels = self._of_labels(
            said, gold, barred, dict.fromkeys(self._taught, 1 - settings.taught)
        )
        return settings.taught * taught + by_labels

    @staticmethod
    def _said(model: torch.nn.Module, ids: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        with half_precision(model):
            outputs: torch.Tensor = model(ids, present)
        return outputs.float()

    def _of_labels(
        self,
        logits: torch.Tensor,
        gold: torch.Tensor,
        barred: torch.Tensor,
        shares: Mapping[str, float],
    ) -> torch.Tensor:
        """Return the mean over the rows of what their known heads lose, each by its share or 1."""
        total = logits.new_zeros(())
        for place, (head, columns) in enumerate(head_slices().items()):
            lift, bars, label = self.lift[head], barred[:, columns], gold[:, place]
            logs = torch.log_softmax(logits[:, columns].masked_fill(bars, _IMPOSSIBLE), dim=-1)
            right = torch.nn.functional.nll_loss(
                logs, label, weight=lift, reduction="none", ignore_index=UNKNOWN
            )
            # Smoothing would reward the labels that are barred.
            smooth = _SMOOTHING * (label != UNKNOWN) * ~bars.any(dim=1)
            spread = -(logs * lift).mean(dim=-1)
            lost = ((1 - smooth) * right + smooth * spread).sum() / len(gold)
            total = total + shares.get(head, 1.0) * lost
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
