"""The generated parts of the corpus's datasheet: tables between marks, prose left alone.

qulaq-train datasheet                           # after the corpus has changed
qulaq-train learning-curve --open-data FOLDER   # first, after the recipe has
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.labels import HEADS, LANGUAGES
from training.agreement import Pair, agreement, confusions
from training.composition import composition
from training.corpus import ANNOTATED, SPLITS, Row
from training.diversity import WINDOW, alike_share, distinct_ngrams, openings
from training.near_duplicates import NEAR
from training.reviewed import Review, moved

DATASHEET: Final = ANNOTATED / "DATASHEET.md"
MEASURED: Final = ANNOTATED / "learning_curve.json"
_BLOCK: Final = re.compile(r"(<!-- made: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Facts:
    """What the tables are made from."""

    rows: Sequence[Row]
    pairs: Sequence[Pair]
    reviews: Sequence[Review]
    measured: dict[str, Any]
    """`points` of the learning curve, and `reviews_variety` of KazSAnDRA by n-gram length."""


def load_measured(path: Path = MEASURED) -> dict[str, Any]:
    """Return the figures that take minutes or open data to make."""
    measured: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return measured


def fill(text: str, facts: Facts) -> str:
    """Return the datasheet with every generated part made anew; raise `ValueError` for an unknown.

    A part stands between `<!-- made: NAME -->` and `<!-- end -->`.
    """

    def made(match: re.Match[str]) -> str:
        name = match[2]
        if name not in _PARTS:
            raise ValueError(f"the datasheet asks for '{name}', known: {', '.join(_PARTS)}")
        return f"{match[1]}\n{_PARTS[name](facts)}\n\n{match[3]}"

    return _BLOCK.sub(made, text)


def _table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)


def _sizes(facts: Facts) -> str:
    forms = Counter((row.split, row.labels["language"]) for row in facts.rows)
    lines = [
        (split, *(f"{forms[split, form]:,}" for form in LANGUAGES), f"{_of(facts.rows, split):,}")
        for split in SPLITS
    ]
    whole = [f"{sum(forms[split, form] for split in SPLITS):,}" for form in LANGUAGES]
    return _table(["split", *LANGUAGES, "all"], [*lines, ("all", *whole, f"{len(facts.rows):,}")])


def _of(rows: Sequence[Row], split: str) -> int:
    return sum(row.split == split for row in rows)


def _labels(facts: Facts) -> str:
    """Return, for every code of every head, rows by written form."""
    counted = Counter(
        (head, row.labels[head], row.labels["language"])
        for row in facts.rows
        for head in HEADS
        if head != "language"
    )
    lines = []
    for head, codes in HEADS.items():
        if head == "language":
            continue
        for code in codes:
            cells = [counted[head, code, form] for form in LANGUAGES]
            lines.append((head, f"`{code}`", *(f"{n:,}" for n in cells), f"{sum(cells):,}"))
    return _table(["head", "code", *LANGUAGES, "all"], lines)


def _traps(facts: Facts) -> str:
    rows = [(c.code, f"{c.rows:,}") for c in composition(facts.rows, {}) if c.group == "traps"]
    return _table(["trap", "rows"], rows)


def _lengths(facts: Facts) -> str:
    lengths = sorted(len(row.text.split()) for row in facts.rows)
    shares = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
    cells = [lengths[int(share * (len(lengths) - 1))] for share in shares]
    short = sum(length <= 5 for length in lengths) / len(lengths)
    return _table(
        [*(f"{share:.0%}" for share in shares), "longest", "up to 5 words"],
        [(*cells, lengths[-1], f"{short:.0%}")],
    )


def _variety(facts: Facts) -> str:
    texts = [row.text for row in facts.rows]
    reviews = facts.measured.get("reviews_variety", {})
    lines = [
        (
            f"different {length}-grams in 1,000 words",
            f"{distinct_ngrams(texts, length):.0f}",
            f"{reviews[str(length)]:.0f}" if reviews else "–",
        )
        for length in (2, 3)
    ]
    first = ", ".join(f"{words} ({count})" for words, count in openings(texts, 2))
    return (
        _table([f"over {WINDOW:,} words", "this corpus", "KazSAnDRA reviews"], lines)
        + f"\n\nRows whose nearest neighbour reaches a Jaccard index of {NEAR} over character "
        f"4-grams: {alike_share(texts):.2%} (3 % allowed). The ten most repeated openings: "
        f"{first}; 1.5 % would be {0.015 * len(texts):.0f} rows."
    )


def _agreement(facts: Facts) -> str:
    lines = []
    for head, equal, kappa in agreement(facts.pairs):
        unlike = [f"{a}/{b} {n}" for a, b, n in confusions(facts.pairs, head)[:3]]
        lines.append((head, f"{equal:.1%}", f"{kappa:.3f}", ", ".join(unlike)))
    return f"{len(facts.pairs):,} comments.\n\n" + _table(
        ["head", "same label", "Cohen's kappa", "most often taken for each other"], lines
    )


def _reviews(facts: Facts) -> str:
    degrees, moves = HEADS["urgency"], moved(facts.reviews)
    lines = [(f"`{old}`", *(f"{moves[old, new]:,}" for new in degrees)) for old in degrees]
    stayed = sum(moves[degree, degree] for degree in degrees)
    return (
        f"{len(facts.reviews):,} comments, of which {len(facts.reviews) - stayed:,} got another "
        "urgency.\n\n" + _table(["written as", *(f"settled `{new}`" for new in degrees)], lines)
    )


def _curve(facts: Facts) -> str:
    lines = []
    for point in facts.measured["points"]:
        alone, lexicon = point.get("corpus_alone", {}), point.get("with_lexicon", {})
        cells = [f"{point['dev'][head]['all']:.3f}" for head in HEADS]
        cells += [
            f"{alone[name]:.3f}{f' ({lexicon[name]:.3f})' if lexicon else ''}" if alone else "–"
            for name in ("appeal_topic_accuracy", "review_polarity_f1")
        ]
        lines.append((f"{point['written']:,}", *cells))
    return _table(["written", *HEADS, "appeals: topic", "reviews: polarity"], lines)


_PARTS: Final[dict[str, Callable[[Facts], str]]] = {
    "sizes": _sizes,
    "labels": _labels,
    "traps": _traps,
    "lengths": _lengths,
    "variety": _variety,
    "agreement": _agreement,
    "reviews": _reviews,
    "curve": _curve,
}
