"""The project's architecture on anybody's labelled texts: `qulaq-train benchmark`.

Two members, as in the shipped model: hashed n-grams with logistic regression, and
the pre-trained encoder, fine-tuned, more than once where that pays. Where the task is near
one of the shipped model's, the n-grams may see what that model says (`evidence`). Everything
that is chosen (penalty, epochs, how the members are mixed, an offset a label against another
balance of labels) is chosen on the validation file; the test file is looked at once.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from models.calibrate import softmax
from models.classifier import Classifier
from models.csv_rows import separator_of
from models.features import FeatureSpace, Floats
from models.text import not_utf8
from training.augment import drop_kazakh_letters, with_dropped_letters
from training.blend import MIXES, best_macro_f1, choose_blend, macro_f1
from training.encoder import OWN, Labels, Reader, TextEncoder, fine_tune, load_encoder, scores
from training.evidence import Evidence
from training.n_grams import NGrams

PENALTIES: Final = (0.5, 1.0, 3.0, 10.0)
RATE: Final = 3e-4
EPOCHS: Final = 3
ENCODERS: Final = 2
_HIDDEN: Final = 0.1
"""Share of the tokens an encoder does not get to see while it learns."""


@dataclass(frozen=True)
class Table:
    """A labelled file."""

    texts: list[str]
    labels: list[str]


def read_table(path: Path, text_column: str, label_column: str) -> Table:
    """Read a CSV or TSV file; raise `ValueError` naming file, column or line that is wrong."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: {not_utf8(error)}") from None
    with io.StringIO(content, newline="") as file:
        tabbed = path.suffix.lower() in {".tsv", ".tab"}
        shown = content.lstrip("\r\n").partition("\n")[0]
        reader = csv.DictReader(file, delimiter="\t" if tabbed else separator_of(shown))
        for column in (text_column, label_column):
            if column not in (reader.fieldnames or ()):
                found = ", ".join(reader.fieldnames or ())
                raise ValueError(f"{path}: there is no column '{column}', only: {found}")
        texts, labels = [], []
        for row in reader:
            text, label = row[text_column], row[label_column]
            if text is None or not label:
                raise ValueError(f"{path}, line {reader.line_num}: lacks text or label")
            texts.append(text)
            labels.append(label)
    if not texts:
        raise ValueError(f"{path}: has no rows")
    return Table(texts, labels)


Progress = Callable[[str, int, int], None]
"""Gets what is being learned, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Task:
    """What is to be learned: three labelled files and their labels as numbers."""

    train: Table
    valid: Table
    test: Table
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
    def gold(self) -> dict[str, Labels]:
        """The label numbers of all three files."""
        return {
            name: self.numbers(getattr(self, name), name) for name in ("train", "valid", "test")
        }


def both_keyboards(table: Table) -> Table:
    """Return the rows, and those with Kazakh letters again as typed without them."""
    rows = with_dropped_letters(table.texts)
    return Table(
        [*table.texts, *(drop_kazakh_letters(table.texts[row]) for row in rows)],
        [*table.labels, *(table.labels[row] for row in rows)],
    )


def with_more(train: Table, more: Table, kept_apart: Sequence[Table]) -> Table:
    """Return both together, without what of `more` stands in train or in a table kept apart.

    Raise `ValueError` for a label of `more` that train lacks.
    """
    if unknown := set(more.labels) - set(train.labels):
        raise ValueError(f"more: labels that train lacks: {', '.join(sorted(unknown))}")
    seen = {text for table in (train, *kept_apart) for text in table.texts}
    new: dict[str, str] = {}
    for text, label in zip(more.texts, more.labels, strict=True):
        if text not in seen:
            new.setdefault(text, label)
    return Table([*train.texts, *new], [*train.labels, *new.values()])


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
    With 0 `epochs` none is, and the n-grams answer alone. Raise `ValueError` for a label of
    valid or test that train lacks.
    """
    gold = task.gold
    if len(task.codes) < 2:
        raise ValueError(f"train: two labels at least are needed, there is only {task.codes[0]}")
    for start in starts:  # first, so that a wrong name is known at once
        load_encoder(start)
    grams, penalty = _choose_grams(task)
    turns = range(max(encoders, len(starts)) if epochs else 0)
    tuned = [_choose_encoder(task, starts, epochs, turn) for turn in turns]
    on_valid = _members(task.valid.texts, grams, tuned)
    blend = choose_blend(*on_valid, gold["valid"], MIXES if tuned else (0.0,))
    clock = time.perf_counter()
    found = blend.scores(*_members(task.test.texts, grams, tuned))
    seconds = time.perf_counter() - clock
    return _figures(gold["test"], found, task.codes) | {
        "texts_per_second": round(len(task.test.texts) / seconds, 1),
        "rows": {name: len(labels) for name, labels in gold.items()},
        "valid_macro_f1": {
            "blend": round(macro_f1(gold["valid"], blend.scores(*on_valid)), 4),
            "n_grams": round(best_macro_f1(gold["valid"], on_valid[0]), 4),
            "encoder": round(best_macro_f1(gold["valid"], on_valid[1]), 4) if tuned else None,
        },
        "chosen": {
            "penalty": penalty,
            "epochs": [one.epoch for one in tuned],
            "encoder_share": round(blend.mix, 2),
            "temperatures": list(blend.temperatures),
            "offsets": dict(
                zip(task.codes, np.round(blend.offsets.astype(np.float64), 2).tolist(), strict=True)
            ),
        },
    }


