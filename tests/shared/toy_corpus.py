"""A corpus of three topics that a model learns in a second, and a recipe as small."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from models.labels import ANNOTATED_HEADS
from training.corpus import Row
from training.recipe import DEFAULT, Recipe, load_recipe

TOPICS = {
    "heating": ("жылу жоқ", "батарея мұздай", "отопления нет", "батареи холодные"),
    "roads": ("жолда шұңқыр", "асфальт жоқ", "яма на дороге", "асфальт разбит"),
    "transport": ("автобус келмейді", "аялдама алыс", "автобус опоздал", "маршрут отменили"),
}


def toy_rows() -> list[Row]:
    rows = []
    for topic, phrases in TOPICS.items():
        for number in range(40):
            phrase = phrases[number % 4]
            russian = number % 4 > 1
            labels = {
                "language": "ru" if russian else "kk-Cyrl",
                "topic": topic,
                "urgency": "high" if topic == "heating" else "normal",
                "sentiment": "negative" if number % 3 else "neutral",
                "intent": "problem",
                "toxicity": "clean",
                "misinformation": "plain",
            }
            rows.append(
                Row(
                    id=f"{topic}-{number}",
                    text=f"{phrase} {number}",
                    labels=labels,
                    parent_text=None,
                    source="authored",
                    annotator="toy",
                    split=("train", "train", "dev", "test")[number // 10],
                    where=f"toy:{number}",
                )
            )
    return rows


def small_recipe() -> Recipe:
    """Return the shipped recipe with few columns, and without the lexicon's thousands of words."""
    recipe = load_recipe()
    features = replace(recipe.features, buckets=4096)
    small = replace(recipe, features=features, lexicon_weight=0.0)
    small.raw["features"]["buckets"] = 4096
    small.raw["lexicon_weight"] = 0.0
    return small


def misled_rows() -> list[Row]:
    """Return the toy corpus with wrong topics in what is learned from, right ones in test."""
    wrong = {"heating": "roads", "roads": "transport", "transport": "heating"}
    return [
        row
        if row.split == "test"
        else replace(row, labels={**row.labels, "topic": wrong[row.labels["topic"]]})
        for row in toy_rows()
    ]


def write_rows(rows: list[Row], path: Path) -> Path:
    """Write rows as `data/annotated` has them."""
    lines = []
    for row in rows:
        line = {"id": row.id, "text": row.text, "source": row.source, "annotator": row.annotator}
        line |= {head: row.labels[head] for head in ANNOTATED_HEADS} | {"split": row.split}
        line["toxic"] = row.labels["toxicity"] == "toxic"
        line["misinformation"] = row.labels["misinformation"] == "rumour"
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def write_small_recipe(path: Path) -> Path:
    """Write the recipe of `small_recipe` as a file."""
    text = write_recipe_without_lexicon(path).read_text(encoding="utf-8")
    path.write_text(text.replace("buckets = 2097152", "buckets = 4096"), encoding="utf-8")
    return path


def write_recipe_without_lexicon(path: Path) -> Path:
    """Write the shipped recipe without the lexicon's thousands of words, which take minutes."""
    text = DEFAULT.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^(lexicon_weight = ).*", r"\g<1>0.0", text), encoding="utf-8")
    return path


def write_quick_recipe(path: Path) -> Path:
    """Write a recipe that learns the whole corpus in a minute: a rougher fit, shorter n-grams."""
    text = write_recipe_without_lexicon(path).read_text(encoding="utf-8")
    for usual, quick in (("= 30.0", "= 0.3"), ("longest = 5\n", "longest = 3\n")):
        assert usual in text
        text = text.replace(usual, quick)
    path.write_text(re.sub(r"(?m)^(latin_habits = )\d+", r"\g<1>0", text), encoding="utf-8")
    return path
