"""Where a processor multiplies in bfloat16, and where it does not."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers import BertConfig, BertForMaskedLM

from training.accelerator import half_precision, has_gpu

pytestmark = pytest.mark.skipif(has_gpu(), reason="the GPU is taken, not the processor")


def product(columns: int) -> torch.dtype:
    """Return the type of what a layer with so many columns answers."""
    model = torch.nn.Linear(columns, 2)
    with half_precision(model):
        answer: torch.Tensor = model(torch.ones(1, columns))
    assert not torch.is_autocast_enabled("cpu")
    return answer.dtype


@pytest.mark.parametrize(
    ("knows", "columns", "precision"),
    [
        ("amx_bf16", 1024, torch.bfloat16),
        ("avx512_bf16", 1024, torch.bfloat16),
        ("amx_bf16", 64, torch.float32),  # not worth the preparation
        ("avx512_f", 1024, torch.float32),
    ],
)
def test_wide_matrices_are_multiplied_in_half_precision_where_a_processor_knows_it(
    monkeypatch: pytest.MonkeyPatch, knows: str, columns: int, precision: torch.dtype
) -> None:
    known = {"amx_bf16": False, "avx512_bf16": False, knows: True}
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: known)
    assert product(columns) == precision


def test_a_processor_of_another_make_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    assert product(1024) == torch.float32


def test_many_subwords_make_no_wide_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True})
    sizes: Any = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    writer = BertForMaskedLM(BertConfig(vocab_size=3000, intermediate_size=32, **sizes))
    with half_precision(writer):
        assert not torch.is_autocast_enabled("cpu")


def test_attention_is_back_to_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True})
    flash: Any = torch.backends.cuda.flash_sdp_enabled  # the processor's choice stands there, too
    assert flash()
    with half_precision(torch.nn.Linear(1024, 2)):
        assert not flash()
    assert flash()


def test_an_exception_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True})
    with pytest.raises(KeyError), half_precision(torch.nn.Linear(1024, 2)):
        raise KeyError
    assert not torch.is_autocast_enabled("cpu")
