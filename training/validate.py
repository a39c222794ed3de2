"""Whether a corpus may be trained on: every fault with file and line, and its counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from models.labels import HEADS
from models.personal_data import find_personal_data
from models.text import skeleton
from training.corpus import Row, read, repeated_ids
from training.near_duplicates import near_duplicates

KAZAKH_FORMS: Final = ("kk-Cyrl", "kk-Latn", "mixed")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-zA-Z\u00df-\u024f]")
_ORNAMENT = re.compile(r"https?://\S+|[@#]\S+|\b[\w-]+\.(?:kz|ru|com|org|net)\b\S*")


@dataclass
class Verdict:
    """What `validate` found; the corpus is fit for training when `faults` is empty."""

    rows: list[Row]
    faults: list[str] = field(default_factory=list)

    def table(self) -> list[tuple[str, str, int]]:
        """Return (group, code, rows), for every code of every head and some compositions."""
        lines: list[tuple[str, str, int]] = []
        for head, codes in HEADS.items():
            counts = Counter(row.labels[head] for row in self.rows)
            lines += [(head, code, counts[code]) for code in codes]
        for code in HEADS["topic"]:
            of_topic = [row.labels["language"] for row in self.rows if row.labels["topic"] == code]
            lines.append(("topic in Kazakh forms", code, sum(f in KAZAKH_FORMS for f in of_topic)))
            lines.append(("topic in Russian", code, of_topic.count("ru")))
        lines.append(
            ("kk-Cyrl", "typed with Russian letters", sum(map(russian_letters, self.rows)))
        )
        lines.append(
            ("parent_text", "given", sum(row.parent_text is not None for row in self.rows))
        )
        for name in ("split", "source"):
            counts = Counter(getattr(row, name) for row in self.rows)
            lines += [(name, code, count) for code, count in sorted(counts.items())]
        return lines


def russian_letters(row: Row) -> bool:
    """Say whether a row is Kazakh typed without a Kazakh keyboard."""
    lowered = row.text.lower()
    return row.labels["language"] == "kk-Cyrl" and skeleton(lowered) == lowered.replace("ё", "е")


def validate(paths: Iterable[Path]) -> Verdict:
    """Read and check the corpus; never raises for its content, every fault is collected."""
    rows, faults = read(paths)
    faults += repeated_ids(rows)
    for row in rows:
        faults += [f"{row.where}: {fault}" for fault in _row_faults(row)]
    faults += _repeated_texts(rows)
    return Verdict(rows, faults)


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
    return faults


def _repeated_texts(rows: Sequence[Row]) -> list[str]:
    """Return a fault for equal texts, and for near-duplicates in different splits."""
    faults = []
    seen: dict[tuple[str, str | None], str] = {}
    for row in rows:
        key = (row.text.strip(), row.parent_text)
        if key in seen:
            faults.append(f"{row.where}: same text as {seen[key]}")
        seen.setdefault(key, row.where)
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
