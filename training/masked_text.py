"""Open text as batches for masked-token prediction: drawn, varied, cut into subwords, masked.

Whole words are masked (Cui et al., 2021).
"""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer
from torch.utils.data import IterableDataset, get_worker_info

from models.text import normalise
from training.augment import HABITS, drop_kazakh_letters, to_latin
from training.corpus import ANNOTATED, load
from training.replayed import rounded_up
from training.subwords import MASK, PAD, SPECIAL, word_starts

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
"""Token numbers with masks, 1 where there is a token; places that are asked for, counted through
the batch, and the true numbers there. Batches of like length have the same shapes, for which the
last places may be `UNASKED`."""

UNASKED: Final = -100
_POOL: Final = 8192
"""Lines that are cut into subwords together."""
_KEPT: Final = 48
"""Pools of such lines that may come again."""


@dataclass(frozen=True)
class Source:
    """Lines of one kind and how often they are drawn."""

    share: float
    kazakh: bool
    lines: list[str]


def read_sources(recipe: dict[str, Any], folder: Path) -> list[Source]:
    """Return the texts of the recipe, found under `folder`; raise `OSError` for a missing one."""
    return [
        Source(
            share=text["share"],
            kazakh=text.get("kazakh", False),
            lines=[line for name in text["files"] for line in _lines(folder, name)],
        )
        for text in recipe["text"]
    ]


def _lines(folder: Path, name: str) -> Iterator[str]:
    """Yield the texts of one file: a line each, or the column `text` of a CSV file."""
    if name == "annotated":
        yield from (row.text for row in load([ANNOTATED]) if row.split == "train")
    elif name.endswith(".csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            yield from (row["text"] for row in csv.DictReader(file) if row["text"].strip())
    else:
        with (folder / name).open(encoding="utf-8") as file:
            yield from (line.strip() for line in file if line.strip())


def draw(sources: Sequence[Source], settings: dict[str, Any], seed: int) -> Iterator[str]:
    """Yield lines without end, Kazakh ones sometimes in another shape."""
    chance = random.Random(seed)  # noqa: S311
    shares = [source.share for source in sources]
    while True:
        source = chance.choices(sources, shares)[0]
        line = chance.choice(source.lines)
        if source.kazakh:
            dice = chance.random()
            if dice < settings["latin"]:
                line = to_latin(line, chance.choice(HABITS))
            elif dice < settings["latin"] + settings["dropped_letters"]:
                line = drop_kazakh_letters(line)
        yield normalise(line)


class Batches(IterableDataset[Batch]):
    """Batches without end; every worker of a data loader draws its own."""

    def __init__(
        self, sources: Sequence[Source], tokenizer: Tokenizer, settings: dict[str, Any], seed: int
    ) -> None:
        self._sources = sources
        self._subwords = tokenizer.to_str()
        self._settings = settings
        self._seed = seed

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        seed = self._seed
        if worker:
            os.environ["TOKENIZERS_PARALLELISM"] = "false"  # the workers are parallel already
            seed += 1_000_003 * worker.id
        torch.manual_seed(seed)
        lines = draw(self._sources, self._settings, seed)
        return batches(lines, Tokenizer.from_str(self._subwords), self._settings)


def batches(
    lines: Iterator[str], tokenizer: Tokenizer, settings: dict[str, Any]
) -> Iterator[Batch]:
    """Yield batches of `tokens_a_step` tokens, padding included; lines of like length together."""
    starts = word_starts(tokenizer)
    waiting: dict[int, list[list[int]]] = {}
    for coded in _pools(lines, tokenizer, settings):
        for ids in coded:
            length = rounded_up(len(ids))
            group = waiting.setdefault(length, [])
            group.append(ids + [PAD] * (length - len(ids)))
            if (len(group) + 1) * length > settings["tokens_a_step"]:
                yield _masked(waiting.pop(length), starts, settings["masked"], tokenizer)


def _pools(
    lines: Iterator[str], tokenizer: Tokenizer, settings: dict[str, Any]
) -> Iterator[list[list[int]]]:
    """Yield lines as token numbers; a share of them is new, the others come again, shuffled.

    Subwords cost more time than masks, and a GPU waits for them.
    """
    kept: list[list[list[int]]] = []
    while True:
        if not kept or torch.rand(()) < settings["new_lines"]:
            encodings = tokenizer.encode_batch([next(lines) for _ in range(_POOL)])
            pool = [encoding.ids[: settings["longest"]] for encoding in encodings]
            if len(kept) == _KEPT:
                kept.pop(0)
            kept.append(pool)
            yield pool
        else:
            pool = kept[int(torch.randint(len(kept), ()))]
            yield [pool[place] for place in torch.randperm(len(pool)).tolist()]


def _masked(
    group: list[list[int]], starts: torch.Tensor, share: float, tokenizer: Tokenizer
) -> Batch:
    """Hide a share of the words: 8 of 10 behind the mask, 1 random, 1 as it is."""
    ids = torch.tensor(group)
    words = starts[ids].long().cumsum(1)
    chosen = (torch.rand(len(group), ids.shape[1] + 1) < share).gather(1, words)
    chosen &= ids >= len(SPECIAL)
    dice = torch.rand(ids.shape)
    hidden = torch.where(chosen & (dice < 0.8), MASK, ids)
    noise = torch.randint(len(SPECIAL), tokenizer.get_vocab_size(), ids.shape)
    hidden = torch.where(chosen & (dice >= 0.9), noise, hidden)
    asked = chosen.flatten().nonzero()[:, 0]
    # As many places in every batch of a shape; by chance a few more may be hidden than asked for.
    places = torch.zeros(int(1.1 * share * ids.numel()) + 1, dtype=torch.long)
    gold = torch.full_like(places, UNASKED)
    asked = asked[: len(places)]
    places[: len(asked)] = asked
    gold[: len(asked)] = ids.flatten()[asked]
    return hidden, (ids != PAD).long(), places, gold
