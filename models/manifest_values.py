"""Whether the values of a manifest are ones the classifier can work with.

The manifest vouches for the weights and nothing vouches for the manifest: a number
that is missing or no number would go live and fail every answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from models.labels import HEADS, LANGUAGES

DECISIONS: Final = (
    "rumour_possible",
    "parent_weight",
    "fragment_words",
    "likely_urgency",
    "critical_from",
    "lone_word",
    "sure_word",
    "alternatives",
)
"""The numbers beside the thresholds without which the classifier cannot answer."""

_CALIBRATED: Final = {"weights", "temperatures", "thresholds", "mixed_gain", "mixed_offset"}
_TEXTS: Final = ("version", "created", "taxonomy_version")
_TABLES: Final = ("features", "metrics", "data", "recipe", "files")
_MOST_BUCKETS: Final = 2**24
"""The weights of more columns would not fit in the memory of an ordinary server."""


def value_fault(raw: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the values of a manifest that has all its fields, if anything."""
    for name in _TEXTS:
        if not isinstance(raw[name], str):
            return f"{name} must be a string"
    for name in _TABLES:
        if not isinstance(raw.get(name, {}), dict):
            return f"{name} must be an object"
    for name in ("files", "metrics"):
        if not all(isinstance(entry, dict) for entry in raw.get(name, {}).values()):
            return f"every entry of {name} must be an object"
    buckets = raw["features"].get("buckets", 0)
    if any(isinstance(value, float) for value in raw["features"].values()) or (
        isinstance(buckets, int) and buckets > _MOST_BUCKETS
    ):
        return f"features: whole numbers are needed, and at most {_MOST_BUCKETS:,} buckets"
    fault = _number_fault("decisions", raw["decisions"], DECISIONS)
    return fault or _calibration_fault(raw["calibration"])


def _calibration_fault(calibration: Any) -> str | None:
    """Return what is wrong with how scores become opinions, if anything."""
    if not isinstance(calibration, dict) or "fast" not in calibration:
        return "calibration must be an object that has 'fast'"
    for tier, of in calibration.items():
        where = f"calibration of {tier}"
        if not isinstance(of, dict) or of.keys() != _CALIBRATED:
            return f"{where} must be an object of {', '.join(sorted(_CALIBRATED))}"
        fault = _number_fault(where, of, ("mixed_gain", "mixed_offset"))
        for table, above in (("temperatures", 0.0), ("thresholds", -math.inf)):
            for head in HEADS:
                by_form = of[table].get(head) if isinstance(of[table], dict) else None
                fault = fault or _number_fault(
                    f"{where}: {table} of {head}", by_form, LANGUAGES, above=above
                )
        for head in HEADS:
            pair = of["weights"].get(head) if isinstance(of["weights"], dict) else None
            if not isinstance(pair, list | tuple) or len(pair) != 2:
                return f"{where}: weights of {head} must be two numbers"
            named = dict(zip(("fast", "encoder"), pair, strict=True))
            fault = fault or _number_fault(f"{where}: weights of {head}", named, tuple(named))
        if fault:
            return fault
    return None


def _number_fault(
    table: str, numbers: Any, names: Iterable[str], *, above: float = -math.inf
) -> str | None:
    """Return what is wrong with the numbers of one table, if anything."""
    if not isinstance(numbers, dict):
        return f"{table} must be an object"
    missing = [name for name in names if name not in numbers]
    if missing:
        return f"no {table} for {', '.join(missing)}"
    for name in names:
        number = numbers[name]
        if not isinstance(number, int | float) or not math.isfinite(number) or number <= above:
            return f"{table}: {name} is not a number it can be"
    return None
