"""One encoder for all heads: fine-tuning on texts that each know some of them.

Between their batches come batches of claims and retellings, which teach it to tell alike what
says the same (`meaning`). Where there are teachers, it learns their opinion, too (`teaching`).

Under `torchrun` the batches are shared out among the processes; on a GPU the forward pass runs
in bfloat16.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch
import torch.distributed as dist
from transformers import PreTrainedModel

from models.fast import COLUMNS
from training.accelerator import device, has_gpu
from training.encoder import Reader, TextEncoder, set_dropout
from training.head_loss import Loss
from training.lessons import Draw, Lessons, epochs_of
from training.meaning import WIDTH
from training.recipe import FineTuning
from training.replayed import MULTIPLE, Replayed, adamw

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
    Labels of a head are balanced by the square root of their frequency. `head` is the layer on
    top to go on from, if there is one. With several processes (`torchrun`) all of them return
    the same weights.
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
    optimizer = adamw(_groups(model, settings))

    def learn(kind: str, *tensors: torch.Tensor) -> torch.Tensor:
        loss = losses.of(kind, trained, *tensors)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.detach()

    learned = Replayed(learn, recorded=world == 1)
    schedule: torch.optim.lr_scheduler.LambdaLR | None = None
    done, total, late = 0, 1, 0.0
    multiple = MULTIPLE if has_gpu() else 1
    for drawn in epochs_of(Draw(lessons, reader, settings, seed, multiple), settings.epochs):
        if schedule is None:  # epochs are as long as each other but for a few batches
            total = max(1, len(drawn) // world * settings.epochs)
            schedule = _falling(optimizer, total)
        for batch in drawn[rank : len(drawn) // world * world : world]:
            recent.append(learned(losses.kind(batch), *batch.tensors()))
            schedule.step()
            done += 1
            if done % _LOG_EVERY == 0:
                late = float(torch.stack(recent).mean())
                recent.clear()
            progress(min(done, total), total, late)
    return model.eval()


def _falling(optimizer: Any, total: int) -> torch.optim.lr_scheduler.LambdaLR:
    """Let the rates rise over the first steps and then fall to nothing."""
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: max(0.0, min((step + 1) / (0.06 * total), 1 - step / total))
    )


def _processes() -> tuple[int, int]:
    """Return this process's number and how many train together, as `torchrun` says."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if has_gpu() else "gloo")
    return int(os.environ.get("RANK", "0")), world


def _groups(model: TextEncoder, settings: FineTuning) -> list[dict[str, Any]]:
    """Return the parameters with their rates: the new layer learns faster than the body."""
    return [
        {"params": list(model.body.parameters()), "lr": settings.rate},
        {"params": list(model.out.parameters()), "lr": settings.rate * settings.head_rate},
    ]
