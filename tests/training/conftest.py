"""Encoders small enough to be made and trained in a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from toy_corpus import toy_rows
from transformers import (
    BertConfig,
    BertForMaskedLM,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from training.encoder import load_encoder
from training.pretrain import save_encoder
from training.subwords import PAD, learn_subwords

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
    save_encoder(BertForMaskedLM(config), tokenizer, folder)
    return folder


@pytest.fixture(scope="session")
def tiny_xlmr(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an encoder of another make, as a hub would hold it."""
    folder = tmp_path_factory.mktemp("xlmr")
    _, reader = load_encoder(tiny)
    tokenizer: PreTrainedTokenizerFast = reader.tokenizer
    XLMRobertaModel(XLMRobertaConfig(vocab_size=len(tokenizer), **SMALL)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
