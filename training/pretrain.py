"""Pre-train the encoder from scratch by masked-token prediction on open text.

    qulaq-train pretrain --texts FOLDER --out runs/pretrain   # goes on where it stopped
    qulaq-train pretrain --texts FOLDER --out runs/pretrain --decay 1500   # and ends it

The rate warms up and then stays, so that a run can be stopped and resumed at any
time; `--decay` lets it fall to nothing over the last steps (Hu et al., 2024, "warm
up, stable, decay"). Whole words are masked (Cui et al., 2021).
"""

from __future__ import annotations

import csv
import random
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast

from models.text import normalise
from training.augment import HABITS, drop_kazakh_letters, to_latin
from training.corpus import ANNOTATED, load
from training.encoder import set_dropout
from training.subwords import MASK, PAD, SPECIAL, learn_subwords, word_starts

RECIPE: Final = Path(__file__).with_name("recipes") / "pretrain.toml"
CHECKPOINT: Final = "checkpoint.safetensors"
TOKENIZER: Final = "tokenizer.json"
_SAVE_EVERY: Final = 500
_LOG_EVERY: Final = 50

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Token numbers with masks, 1 where there is a token, and the true numbers (-100: not asked)."""


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


def batches(
    lines: Iterator[str], tokenizer: Tokenizer, settings: dict[str, Any]
) -> Iterator[Batch]:
    """Yield batches of about `tokens_a_step` tokens; lines of like length stand together."""
    starts = word_starts(tokenizer)
    while True:
        pool = tokenizer.encode_batch([next(lines) for _ in range(8192)])
        coded = [encoding.ids[: settings["longest"]] for encoding in pool]
        coded.sort(key=len)
        groups: list[list[list[int]]] = [[]]
        for ids in coded:
            if (len(groups[-1]) + 1) * len(ids) > settings["tokens_a_step"]:
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
    ids = torch.full((len(group), longest), PAD)
    for row, tokens in enumerate(group):
        ids[row, : len(tokens)] = torch.tensor(tokens)
    words = starts[ids].long().cumsum(1)
    chosen = (torch.rand(len(group), longest + 1) < share).gather(1, words)
    chosen &= ids >= len(SPECIAL)
    gold = torch.where(chosen, ids, -100)
    dice = torch.rand(ids.shape)
    hidden = torch.where(chosen & (dice < 0.8), MASK, ids)
    noise = torch.randint(len(SPECIAL), tokenizer.get_vocab_size(), ids.shape)
    hidden = torch.where(chosen & (dice >= 0.9), noise, hidden)
    return hidden, (ids != PAD).long(), gold


def loss_of(model: BertForMaskedLM, batch: Batch) -> torch.Tensor:
    """Return the mean loss over the hidden tokens; only these pass the large output layer."""
    ids, present, gold = batch
    states = model.bert(input_ids=ids, attention_mask=present).last_hidden_state
    asked = gold != -100
    return torch.nn.functional.cross_entropy(model.cls(states[asked]), gold[asked])


def pretrain(
    folder: Path,
    out: Path,
    *,
    recipe_path: Path = RECIPE,
    minutes: float = 60.0,
    decay: int = 0,
    progress: Callable[[int, float], None] = lambda _step, _loss: None,
) -> Path:
    """Train for `minutes`, or for `decay` last steps of falling rate; return the run's folder.

    Goes on from the checkpoint in `out` if there is one. `progress` gets step and mean loss.
    After a decay the finished encoder lies in `out/encoder`, as `transformers` loads it.
    """
    recipe = tomllib.loads(recipe_path.read_text(encoding="utf-8"))
    settings = recipe["training"]
    out.mkdir(parents=True, exist_ok=True)
    sources = read_sources(recipe, folder)
    tokenizer = _tokenizer(sources, recipe, out / TOKENIZER)
    torch.manual_seed(recipe["seed"])
    model = BertForMaskedLM(
        BertConfig(vocab_size=tokenizer.get_vocab_size(), pad_token_id=PAD, **recipe["encoder"])
    )
    set_dropout(model, settings["dropout"])
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=settings["rate"], weight_decay=0.01, betas=(0.9, 0.98), fused=True
    )
    first = step = _resume(out / CHECKPOINT, model, optimizer)
    torch.manual_seed(recipe["seed"] + step)
    stream = batches(draw(sources, settings, recipe["seed"] + step), tokenizer, settings)
    start = time.monotonic()
    losses: list[float] = []
    model.train()
    while (step - first < decay) if decay else (time.monotonic() - start < minutes * 60):
        left = 1 - (step - first) / decay if decay else 1.0
        for group in optimizer.param_groups:
            group["lr"] = settings["rate"] * min(1.0, (step + 1) / settings["warm_up"]) * left
        losses.append(_step(model, optimizer, next(stream)))
        step += 1
        if step % _LOG_EVERY == 0:
            progress(step, sum(losses) / len(losses))
            losses.clear()
        if step % _SAVE_EVERY == 0 and not decay:
            _save(out / CHECKPOINT, model, optimizer, step)
    if decay:  # the checkpoint stays as it was before, so that the run can go on from there
        save_encoder(model, tokenizer, out / "encoder")
    else:
        _save(out / CHECKPOINT, model, optimizer, step)
    return out


def _tokenizer(sources: Sequence[Source], recipe: dict[str, Any], path: Path) -> Tokenizer:
    """Return the run's subwords, learned now if they are not yet."""
    if not path.exists():
        lines = draw(sources, recipe["training"], recipe["seed"])
        learn_subwords(lines, **recipe["tokenizer"]).save(str(path))
    return Tokenizer.from_file(str(path))


def _step(model: BertForMaskedLM, optimizer: torch.optim.Optimizer, batch: Batch) -> float:
    """Learn from one batch; return its loss."""
    loss = loss_of(model, batch)
    optimizer.zero_grad()
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item()


def save_encoder(model: BertForMaskedLM, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the encoder without its output layer, in half precision, and its tokenizer."""
    body = model.bert.half()  # type: ignore[no-untyped-call]
    body.config.normalised_text = True  # it has seen texts as `models.text.normalise` leaves them
    body.save_pretrained(folder)
    names = dict(zip(("pad", "cls", "sep", "mask", "unk"), SPECIAL, strict=True))
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, **{f"{name}_token": token for name, token in names.items()}
    ).save_pretrained(folder)


def _save(path: Path, model: BertForMaskedLM, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Write the checkpoint whole or not at all."""
    tensors = {f"model.{name}": tensor.clone() for name, tensor in model.state_dict().items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{name}": tensor for name, tensor in state.items()}
    part = path.with_suffix(".part")
    save_file(tensors, part, metadata={"step": str(step)})
    part.replace(path)


def _resume(path: Path, model: BertForMaskedLM, optimizer: torch.optim.Optimizer) -> int:
    """Bring model and optimizer to where the checkpoint left them; return the step, 0 without."""
    if not path.exists():
        return 0
    with safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        step = int(file.metadata()["step"])
    of_model = {k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")}
    model.load_state_dict(of_model)
    states: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".")
            states.setdefault(int(number), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": states})
    return step
