"""What more writing buys: the same recipe trained on ever more of the corpus.

A point takes the first n comments of one random order, trains on those of its
train rows without the lexicon, and is measured on all dev rows (by head and written
form), all test rows, and, where they are at hand, two sets of real texts
(`training.transfer`); on these the whole corpus also together with the lexicon.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from models.classifier import Classifier
from models.labels import HEADS
from training.corpus import Row
from training.recipe import Recipe
from training.train import Material, train
from training.transfer import polarity_f1, read_polarity, read_topics, topic_accuracy

SIZES: Final = (1_000, 2_000, 4_000, 8_000, 12_000, 16_000)
_TOPICS: Final = Path("civic_ru/kursk.csv")
_POLARITY: Final = Path("kazsandra/valid.csv")


@dataclass(frozen=True)
class RealTexts:
    """Texts that nobody wrote for us, with their labels."""

    appeals: tuple[list[str], list[str]]
    """Texts and their topics."""
    reviews: tuple[list[str], list[int]]
    """Texts and their polarity, 1 for positive."""


def load_real_texts(folder: Path) -> RealTexts:
    """Read both sets from the folder of open data; raise `OSError` when one is missing."""
    return RealTexts(read_topics(folder / _TOPICS), read_polarity(folder / _POLARITY))


def learning_curve(
    rows: Sequence[Row],
    recipe: Recipe,
    real: RealTexts | None,
    *,
    sizes: Sequence[int] = SIZES,
    progress: Callable[[int], None] = lambda _size: None,
) -> list[dict[str, Any]]:
    """Return a point a size, and one for the whole corpus; `progress` gets each size when done.

    And the last once more, when real texts are there: for them it is learned with the lexicon.
    """
    order = sorted(rows, key=lambda row: row.id)
    random.Random(recipe.seed).shuffle(order)  # noqa: S311
    judges = [row for row in rows if row.split != "train"]
    alone = replace(recipe, lexicon_weight=0.0)
    points = []
    for size in sorted({*(size for size in sizes if size < len(rows)), len(rows)}):
        learning = [row for row in order[:size] if row.split == "train"]
        classifier, metrics = _trained([*learning, *judges], alone)
        point = {"written": size, "trained_on": len(learning), **_measured(metrics)}
        if real:
            point["corpus_alone"] = _transfer(classifier, real)
        points.append(point)
        progress(size)
    if real:
        classifier, _ = _trained(rows, recipe)
        points[-1]["with_lexicon"] = _transfer(classifier, real)
        progress(len(rows))
    return points


def _trained(rows: Sequence[Row], recipe: Recipe) -> tuple[Classifier, dict[str, Any]]:
    """Return a model trained on `rows` and its metrics; nothing of it is kept on disk."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = train(Material(rows), recipe, Path(folder) / "point", "point")
        return Classifier.load(Path(folder) / "point"), manifest.metrics


def _measured(metrics: dict[str, Any]) -> dict[str, Any]:
    """Return macro-F1 by head (`all`) and written form on dev, and by head on test."""
    dev, test = metrics["dev"], metrics.get("test")
    found: dict[str, Any] = {
        "dev": {
            head: {"all": dev[head]["macro_f1"], **dev[head]["macro_f1_by_form"]} for head in HEADS
        }
    }
    if test:
        found["test"] = {head: test[head]["macro_f1"] for head in HEADS}
    return found


def _transfer(classifier: Classifier, real: RealTexts) -> dict[str, float]:
    return {
        "appeal_topic_accuracy": topic_accuracy(classifier, *real.appeals),
        "review_polarity_f1": polarity_f1(classifier, *real.reviews),
    }
