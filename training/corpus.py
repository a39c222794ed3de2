"""The annotated comments: reading them, and every fault a line can have.

Schema and label codes: `data/annotated/README.md`. One JSON object a line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.labels import (
    ANNOTATED_HEADS,
    HEADS,
    PLATFORMS,
    RUMOUR_TRAPS,
    TOXICITY_TRAPS,
    TRAPS,
    URGENCY_TRAPS,
)
from models.text import TextError, check_characters, check_text, not_utf8

ANNOTATED: Final = Path(__file__).resolve().parent.parent / "data" / "annotated"
SPLITS: Final = ("train", "dev", "test")
SOURCES: Final = ("authored", "moderator")
KEYBOARDS: Final = ("russian",)
_CODED: Final = {
    **{head: HEADS[head] for head in ANNOTATED_HEADS},
    "source": SOURCES,
}
_REQUIRED: Final = frozenset({"id", "text", "annotator", "misinformation", "toxic", *_CODED})
_OPTIONAL: Final = frozenset({"parent_text", "claim_id", "platform", "split", "traps", "keyboard"})


@dataclass(frozen=True)
class Row:
    """One annotated comment and where it stands."""

    id: str
    text: str
    labels: dict[str, str]
    """Code by head, for every head of `models.labels.HEADS`."""
    parent_text: str | None
    source: str
    annotator: str
    split: str
    """train, dev or test; rows without one (moderators' new labels) train."""
    where: str
    """File and line, for messages."""
    traps: tuple[str, ...] = ()
    """Why the comment could be taken for something else, of `models.labels.TRAPS`."""
    keyboard: str | None = None
    """`russian`: Kazakh in Cyrillic without a single Kazakh letter."""


class CorpusError(ValueError):
    """Lines that cannot be read; `faults` names file, line and reason of each."""

    def __init__(self, faults: Sequence[str]) -> None:
        shown = "\n".join(faults[:20])
        more = f"\n… and {len(faults) - 20} more" if len(faults) > 20 else ""
        super().__init__(f"{len(faults)} faulty lines:\n{shown}{more}")
        self.faults = list(faults)


def corpus_files(paths: Iterable[Path]) -> list[Path]:
    """Return the JSONL files among `paths`, folders searched; raise if one does not exist."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(path.glob("*.jsonl"))
        elif path.is_file():
            files.append(path)
        else:
            raise FileNotFoundError(f"{path}: there is no such file or folder")
    return files


def load(paths: Iterable[Path]) -> list[Row]:
    """Return the rows of all files to learn from, what moderators decided twice once.

    Raise `CorpusError` for faulty lines and repeated ids.
    """
    return load_with_remarks(paths)[0]


def load_with_remarks(paths: Iterable[Path]) -> tuple[list[Row], list[str]]:
    """Return what `load` does, and remarks on decisions whose labels differ."""
    rows, faults = read(paths)
    faults += repeated_ids(rows)
    if faults:
        raise CorpusError(faults)
    return fold_decisions(rows)


def fold_decisions(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """Return the rows, each text moderators decided on once, and remarks on labels that differ.

    People write the same every day. Exports come oldest first: the last decision counts.
    Authored rows all stay. A moderator's row that repeats one with the same labels goes;
    with other labels both stay, and a remark names them.
    """
    written = {_told(row): row for row in rows if row.source != "moderator"}
    newest = {_told(row): row for row in rows if row.source == "moderator"}
    kept, remarks = [], []
    for row in rows:
        authored, last = written.get(_told(row)), newest.get(_told(row), row)
        if row.source != "moderator":
            kept.append(row)
        elif last is not row:
            if differing := _differing(row, last):
                remarks.append(f"{last.where}: counts, not {row.where}, same text: {differing}")
        elif authored is None:
            kept.append(row)
        elif differing := _differing(authored, row):
            kept.append(row)
            remarks.append(f"{row.where}: counts beside {authored.where}, same text: {differing}")
    return kept, remarks


def _told(row: Row) -> tuple[str, str | None, str]:
    """Return what a row shares with its repetitions: text, the post above it, split."""
    return row.text.strip(), row.parent_text, row.split


def _differing(one: Row, other: Row) -> str:
    """Return in which labels two rows differ."""
    return ", ".join(
        f"{head} {label} → {other.labels[head]}"
        for head, label in one.labels.items()
        if label != other.labels[head]
    )


def read(paths: Iterable[Path]) -> tuple[list[Row], list[str]]:
    """Return the good rows and, as "file:line: reason", the faults of the others."""
    rows: list[Row] = []
    faults: list[str] = []
    for path in corpus_files(paths):
        for where, line in _lines(path):
            try:
                rows.append(parse(line, where))
            except ValueError as error:
                faults.append(f"{where}: {error}")
    return rows, faults


def repeated_ids(rows: Sequence[Row]) -> list[str]:
    """Return a fault for every id that an earlier row has."""
    seen: dict[str, str] = {}
    faults = []
    for row in rows:
        if row.id in seen:
            faults.append(f"{row.where}: id {row.id!r} is taken by {seen[row.id]}")
        seen.setdefault(row.id, row.where)
    return faults


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield ("file:line", bytes) of every line that is not blank."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield f"{path.name}:{number}", line


def parse(line: bytes, where: str) -> Row:
    """Return the row in one JSON line; raise `ValueError` saying what is wrong with it."""
    try:
        raw = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(not_utf8(error)) from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is not JSON ({error})") from None
    if not isinstance(raw, dict):
        raise ValueError("is not a JSON object")
    if missing := _REQUIRED - raw.keys():
        raise ValueError(f"lacks {', '.join(sorted(missing))}")
    if unknown := raw.keys() - _REQUIRED - _OPTIONAL:
        raise ValueError(f"has unknown fields {', '.join(sorted(unknown))}")
    _check_values(raw)
    labels = {head: raw[head] for head in ANNOTATED_HEADS}
    labels["toxicity"] = "toxic" if raw["toxic"] else "clean"
    labels["misinformation"] = "rumour" if raw["misinformation"] else "plain"
    return Row(
        id=raw["id"],
        text=raw["text"],
        labels={head: labels[head] for head in HEADS},
        parent_text=raw.get("parent_text"),
        source=raw["source"],
        annotator=raw["annotator"],
        split=raw.get("split") or "train",
        where=where,
        traps=tuple(raw.get("traps") or ()),
        keyboard=raw.get("keyboard"),
    )


def _check_values(raw: dict[str, Any]) -> None:
    """Raise `ValueError` for a value of the wrong type or an unknown code."""
    for name in ("id", "annotator"):
        _check_name(name, raw[name])
    for name in ("misinformation", "toxic"):
        if not isinstance(raw[name], bool):
            raise ValueError(f"{name} must be true or false")
    for name, codes in _CODED.items():
        _check_code(name, raw[name], codes)
    for name, codes in (("platform", PLATFORMS), ("split", SPLITS), ("keyboard", KEYBOARDS)):
        if raw.get(name) is not None:
            _check_code(name, raw[name], codes)
    for name in ("text", "parent_text"):
        if name in raw and (name == "text" or raw[name] is not None):
            _check_text(raw[name])
    _check_traps(raw)


def _check_traps(raw: dict[str, Any]) -> None:
    """Raise `ValueError` for an unknown trap, or one that the row's own labels rule out."""
    traps = raw.get("traps") or []
    if not isinstance(traps, list):
        raise ValueError("traps must be a list")
    for trap in traps:
        _check_code("traps", trap, TRAPS)
        if trap in URGENCY_TRAPS and raw["urgency"] in {"critical", "high"}:
            raise ValueError(f"traps: {trap!r} on a row with urgency {raw['urgency']!r}")
        if trap in RUMOUR_TRAPS and raw["misinformation"]:
            raise ValueError(f"traps: {trap!r} on a row that is misinformation")
        if trap in TOXICITY_TRAPS and raw["toxic"]:
            raise ValueError(f"traps: {trap!r} on a toxic row")


def _check_name(name: str, value: object) -> None:
    """Raise `ValueError` for what cannot name anything."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be a string that is not empty")
    try:
        check_characters(value)
    except TextError as error:
        raise ValueError(f"{name}: {error.detail}") from None


def _check_code(name: str, code: object, codes: Sequence[str]) -> None:
    """Raise `ValueError` for a code that is none of `codes`."""
    if code not in codes:
        raise ValueError(f"{name}: unknown code {code!r}, known: {', '.join(codes)}")


def _check_text(text: object) -> None:
    """Raise `ValueError` for a text that could not be analysed."""
    try:
        check_text(text)
    except TextError as error:
        raise ValueError(error.detail) from None


def fingerprint(rows: Sequence[Row]) -> str:
    """Return the SHA-256 of texts and labels, the same whatever the order of the rows."""
    digest = hashlib.sha256()
    for row in sorted(rows, key=lambda row: row.id):
        content = [row.id, row.text, row.parent_text, row.labels, row.split]
        digest.update(json.dumps(content, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()
