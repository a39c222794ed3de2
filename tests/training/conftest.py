"""What tests of training share: small models, small encoders, and the command line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from toy_corpus import misled_rows, small_recipe, toy_rows, write_rows, write_small_recipe
from transformers import (
    BertConfig,
    BertForMaskedLM,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from training import cli
from training.encoder import load_encoder
from training.pretrain import save_encoder
from training.subwords import PAD, learn_subwords
from training.train import Material, train

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that learned the toy corpus."""
    folder = tmp_path_factory.mktemp("good") / "run"
    train(Material(toy_rows()), small_recipe(), folder, "good")
    return folder


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that learned wrong topics and calls the topic of no test row right."""
    folder = tmp_path_factory.mktemp("bad") / "run"
    train(Material(misled_rows()), small_recipe(), folder, "bad")
    return folder


@pytest.fixture
def toy_file(tmp_path: Path) -> Path:
    """The toy corpus as a file."""
    return write_rows(toy_rows(), tmp_path / "toy.jsonl")


@pytest.fixture
def qulaq_train(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command as somebody would; return (status, output, errors)."""

    def command(*arguments: Any) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["qulaq-train", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        written = capsys.readouterr()
        if isinstance(ended.value.code, str):  # a sentence, which Python prints and ends with 1
            return 1, written.out, written.err + ended.value.code
        return ended.value.code or 0, written.out, written.err

    return command


SMALL: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 130,
    "pad_token_id": PAD,
}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return our own kind of encoder, small and untrained."""
    folder = tmp_path_factory.mktemp("encoder")
    texts = [f"{row.text} керемет жақсы рахмет отлично нашар жаман ужас" for row in toy_rows()]
    tokenizer = learn_subwords(iter(texts * 4), vocabulary=200, lines_wanted=400)
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), **SMALL)
    torch.manual_seed(1)
    save_encoder(BertForMaskedLM(config), tokenizer, folder)
    return folder


@pytest.fixture(scope="session")
def tiny_xlmr(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an encoder of another make, as a hub would hold it."""
    folder = tmp_path_factory.mktemp("xlmr")
    _, reader = load_encoder(tiny)
    tokenizer: PreTrainedTokenizerFast = reader.tokenizer
    torch.manual_seed(2)
    XLMRobertaModel(XLMRobertaConfig(vocab_size=len(tokenizer), **SMALL)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


TAGGED = ("misinformation", "toxicity")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a corpus of the toy rows and a recipe that learns them quickly."""
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "toy.jsonl").open("w", encoding="utf-8") as file:
        for row in toy_rows():
            labels = {head: row.labels[head] for head in row.labels if head not in TAGGED}
            line = {"id": row.id, "text": row.text, **labels, "misinformation": False}
            line |= {"toxic": False, "source": "authored", "annotator": "t", "split": row.split}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    recipe = write_small_recipe(folder / "recipe.toml")
    text = recipe.read_text(encoding="utf-8")
    for name, value in (("epochs", "2"), ("lexicon", "0.0"), ("retellings", "0")):
        text = re.sub(rf"(?m)^{name} = .*", f"{name} = {value}", text)
    recipe.write_text(text, encoding="utf-8")
    return folder / "toy.jsonl", recipe
