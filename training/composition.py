"""What a corpus is made of: rows by label, form, split and trap, beside what is wanted."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from models.labels import HEADS, RUMOUR_TRAPS, TRAPS, URGENCY_TRAPS
from training.corpus import KEYBOARDS, SOURCES, SPLITS, Row
from training.diversity import alike_share, openings

TARGETS: Final = Path(__file__).with_name("corpus_targets.toml")
KAZAKH_FORMS: Final = ("kk-Cyrl", "kk-Latn", "mixed")
_OPENING_WORDS: Final = 2


class Count(NamedTuple):
    """How many rows there are of something, and how many there should be at least."""

    group: str
    code: str
    rows: int
    wanted: int | None = None

    @property
    def short(self) -> bool:
        """Whether rows are missing."""
        return self.wanted is not None and self.rows < self.wanted


Targets = Mapping[str, Mapping[str, float]]


def load_targets(path: Path = TARGETS) -> Targets:
    """Return what is wanted, by group and code; raise `ValueError` naming file and fault."""
    try:
        targets: dict[str, dict[str, float]] = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    for group, codes in targets.items():
        if not isinstance(codes, dict):
            raise ValueError(f"{path}: {group} must be a table, as in [{group}]")
        for code, wanted in codes.items():
            if isinstance(wanted, bool) or not isinstance(wanted, int | float):
                raise ValueError(f"{path}: [{group}] {code}: {wanted!r} is no number")
    return targets


def composition(rows: Sequence[Row], targets: Targets) -> list[Count]:
    """Return the counts of everything worth counting; `targets` may be empty."""
    counts = [
        Count("rows", "all", len(rows)),
        Count("rows", "parent_text", sum(row.parent_text is not None for row in rows)),
        Count("keyboard", KEYBOARDS[0], sum(row.keyboard == KEYBOARDS[0] for row in rows)),
    ]
    for head, codes in HEADS.items():
        counts += _by_code(head, codes, (row.labels[head] for row in rows))
    kazakh = [row for row in rows if row.labels["language"] in KAZAKH_FORMS]
    russian = [row for row in rows if row.labels["language"] == "ru"]
    for head in ("topic", "intent"):
        for name, some in (("Kazakh forms", kazakh), ("Russian", russian)):
            found = (row.labels[head] for row in some)
            counts += _by_code(f"{head} in {name}", HEADS[head], found)
    counts += _traps(rows)
    counts += _by_code("split", SPLITS, (row.split for row in rows))
    counts += _by_code("source", SOURCES, (row.source for row in rows))
    return [count._replace(wanted=_wanted(count, targets)) for count in counts]


def _by_code(group: str, codes: Iterable[str], found: Iterable[str]) -> list[Count]:
    counted = Counter(found)
    return [Count(group, code, counted[code]) for code in codes]


def _traps(rows: Sequence[Row]) -> list[Count]:
    """Return rows by trap; the sums count a row once, however many traps it has."""
    counts = _by_code("traps", TRAPS, (trap for row in rows for trap in set(row.traps)))
    for name, some in (("taken for urgent", URGENCY_TRAPS), ("taken for a rumour", RUMOUR_TRAPS)):
        counts.append(Count("traps", name, sum(not set(some).isdisjoint(r.traps) for r in rows)))
    return counts


def _wanted(count: Count, targets: Targets) -> int | None:
    group = targets.get(count.group, {})
    wanted = group.get(count.code, group.get("*"))
    return None if wanted is None else int(wanted)


def shortfalls(counts: Sequence[Count], rows: Sequence[Row], targets: Targets) -> list[str]:
    """Return a sentence for everything of which there is too little, or too much of one kind.

    Raise `ValueError` when a target names a group or code that nobody counts.
    """
    _check_names(counts, targets)
    faults = [
        f"{count.group} {count.code}: {count.rows:,} rows, {count.wanted:,} are wanted"
        for count in counts
        if count.short
    ]
    limits = targets.get("at_most", {})
    texts = [row.text for row in rows]
    if limits and texts:
        measured = {
            "rows with a near-duplicate": alike_share(texts),
            "most repeated opening": openings(texts, _OPENING_WORDS)[0][1] / len(texts),
        }
        faults += [
            f"{name}: {measured[name]:.2%}, at most {limit:.2%} may be"
            for name, limit in limits.items()
            if measured[name] > limit
        ]
    return faults


def _check_names(counts: Sequence[Count], targets: Targets) -> None:
    known = {(count.group, count.code) for count in counts}
    known |= {(count.group, "*") for count in counts}
    known |= {("at_most", "rows with a near-duplicate"), ("at_most", "most repeated opening")}
    for group, codes in targets.items():
        for code in codes:
            if (group, code) not in known:
                raise ValueError(f"targets: nobody counts '{code}' of [{group}]")
