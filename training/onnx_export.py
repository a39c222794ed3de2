"""The fine-tuned encoder as ONNX with 7-bit weights, for `models.encoder_tier`.

The graph is put together from the weights instead of traced: post-norm encoders of BERT's
shape (BERT, RoBERTa, XLM-R, LaBSE and what is built like them) need eleven operators, and
so every matrix product is quantised alike. Weights: symmetric, one scale an output, seven
bits in int8, so that no processor saturates. Activations: uint8 with a range measured on
sample texts, fixed, so that a text's scores never depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.encoder import Reader, TextEncoder
from training.measure_ranges import Ranges, measure_ranges

Array = npt.NDArray[Any]
SHAPED_LIKE_BERT: Final = ("bert", "camembert", "roberta", "xlm-roberta")
_CONTRIB: Final = "com.microsoft"
_SEVEN_BITS: Final = 63
_OPSET: Final = 18


def export_onnx(model: TextEncoder, reader: Reader, texts: Sequence[str]) -> bytes:
    """Return the ONNX file of an encoder; `texts` are samples to measure activations on.

    Raise `ValueError` for an architecture that is not BERT's.
    """
    config = model.body.config
    check_exportable(config)
    model = model.cpu().eval()
    ranges = measure_ranges(model, reader, texts)
    weights = {name: value.float().numpy() for name, value in model.state_dict().items()}
    graph = _Graph(weights, ranges)
    states = _embedded(graph, config)
    for layer in range(config.num_hidden_layers):
        states = _layer(graph, states, f"body.encoder.layer.{layer}.", config)
    _pooled(graph, states)
    made = graph.model(model.out.out_features)
    helper.set_model_props(
        made,
        {"longest": str(reader.longest), "padding": str(reader.tokenizer.pad_token_id)},
    )
    onnx.checker.check_model(made)
    return bytes(made.SerializeToString())


def check_exportable(config: Any) -> None:
    """Raise `ValueError` for an encoder that is not of BERT's shape."""
    if config.model_type not in SHAPED_LIKE_BERT:
        raise ValueError(
            f"encoders of type '{config.model_type}' cannot be exported, only "
            f"{', '.join(SHAPED_LIKE_BERT)} and what is built like them"
        )


