"""Comments nobody has labelled yet, from JSONL, CSV or TSV; a bad row is named, the rest go on."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from models.csv_rows import separator_of
from models.text import TextError, check_characters, check_text, foreign_bytes, not_utf8

SUFFIXES: Final = (".jsonl", ".ndjson", ".csv", ".tsv")
_LONGEST_ROW: Final = 100
"""Lines; a quote open for longer was never meant as one."""


@dataclass(frozen=True)
class PoolComment:
    """One comment of the pool."""

    id: str
    """The row's own, else made from the text: the same text always gets the same."""
    text: str
    parent_text: str | None
    where: str
    """File and line."""


def read_pool(path: Path) -> tuple[list[PoolComment], list[str]]:
    """Return the good comments and, as "file:line: reason", the faults of the others.

    A row needs `text`, may have `id` and `parent_text`, and whatever else is passed over.
    Raise `ValueError` for another kind of file or a table without the column, `OSError`
    when it cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"{path}: the name must end in one of {', '.join(SUFFIXES)}")
    table = suffix in {".csv", ".tsv"}
    rows = _csv_rows(path, "\t" if suffix == ".tsv" else "") if table else _json_rows(path)
    comments: dict[str, PoolComment] = {}
    faults = []
    for line, content in rows:
        where = f"{path.name}:{line}"
        try:
            comment = _comment(content, where)
            if (same := comments.get(comment.id)) and (same.text, same.parent_text) != (
                comment.text,
                comment.parent_text,
            ):
                raise ValueError(f"id {comment.id!r} is taken by {same.where}")
        except ValueError as error:
            faults.append(f"{where}: {error}")
        else:
            comments.setdefault(comment.id, comment)
    return list(comments.values()), faults


def _comment(content: Mapping[str, Any] | str, where: str) -> PoolComment:
    """Return the comment in a row, which may be a fault; raise `ValueError` saying what is wrong.

    Empty optional values count as absent.
    """
    if isinstance(content, str):
        raise ValueError(content)
    parent = content.get("parent_text") or None
    name = content.get("id")
    try:
        text = check_text(content.get("text"))
        parent = parent and check_text(parent)
        key = "" if name is None else check_characters(str(name))
    except TextError as error:
        raise ValueError(error.detail) from None
    whole = json.dumps([text, parent]).encode()
    return PoolComment(key or f"pool-{hashlib.sha256(whole).hexdigest()[:16]}", text, parent, where)


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Yield (line, object or what is wrong with it) of a JSON Lines file."""
    with path.open("rb") as file:
        for line, raw in enumerate(file, start=1):
            if not raw.strip():
                continue
            try:
                content = json.loads(raw.decode("utf-8-sig" if line == 1 else "utf-8"))
            except UnicodeDecodeError as error:
                yield line, not_utf8(error)
            except (ValueError, RecursionError) as error:
                yield line, f"is not JSON ({error})"
            else:
                yield line, content if isinstance(content, dict) else "is not a JSON object"


def _csv_rows(path: Path, delimiter: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Yield (line, cells by column or what is wrong with them) of a table with a header.

    Without a `delimiter`, it is what the header shows.
    """
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = file.readlines()
    records = _records(lines, delimiter or separator_of(lines[0] if lines else ""))
    _, header = next(records, (1, []))
    names = [name.strip() for name in header] if isinstance(header, list) else []
    if names.count("text") != 1:
        raise ValueError(f"{path}: needs one column 'text', has {', '.join(names)[:200] or 'none'}")
    for line, cells in records:
        if isinstance(cells, str):
            yield line, cells
        elif fault := _foreign(names, cells):
            yield line, fault
        elif any(cells[len(names) :]):
            yield line, f"has {len(cells)} cells under a header of {len(names)}"
        elif cells:
            yield line, dict(zip(names, cells, strict=False))


def _foreign(names: list[str], cells: list[str]) -> str | None:
    """Return which cell is not UTF-8 and why; a cell beyond the header has no name."""
    for name, cell in zip_longest(names, cells, fillvalue=""):
        if fault := foreign_bytes(cell):
            return f"{name}: {fault}" if name else fault
    return None


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield (line, cells) of every record; a quote never closed spoils its own line alone."""
    start = 0
    while start < len(lines):
        end, quotes = start + 1, lines[start].count('"')
        while quotes % 2 and end < len(lines) and end - start < _LONGEST_ROW:
            quotes += lines[end].count('"')
            end += 1
        if quotes % 2:
            end = start + 1
        reader = csv.reader(lines[start:end], delimiter=delimiter, strict=True)
        try:
            found = [(start + reader.line_num, cells) for cells in reader]
        except csv.Error as error:
            yield start + 1, f"is not CSV ({error})"
            start += 1
        else:
            yield from found
            start = end
