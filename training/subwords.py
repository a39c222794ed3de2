"""The encoder's subwords: a unigram vocabulary (Kudo, 2018) learned from normalised comments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors, trainers

SPECIAL: Final = ("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]")
PAD, CLS, SEP, MASK, UNKNOWN = range(len(SPECIAL))
_WORD_START: Final = "▁"


def learn_subwords(lines: Iterator[str], vocabulary: int, lines_wanted: int) -> Tokenizer:
    """Learn `vocabulary` subwords from the first `lines_wanted` of `lines`, all normalised."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(),
            pre_tokenizers.Split(Regex(r"[\p{P}\p{S}\p{N}]"), "isolated"),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL),
        unk_token=SPECIAL[UNKNOWN],
        max_piece_length=12,
    )
    tokenizer.train_from_iterator(islice(lines, lines_wanted), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)],
    )
    return tokenizer


def word_starts(tokenizer: Tokenizer) -> torch.Tensor:
    """Return, by token number, whether the token opens a word; shape (vocabulary,)."""
    starts = torch.zeros(tokenizer.get_vocab_size(), dtype=torch.bool)
    for piece, number in tokenizer.get_vocab().items():
        starts[number] = piece.startswith(_WORD_START) or not piece[0].isalpha()
    return starts