class _Graph:
    """An ONNX graph being written: nodes, constants, and the weights they come from."""

    def __init__(self, weights: Mapping[str, Array], ranges: Ranges) -> None:
        self.weights = weights
        self.ranges = ranges
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, operator: str, inputs: Sequence[str], output: str, **options: Any) -> str:
        """Add a node and return the name of its only output."""
        self.nodes.append(helper.make_node(operator, inputs, [output], **options))
        return output

    def constant(self, name: str, value: Array | np.generic) -> str:
        """Add a constant and return its name."""
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def norm(self, states: str, residual: str, prefix: str, epsilon: float) -> str:
        """Add both inputs up and normalise them layer by layer."""
        total = self.add("Add", [states, residual], f"{prefix}.sum")
        scale = self.constant(f"{prefix}.weight", self.weights[f"{prefix}.weight"])
        shift = self.constant(f"{prefix}.bias", self.weights[f"{prefix}.bias"])
        return self.add("LayerNormalization", [total, scale, shift], prefix, epsilon=epsilon)

    def dense(self, states: str, parts: Sequence[str], name: str) -> str:
        """Multiply quantised states with the weights of one or more layers side by side."""
        weight = np.concatenate([self.weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self.weights[f"{part}.bias"] for part in parts])
        whole, scale = quantised(weight, axis=0)
        low, high = self.ranges[parts[0]]
        step = np.float32((high - low) / 255 or 1.0)
        zero = np.uint8(np.clip(np.rint(-low / step), 0, 255))
        steps, zeros = self.constant(f"{name}.step", step), self.constant(f"{name}.zero", zero)
        inputs = self.add("QuantizeLinear", [states, steps, zeros], f"{name}.input")
        return self.add(
            "MatMulIntegerToFloat",
            [
                inputs,
                self.constant(f"{name}.weight", whole),
                steps,
                self.constant(f"{name}.scale", scale),
                zeros,
                "",
                self.constant(f"{name}.bias", bias),
            ],
            name,
            domain=_CONTRIB,
        )

    def model(self, labels: int) -> onnx.ModelProto:
        """Return the finished model: `ids` and `mask` (texts, tokens) to `logits`."""
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["texts", "tokens"])
            for name in ("ids", "mask")
        ]
        output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", labels])
        graph = helper.make_graph(self.nodes, "encoder", inputs, [output], self.constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def quantised(weight: Array, axis: int) -> tuple[Array, Array]:
    """Return `weight` as 7-bit integers, and the scales along the other axis."""
    most = np.abs(weight).max(axis=axis)
    scale = np.where(most > 0, most / _SEVEN_BITS, 1.0).astype(np.float32)
    whole = np.rint(weight / np.expand_dims(scale, axis)).astype(np.int8)
    return whole, scale


def _embedded(graph: _Graph, config: Any) -> str:
    """Add the embeddings of words (a scale a word), positions and the only segment."""
    prefix = "body.embeddings."
    whole, scale = quantised(graph.weights[f"{prefix}word_embeddings.weight"], axis=1)
    rows = graph.add("Gather", [graph.constant("words", whole), "ids"], "words.rows")
    scales = graph.constant("words.scale", scale[:, None])
    words = graph.add(
        "Mul",
        [
            graph.add("Cast", [rows], "words.float", to=TensorProto.FLOAT),
            graph.add("Gather", [scales, "ids"], "words.scales"),
        ],
        "words.states",
    )
    first = 0 if config.model_type == "bert" else config.pad_token_id + 1
    segment = graph.weights[f"{prefix}token_type_embeddings.weight"][0]
    places = graph.weights[f"{prefix}position_embeddings.weight"][first:] + segment
    shape = graph.add("Shape", ["ids"], "shape", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    here = graph.add("Slice", [graph.constant("places", places), zero, shape, zero], "places.here")
    return graph.norm(words, here, f"{prefix}LayerNorm", config.layer_norm_eps)


def _layer(graph: _Graph, states: str, prefix: str, config: Any) -> str:
    """Add one layer: attention and feed-forward, each with its residual and norm."""
    attention, epsilon = f"{prefix}attention.", config.layer_norm_eps
    heads = [f"{attention}self.{part}" for part in ("query", "key", "value")]
    joined = graph.dense(states, heads, f"{attention}self")
    parts = [f"{head}.states" for head in heads]
    graph.nodes.append(helper.make_node("Split", [joined], parts, axis=2, num_outputs=3))
    mixed = graph.add(
        "MultiHeadAttention",
        [*parts, "", "mask"],
        f"{attention}mixed",
        domain=_CONTRIB,
        num_heads=config.num_attention_heads,
    )
    dense = graph.dense(mixed, [f"{attention}output.dense"], f"{attention}output.dense")
    states = graph.norm(dense, states, f"{attention}output.LayerNorm", epsilon)
    inner = graph.dense(states, [f"{prefix}intermediate.dense"], f"{prefix}intermediate.dense")
    inner = graph.add("Gelu", [inner], f"{prefix}gelu", domain=_CONTRIB)
    dense = graph.dense(inner, [f"{prefix}output.dense"], f"{prefix}output.dense")
    return graph.norm(dense, states, f"{prefix}output.LayerNorm", epsilon)


def _pooled(graph: _Graph, states: str) -> None:
    """Add what `TextEncoder` does with the states: the first, the mean of all, one layer."""
    one = graph.constant("one", np.array([1], np.int64))
    two = graph.constant("two", np.array([2], np.int64))
    present = graph.add("Cast", ["mask"], "present", to=TensorProto.FLOAT)
    masked = graph.add("Mul", [states, graph.add("Unsqueeze", [present, two], "weight")], "masked")
    total = graph.add("ReduceSum", [masked, one], "total", keepdims=0)
    count = graph.add("ReduceSum", [present, one], "count", keepdims=1)
    mean = graph.add("Div", [total, count], "mean")
    first = graph.add("Gather", [states, graph.constant("start", np.array(0))], "first", axis=1)
    joined = graph.add("Concat", [first, mean], "joined", axis=1)
    graph.add(
        "Gemm",
        [
            joined,
            graph.constant("out.weight", graph.weights["out.weight"]),
            graph.constant("out.bias", graph.weights["out.bias"]),
        ],
        "logits",
        transB=1,
    )
