"""The project's architecture on anybody's labelled texts: `qulaq-train benchmark`.

Two members, as in the shipped model: hashed n-grams with logistic regression, and
the pre-trained encoder, fine-tuned, more than once where that pays. Where the task is near
one of the shipped model's, the n-grams may see what that model says (`evidence`). Everything
that is chosen (penalty, epochs, how the members are mixed, an offset a label against another
balance of labels) is chosen on the validation file, and measured on the test file. Without one,
the halves of the validation file serve in turn: what is chosen on one is measured on the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from models.calibrate import softmax
from models.classifier import Classifier
from models.features import FeatureSpace, Floats
from training.augment import drop_kazakh_letters
from training.blend import MIXES, best_macro_f1, choose_blend, macro_f1
from training.encoder import OWN, Labels, TextEncoder, fine_tune, load_encoder, scores
from training.evidence import Evidence
from training.n_grams import NGrams
from training.tables import Table

PENALTIES: Final = (0.5, 1.0, 3.0, 10.0)
RATE: Final = 3e-4
EPOCHS: Final = 3
ENCODERS: Final = 2
_HIDDEN: Final = 0.1
"""Share of the tokens an encoder does not get to see while it learns."""

Places = npt.NDArray[np.int_]
"""Row numbers in the texts to choose and to measure on."""

Progress = Callable[[str, int, int], None]
"""Gets what is being learned, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Task:
    """What is to be learned: labelled files, and their labels as numbers."""

    train: Table
    valid: Table
    test: Table | None = None
    """None: the halves of valid are chosen and measured on in turn."""
    seed: int = 0
    progress: Progress = lambda _what, _done, _total: None
    evidence: tuple[str, ...] = ()
    """Heads of the shipped model whose scores the n-grams get to see.

    On texts which that model has learned from, these scores would promise too much.
    """

    @cached_property
    def codes(self) -> list[str]:
        """The labels of train, in alphabetical order."""
        return sorted(set(self.train.labels))

    def numbers(self, table: Table, name: str) -> Labels:
        """Return the label numbers of a file; raise `ValueError` for one that train lacks."""
        if unknown := set(table.labels) - set(self.codes):
            raise ValueError(f"{name}: labels that train lacks: {', '.join(sorted(unknown))}")
        return np.array([self.codes.index(label) for label in table.labels])

    @cached_property
    def learned(self) -> Labels:
        """The label numbers of train."""
        return self.numbers(self.train, "train")

    @cached_property
    def texts(self) -> list[str]:
        """What is chosen and measured on: the texts of valid, then those of test."""
        return [*self.valid.texts, *(self.test.texts if self.test else ())]

    @cached_property
    def gold(self) -> Labels:
        """The label numbers of `texts`."""
        known = self.numbers(self.valid, "valid")
        return np.concatenate([known, self.numbers(self.test, "test")]) if self.test else known

    def turns(self) -> list[tuple[Places, Places]]:
        """Return the places in `texts` to choose on and to measure on, of one turn or of two.

        Raise `ValueError` where valid is too small to be halved.
        """
        count = len(self.valid.texts)
        if self.test:
            places = np.arange(len(self.texts))
            return [(places[:count], places[count:])]
        if count < 2:
            raise ValueError("valid: two rows at least are needed where there is no test file")
        places = np.random.default_rng(self.seed).permutation(count)
        halves = np.sort(places[: count // 2]), np.sort(places[count // 2 :])
        return [halves, halves[::-1]]


@dataclass
class Member:
    """What one member says of the texts of a task, in each state that it went through."""

    states: list[float] = field(default_factory=list)
    """Penalties or epochs."""
    said: list[Floats] = field(default_factory=list)
    """Logits, shape (texts, labels) each."""
    seconds: float = 0.0
    """How long it took over the texts in the last state."""

    def add(self, state: float, said: Floats, seconds: float) -> None:
        """Keep what is said in a state, and how long that took."""
        self.states.append(state)
        self.said.append(said)
        self.seconds = seconds

    def best(self, gold: Labels, places: Places) -> int:
        """Return which of the states did best at some places."""
        worth = [best_macro_f1(gold[places], said[places]) for said in self.said]
        return int(np.argmax(worth))


def benchmark(
    task: Task,
    *,
    starts: Sequence[str | Path] = (OWN,),
    epochs: int = EPOCHS,
    encoders: int = ENCODERS,
) -> dict[str, Any]:
    """Return macro-F1, accuracy, figures by label and texts a second on test, and the choices.

    `starts` are folders or names that `transformers` can load, by default our own; `encoders`
    are fine-tuned, from each of them in turn, at least once, and what these say is averaged.
    With 0 `epochs` none is, and the n-grams answer alone. Without a test file macro-F1 and
    accuracy are the means of both `halves`. Raise `ValueError` for a label of valid or test
    that train lacks.
    """
    turns, gold = task.turns(), task.gold
    if len(task.codes) < 2:
        raise ValueError(f"train: two labels at least are needed, there is only {task.codes[0]}")
    for start in starts:  # first, so that a wrong name is known at once
        load_encoder(start)
    grams = _grams(task)
    numbers = range(max(encoders, len(starts)) if epochs else 0)
    tuned = [_tuned(task, starts, epochs, number) for number in numbers]
    seconds = grams.seconds + sum(one.seconds for one in tuned)
    more = {"texts_per_second": round(len(gold) / seconds, 1)}
    found = [_measured(task, grams, tuned, *turn) for turn in turns]
    if task.test:
        return found[0] | more
    means = {key: round(float(np.mean([one[key] for one in found])), 4) for key in _MEANS}
    return means | more | {"halves": found}


_MEANS: Final = ("macro_f1", "accuracy")


def _measured(
    task: Task, grams: Member, tuned: Sequence[Member], chosen_on: Places, measured_on: Places
) -> dict[str, Any]:
    """Return the figures at some places, everything chosen at others."""
    gold = task.gold
    best = grams.best(gold, chosen_on)
    picked = [(one, one.best(gold, chosen_on)) for one in tuned]
    said = [one.said[state] for one, state in picked]
    members = grams.said[best], _together(said) if said else np.zeros_like(grams.said[best])

    def at(places: Places) -> tuple[Floats, Floats]:
        return members[0][places], members[1][places]

    blend = choose_blend(*at(chosen_on), gold[chosen_on], MIXES if said else (0.0,))
    blended = macro_f1(gold[chosen_on], blend.scores(*at(chosen_on)))
    alone = [best_macro_f1(gold[chosen_on], one) for one in at(chosen_on)]
    offsets = np.round(blend.offsets.astype(np.float64), 2).tolist()
    return _figures(gold[measured_on], blend.scores(*at(measured_on)), task.codes) | {
        "rows": {
            "train": len(task.learned),
            "valid": len(chosen_on),
            "test": len(measured_on),
        },
        "valid_macro_f1": {
            "blend": round(blended, 4),
            "n_grams": round(alone[0], 4),
            "encoder": round(alone[1], 4) if said else None,
        },
        "chosen": {
            "penalty": grams.states[best],
            "epochs": [one.states[state] for one, state in picked],
            "encoder_share": round(blend.mix, 2),
            "temperatures": list(blend.temperatures),
            "offsets": dict(zip(task.codes, offsets, strict=True)),
        },
    }


def _together(said: Sequence[Floats]) -> Floats:
    """Return the logarithms of the mean of the encoders' probabilities."""
    mean = np.mean([softmax(one, 1.0) for one in said], axis=0)
    logs: Floats = np.log(mean + 1e-9).astype(np.float32)
    return logs


def _grams(task: Task) -> Member:
    """Return what the n-grams say with each penalty."""
    texts, heads = task.train.texts, task.evidence
    evidence = Evidence.measured(Classifier.load(), heads, texts) if heads else None
    grams = NGrams(texts, FeatureSpace(buckets=2**21, longest=6), evidence)
    member, clock = Member(), time.perf_counter()
    rows = grams.rows(task.texts)
    reading = time.perf_counter() - clock
    for number, penalty in enumerate(PENALTIES):
        grams.fit(task.learned, len(task.codes), penalty, task.seed)
        clock = time.perf_counter()
        said = grams.logits(rows)
        member.add(penalty, said, reading + time.perf_counter() - clock)
        task.progress("n-grams", number + 1, len(PENALTIES))
    return member


def _tuned(task: Task, starts: Sequence[str | Path], epochs: int, number: int) -> Member:
    """Fine-tune an encoder and return what it says after each epoch.

    Every second one of a start learns to read Kazakh without its own letters.
    """
    again, place = divmod(number, len(starts))
    count, seed, plain = len(task.codes), task.seed + number, again % 2 == 1
    torch.manual_seed(seed)
    body, reader = load_encoder(starts[place])
    model, member = TextEncoder(body, count), Member()

    def read(texts: Sequence[str]) -> list[list[int]]:
        return reader.read([drop_kazakh_letters(t) for t in texts] if plain else texts)

    coded = read(task.train.texts)
    shares = np.bincount(task.learned, minlength=count) / len(coded)
    weights = ((1 / (count * shares)) ** 0.5).astype(np.float32)
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        task.progress(f"encoder {number + 1}", done, epochs * len(coded))

    for epoch in fine_tune(
        model,
        reader,
        coded,
        task.learned,
        weights,
        epochs=epochs,
        rate=RATE,
        hidden=_HIDDEN if reader.tokenizer.mask_token_id is not None else 0.0,
        seed=seed,
        progress=advance,
    ):
        clock = time.perf_counter()
        said = scores(model, reader, read(task.texts))
        member.add(epoch + 1, said, time.perf_counter() - clock)
    return member


def _figures(gold: Labels, found: Floats, codes: Sequence[str]) -> dict[str, Any]:
    guess = found.argmax(axis=1)
    table = precision_recall_fscore_support(gold, guess, labels=range(len(codes)), zero_division=0)
    return {
        "macro_f1": round(macro_f1(gold, found), 4),
        "accuracy": round(float(accuracy_score(gold, guess)), 4),
        "per_label": {
            code: {
                "precision": round(float(table[0][place]), 4),
                "recall": round(float(table[1][place]), 4),
                "f1": round(float(table[2][place]), 4),
                "rows": int(table[3][place]),
            }
            for place, code in enumerate(codes)
        },
    }
