"""One encoder for all heads: fine-tuning on texts that each know some of them.

Between their batches come batches of claims and retellings, which teach it to tell alike what
says the same (`meaning`).

Every epoch draws Kazakh rows anew in the shapes they arrive in (Latin letters in several
habits, Russian letters only) and some rows with a typing error. Under `torchrun` the
batches are shared out among the processes; on a GPU the forward pass runs in bfloat16.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
import torch.distributed as dist
from transformers import PreTrainedModel

from models.fast import COLUMNS, head_slices
from models.labels import HEADS
from training import meaning
from training.encoder import Reader, TextEncoder, set_dropout
from training.examples import Example, vary
from training.meaning import WIDTH, Retold
from training.recipe import FineTuning

Floats = npt.NDArray[np.float32]
Progress = Callable[[int, int, float], None]
"""Gets steps done, steps in all, and the loss of late."""

_UNKNOWN: Final = -1
_IMPOSSIBLE: Final = -1e4
_SMOOTHING: Final = 0.05


@dataclass(frozen=True)
class Lessons:
    """What the encoder is taught: texts with labels, and texts that say the same."""

    labelled: Sequence[Example]
    retold: Sequence[Retold] = ()


def fine_tune_heads(
    body: PreTrainedModel,
    reader: Reader,
    lessons: Lessons,
    settings: FineTuning,
    *,
    seed: int,
    progress: Progress = lambda _done, _total, _loss: None,
) -> TextEncoder:
    """Return an encoder that scores every label of every head, on the device it was trained on.

    Beside the labels it gives `WIDTH` numbers that lie close for texts that say the same.
    Labels of a head are balanced by the square root of their frequency. With several
    processes (`torchrun`) all of them return the same weights.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311
    rank, world = _processes()
    device = torch.device("cuda", rank % torch.cuda.device_count()) if _has_gpu() else "cpu"
    model = TextEncoder(body, COLUMNS + WIDTH).to(device)
    set_dropout(model, settings.dropout)
    trained: Any = torch.nn.parallel.DistributedDataParallel(model) if world > 1 else model
    draw = partial(_drawn, lessons, reader, settings, _balance(lessons.labelled))
    optimizer = torch.optim.AdamW(_groups(model, settings), weight_decay=0.01, fused=True)
    per_epoch = len(draw(random.Random(seed)))  # noqa: S311
    total = max(1, per_epoch // world * settings.epochs)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: max(0.0, min((step + 1) / (0.06 * total), 1 - step / total))
    )
    done, late = 0, 0.0
    for _epoch in range(settings.epochs):
        batches = draw(chance)
        for coded, loss_of in batches[rank : len(batches) // world * world : world]:
            ids, present = (part.to(device) for part in reader.padded(coded))
            with torch.autocast("cuda", torch.bfloat16, enabled=_has_gpu()):
                outputs = trained(ids, present)
            loss = loss_of(outputs.float())
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done += 1
            lost = float(loss.detach())
            late = lost if done == 1 else 0.98 * late + 0.02 * lost
            progress(min(done, total), total, late)
    return model.eval()


def _has_gpu() -> bool:
    return torch.cuda.is_available()


def _processes() -> tuple[int, int]:
    """Return this process's number and how many train together, as `torchrun` says."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if _has_gpu() else "gloo")
    return int(os.environ.get("RANK", "0")), world


def _groups(model: TextEncoder, settings: FineTuning) -> list[dict[str, Any]]:
    """Return the parameters with their rates: the new layer learns faster than the body."""
    return [
        {"params": list(model.body.parameters()), "lr": settings.rate},
        {"params": list(model.out.parameters()), "lr": settings.rate * settings.head_rate},
    ]


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


Batch = tuple[list[list[int]], Callable[[torch.Tensor], torch.Tensor]]
"""Token numbers of texts, and what the encoder's outputs for them lose."""


def _drawn(
    lessons: Lessons,
    reader: Reader,
    settings: FineTuning,
    lift: Mapping[str, Floats],
    chance: random.Random,
) -> list[Batch]:
    """Return an epoch's batches, shuffled: rows by their weight, and claims with retellings."""
    # A weight is how often an example is drawn, on average, so that weak sets cost little time.
    rows = [
        vary(example, settings, chance)
        for example in lessons.labelled
        for _ in range(int(example.weight + chance.random()))
    ]
    coded = reader.hide(reader.read([row.text for row in rows]), settings.hidden, chance)
    drawn: list[Batch] = [
        ([coded[row] for row in group], partial(_loss, [rows[row] for row in group], lift))
        for group in reader.groups(coded, settings.tokens, chance)
    ]
    for _ in range(settings.retellings):
        for claims, texts in meaning.batches(lessons.retold, settings, chance):
            drawn.append((reader.read(texts), partial(meaning.loss_of, claims)))
    chance.shuffle(drawn)
    return drawn


def _loss(
    rows: Sequence[Example], lift: Mapping[str, Floats], logits: torch.Tensor
) -> torch.Tensor:
    """Return the mean over the rows of what their known heads lose."""
    total = logits.new_zeros(())
    for head, columns in head_slices().items():
        codes = HEADS[head]
        gold = [codes.index(row.labels[head]) if head in row.labels else _UNKNOWN for row in rows]
        if all(label == _UNKNOWN for label in gold):
            continue
        scores = logits[:, columns]
        if any(head in row.among for row in rows):
            barred = [[code not in row.among.get(head, codes) for code in codes] for row in rows]
            scores = scores.masked_fill(torch.tensor(barred, device=scores.device), _IMPOSSIBLE)
            smoothing = 0.0  # it would reward the labels that are barred
        else:
            smoothing = _SMOOTHING
        losses = torch.nn.functional.cross_entropy(
            scores,
            torch.tensor(gold, device=scores.device),
            weight=torch.from_numpy(lift[head]).to(scores.device),
            reduction="none",
            ignore_index=_UNKNOWN,
            label_smoothing=smoothing,
        )
        total = total + losses.sum() / len(rows)
    return total
