"""Whether a model that learned from the authored corpus alone understands real texts.

Two public sets stand for the real world, neither of them in this repository:
appeals to a Russian city with the topic their citizens filed them under
(`text`, `topic_as_filed`; mapped to ours in `transfer_topics.toml`), and
Kazakh reviews with polarity from their stars (`text`, `label`: 0 or 1;
KazSAnDRA, Yeshpanov and Varol, 2024).
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.metrics import f1_score

from models.classifier import Classifier
from models.labels import HEADS

MAPPING: Final = Path(__file__).with_name("transfer_topics.toml")
_NEGATIVE: Final = HEADS["sentiment"].index("negative")
_POSITIVE: Final = HEADS["sentiment"].index("positive")


def read_topics(path: Path, mapping: Path = MAPPING) -> tuple[list[str], list[str]]:
    """Return the texts whose filed topic is mapped to one of ours, and those topics.

    Raise `ValueError` for a missing column or a mapping to an unknown topic.
    """
    patterns = tomllib.loads(mapping.read_text(encoding="utf-8"))["topic"]
    if unknown := patterns.keys() - set(HEADS["topic"]):
        raise ValueError(f"{mapping.name}: unknown topics {', '.join(sorted(unknown))}")
    texts, topics = [], []
    for text, filed in _columns(path, "text", "topic_as_filed"):
        for topic, names in patterns.items():
            if any(fnmatchcase(filed, name) for name in names):
                texts.append(text)
                topics.append(topic)
                break
    return texts, topics


def topic_accuracy(classifier: Classifier, texts: Sequence[str], topics: Sequence[str]) -> float:
    """Return the share of `texts` whose best topic is the one they were filed under."""
    guess = classifier.probabilities(texts, [None] * len(texts))["topic"].argmax(axis=1)
    gold = np.array([HEADS["topic"].index(topic) for topic in topics])
    return round(float((guess == gold).mean()), 4)


def read_polarity(path: Path) -> tuple[list[str], list[int]]:
    """Return texts and their polarity, 1 for positive; raise `ValueError` for another label."""
    pairs = list(_columns(path, "text", "label"))
    if odd := {label for _, label in pairs} - {"0", "1"}:
        raise ValueError(f"{path}: label must be 0 or 1, not {', '.join(sorted(odd))}")
    return [text for text, _ in pairs], [int(label) for _, label in pairs]


def polarity_f1(classifier: Classifier, texts: Sequence[str], polarity: Sequence[int]) -> float:
    """Return macro-F1 of positive against negative, whichever of both is likelier."""
    found = classifier.probabilities(texts, [None] * len(texts))["sentiment"]
    guess = (found[:, _POSITIVE] > found[:, _NEGATIVE]).astype(int)
    return round(float(f1_score(polarity, guess, average="macro")), 4)


def _columns(path: Path, *names: str) -> list[tuple[str, ...]]:
    """Return the named columns of a CSV file, row by row."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in names if name not in (reader.fieldnames or ())]:
            raise ValueError(f"{path}: lacks the column {', '.join(missing)}")
        return [tuple(row[name] for name in names) for row in reader]
