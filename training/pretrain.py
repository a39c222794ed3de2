"""Pre-train the encoder from scratch by masked-token prediction on open text.

    qulaq-train pretrain --texts FOLDER --out runs/pretrain   # goes on where it stopped
    qulaq-train pretrain --texts FOLDER --out runs/pretrain --decay 1500   # and ends it

The rate warms up and then stays, so that a run can be stopped and resumed at any
time; `--decay` lets it fall to nothing over the last steps (Hu et al., 2024, "warm
up, stable, decay"). On a GPU, `--workers` processes prepare the text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.utils.data import DataLoader
from transformers import BertConfig, BertForMaskedLM, PreTrainedModel, PreTrainedTokenizerFast
from transformers.utils import SAFE_WEIGHTS_NAME

from training.accelerator import device, half_precision, has_gpu
from training.descent import adamw, set_rate
from training.encoder import set_dropout
from training.masked_text import UNASKED, Batches, Source, draw, read_sources
from training.masters import Masters
from training.recipe import complete
from training.replayed import Replayed
from training.subwords import PAD, SPECIAL, learn_subwords

RECIPE: Final = Path(__file__).with_name("recipes") / "pretrain.toml"
CHECKPOINT: Final = "checkpoint.safetensors"
TOKENIZER: Final = "tokenizer.json"
ENCODER: Final = "encoder"
WRITER: Final = "writer"
_SAVE_EVERY: Final = 500
_LOG_EVERY: Final = 50


def loss_of(
    model: BertForMaskedLM,
    ids: torch.Tensor,
    present: torch.Tensor,
    places: torch.Tensor,
    gold: torch.Tensor,
) -> torch.Tensor:
    """Return the mean loss over the hidden tokens; only these pass the large output layer."""
    states = model.bert(input_ids=ids, attention_mask=present).last_hidden_state
    guessed = model.cls(states.flatten(0, 1)[places]).float()
    return torch.nn.functional.cross_entropy(guessed, gold, ignore_index=UNASKED)


def pretrain(
    folder: Path,
    out: Path,
    *,
    recipe_path: Path = RECIPE,
    minutes: float = 60.0,
    decay: int = 0,
    workers: int = 0,
    progress: Callable[[int, float], None] = lambda _step, _loss: None,
) -> Path:
    """Train for `minutes`, or for `decay` last steps of falling rate; return the run's folder.

    Goes on from the checkpoint in `out` if there is one. `workers` processes prepare text, or
    this one. `progress` gets step and mean loss. After a decay `out/encoder` holds the encoder
    as `transformers` loads it, `out/writer` the same with the layer that predicts tokens.
    """
    recipe = complete(recipe_path)
    settings = recipe["training"]
    out.mkdir(parents=True, exist_ok=True)
    sources = read_sources(recipe, folder)
    tokenizer = _tokenizer(sources, recipe, out / TOKENIZER)
    model = _model(recipe, tokenizer.get_vocab_size())
    masters = Masters(model, halved=has_gpu())
    optimizer = adamw((masters.named.values(), settings["rate"]), betas=(0.9, 0.98))
    first = step = _resume(out / CHECKPOINT, masters, optimizer)
    drawn = Batches(sources, tokenizer, settings, recipe["seed"] + step)
    stream = iter(DataLoader(drawn, batch_size=None, num_workers=workers, pin_memory=has_gpu()))
    learned = _learned(model, masters, optimizer)
    start = time.monotonic()
    losses: list[torch.Tensor] = []
    model.train()
    while (step - first < decay) if decay else (time.monotonic() - start < minutes * 60):
        left = 1 - (step - first) / decay if decay else 1.0
        set_rate(optimizer, settings["rate"] * left * min(1.0, (step + 1) / settings["warm_up"]))
        losses.append(learned("masked", *next(stream)))
        step += 1
        if step % _LOG_EVERY == 0:
            progress(step, float(torch.stack(losses).mean()))
            losses.clear()
        if step % _SAVE_EVERY == 0 and not decay:
            _save(out / CHECKPOINT, masters, optimizer, step)
    if decay:  # the checkpoint stays as it was before, so that the run can go on from there
        _finish(masters, model, tokenizer, out)
    else:
        _save(out / CHECKPOINT, masters, optimizer, step)
    return out


def _learned(model: BertForMaskedLM, masters: Masters, optimizer: torch.optim.AdamW) -> Replayed:
    """Return the step that learns a batch."""

    def learn(_kind: str, *batch: torch.Tensor) -> torch.Tensor:
        # Halved weights are in bfloat16 already.
        with nullcontext() if masters.halved else half_precision(model):
            loss = loss_of(model, *batch)
        torch.autograd.backward(loss)
        masters.step(optimizer)
        return loss.detach()

    return Replayed(learn)


def _model(recipe: Mapping[str, Any], vocabulary: int) -> BertForMaskedLM:
    """Return the recipe's encoder, which knows nothing yet, where it is trained."""
    torch.manual_seed(recipe["seed"])
    config = BertConfig(vocab_size=vocabulary, pad_token_id=PAD, **recipe["encoder"])
    model = BertForMaskedLM(config)
    set_dropout(model, recipe["training"]["dropout"])
    model.to(device())  # type: ignore[arg-type]
    return model


