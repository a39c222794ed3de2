"""Between which values the inputs of each linear layer lie, measured on sample texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import torch

from training.encoder import Reader, TextEncoder, scores

Ranges = Mapping[str, tuple[float, float]]
_KEPT: Final = 1e-5
"""Share of the values at either end that is cut off: outliers would coarsen all others."""


def measure_ranges(model: TextEncoder, reader: Reader, texts: Sequence[str]) -> Ranges:
    """Return least and greatest input of every linear layer of the body, by its name.

    The range holds zero, and of each batch of texts all values but the rarest few.
    """
    found: dict[str, tuple[float, float]] = {}

    def note(name: str, values: torch.Tensor) -> None:
        flat = values.flatten()
        cut = max(1, int(len(flat) * _KEPT))
        low = float(flat.kthvalue(cut).values)
        high = float(flat.kthvalue(len(flat) - cut + 1).values)
        before = found.get(name, (0.0, 0.0))
        found[name] = (min(before[0], low), max(before[1], high))

    hooks = [
        module.register_forward_pre_hook(
            lambda _module, inputs, name=name: note(f"body.{name}", inputs[0])
        )
        for name, module in model.body.named_modules()
        if isinstance(module, torch.nn.Linear)
    ]
    try:
        scores(model, reader, reader.read(texts))
    finally:
        for hook in hooks:
            hook.remove()
    return found
