"""Weights in float32 beside a model in bfloat16."""

from __future__ import annotations

import pytest
import torch

from training.masters import Masters


def line() -> torch.nn.Linear:
    torch.manual_seed(0)
    return torch.nn.Linear(4, 1)


def learn(model: torch.nn.Linear, *, halved: bool, steps: int = 200) -> Masters:
    masters = Masters(model, halved=halved)
    optimizer = torch.optim.SGD(masters.named.values(), lr=1e-3)
    x = torch.eye(4)
    for _ in range(steps):
        out = model(x.to(model.weight.dtype)).float()
        torch.autograd.backward(((out - 3) ** 2).mean())
        masters.step(optimizer)
    return masters


def test_steps_too_small_for_bfloat16_are_not_lost() -> None:
    whole, half = line(), line()
    learn(whole, halved=False)
    masters = learn(half, halved=True)
    assert half.weight.dtype == torch.bfloat16
    assert torch.equal(half.weight, masters.named["weight"].bfloat16())
    assert torch.allclose(masters.named["weight"], whole.weight, atol=5e-3)
    found = masters.whole()
    assert found is half
    assert torch.equal(half.weight, masters.named["weight"])


def test_without_halving_they_are_the_models_own() -> None:
    model = line()
    masters = learn(model, halved=False, steps=1)
    assert masters.named["weight"] is model.weight
    assert masters.whole() is model


@pytest.mark.parametrize("halved", [False, True])
def test_gradients_are_no_longer_than_asked(halved: bool) -> None:
    model = line()
    masters = Masters(model, halved=halved)
    before = {name: weight.detach().clone() for name, weight in masters.named.items()}
    optimizer = torch.optim.SGD(masters.named.values(), lr=1.0)
    torch.autograd.backward(model(torch.full((1, 4), 100.0).to(model.weight.dtype)).sum())
    masters.step(optimizer, longest=0.5)
    moved = sum(((masters.named[n].detach() - was) ** 2).sum() for n, was in before.items()) ** 0.5
    assert float(moved) == pytest.approx(0.5, rel=0.02)
