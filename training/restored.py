"""Encoders of finished models, made trainable again: the way back from `training.onnx_export`.

A model in the store holds its encoder as 7-bit integers and nothing else; from these a
retraining goes on where the run that made the model is gone. Each weight comes back as it is
served, and exported again unchanged it becomes the same integers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from models.artifact import ENCODER, MANIFEST, TOKENIZER, load_artifact

Array = npt.NDArray[Any]
Weights = dict[str, torch.Tensor]

_MASKS: Final = ("[MASK]", "<mask>")
_ATTENTION: Final = ("query", "key", "value")


@dataclass(frozen=True)
class Restored:
    """The encoder tier of a model, in torch."""

    body: BertModel
    tokenizer: PreTrainedTokenizerFast
    head: Weights
    """`weight` and `bias` of the layer on top."""


def is_model(folder: str | Path) -> bool:
    """Return whether a folder holds a model, as the store and runs do."""
    return (Path(folder) / MANIFEST).is_file()


def restore(folder: str | Path) -> Restored:
    """Load the encoder of a model; it reads normalised texts, as all that serve do.

    Whatever it was tuned from, it is of BERT's own make now: places count from 0, and hold what
    the only segment adds. Raise `ArtifactError` for a model that must not be served,
    `ValueError` for one without an encoder and for an encoder of another make.
    """
    folder = Path(folder)
    _, tiers = load_artifact(folder)
    if tiers.encoder is None:
        raise ValueError(f"{folder}: it has no encoder, only the fast tier")
    made = onnx.load(folder / ENCODER)
    known = {one.name: numpy_helper.to_array(one) for one in made.graph.initializer}
    try:
        padding = int({one.key: one.value for one in made.metadata_props}["padding"])
        config = _config(made.graph, known, padding)
        config.update({"normalised_text": True})
        body = BertModel(config, add_pooling_layer=False)
        body.load_state_dict(_weights(known, config))
        head = {name: torch.tensor(known[f"out.{name}"]) for name in ("weight", "bias")}
    except (KeyError, StopIteration, RuntimeError) as error:
        raise ValueError(f"{folder / ENCODER}: its graph is of another make ({error})") from error
    return Restored(body, _tokenizer(folder / TOKENIZER, padding), head)


def _config(graph: onnx.GraphProto, known: dict[str, Array], padding: int) -> BertConfig:
    """Return the shape of the encoder, which the graph tells."""
    words, size = known["words"].shape
    mixed = [node for node in graph.node if node.op_type == "MultiHeadAttention"]
    return BertConfig(
        vocab_size=words,
        hidden_size=size,
        num_hidden_layers=len(mixed),
        num_attention_heads=_option(mixed, "num_heads").i,
        intermediate_size=known[f"{_layer(0)}intermediate.dense.bias"].size,
        max_position_embeddings=len(known["places"]),
        layer_norm_eps=_option(graph.node, "epsilon").f,
        pad_token_id=padding,
    )


def _option(nodes: Iterable[onnx.NodeProto], name: str) -> Any:
    """Return the first option of a name; raise `StopIteration` when no node has one."""
    return next(one for node in nodes for one in node.attribute if one.name == name)


def _layer(number: int) -> str:
    return f"body.encoder.layer.{number}."


def _weights(known: dict[str, Array], config: BertConfig) -> Weights:
    """Return the weights by their names in `BertModel`."""
    segments = np.zeros((config.type_vocab_size, config.hidden_size), np.float32)
    found = {
        "embeddings.word_embeddings.weight": known["words"] * known["words.scale"],
        "embeddings.position_embeddings.weight": known["places"],
        "embeddings.token_type_embeddings.weight": segments,
        **_norm(known, "body.embeddings.LayerNorm"),
    }
    for layer in map(_layer, range(config.num_hidden_layers)):
        heads = [f"{layer}attention.self.{part}" for part in _ATTENTION]
        found |= _dense(known, f"{layer}attention.self", heads)
        for part in ("attention.output", "output"):
            found |= _norm(known, f"{layer}{part}.LayerNorm")
        for part in ("attention.output.dense", "intermediate.dense", "output.dense"):
            found |= _dense(known, f"{layer}{part}", [f"{layer}{part}"])
    return {name.removeprefix("body."): torch.tensor(one) for name, one in found.items()}


def _norm(known: dict[str, Array], name: str) -> dict[str, Array]:
    return {f"{name}.{part}": known[f"{name}.{part}"] for part in ("weight", "bias")}


def _dense(known: dict[str, Array], name: str, parts: list[str]) -> dict[str, Array]:
    """Return the weights of layers that were written side by side under one name."""
    whole = (known[f"{name}.weight"] * known[f"{name}.scale"]).T
    weights = np.split(whole, len(parts))
    biases = np.split(known[f"{name}.bias"], len(parts))
    return {
        f"{part}.{kind}": one
        for part, *pair in zip(parts, weights, biases, strict=True)
        for kind, one in zip(("weight", "bias"), pair, strict=True)
    }


def _tokenizer(path: Path, padding: int) -> PreTrainedTokenizerFast:
    """Return a tokenizer for learning, which has to know what pads and what hides a token."""
    inner = Tokenizer.from_file(str(path))
    special = [one.content for one in inner.get_added_tokens_decoder().values() if one.special]
    mask = next((one for one in special if one in _MASKS), None)
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=inner,
        pad_token=inner.id_to_token(padding),
        mask_token=mask,
        extra_special_tokens=[one for one in special if one != mask],
    )
