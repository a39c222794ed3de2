"""Where networks are trained: on a GPU if there is one, else on the processor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

_WIDE: Final = 512
"""Columns of a matrix from which multiplying takes longer than preparing to multiply."""


def has_gpu() -> bool:
    """Return whether there is a GPU."""
    return torch.cuda.is_available()


def device() -> torch.device:
    """Return where to train; of several GPUs the current one."""
    return torch.device("cuda" if has_gpu() else "cpu")


@contextmanager
def half_precision(model: torch.nn.Module) -> Iterator[None]:
    """Let the model's matrices be multiplied in bfloat16 where that is faster, for the time.

    On a GPU it is, and on a processor that knows bfloat16 if the matrices are wide enough to be
    worth the preparation. Weights and what is summed up stay in float32.
    """
    if has_gpu():
        with torch.autocast("cuda", torch.bfloat16):
            yield
    elif _multiplies_halves() and _width(model) >= _WIDE:
        # By the flash kernel the way back through attention takes a third of a step.
        with torch.autocast("cpu", torch.bfloat16), sdpa_kernel(SDPBackend.MATH):
            yield
    else:
        yield


def _multiplies_halves() -> bool:
    """Return whether the processor has instructions that multiply bfloat16: Intel's or AMD's."""
    known = torch.cpu.get_capabilities()
    return any(known.get(name, False) for name in ("amx_bf16", "avx512_bf16"))


def _width(model: torch.nn.Module) -> int:
    """Return the columns of the widest matrix; in an encoder, a feed-forward layer's."""
    matrices = [weight for weight in model.parameters() if weight.dim() == 2]
    return max((matrix.shape[1] for matrix in matrices), default=0)
