"""Anybody's labelled files: two columns of a CSV or TSV file, and what is made of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.csv_rows import separator_of
from models.text import not_utf8
from training.augment import drop_kazakh_letters, with_dropped_letters


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
