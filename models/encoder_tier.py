"""The encoder tier: a small transformer in ONNX, served without torch.

Beside the scores of the labels it gives the meaning of a text: numbers that lie close for texts
that say the same, in whatever languages.

Its weights are 7-bit integers in int8 and its activations are quantised by ranges that were
fixed when it was exported, so a text's scores depend on that text alone, never on its
neighbours in the batch, and are the same on processors with and without VNNI.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any, Final
from weakref import WeakSet

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
_REMEMBERED: Final = 20_000
"""Texts whose meaning is kept, about 10 MB."""
_TINY: Final = 1e-9

Numbers = npt.NDArray[np.int32]

_alive: Final[WeakSet[Any]] = WeakSet()
_of_the_parent: Final[list[Any]] = []
"""Sessions that came with a fork, without their threads: whoever freed one would wait for these
for ever, so none is, not even one that the parent had dropped."""
os.register_at_fork(after_in_child=lambda: _of_the_parent.extend(_alive))


class EncoderTier:
    """An encoder with its tokenizer. Safe to use from several threads, and after a fork."""

    def __init__(self, model: bytes, tokenizer: bytes) -> None:
        """Load both; raise `ValueError` when they are no such files or do not fit our labels."""
        from tokenizers import Tokenizer  # only needed where an encoder is served

        self._model = model
        self._sessions: dict[int, Any] = {}
        session = self._session(min(os.cpu_count() or 1, _MOST_THREADS))
        columns = session.get_outputs()[0].shape[-1]
        if columns < COLUMNS:
            raise ValueError(f"scores {columns} labels, this program has {COLUMNS}")
        self._columns = int(columns)
        self._recent = _Recent()
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
        _alive.add(session)
        return self._sessions.setdefault(os.getpid(), session)

    @property
    def tells_meaning(self) -> bool:
        """Whether it was taught to."""
        return self._columns > COLUMNS

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return the scores of every label, shape (len(texts), COLUMNS), of normalised texts."""
        found = self._outputs(texts)
        if self.tells_meaning:
            self._recent.put(texts, found[:, COLUMNS:])
        return found[:, :COLUMNS]

    def meanings(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape (len(texts), numbers), of normalised texts.

        Texts read lately, by `logits` too, are not read again.
        """
        known = self._recent.get(texts)
        unknown = list(dict.fromkeys(text for text in texts if text not in known))
        if unknown:
            vectors = self._outputs(unknown)[:, COLUMNS:]
            self._recent.put(unknown, vectors)
            known |= zip(unknown, vectors, strict=True)
        found: Floats = np.stack([known[text] for text in texts])
        unit: Floats = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), _TINY)
        return unit

    def _outputs(self, texts: Sequence[str]) -> Floats:
        """Return all that the encoder says of texts, a row a text."""
        found = np.zeros((len(texts), self._columns), dtype=np.float32)
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


class _Recent:
    """What was said last of texts, up to a number of them. Safe to use from several threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Floats] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, texts: Sequence[str]) -> dict[str, Floats]:
        """Return what is known of the texts."""
        found = {}
        with self._lock:
            for text in texts:
                if text in self._held:
                    self._held.move_to_end(text)
                    found[text] = self._held[text]
        return found

    def put(self, texts: Sequence[str], vectors: Floats) -> None:
        """Keep what is said of texts; the longest unused make room."""
        with self._lock:
            for text, vector in zip(texts, vectors, strict=True):
                self._held[text] = vector.copy()  # a view would keep the whole batch alive
                self._held.move_to_end(text)
            while len(self._held) > _REMEMBERED:
                self._held.popitem(last=False)


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
