"""A comparison of two models, to read and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from training.compare import FEWEST, LEVEL, Comparison, Figure, Mistakes

_HEADINGS: Final = (
    f"{'head':<15} {'form':<8} {'rows':>6} {'old':>6} {'new':>6} {'new - old':>10}  "
    f"{f'{LEVEL:.0%} interval':<18} verdict"
)


def as_json(found: Comparison) -> dict[str, Any]:
    """Return all figures as plain JSON types."""

    def both(mistakes: Mistakes) -> dict[str, Any]:
        return {
            "rows": mistakes.rows,
            "candidate": len(mistakes.candidate),
            "against": len(mistakes.against),
            "new": sorted(set(mistakes.candidate) - set(mistakes.against)),
            "gone": sorted(set(mistakes.against) - set(mistakes.candidate)),
        }

    return {
        "candidate": found.candidate,
        "against": found.against,
        "rows": found.rows,
        "figures": [
            {
                "head": one.head,
                "form": one.form,
                "rows": one.rows,
                "candidate": round(one.macro_f1.candidate, 4),
                "against": round(one.macro_f1.against, 4),
                "difference": round(one.difference, 4),
                "interval": [round(one.macro_f1.low, 4), round(one.macro_f1.high, 4)],
                "verdict": one.verdict,
            }
            for one in found.figures
        ],
        "critical_recall": {
            "candidate": _recall(found.missed.rows, found.missed.candidate),
            "against": _recall(found.missed.rows, found.missed.against),
        },
        "critical_missed": both(found.missed),
        "false_flags_on_criticism": both(found.false_flags),
        "not_judged": found.not_judged,
        "regressions": found.regressions,
    }


def as_table(found: Comparison) -> str:
    """Return the comparison as text: a line a head and form, what else counts, what got worse."""
    lines = [
        f"{found.against} (old) and {found.candidate} (new), {found.rows:,} rows",
        "",
        _HEADINGS,
        *(_line(one) for one in found.figures),
        "",
        _mistakes("critical comments missed", found.missed) + _recalls(found.missed),
        _mistakes("fair comments flagged", found.false_flags),
        "",
        *(
            f"not judged: {form}, {rows} rows are too few (at least {FEWEST} needed)"
            for form, rows in found.not_judged.items()
        ),
        _tally(found.figures),
    ]
    if not found.regressions:
        return "\n".join([*lines, "no regression"])
    return "\n".join([*lines, "regressions:", *(f"- {one}" for one in found.regressions)])


def _line(one: Figure) -> str:
    of = one.macro_f1
    interval = f"{of.low:+.3f} to {of.high:+.3f}"
    return (
        f"{one.head:<15} {one.form:<8} {one.rows:>6,} {of.against:>6.3f} {of.candidate:>6.3f} "
        f"{one.difference:>+10.3f}  {interval:<18} {one.verdict}"
    )


def _mistakes(what: str, of: Mistakes) -> str:
    """Return how many rows each model gets wrong, and how many of them the other does not."""
    if not of.rows:
        return f"{what}: there are none in these rows"
    before, now = set(of.against), set(of.candidate)
    return (
        f"{what}: {len(before)} → {len(now)} of {of.rows:,} "
        f"({len(now - before)} new, {len(before - now)} gone)"
    )


def _recalls(of: Mistakes) -> str:
    """Return the share of critical comments that each model calls critical."""
    before, now = _recall(of.rows, of.against), _recall(of.rows, of.candidate)
    return "" if before is None or now is None else f", recall {before:.3f} → {now:.3f}"


def _recall(rows: int, missed: tuple[str, ...]) -> float | None:
    return round(1 - len(missed) / rows, 4) if rows else None


def _tally(figures: tuple[Figure, ...]) -> str:
    """Return how many figures got better and worse, and how many would by chance."""
    count = Counter(one.verdict for one in figures)
    judged = len(figures) - count["not judged"]
    return (
        f"of {judged} judged: {count['better']} better, {count['same']} same, "
        f"{count['worse']} worse (up to about {judged * (1 - LEVEL) / 2:.1f} by chance alone)"
    )
