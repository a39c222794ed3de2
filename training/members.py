"""The two members of the project's architecture, learned from anybody's labelled texts.

Hashed n-grams with a logistic regression a label, and an encoder with a linear layer on top.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
import transformers

from models.features import FeatureSpace, Floats
from training.accelerator import device
from training.blend import best_macro_f1
from training.encoder import Labels, TextEncoder, fine_tune, load_encoder, scores
from training.kept import Arrays, kept
from training.n_grams import NGrams

PENALTIES: Final = (0.5, 1.0, 3.0, 10.0)
RATE: Final = 3e-4
_HIDDEN: Final = 0.1
"""Share of the tokens an encoder does not get to see while it learns."""

Places = npt.NDArray[np.int_]
"""Row numbers."""

Columns = Callable[[Sequence[str]], Floats]
"""Gives more columns about texts, shape (texts, columns)."""

Progress = Callable[[str, int, int], None]
"""Gets what is being learned, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Lesson:
    """Labelled texts to learn from, and texts to say something of."""

    texts: Sequence[str]
    labels: Labels
    count: int
    """How many labels there are."""
    asked: Sequence[str]
    keep_in: Path | None = None
    """A folder in which encoders' answers are kept, for a run that asks for them again."""
    targets: Floats | None = None
    """What an encoder is to say of the texts, shape (texts, labels); None: the labels alone."""
    progress: Progress = lambda _what, _done, _total: None

    @property
    def taught(self) -> Floats:
        """The targets, or the labels with certainty."""
        if self.targets is not None:
            return self.targets
        return np.eye(self.count, dtype=np.float32)[self.labels]


@dataclass
class Member:
    """What one member says of the texts it is asked about, in each state that it went through."""

    states: list[float] = field(default_factory=list)
    """Penalties or epochs."""
    said: list[Floats] = field(default_factory=list)
    """Logits, shape (texts, labels) each."""
    pace: float = 0.0
    """Seconds that a text takes it, in the last state."""

    def add(self, state: float, said: Floats, seconds: float) -> None:
        """Keep what is said in a state, and derive the pace from how long that took."""
        self.states.append(state)
        self.said.append(said)
        self.pace = seconds / max(len(said), 1)

    def best(self, gold: Labels, places: Places) -> int:
        """Return which of the states did best at some places."""
        worth = [best_macro_f1(gold[places], said[places]) for said in self.said]
        return int(np.argmax(worth))


def n_grams(lesson: Lesson, beside: Columns | None, seed: int, name: str = "n-grams") -> Member:
    """Return what n-grams, with columns `beside` them, say with each penalty."""
    grams = NGrams(lesson.texts, FeatureSpace(buckets=2**21, longest=6), beside)
    member, clock = Member(), time.perf_counter()
    rows = grams.rows(lesson.asked)
    reading = time.perf_counter() - clock
    for number, penalty in enumerate(PENALTIES):
        grams.fit(lesson.labels, lesson.count, penalty, seed)
        clock = time.perf_counter()
        said = grams.logits(rows)
        member.add(penalty, said, reading + time.perf_counter() - clock)
        lesson.progress(name, number + 1, len(PENALTIES))
    return member


def tuned(lesson: Lesson, start: str | Path, epochs: int, seed: int, name: str) -> Member:
    """Fine-tune an encoder from a folder or name and return what it says after each epoch."""
    torch.manual_seed(seed)
    body, reader = load_encoder(start)
    model = TextEncoder(body, lesson.count)
    coded, asked = reader.read(lesson.texts), reader.read(lesson.asked)
    shares = np.bincount(lesson.labels, minlength=lesson.count) / len(coded)

    def learn() -> Arrays:
        said, seconds = [], 0.0
        for _ in fine_tune(
            model,
            reader,
            coded,
            lesson.taught,
            ((1 / (lesson.count * shares)) ** 0.5).astype(np.float32),
            epochs=epochs,
            rate=RATE,
            hidden=_HIDDEN if reader.tokenizer.mask_token_id is not None else 0.0,
            seed=seed,
            progress=_counted(lesson, name, epochs * len(coded)),
        ):
            clock = time.perf_counter()
            said.append(scores(model, reader, asked))
            seconds = time.perf_counter() - clock
        return {"said": np.stack(said), "seconds": np.array(seconds)}

    causes = [
        *(weight.numpy() for weight in model.state_dict().values()),
        *(ids for texts in (coded, asked) for ids in _flat(texts)),
        lesson.labels,
        lesson.taught,
        body.config.to_json_string(),
        f"mask {reader.tokenizer.mask_token_id}, pad {reader.tokenizer.pad_token_id}",
        f"{epochs} epochs, seed {seed}, on {device()}, torch {torch.__version__}",
        f"transformers {transformers.__version__}",
    ]
    found, member = kept(lesson.keep_in, causes, learn), Member()
    for state, said in enumerate(found["said"]):
        member.add(state + 1, said, float(found["seconds"]))
    return member


def _flat(coded: Sequence[Sequence[int]]) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """Return the lengths of the texts and all their subwords."""
    lengths = np.array([len(one) for one in coded])
    return lengths, np.array([number for one in coded for number in one])


def _counted(lesson: Lesson, name: str, total: int) -> Callable[[int], None]:
    """Return what gets how many texts more are learned, and reports on all of them."""
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        lesson.progress(name, done, total)

    return advance
