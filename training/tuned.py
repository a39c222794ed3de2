"""Tuned encoders as runs and models hold them: saving, going on from one or the mean of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel

from models.fast import COLUMNS
from training.encoder import Reader, TextEncoder, load_encoder
from training.meaning import WIDTH
from training.restored import is_model, restore

HEAD_LAYER: Final = "out.safetensors"
"""The layer on top of a tuned encoder, beside it in its folder."""

Weights = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Beginning:
    """What a tuning begins with."""

    body: PreTrainedModel
    reader: Reader
    head: Weights | None
    """The layer on top; None where the encoder was never tuned on our labels."""


def save_tuned(model: TextEncoder, reader: Reader, folder: Path) -> None:
    """Leave a tuned encoder as `transformers` loads it, with the layer on top beside it."""
    model.body.save_pretrained(folder)
    reader.tokenizer.save_pretrained(folder)
    save_file({k: v.contiguous() for k, v in model.out.state_dict().items()}, folder / HEAD_LAYER)


def tuned_head(folder: str | Path) -> Weights | None:
    """Return the layer on top of a tuned encoder; None where only the encoder itself is known."""
    path = Path(folder) / HEAD_LAYER
    if is_model(folder):
        head = restore(folder).head
    elif path.is_file():
        head = load_file(path)
    else:
        return None
    return head if len(head["bias"]) == COLUMNS + WIDTH else None  # of another taxonomy


def load_tuned(folder: str | Path, like: Reader) -> TextEncoder:
    """Load a tuned encoder that reads the same subwords as another.

    Raise `OSError` for a folder that is none, `ValueError` for one that was never tuned on our
    labels or reads other subwords.
    """
    body, reader = load_encoder(folder, like.longest)
    check_subwords(folder, reader.tokenizer, like)
    return _with_head(folder, body)


def _with_head(folder: str | Path, body: PreTrainedModel) -> TextEncoder:
    """Return a tuned encoder, the layer on top of it from its folder."""
    if (head := tuned_head(folder)) is None:
        raise ValueError(f"{folder}: no tuned encoder, it lacks the layer that scores labels")
    model = TextEncoder(body, COLUMNS + WIDTH)
    model.out.load_state_dict(head)
    return model


def check_subwords(folder: str | Path, tokenizer: Any, like: Reader) -> None:
    """Raise `ValueError` unless a tokenizer knows the same subwords as a reader."""
    if tokenizer.get_vocab() != like.tokenizer.get_vocab():
        raise ValueError(f"{folder}: it has to read the same subwords as the others")


def begin_from(starts: Sequence[str | Path], longest: int) -> Beginning:
    """Load an encoder, or tuned ones of one shape, whose weights are averaged.

    The mean of states that one way of tuning went through is often better than each of them
    (Wortsman et al., 2022, "Model soups"). Raise `OSError` when there is none of a name,
    `ValueError` for several of which one cannot be averaged with the first.
    """
    first, *others = starts
    body, reader = load_encoder(first, longest)
    if not others:
        return Beginning(body, reader, tuned_head(first))
    models = [_with_head(first, body), *(load_tuned(one, reader) for one in others)]
    states = [model.state_dict() for model in models]
    for folder, state in zip(starts, states, strict=True):
        if _shape(state) != _shape(states[0]):
            raise ValueError(f"{folder}: it has another shape than {first}, there is no mean")
    mean = {
        name: torch.stack([state[name].float() for state in states]).mean(dim=0)
        for name in states[0]
    }
    models[0].load_state_dict(mean)
    return Beginning(models[0].body, reader, models[0].out.state_dict())


def _shape(state: Weights) -> dict[str, torch.Size]:
    return {name: weight.shape for name, weight in state.items()}
