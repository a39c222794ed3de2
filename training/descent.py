"""How weights are moved: the optimizer, its rates, and one step down the gradient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from training.accelerator import device, has_gpu


def adamw(*groups: tuple[Iterable[torch.nn.Parameter], float], **settings: Any) -> AdamW:
    """Return an optimizer of groups of parameters, each with its rate.

    A recorded step reads the rates anew each time.
    """
    told = [
        {
            "params": list(parameters),
            "lr": torch.tensor(rate, device=device()) if has_gpu() else rate,
        }
        for parameters, rate in groups
    ]
    return AdamW(told, fused=True, capturable=has_gpu(), weight_decay=0.01, **settings)


def descend(loss: torch.Tensor, model: torch.nn.Module, optimizer: AdamW) -> torch.Tensor:
    """Let the model's weights follow the loss, by a gradient no longer than 1; return the loss."""
    optimizer.zero_grad()
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.detach()


def set_rate(optimizer: AdamW, rate: float) -> None:
    """Let all parameters learn at this rate from now on."""
    for group in optimizer.param_groups:
        if isinstance(group["lr"], torch.Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


def falling(optimizer: AdamW, steps: int) -> LambdaLR:
    """Let the rates rise over the first of so many steps and then fall to nothing."""
    return LambdaLR(
        optimizer, lambda step: max(0.0, min((step + 1) / (0.06 * steps), 1 - step / steps))
    )
