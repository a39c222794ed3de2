"""Whether a corpus may be trained on: every fault with file and line, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.personal_data import find_personal_data
from models.text import KAZAKH_LETTERS
from training.composition import Count, Targets, composition, shortfalls
from training.corpus import Row, fold_decisions, read, repeated_ids
from training.near_duplicates import near_duplicates

_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-zA-Z\u00df-\u024f]")
_ORNAMENT = re.compile(r"https?://\S+|[@#]\S+|\b[\w-]+\.(?:kz|ru|com|org|net)\b\S*")


@dataclass
class Verdict:
    """What `validate` found; the corpus is fit for training when `faults` is empty."""

    rows: list[Row]
    """To learn from: a text that moderators decided on several times is there once."""
    counts: list[Count]
    faults: list[str]
    remarks: list[str]
    """What keeps nobody from training: labels of one text that differ."""
    repeated: int
    """Decisions on a text that another row holds already."""


def validate(paths: Iterable[Path], targets: Targets) -> Verdict:
    """Read and check the corpus; never raises for its content, every fault is collected.

    `targets` say how much there must be of what; without any, counts are only shown.
    """
    rows, faults = read(paths)
    faults += repeated_ids(rows)
    for row in rows:
        faults += [f"{row.where}: {fault}" for fault in _row_faults(row)]
    kept, remarks = fold_decisions(rows)
    faults += _repeated_texts(kept)
    counts = composition(kept, targets)
    faults += shortfalls(counts, kept, targets)
    return Verdict(kept, counts, faults, remarks, len(rows) - len(kept))


def _row_faults(row: Row) -> list[str]:
    """Return what is wrong with one row by itself."""
    faults = [
        f"personal data in {name}: {found.kind} at {found.start}"
        for name, text in (("text", row.text), ("parent_text", row.parent_text or ""))
        for found in find_personal_data(text)
    ]
    plain = _ORNAMENT.sub(" ", row.text)
    cyrillic, latin = len(_CYRILLIC.findall(plain)), len(_LATIN.findall(plain))
    form = row.labels["language"]
    if form == "kk-Cyrl" and latin > cyrillic:
        faults.append("form kk-Cyrl, but most letters are Latin")
    if form in {"kk-Latn", "en"} and cyrillic > latin:
        faults.append(f"form {form}, but most letters are Cyrillic")
    if row.keyboard == "russian":
        if form != "kk-Cyrl":
            faults.append(f"keyboard russian, but form {form}")
        if found := sorted(KAZAKH_LETTERS.intersection(row.text)):
            faults.append(f"keyboard russian, but has the Kazakh letters {' '.join(found)}")
    return faults


def _repeated_texts(rows: Sequence[Row]) -> list[str]:
    """Return a fault for equal texts, and for near-duplicates in different splits.

    A moderator's row may repeat another of its split: nobody chose what people write.
    """
    faults = []
    seen: dict[tuple[str, str | None], list[Row]] = {}
    for row in rows:
        earlier = seen.setdefault((row.text.strip(), row.parent_text), [])
        for other in earlier:
            elsewhere = other.split != row.split
            if elsewhere or "moderator" not in {row.source, other.source}:
                where = f" in another split ({other.split})" if elsewhere else ""
                faults.append(f"{row.where}: same text as {other.where}{where}")
                break
        earlier.append(row)
    for first, second, likeness in near_duplicates([row.text for row in rows]):
        one, other = rows[first], rows[second]
        if one.split != other.split and (one.text.strip(), one.parent_text) != (
            other.text.strip(),
            other.parent_text,
        ):
            faults.append(
                f"{other.where}: near-duplicate ({likeness:.2f}) of {one.where} in another split"
            )
    return faults
