"""How far two people who label the same comments agree.

`data/annotated/second_labels/*.jsonl` holds one object a line: `id`, the labels a
row was written with (`first`), those somebody gave who saw only text and parent
post (`second`), and who that was (`annotator`). The corpus itself holds what was
settled afterwards.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sklearn.metrics import cohen_kappa_score

from models.labels import ANNOTATED_HEADS, HEADS
from training.corpus import ANNOTATED

SECOND_LABELS: Final = ANNOTATED / "second_labels"
_FLAGS: Final = ("misinformation", "toxic")
LABELLED: Final = (*ANNOTATED_HEADS, *_FLAGS)
"""Everything that is labelled twice, by its name in the rows."""


@dataclass(frozen=True)
class Pair:
    """One comment labelled twice."""

    id: str
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    annotator: str


def load_pairs(folder: Path = SECOND_LABELS) -> list[Pair]:
    """Return every comment labelled twice; raise `ValueError` naming file, line and fault."""
    pairs = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            raw = json.loads(line)
            pair = Pair(raw["id"], raw["first"], raw["second"], raw["annotator"])
            for labels in (pair.first, pair.second):
                if fault := _fault(labels):
                    raise ValueError(f"{path.name}:{number}: {fault}")
            pairs.append(pair)
    return pairs


def _fault(labels: Mapping[str, Any]) -> str | None:
    """Return what is wrong with one set of labels."""
    for name in LABELLED:
        known = (True, False) if name in _FLAGS else HEADS[name]
        if name not in labels or labels[name] not in known:
            return f"{name}: {labels.get(name)!r} is no label"
    return None


def agreement(pairs: Sequence[Pair]) -> list[tuple[str, float, float]]:
    """Return (head, share of equal labels, Cohen's kappa) of every head; Cohen, 1960.

    Kappa is not defined, and NaN, where both only ever gave one and the same label.
    """
    table = []
    for name in LABELLED:
        first, second = _column(pairs, "first", name), _column(pairs, "second", name)
        equal = sum(one == other for one, other in zip(first, second, strict=True)) / len(pairs)
        defined = len({*first, *second}) > 1
        kappa = float(cohen_kappa_score(first, second)) if defined else math.nan
        table.append((name, equal, kappa))
    return table


def confusions(pairs: Iterable[Pair], name: str) -> list[tuple[str, str, int]]:
    """Return which two labels of one head were taken for each other, the most frequent first."""
    found: dict[tuple[str, str], int] = {}
    for pair in pairs:
        one, other = sorted((str(pair.first[name]), str(pair.second[name])))
        if one != other:
            found[one, other] = found.get((one, other), 0) + 1
    return sorted(((*both, count) for both, count in found.items()), key=lambda item: -item[2])


def _column(pairs: Sequence[Pair], side: str, name: str) -> list[str]:
    return [str(getattr(pair, side)[name]) for pair in pairs]
