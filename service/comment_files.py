"""Comments from a file: CSV, JSONL or Parquet with a `text` column, one row at a time.

A row that cannot be read is yielded with its fault, so that no row is lost and
none hides its neighbours.
"""

from __future__ import annotations

import io
import json
import reprlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from models.csv_rows import RowFault, csv_rows
from models.text import foreign_bytes, not_utf8
from service.errors import Problem

SUFFIXES: Final = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
_PARQUET_BATCH: Final = 4096


@dataclass(frozen=True)
class CommentRow:
    """One row of the file; with a `fault`, the text is not to be used."""

    key: Any
    """The row's `id`, or its number counted from 1."""
    text: str
    parent_text: str | None = None
    platform: str | None = None
    author: str | None = None
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
        raise ValueError(f"{path}: cannot be read ({error.strerror or error})") from error
    if suffix in {".jsonl", ".ndjson"}:
        rows = _jsonl(file)
    else:
        rows = _csv(file, path, "\t" if suffix == ".tsv" else "")
    return CommentFile(rows, size, lambda: size if file.closed else file.tell())


def _csv(file: BinaryIO, path: Path, delimiter: str) -> Iterator[CommentRow]:
    """Yield the rows of a CSV file; bytes that are not UTF-8 spoil their own row alone."""
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        rows = csv_rows(text, delimiter)
        header = next(rows, [])
        if isinstance(header, RowFault):
            raise ValueError(f"{path}: the header cannot be read, {header.detail}")
        names = _columns([name.strip() for name in header], path)
        for number, cells in enumerate(rows, start=1):
            if isinstance(cells, RowFault):
                fault = Problem("invalid-request", cells.detail)
                yield CommentRow(number, "", fault=fault)
            else:
                given = {name: cells[i] for name, i in names.items() if i < len(cells)}
                yield _utf8_row(given, number)


def _utf8_row(cells: dict[str, str], number: int) -> CommentRow:
    """Return the row; bytes that are not UTF-8 are its fault where they would be read."""
    row = _row(cells, number)
    for name in ("text", "parent_text"):
        if fault := foreign_bytes(cells.get(name, "")):
            return replace(row, text="", fault=Problem("invalid-utf-8", f"{name}: {fault}"))
    return row


def _columns(names: Sequence[str], path: Path) -> dict[str, int]:
    """Return the place of each column; raise `ValueError` when `text` is not there just once."""
    if names.count("text") != 1:
        fault = "several columns 'text'" if "text" in names else "no column 'text'"
        raise ValueError(f"{path}: has {fault}, only {', '.join(names)[:200] or 'nothing'}")
    return {name: place for place, name in enumerate(names)}


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
                fault = Problem("invalid-utf-8", f"the line {not_utf8(error)}")
                yield CommentRow(number, "", fault=fault)
            except (ValueError, RecursionError) as error:
                yield CommentRow(number, "", fault=Problem("invalid-json", f"not JSON: {error}"))
            else:
                if isinstance(content, dict):
                    yield _row(content, number)
                else:
                    fault = Problem("wrong-type", "the line must hold a JSON object")
                    yield CommentRow(number, "", fault=fault)


def _parquet(path: Path) -> CommentFile:
    """Open a Parquet file."""
    import pyarrow as arrow  # heavy, and most installations never read Parquet
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(path)
    except arrow.ArrowException as error:
        raise ValueError(f"{path}: is not Parquet ({error})") from error
    names = _columns(table.schema_arrow.names, path)
    wanted = [name for name in ("id", *_FIELDS) if name in names]
    read = 0

    def rows() -> Iterator[CommentRow]:
        nonlocal read
        try:
            for batch in table.iter_batches(_PARQUET_BATCH, columns=wanted):
                for content in batch.to_pylist():
                    read += 1
                    yield _row(content, read)
        except (arrow.ArrowException, OSError, ValueError) as error:
            raise ValueError(f"{path}: is damaged after row {read} ({error})") from error

    return CommentFile(rows(), table.metadata.num_rows, lambda: read)


_FIELDS: Final = ("text", "parent_text", "platform", "author")


def _row(content: dict[str, Any], number: int) -> CommentRow:
    """Return the row, with plain values only; empty optional cells count as absent."""
    key = content.get("id")
    if key in (None, "") or key != key:  # noqa: PLR0124 - NaN, as tables write an absent number
        key = number
    key = reprlib.repr(key) if isinstance(key, list | dict) else key
    if "text" not in content:
        return CommentRow(key, "", fault=Problem("missing-field", "the row has no 'text'"))
    for name in ("text", "parent_text", "platform"):
        value = content.get(name)
        if not isinstance(value, str) and (name == "text" or value):
            detail = f"{name}: must be a string, not {type(value).__name__}"
            return CommentRow(key, "", fault=Problem("not-a-string", detail))
    author = content.get("author") or None
    return CommentRow(
        key,
        content["text"],
        content.get("parent_text") or None,
        content.get("platform") or None,
        author if author is None or isinstance(author, str) else reprlib.repr(author),
    )