def _tokenizer(sources: Sequence[Source], recipe: dict[str, Any], path: Path) -> Tokenizer:
    """Return the run's subwords, learned now if they are not yet."""
    if not path.exists():
        lines = draw(sources, recipe["training"], recipe["seed"])
        learn_subwords(lines, **recipe["tokenizer"]).save(str(path))
    return Tokenizer.from_file(str(path))


def _finish(masters: Masters, model: BertForMaskedLM, tokenizer: Tokenizer, out: Path) -> None:
    """Write what the run has made."""
    masters.whole()
    save_encoder(model, tokenizer, out / ENCODER)
    _save_part(model, tokenizer, out / WRITER)


def save_encoder(model: BertForMaskedLM, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the encoder without its output layer, its matrices in eight bits, and its tokenizer."""
    _save_part(model.bert, tokenizer, folder)


def _save_part(part: PreTrainedModel, tokenizer: Tokenizer, folder: Path) -> None:
    """Write a model or its body as `transformers` loads it, its matrices in eight bits."""
    part.config.normalised_text = True  # it has seen texts as `models.text.normalise` leaves them
    part.save_pretrained(folder)
    path = folder / SAFE_WEIGHTS_NAME
    # A start to learn from needs no more: 2.7 % of noise, and it is half as large to ship.
    small = {
        name: weight.to(torch.float8_e4m3fn if weight.dim() == 2 else torch.float16)
        for name, weight in load_file(path).items()
    }
    save_file(small, path, metadata={"format": "pt"})
    names = dict(zip(("pad", "cls", "sep", "mask", "unk"), SPECIAL, strict=True))
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, **{f"{name}_token": token for name, token in names.items()}
    ).save_pretrained(folder)


def _save(path: Path, masters: Masters, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Write the checkpoint whole or not at all."""
    tensors = {f"model.{name}": weight.detach() for name, weight in masters.named.items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{name}": tensor for name, tensor in state.items()}
    part = path.with_suffix(".part")
    save_file(tensors, part, metadata={"step": str(step)})
    part.replace(path)


def _resume(path: Path, masters: Masters, optimizer: torch.optim.Optimizer) -> int:
    """Bring model and optimizer to where the checkpoint left them; return the step, 0 without."""
    if not path.exists():
        return 0
    with safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        step = int(file.metadata()["step"])
    with torch.no_grad():
        for name, weight in masters.named.items():
            weight.copy_(tensors[f"model.{name}"])
    masters.copy()
    states: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".")
            states.setdefault(int(number), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": states})
    return step