def _members(texts: Sequence[str], grams: NGrams, tuned: Sequence[_Tuned]) -> tuple[Floats, Floats]:
    """Return what n-grams and encoders say; nothing (zeros) where no encoder was tuned."""
    logits = grams.logits(grams.rows(texts))
    if not tuned:
        return logits, np.zeros_like(logits)
    said = np.mean([softmax(one.scores(texts), 1.0) for one in tuned], axis=0)
    return logits, np.log(said + 1e-9)


def _choose_grams(task: Task) -> tuple[NGrams, float]:
    """Return the n-gram member with the penalty that did best on validation, and that penalty."""
    texts, heads = task.train.texts, task.evidence
    evidence = Evidence.measured(Classifier.load(), heads, texts) if heads else None
    grams = NGrams(texts, FeatureSpace(buckets=2**21, longest=6), evidence)
    rows = grams.rows(task.valid.texts)
    best: tuple[float, float, list[LogisticRegression]] = (-1.0, 0.0, [])
    for number, penalty in enumerate(PENALTIES):
        grams.fit(task.gold["train"], len(task.codes), penalty, task.seed)
        score = best_macro_f1(task.gold["valid"], grams.logits(rows))
        best = max(best, (score, penalty, grams.models), key=lambda one: one[0])
        task.progress("n-grams", number + 1, len(PENALTIES))
    grams.models = best[2]
    return grams, best[1]


@dataclass(frozen=True)
class _Tuned:
    """An encoder as it was after the epoch that did best on validation."""

    model: TextEncoder
    reader: Reader
    plain: bool
    """Whether it reads Kazakh without its own letters."""
    epoch: int = 0

    def read(self, texts: Sequence[str]) -> list[list[int]]:
        return self.reader.read([drop_kazakh_letters(t) for t in texts] if self.plain else texts)

    def scores(self, texts: Sequence[str]) -> Floats:
        return scores(self.model, self.reader, self.read(texts))


def _choose_encoder(task: Task, starts: Sequence[str | Path], epochs: int, turn: int) -> _Tuned:
    """Fine-tune one encoder; every second one of a start learns to do without Kazakh letters."""
    again, place = divmod(turn, len(starts))
    count, gold, seed = len(task.codes), task.gold, task.seed + turn
    torch.manual_seed(seed)
    body, reader = load_encoder(starts[place])
    model = TextEncoder(body, count)
    tuned = _Tuned(model, reader, plain=again % 2 == 1)
    coded = tuned.read(task.train.texts)
    shares = np.bincount(gold["train"], minlength=count) / len(coded)
    weights = ((1 / (count * shares)) ** 0.5).astype(np.float32)
    best_score, best_epoch, best_state = -1.0, 0, model.state_dict()
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        task.progress(f"encoder {turn + 1}", done, epochs * len(coded))

    for epoch in fine_tune(
        model,
        reader,
        coded,
        gold["train"],
        weights,
        epochs=epochs,
        rate=RATE,
        hidden=_HIDDEN if reader.tokenizer.mask_token_id is not None else 0.0,
        seed=seed,
        progress=advance,
    ):
        score = best_macro_f1(gold["valid"], tuned.scores(task.valid.texts))
        if score > best_score:
            state = {key: value.clone() for key, value in model.state_dict().items()}
            best_score, best_epoch, best_state = score, epoch + 1, state
    model.load_state_dict(best_state)
    return replace(tuned, epoch=best_epoch)


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
