"""Comments from a file: CSV, JSONL or Parquet with a `text` column, one row at a time.

A row that cannot be read is yielded with its fault, so that no row is lost and
none hides its neighbours.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from service.errors import Problem

SUFFIXES: Final = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
_LONGEST_FIELD: Final = 64 * 1024 * 1024
_PARQUET_BATCH: Final = 4096


@dataclass(frozen=True)
class CommentRow:
    """One row of the file; with a `fault`, the text is not to be used."""

    key: Any
    """The row's `id`, or its number counted from 1."""
    text: Any
    parent_text: Any = None
    platform: Any = None
    author: Any = None
    fault: Problem | None = None


class CommentFile:
    """An open file of comments; iterate over it for its rows."""

    def __init__(self, rows: Iterator[CommentRow], total: int, position: Callable[[], int]) -> None:
        self._rows = rows
        self.total = total
        """How far `position` will get: bytes, or rows for Parquet."""
        self.position = position
        """How far reading has got."""

    def __iter__(self) -> Iterator[CommentRow]:
        return self._rows


def open_comments(path: Path) -> CommentFile:
    """Open a file by its ending; raise `ValueError` saying why it cannot be read."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"{path}: the name must end in one of {', '.join(SUFFIXES)}")
    try:
        size = path.stat().st_size
        if suffix == ".parquet":
            return _parquet(path)
        file = path.open("rb")
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from error
    if suffix in {".jsonl", ".ndjson"}:
        rows = _jsonl(file)
    else:
        rows = _csv(file, path, "\t" if suffix == ".tsv" else ",")
    return CommentFile(rows, size, lambda: size if file.closed else file.tell())


def _csv(file: BinaryIO, path: Path, delimiter: str) -> Iterator[CommentRow]:
    """Yield the rows of a CSV file; bytes that are not UTF-8 spoil their own row alone."""
    csv.field_size_limit(_LONGEST_FIELD)
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        lines = csv.reader(text, delimiter=delimiter)
        header = next(lines, None)
        names = {name.strip(): place for place, name in enumerate(header or [])}
        if "text" not in names:
            raise ValueError(f"{path}: has no column 'text', only {', '.join(names) or 'nothing'}")
        number = 0
        while True:
            try:
                cells = next(lines, None)
            except csv.Error as error:
                number += 1
                yield CommentRow(number, None, fault=Problem("invalid-request", f"row: {error}"))
                continue
            if cells is None:
                return
            if cells:
                number += 1
                yield _row({name: cells[i] for name, i in names.items() if i < len(cells)}, number)


def _jsonl(file: BinaryIO) -> Iterator[CommentRow]:
    """Yield the rows of a JSON Lines file."""
    number = 0
    with file:
        for line in file:
            if not line.strip():
                continue
            number += 1
            try:
                content = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except UnicodeDecodeError as error:
                fault = Problem("invalid-utf-8", f"not UTF-8: {error.reason} at byte {error.start}")
                yield CommentRow(number, None, fault=fault)
            except (ValueError, RecursionError) as error:
                yield CommentRow(number, None, fault=Problem("invalid-json", f"not JSON: {error}"))
            else:
                if isinstance(content, dict):
                    yield _row(content, number)
                else:
                    fault = Problem("wrong-type", "the line must hold a JSON object")
                    yield CommentRow(number, None, fault=fault)


def _parquet(path: Path) -> CommentFile:
    """Open a Parquet file."""
    import pyarrow as arrow  # heavy, and most installations never read Parquet
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(path)
    except arrow.ArrowInvalid as error:
        raise ValueError(f"{path}: is not Parquet ({error})") from error
    names = table.schema_arrow.names
    if "text" not in names:
        raise ValueError(f"{path}: has no column 'text', only {', '.join(names) or 'nothing'}")
    wanted = [name for name in ("id", *_FIELDS) if name in names]
    read = 0

    def rows() -> Iterator[CommentRow]:
        nonlocal read
        for batch in table.iter_batches(_PARQUET_BATCH, columns=wanted):
            for content in batch.to_pylist():
                read += 1
                yield _row(content, read)

    return CommentFile(rows(), table.metadata.num_rows, lambda: read)


_FIELDS: Final = ("text", "parent_text", "platform", "author")


def _row(content: dict[str, Any], number: int) -> CommentRow:
    """Return the row; empty optional cells count as absent."""
    key = content.get("id")
    optional = {name: content.get(name) or None for name in _FIELDS if name != "text"}
    if "text" not in content:
        fault = Problem("missing-field", "the row has no 'text'")
        return CommentRow(number if key in (None, "") else key, None, fault=fault)
    return CommentRow(number if key in (None, "") else key, content["text"], **optional)
