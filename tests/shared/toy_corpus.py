"""A corpus of three topics that a model learns in a second, and a recipe as small."""

from __future__ import annotations

from dataclasses import replace

from training.corpus import Row
from training.recipe import Recipe, load_recipe

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
    """Return the shipped recipe with few columns."""
    recipe = load_recipe()
    small = replace(recipe, features=replace(recipe.features, buckets=4096))
    small.raw["features"]["buckets"] = 4096
    return small
