"""Teaching the encoder that a claim and its retellings say the same.

Contrastive batches (InfoNCE, van den Oord et al., 2018): of every claim in a batch two texts that
tell it, in whatever languages, are to lie together, and apart from all other texts of the batch,
among them some that only look like the claim (hard negatives; Gao et al., 2021, "SimCSE").
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch

from models.fast import COLUMNS
from training.claim_matching import ABOUT, NOT_ABOUT, Pairs
from training.examples import Example, vary
from training.recipe import FineTuning

WIDTH: Final = 64
"""Numbers that a text's meaning is told in, beside the scores of its labels."""
_CLAIMS: Final = 32
"""Claims in a batch."""
_TEMPERATURE: Final = 0.05


@dataclass(frozen=True)
class Retold:
    """Texts that say one thing, and texts that only look as if they did."""

    alike: tuple[str, ...]
    near: tuple[str, ...]


def retold(pairs: Sequence[Pairs]) -> list[Retold]:
    """Return every claim with all that was written about it."""
    return [
        Retold(
            (*one.claim.wordings(), *(text for kind, text in one.comments if kind in ABOUT)),
            tuple(text for kind, text in one.comments if kind in NOT_ABOUT),
        )
        for one in pairs
    ]


def batches(
    told: Sequence[Retold], settings: FineTuning, chance: random.Random
) -> Iterator[tuple[int, list[str]]]:
    """Yield how many claims a batch holds and its texts, until every claim was in one.

    First come texts of all the claims, then another of each, then what looks like some of them;
    all in shapes they could have arrived in.
    """
    order = chance.sample(told, len(told))
    for start in range(0, len(order), _CLAIMS):
        group = order[start : start + _CLAIMS]
        pairs = [chance.sample(one.alike, 2) for one in group]
        near = [chance.choice(one.near) for one in group if one.near]
        texts = [*(first for first, _ in pairs), *(second for _, second in pairs), *near]
        yield len(group), [vary(Example(text, {}, 1.0), settings, chance).text for text in texts]


def loss_of(claims: int, outputs: torch.Tensor) -> torch.Tensor:
    """Return what a batch of so many claims loses, from the encoder's outputs for its texts."""
    place = torch.nn.functional.normalize(outputs[:, COLUMNS:], dim=-1)
    first, second, near = place[:claims], place[claims : 2 * claims], place[2 * claims :]
    right = torch.arange(claims, device=outputs.device)
    there = first @ torch.cat([second, near]).T / _TEMPERATURE
    back = second @ torch.cat([first, near]).T / _TEMPERATURE
    loss = torch.nn.functional.cross_entropy
    return (loss(there, right) + loss(back, right)) / 2
