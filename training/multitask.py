"""One encoder for all heads: fine-tuning on texts that each know some of them.

Between their batches come batches of claims and retellings, which teach it to tell alike what
says the same (`meaning`). Where there are teachers, it learns their opinion, too (`teaching`).

Under `torchrun` the batches are shared out among the processes; where a GPU or
processor multiplies bfloat16, the forward pass runs in that.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch
import torch.distributed as dist
from torch.optim.lr_scheduler import LambdaLR
from transformers import PreTrainedModel

from models.fast import COLUMNS
from training.accelerator import device, has_gpu
from training.descent import adamw, descend, falling
from training.encoder import Reader, TextEncoder, set_dropout
from training.head_loss import Kind, Loss
from training.lessons import Draw, Lessons, epochs_of
from training.meaning import WIDTH
from training.recipe import FineTuning
from training.replayed import Replayed, multiple_here

Progress = Callable[[int, int, float], None]
"""Gets steps done, steps in all, and the loss of late."""

_LOG_EVERY: Final = 20
"""Steps; a loss that is looked at holds a GPU up."""


def fine_tune_heads(
    body: PreTrainedModel,
    reader: Reader,
    lessons: Lessons,
    settings: FineTuning,
    *,
    seed: int,
    head: Mapping[str, torch.Tensor] | None = None,
    progress: Progress = lambda _done, _total, _loss: None,
) -> TextEncoder:
    """Return an encoder that scores every label of every head, on the device it was trained on.

    Beside the labels it gives `WIDTH` numbers that lie close for texts that say the same.
    Labels of a head are balanced by the square root of their frequency. `head`: the layer on top
    to go on from. Of several processes (`torchrun`) all return the same weights.
    """
    torch.manual_seed(seed)
    rank, world = _processes()
    if has_gpu():
        torch.cuda.set_device(rank % torch.cuda.device_count())
    model = TextEncoder(body, COLUMNS + WIDTH).to(device())
    if head:
        model.out.load_state_dict(dict(head))
    set_dropout(model, settings.dropout)
    trained: Any = torch.nn.parallel.DistributedDataParallel(model) if world > 1 else model
    losses, recent = Loss(lessons, settings), []
    optimizer = adamw(  # the new layer learns faster than the body
        (model.body.parameters(), settings.rate),
        (model.out.parameters(), settings.rate * settings.head_rate),
    )

    def learn(kind: Kind, *tensors: torch.Tensor) -> torch.Tensor:
        return descend(losses.of(kind, trained, *tensors), model, optimizer)

    learned = Replayed(learn, recorded=world == 1)
    schedule: LambdaLR | None = None
    done, total, late = 0, 1, 0.0
    for drawn in epochs_of(Draw(lessons, reader, settings, seed, multiple_here()), settings.epochs):
        if schedule is None:  # epochs are as long as each other but for a few batches
            total = max(1, len(drawn) // world * settings.epochs)
            schedule = falling(optimizer, total)
        for batch in drawn[rank : len(drawn) // world * world : world]:
            recent.append(learned(losses.kind(batch), *batch.tensors()))
            schedule.step()
            done += 1
            if done % _LOG_EVERY == 0:
                late = float(torch.stack(recent).mean())
                recent.clear()
            progress(min(done, total), total, late)
    return model.eval()


def _processes() -> tuple[int, int]:
    """Return this process's number and how many train together, as `torchrun` says."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if has_gpu() else "gloo")
    return int(os.environ.get("RANK", "0")), world
