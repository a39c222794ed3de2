"""Steps of training that a GPU records once and replays (CUDA graphs).

A small model's step is hundreds of kernels of a few microseconds each, and to start them one by
one takes several times as long as they run. A recorded step starts as one; for that its tensors
keep their shapes and places, and nothing in it may wait for a number.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch

from training.accelerator import device, has_gpu

MULTIPLE: Final = 4
"""Tokens; the lengths of texts are rounded up to it, so that there are few shapes to record."""


@dataclass(frozen=True)
class _Recording:
    graph: torch.cuda.CUDAGraph
    inputs: Sequence[torch.Tensor]
    loss: torch.Tensor


class Replayed:
    """A step of training, `step(kind, *inputs)`, which returns its loss.

    Every kind and shape is run once as it is, recorded when it comes again, and from then on
    replayed. Without a GPU, or where not `recorded`, it is always run as it is.
    """

    def __init__(self, step: Callable[..., torch.Tensor], *, recorded: bool = True) -> None:
        self._step = step
        self._known: dict[tuple[Any, ...], _Recording | None] = {}
        self._recorded = recorded and has_gpu()
        if self._recorded:
            # The default stream cannot be recorded.
            stream: torch.cuda.Stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
            stream.wait_stream(torch.cuda.current_stream())
            torch.cuda.set_stream(stream)
            self._pool = torch.cuda.graph_pool_handle()  # only one of the recordings runs at a time

    def __call__(self, kind: Hashable, *inputs: torch.Tensor) -> torch.Tensor:
        """Do the step with inputs from anywhere; return its loss, which is not waited for."""
        key = (kind, *(tuple(one.shape) for one in inputs))
        if not self._recorded or key not in self._known:
            self._known[key] = None
            return self._step(kind, *(one.to(device(), non_blocking=True) for one in inputs))
        recording = self._known[key]
        if recording is None:
            recording = self._known[key] = self._record(kind, inputs)
        for held, one in zip(recording.inputs, inputs, strict=True):
            held.copy_(one, non_blocking=True)
        recording.graph.replay()
        return recording.loss.clone()

    def _record(self, kind: Hashable, inputs: Sequence[torch.Tensor]) -> _Recording:
        """Record the step; nothing is computed yet."""
        held = [one.to(device()) for one in inputs]
        graph = torch.cuda.CUDAGraph()
        # Other threads pin memory for batches to come, which only "global" forbids.
        with torch.cuda.graph(
            graph,
            pool=self._pool,
            stream=torch.cuda.current_stream(),
            capture_error_mode="thread_local",
        ):
            loss = self._step(kind, *held)
        return _Recording(graph, held, loss)


def rounded_up(length: int, multiple: int = MULTIPLE) -> int:
    """Return the least multiple that is no smaller than `length`."""
    return -(-length // multiple) * multiple


def multiple_here() -> int:
    """Return what lengths are rounded up to: nothing is recorded without a GPU."""
    return MULTIPLE if has_gpu() else 1
