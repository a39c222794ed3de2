"""Steps recorded and replayed: which step does what, and that a recording changes nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import torch

from training import replayed
from training.accelerator import device
from training.descent import adamw, set_rate
from training.replayed import Replayed

if TYPE_CHECKING:
    from collections.abc import Iterator


def learner() -> tuple[torch.nn.Linear, torch.optim.AdamW, Any]:
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 1).to(device())
    optimizer = adamw((model.parameters(), 0.05))

    def learn(kind: str, x: torch.Tensor) -> torch.Tensor:
        loss = ((model(x) - (1.0 if kind == "one" else 2.0)) ** 2).mean()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        return loss.detach()

    return model, optimizer, learn


def weights_after(*, recorded: bool) -> list[float]:
    """Return the weights after steps of two kinds and two shapes, with another rate at the end."""
    model, optimizer, learn = learner()
    step = Replayed(learn, recorded=recorded)
    for turn in range(12):
        step("two" if turn % 3 else "one", torch.eye(3)[: 2 + turn % 2])
    set_rate(optimizer, 0.01)
    for _ in range(4):
        step("one", torch.eye(3))
    return torch.cat([one.detach().flatten() for one in model.parameters()]).tolist()


def test_a_recording_changes_nothing() -> None:
    """Without a GPU both are run as they are; with one the second is replayed."""
    assert weights_after(recorded=True) == pytest.approx(weights_after(recorded=False), rel=1e-4)


def test_a_rate_that_is_set_counts() -> None:
    model, optimizer, learn = learner()
    step = Replayed(learn)
    step("one", torch.eye(3))
    before = model.weight.detach().clone()
    set_rate(optimizer, 0.0)
    step("one", torch.eye(3))
    assert torch.equal(model.weight, before)


def test_a_step_is_recorded_when_its_shape_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU that is none: it keeps what was recorded and does it on replay."""
    events: list[str] = []
    recording: list[bool] = []

    class Graph:
        def replay(self) -> None:
            events.append("replay")

    @contextmanager
    def graph(_graph: Graph, **_where: Any) -> Iterator[None]:
        recording.append(True)
        yield
        recording.pop()

    class Stream:
        def wait_stream(self, _other: object) -> None: ...

    stream = Stream()
    monkeypatch.setattr(replayed, "has_gpu", lambda: True)
    for name, fake in (
        ("Stream", Stream),
        ("CUDAGraph", Graph),
        ("graph", graph),
        ("set_stream", lambda _stream: None),
        ("current_stream", lambda: stream),
        ("graph_pool_handle", lambda: (0, 0)),
    ):
        monkeypatch.setattr(torch.cuda, name, fake)

    def step(kind: str, x: torch.Tensor) -> torch.Tensor:
        events.append(f"{'record' if recording else 'run'} {kind} {len(x)}")
        return x.sum()

    learned = Replayed(step)
    for kind, rows in (("a", 2), ("a", 2), ("a", 3), ("b", 2), ("a", 2), ("a", 3)):
        learned(kind, torch.ones(rows))
    assert events == [
        *("run a 2", "record a 2", "replay", "run a 3", "run b 2", "replay"),
        *("record a 3", "replay"),
    ]
