"""A transformer encoder with one linear layer on top: loading, reading texts, fine-tuning.

The project's own encoder lies in `models/encoder`; that of a finished model, and any folder or
name that `transformers.AutoModel` can load, takes its place.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
import transformers
from transformers import AutoModel, AutoTokenizer, PreTrainedModel

from models.features import Floats
from models.text import normalise
from training.accelerator import device, half_precision
from training.descent import adamw, descend, falling
from training.replayed import Replayed, multiple_here, rounded_up
from training.restored import is_model, restore

OWN: Final = Path(__file__).resolve().parent.parent / "models" / "encoder"
Labels = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Reader:
    """Turns texts into token numbers."""

    tokenizer: Any
    longest: int
    """Tokens of a text; the rest is cut off."""
    plain: bool
    """Whether texts are normalised first, as our own encoder wants them."""

    def read(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token numbers of every text."""
        if not texts:  # some tokenizers stumble over nothing
            return []
        shown = [normalise(text) for text in texts] if self.plain else list(texts)
        coded = self.tokenizer(shown, truncation=True, max_length=self.longest)
        return list(coded["input_ids"])

    def hide(
        self, coded: Sequence[Sequence[int]], share: float, chance: random.Random
    ) -> list[list[int]]:
        """Return the texts with a share of their tokens behind the mask, as in pre-training.

        What is left has to tell the labels, too, so that no single word is leant upon.
        """
        mask, kept = int(self.tokenizer.mask_token_id), set(self.tokenizer.all_special_ids)
        return [
            [mask if one not in kept and chance.random() < share else one for one in ids]
            for ids in coded
        ]

    def groups(
        self,
        coded: Sequence[Sequence[int]],
        tokens: int,
        chance: random.Random | None = None,
        multiple: int = 1,
    ) -> list[list[int]]:
        """Return row numbers in groups of about `tokens` tokens, texts of like length together.

        In order of length, or, with `chance`, in random order. With a `multiple` lengths are
        rounded up to it, and rows repeated until all groups of a length are of the same size.
        """
        lengths = [rounded_up(len(ids), multiple) for ids in coded]
        noise = [chance.random() * 4 if chance else 0.0 for _ in coded]
        order = sorted(range(len(coded)), key=lambda row: len(coded[row]) + noise[row])
        groups: list[list[int]] = []
        longest = 0
        for row in order:
            longest = max(longest, lengths[row])
            if not groups or (len(groups[-1]) + 1) * longest > tokens:
                groups.append([])
                longest = lengths[row]
            groups[-1].append(row)
        if multiple > 1:
            for group in groups:
                full = max(1, tokens // max(lengths[row] for row in group))
                group.extend(list(islice(cycle(group), full))[len(group) :])
        if chance:
            chance.shuffle(groups)
        return groups

    def batches(
        self,
        coded: Sequence[Sequence[int]],
        tokens: int,
        chance: random.Random | None = None,
        multiple: int = 1,
    ) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
        """Yield (row numbers, ids, mask) of each of the `groups`."""
        for group in self.groups(coded, tokens, chance, multiple):
            yield group, *self.padded([coded[row] for row in group], multiple)

    def padded(
        self, coded: Sequence[Sequence[int]], multiple: int = 1
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return token numbers and mask, shape (texts, longest of them, rounded up) each."""
        longest = rounded_up(max(map(len, coded)), multiple)
        padding = int(self.tokenizer.pad_token_id)
        ids = torch.tensor([[*numbers, *[padding] * (longest - len(numbers))] for numbers in coded])
        lengths = torch.tensor([len(numbers) for numbers in coded])
        present = (torch.arange(longest) < lengths[:, None]).long()
        return ids, present


class TextEncoder(torch.nn.Module):
    """The encoder's first state and the mean of all states, and one linear layer."""

    def __init__(self, body: PreTrainedModel, outputs: int) -> None:
        super().__init__()
        self.body = body
        self.drop = torch.nn.Dropout(0.1)
        self.out = torch.nn.Linear(2 * body.config.hidden_size, outputs)

    def forward(self, ids: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (texts, outputs), of token numbers and mask (texts, tokens)."""
        states = self.body(input_ids=ids, attention_mask=present).last_hidden_state
        weight = present.unsqueeze(-1).to(states.dtype)
        mean = (states * weight).sum(1) / weight.sum(1)
        logits: torch.Tensor = self.out(self.drop(torch.cat([states[:, 0], mean], dim=-1)))
        return logits


def set_dropout(model: torch.nn.Module, share: float) -> None:
    """Set the dropout of every layer; an encoder's config keeps its own."""
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = share


def load_encoder(name: str | Path = OWN, longest: int = 96) -> tuple[PreTrainedModel, Reader]:
    """Load an encoder and its tokenizer: a folder of one or of a finished model, or a hub's name.

    Raise `OSError` when there is none of that name, `ValueError` for a model without one.
    """
    if is_model(name):
        restored = restore(name)
        return restored.body, Reader(restored.tokenizer, longest, plain=True)
    if Path(name).is_absolute() and not Path(name).is_dir():  # else a hub would be asked for it
        raise FileNotFoundError(f"{name}: there is no such folder")
    loud: Any = transformers.logging  # it reports on the pooler that nothing here needs
    loud.set_verbosity_error()
    loud.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(str(name))
    body = AutoModel.from_pretrained(str(name), dtype=torch.float32)
    if getattr(body, "pooler", None) is not None:
        body.pooler = None  # one more layer that nothing here reads or trains
    plain = bool(getattr(body.config, "normalised_text", False))
    return body, Reader(tokenizer, longest, plain)


@torch.no_grad()
def scores(model: TextEncoder, reader: Reader, coded: Sequence[Sequence[int]]) -> Floats:
    """Return the logits of texts already read, shape (texts, outputs)."""
    model.eval()
    found = np.zeros((len(coded), model.out.out_features), dtype=np.float32)
    for rows, ids, present in reader.batches(coded, 8192):
        found[rows] = model(ids.to(device()), present.to(device())).cpu().numpy()
    model.train()
    return found


def fine_tune(
    model: TextEncoder,
    reader: Reader,
    coded: Sequence[Sequence[int]],
    targets: Floats,
    weights: Floats,
    *,
    epochs: int,
    rate: float,
    tokens: int = 1536,
    hidden: float = 0.0,
    seed: int = 0,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Iterator[int]:
    """Train on labelled texts, yielding the number of each epoch when it is over.

    `targets` are how sure one is of each label, shape (texts, labels), rows adding up to 1;
    `weights` are those of the labels, shape (labels,). `hidden` is the share of tokens behind
    the mask, other ones each epoch. `progress` gets the number of texts of each step. Without
    an epoch or a text there is nothing to yield.
    """
    chance = random.Random(seed)  # noqa: S311
    torch.manual_seed(seed)
    model.to(device())
    optimizer, multiple = adamw((model.parameters(), rate)), multiple_here()
    steps = epochs * len(reader.groups(coded, tokens, multiple=multiple))
    if not steps:
        return
    schedule = falling(optimizer, steps)
    weight = torch.from_numpy(weights).to(device())

    def learn(_kind: str, ids: torch.Tensor, present: torch.Tensor, gold: torch.Tensor) -> Any:
        with half_precision(model):
            logits = model(ids, present)
        losses = torch.nn.functional.cross_entropy(
            logits.float(), gold, weight=weight, label_smoothing=0.05, reduction="none"
        )
        loss = losses.sum() / (gold * weight).sum()  # as reduction="mean" of sure labels
        return descend(loss, model, optimizer)

    learned, gold = Replayed(learn), torch.from_numpy(targets)
    model.train()
    for epoch in range(epochs):
        shown = reader.hide(coded, hidden, chance) if hidden else coded
        for rows, ids, present in reader.batches(shown, tokens, chance, multiple):
            learned("labels", ids, present, gold[rows])
            schedule.step()
            progress(len(rows))
        yield epoch
