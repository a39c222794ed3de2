"""The project's architecture on anybody's labelled texts: `qulaq-train benchmark`.

Two members, as in the shipped model: hashed n-grams with logistic regression, and
the pre-trained encoder, fine-tuned. Everything that is chosen (penalty, epochs, how
the members are mixed, an offset a label against another balance of labels) is chosen
on the validation file; the test file is looked at once.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, precision_recall_fscore_support
from transformers import PreTrainedModel

from models.features import FeatureSpace, Floats
from training.augment import drop_kazakh_letters, with_dropped_letters
from training.blend import best_macro_f1, choose_blend, macro_f1
from training.encoder import OWN, Labels, Reader, TextEncoder, fine_tune, load_encoder, scores
from training.n_grams import NGrams

PENALTIES: Final = (0.5, 1.0, 3.0, 10.0)
RATE: Final = 3e-4
EPOCHS: Final = 3


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
        raise ValueError(f"{path}: is not UTF-8 ({error.reason} at byte {error.start})") from None
    with io.StringIO(content, newline="") as file:
        tabbed = path.suffix.lower() in {".tsv", ".tab"}
        reader = csv.DictReader(file, dialect=csv.excel_tab if tabbed else csv.excel)
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


def benchmark(
    task: Task, *, encoder: str | Path | None = None, epochs: int = EPOCHS
) -> dict[str, Any]:
    """Return macro-F1, accuracy, figures by label and texts a second on test, and the choices.

    `encoder` is a folder or name that `transformers` can load, by default our own. Raise
    `ValueError` for a label of valid or test that train lacks.
    """
    gold = task.gold
    if len(task.codes) < 2:
        raise ValueError(f"train: two labels at least are needed, there is only {task.codes[0]}")
    loaded = load_encoder(encoder or OWN)  # first, so that a wrong name is known at once
    grams, penalty = _choose_grams(task)
    model, epoch = _choose_encoder(task, *loaded, epochs)
    reader = loaded[1]

    def members(texts: Sequence[str]) -> tuple[Floats, Floats]:
        return grams.logits(grams.rows(texts)), scores(model, reader, reader.read(texts))

    on_valid = members(task.valid.texts)
    blend = choose_blend(*on_valid, gold["valid"])
    start = time.perf_counter()
    found = blend.scores(*members(task.test.texts))
    seconds = time.perf_counter() - start
    return _figures(gold["test"], found, task.codes) | {
        "texts_per_second": round(len(task.test.texts) / seconds, 1),
        "rows": {name: len(labels) for name, labels in gold.items()},
        "valid_macro_f1": {
            "blend": round(macro_f1(gold["valid"], blend.scores(*on_valid)), 4),
            "n_grams": round(best_macro_f1(gold["valid"], on_valid[0]), 4),
            "encoder": round(best_macro_f1(gold["valid"], on_valid[1]), 4),
        },
        "chosen": {
            "penalty": penalty,
            "epoch": epoch,
            "encoder_share": round(blend.mix, 2),
            "temperatures": list(blend.temperatures),
            "offsets": dict(
                zip(task.codes, np.round(blend.offsets.astype(np.float64), 2).tolist(), strict=True)
            ),
        },
    }


def _choose_grams(task: Task) -> tuple[NGrams, float]:
    """Return the n-gram member with the penalty that did best on validation, and that penalty."""
    grams = NGrams(task.train.texts, FeatureSpace(buckets=2**18, longest=6))
    rows = grams.rows(task.valid.texts)
    best: tuple[float, float, list[LogisticRegression]] = (-1.0, 0.0, [])
    for number, penalty in enumerate(PENALTIES):
        grams.fit(task.gold["train"], len(task.codes), penalty, task.seed)
        score = best_macro_f1(task.gold["valid"], grams.logits(rows))
        best = max(best, (score, penalty, grams.models), key=lambda one: one[0])
        task.progress("n-grams", number + 1, len(PENALTIES))
    grams.models = best[2]
    return grams, best[1]


def _choose_encoder(
    task: Task, body: PreTrainedModel, reader: Reader, epochs: int
) -> tuple[TextEncoder, int]:
    """Return the encoder as it was after the epoch that did best on validation, and its number."""
    count, gold = len(task.codes), task.gold
    torch.manual_seed(task.seed)
    model = TextEncoder(body, count)
    coded, judged = reader.read(task.train.texts), reader.read(task.valid.texts)
    shares = np.bincount(gold["train"], minlength=count) / len(coded)
    weights = ((1 / (count * shares)) ** 0.5).astype(np.float32)
    best_score, best_epoch, best_state = -1.0, 0, model.state_dict()
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        task.progress("encoder", done, epochs * len(coded))

    for epoch in fine_tune(
        model,
        reader,
        coded,
        gold["train"],
        weights,
        epochs=epochs,
        rate=RATE,
        seed=task.seed,
        progress=advance,
    ):
        score = best_macro_f1(gold["valid"], scores(model, reader, judged))
        if score > best_score:
            state = {key: value.clone() for key, value in model.state_dict().items()}
            best_score, best_epoch, best_state = score, epoch + 1, state
    model.load_state_dict(best_state)
    return model, best_epoch


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
