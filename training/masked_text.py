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
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.utils.data import IterableDataset, get_worker_info

from models.text import normalise
from training.augment import HABITS, drop_kazakh_letters, to_latin
from training.corpus import ANNOTATED, load
from training.subwords import MASK, PAD, SPECIAL, word_starts

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Token numbers with masks, 1 where there is a token, and the true numbers (-100: not asked)."""

_POOL = 8192
"""Lines, at least, among which those of like length are put together."""


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
    """Yield batches of about `tokens_a_step` tokens; lines of like length stand together."""
    starts = word_starts(tokenizer)
    tokens = settings["tokens_a_step"]
    while True:
        pool = tokenizer.encode_batch([next(lines) for _ in range(max(_POOL, tokens // 2))])
        coded = [encoding.ids[: settings["longest"]] for encoding in pool]
        coded.sort(key=len)
        groups: list[list[list[int]]] = [[]]
        for ids in coded:
            if (len(groups[-1]) + 1) * len(ids) > tokens:
                groups.append([])
            groups[-1].append(ids)
        order = torch.randperm(len(groups)).tolist()
        for place in order:
            if groups[place]:
                yield _masked(groups[place], starts, settings["masked"], tokenizer)


def _masked(
    group: list[list[int]], starts: torch.Tensor, share: float, tokenizer: Tokenizer
) -> Batch:
    """Hide a share of the words: 8 of 10 behind the mask, 1 random, 1 as it is."""
    longest = max(map(len, group))
    ids = torch.tensor([tokens + [PAD] * (longest - len(tokens)) for tokens in group])
    words = starts[ids].long().cumsum(1)
    chosen = (torch.rand(len(group), longest + 1) < share).gather(1, words)
    chosen &= ids >= len(SPECIAL)
    gold = torch.where(chosen, ids, -100)
    dice = torch.rand(ids.shape)
    hidden = torch.where(chosen & (dice < 0.8), MASK, ids)
    noise = torch.randint(len(SPECIAL), tokenizer.get_vocab_size(), ids.shape)
    hidden = torch.where(chosen & (dice >= 0.9), noise, hidden)
    return hidden, (ids != PAD).long(), gold
