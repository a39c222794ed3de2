"""Pre-training on toy texts: it learns, goes on where it stopped, and ends in an encoder."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from transformers import AutoModelForMaskedLM

from training.encoder import load_encoder
from training.masked_text import UNASKED, batches, draw, read_sources
from training.pretrain import pretrain
from training.replayed import MULTIPLE
from training.subwords import SPECIAL, learn_subwords

RECIPE = """
seed = 1
[tokenizer]
vocabulary = 120
lines_wanted = 300
[encoder]
hidden_size = 16
num_hidden_layers = 1
num_attention_heads = 2
intermediate_size = 32
max_position_embeddings = 70
[training]
tokens_a_step = 256
longest = 32
masked = 0.3
dropout = 0.0
rate = 5e-3
warm_up = 5
latin = 0.2
dropped_letters = 0.2
new_lines = 0.5
[[text]]
share = 0.7
kazakh = true
files = ["kk.txt"]
[[text]]
share = 0.3
files = ["ru.csv"]
"""


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    lines = [f"көшеде жарық жоқ {word}" for word in ("бүгін", "кеше", "ертең", "түнде")] * 20
    (tmp_path / "kk.txt").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "ru.csv").write_text("text\nна улице темно\nгде автобус\n", encoding="utf-8")
    (tmp_path / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    return tmp_path


def test_it_learns_goes_on_and_ends_in_an_encoder(texts: Path) -> None:
    steps: list[int] = []
    losses: list[float] = []

    def seen(step: int, loss: float) -> None:
        steps.append(step)
        losses.append(loss)

    run = texts / "run"
    recipe = texts / "recipe.toml"
    pretrain(texts, run, recipe_path=recipe, decay=150, progress=seen)
    assert losses[-1] < losses[0]
    assert steps == [50, 100, 150]
    body, reader = load_encoder(run / "encoder")
    assert reader.plain
    assert body.config.hidden_size == 16
    assert body.config.hidden_dropout_prob == 0.1  # none while pre-training, some while tuning
    assert reader.read(["ЖАРЫҚ жоқ"]) == reader.read(["жарық жоқ"])
    with safe_open(run / "encoder" / "model.safetensors", "pt") as file:
        matrix = file.get_tensor("embeddings.word_embeddings.weight")
    assert matrix.dtype == torch.float8_e4m3fn  # half as much to ship
    writer = AutoModelForMaskedLM.from_pretrained(run / "writer", dtype=torch.float32)
    ids, present = reader.padded(reader.read(["көшеде [MASK] жоқ бүгін"]))
    assert writer(input_ids=ids, attention_mask=present).logits.shape[-1] == len(reader.tokenizer)

    pretrain(texts, run, recipe_path=recipe, minutes=1 / 600)
    weights = (run / "checkpoint.safetensors").read_bytes()
    pretrain(texts, run, recipe_path=recipe, minutes=0)
    assert (run / "checkpoint.safetensors").read_bytes() == weights  # resumed, nothing learned
    assert not list(run.glob("*.part"))


def test_other_processes_may_prepare_the_text(texts: Path) -> None:
    losses: list[float] = []
    recipe = texts / "recipe.toml"
    pretrain(
        texts,
        texts / "run",
        recipe_path=recipe,
        decay=100,
        workers=2,
        progress=lambda _step, loss: losses.append(loss),
    )
    assert losses[1] < losses[0]


def test_kazakh_lines_come_in_other_shapes_too(texts: Path) -> None:
    recipe = tomllib.loads(RECIPE)
    stream = draw(read_sources(recipe, texts), recipe["training"], seed=3)
    drawn = {next(stream) for _ in range(400)}
    assert {"көшеде жарық жоқ кеше", "кошеде жарык жок кеше", "на улице темно"} <= drawn
    assert any(line.isascii() and "zharyq" in line for line in drawn)


def test_a_missing_text_is_named(texts: Path) -> None:
    (texts / "kk.txt").unlink()
    with pytest.raises(OSError, match=r"kk\.txt"):
        pretrain(texts, texts / "run", recipe_path=texts / "recipe.toml", minutes=0)


def test_special_tokens_are_never_asked_for(texts: Path) -> None:
    lines = [f"жол {number} ашық" for number in range(50)]
    tokenizer = learn_subwords(iter(lines), vocabulary=60, lines_wanted=50)
    endless = (line for _ in range(1_000) for line in lines)
    torch.manual_seed(0)
    settings = {"tokens_a_step": 200, "longest": 16, "masked": 0.5, "new_lines": 1.0}
    first, second, *_ = (next(batches(endless, tokenizer, settings)) for _ in range(2))
    for ids, present, places, gold in (first, second):
        asked = places[gold != UNASKED]
        assert len(asked) > 0.3 * int(present.sum())
        assert len(asked.unique()) == len(asked)
        assert bool((gold[gold != UNASKED] >= len(SPECIAL)).all())
        assert bool(present.flatten()[asked].all())
        assert ids.shape == present.shape
        assert ids.shape[1] % MULTIPLE == 0
    assert [one.shape for one in first] == [one.shape for one in second]
