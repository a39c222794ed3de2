"""Where networks are trained: on a GPU if there is one, else on the processor."""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch


def has_gpu() -> bool:
    """Return whether there is a GPU."""
    return torch.cuda.is_available()


def device() -> torch.device:
    """Return where to train; of several GPUs the current one."""
    return torch.device("cuda" if has_gpu() else "cpu")


def half_precision() -> AbstractContextManager[None]:
    """Return a context in which a GPU multiplies in bfloat16; the processor takes no notice."""
    return torch.autocast("cuda", torch.bfloat16, enabled=has_gpu())
