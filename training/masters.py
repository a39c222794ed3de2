"""Weights in float32 beside a model that computes in bfloat16 (Micikevicius et al., 2018)."""

from __future__ import annotations

import torch


class Masters:
    """The weights that an optimizer moves; those of a halved model are copies of them.

    Half as many bytes pass a GPU's memory then, which is what a small model waits for. Without
    `halved` they are the model's own.
    """

    def __init__(self, model: torch.nn.Module, *, halved: bool) -> None:
        self.halved = halved
        self._model = model
        self.named = dict(model.named_parameters())
        if halved:
            self.named = {
                name: torch.nn.Parameter(weight.detach().float().clone())
                for name, weight in self.named.items()
            }
            model.bfloat16()
        self._weights = list(self.named.values())

    def step(self, optimizer: torch.optim.Optimizer, longest: float = 1.0) -> None:
        """Let `optimizer` move the weights by gradients no longer than `longest`."""
        if self.halved:
            for weight, copy in zip(self._weights, self._model.parameters(), strict=True):
                weight.grad = None if copy.grad is None else copy.grad.float()
        torch.nn.utils.clip_grad_norm_(self._weights, longest)
        optimizer.step()
        optimizer.zero_grad()
        self._model.zero_grad()
        self.copy()

    @torch.no_grad()
    def copy(self) -> None:
        """Bring the model's weights to where these are."""
        if self.halved:
            torch._foreach_copy_(list(self._model.parameters()), [*self._weights])

    def whole(self) -> torch.nn.Module:
        """Return the model in float32, with these weights; nothing is learned after that."""
        self._model.float()
        self.copy()
        return self._model
