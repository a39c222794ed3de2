"""The encoder tier: a small transformer in ONNX, served without torch.

Its weights are 7-bit integers in int8 and its activations are quantised by ranges that were
fixed when it was exported, so a text's scores depend on that text alone, never on its
neighbours in the batch, and are the same on processors with and without VNNI.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.fast import COLUMNS
from models.features import Floats

_TOKENS: Final = 2048
"""Tokens run together: enough to fill the processor, small enough to stay in its cache."""
_STEP: Final = 8
"""Batches are this many tokens wide, or a multiple: sums over padded tokens then run in the
same order whatever the width, and a text scores alike beside any other."""
_MOST_THREADS: Final = 4
"""A batch of comments gains nothing from more."""

Numbers = npt.NDArray[np.int32]


class EncoderTier:
    """An encoder with its tokenizer. Safe to use from several threads, and after a fork."""

    def __init__(self, model: bytes, tokenizer: bytes) -> None:
        """Load both; raise `ValueError` when they are no such files or do not fit our labels."""
        from tokenizers import Tokenizer  # only needed where an encoder is served

        self._model = model
        self._sessions: dict[int, Any] = {}
        session = self._session(min(os.cpu_count() or 1, _MOST_THREADS))
        columns = session.get_outputs()[0].shape[-1]
        if columns != COLUMNS:
            raise ValueError(f"scores {columns} labels, this program has {COLUMNS}")
        about = session.get_modelmeta().custom_metadata_map
        self._padding = int(about["padding"])
        try:
            self._tokenizer: Any = Tokenizer.from_str(tokenizer.decode("utf-8"))
        except Exception as error:  # the library raises nothing more precise
            raise ValueError(f"its tokenizer is none ({str(error)[:200]})") from error
        self._tokenizer.enable_truncation(int(about["longest"]))
        self._tokenizer.no_padding()

    def _session(self, threads: int = 1) -> Any:
        """Return this process's session: the threads of another do not survive a fork."""
        if found := self._sessions.get(os.getpid()):
            return found
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle is idle
        # The extended level joins addition and layer norm in a kernel eight times as slow.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        try:
            session = onnxruntime.InferenceSession(
                self._model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the library raises classes of its own
            raise ValueError(f"is no ONNX file ({str(error)[:200]})") from error
        return self._sessions.setdefault(os.getpid(), session)

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return the scores of every label, shape (len(texts), COLUMNS), of normalised texts."""
        found = np.zeros((len(texts), COLUMNS), dtype=np.float32)
        session = self._session()
        coded = [coding.ids for coding in self._tokenizer.encode_batch(list(texts))]
        for rows in _groups([len(ids) for ids in coded]):
            # A single row takes another kernel, whose sums differ in the last bit.
            group = [coded[row] for row in (rows if len(rows) > 1 else rows * 2)]
            ids, mask = self._padded(group)
            scores = session.run(None, {"ids": ids, "mask": mask})[0]
            found[rows] = scores[: len(rows)]
        return found

    def _padded(self, coded: Sequence[Sequence[int]]) -> tuple[Numbers, Numbers]:
        longest = -(-max(map(len, coded)) // _STEP) * _STEP
        ids = np.full((len(coded), longest), self._padding, dtype=np.int32)
        mask = np.zeros_like(ids)
        for row, numbers in enumerate(coded):
            ids[row, : len(numbers)] = numbers
            mask[row, : len(numbers)] = 1
        return ids, mask


def _groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield row numbers that are run together: of like length, so that little is padding."""
    group: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if group and (len(group) + 1) * lengths[row] > _TOKENS:
            yield group
            group = []
        group.append(row)
    if group:
        yield group
