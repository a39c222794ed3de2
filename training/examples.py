"""What the heads learn from: annotated rows, their copies in other shapes, and the lexicon.

An example may know only some heads; a head learns from the examples that know it.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from models.labels import HEADS
from models.text import KAZAKH_LETTERS
from training.augment import HABITS, drop_kazakh_letters, mistype, to_latin
from training.corpus import Row
from training.recipe import FineTuning, Recipe

LEXICON: Final = Path(__file__).with_name("lexicon.toml")


@dataclass(frozen=True)
class Example:
    """A text with the labels it teaches and how much it counts."""

    text: str
    labels: Mapping[str, str]
    weight: float
    among: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By head, the labels the source could choose from, where these are not all."""
    parent_text: str | None = None


def examples(rows: Sequence[Row], recipe: Recipe) -> list[Example]:
    """Return everything to learn from, in an order that depends on nothing but the arguments."""
    chance = random.Random(recipe.seed)  # noqa: S311
    known = [Example(row.text, row.labels, 1.0) for row in rows]
    if recipe.lexicon_weight > 0:
        known += lexicon_examples(recipe.lexicon_weight)
    copies = [copy for example in known for copy in _copies(example, recipe, chance)]
    return [*known, *copies]


def lexicon_examples(weight: float) -> list[Example]:
    """Return the entries of the lexicon as tiny comments that know one head."""
    return [Example(text, {head: code}, weight) for head, code, text in load_lexicon()]


def load_lexicon(path: Path = LEXICON) -> list[tuple[str, str, str]]:
    """Return (head, code, word or phrase); raise `ValueError` for an unknown head or code."""
    entries = []
    for head, codes in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for code, listed in codes.items():
            if code not in HEADS.get(head, ()):
                raise ValueError(f"{path.name}: there is no code '{code}' of head '{head}'")
            words = (" ".join(entry.split()) for entry in listed.split(","))
            entries += [(head, code, word) for word in words if word]
    return entries


def _copies(example: Example, recipe: Recipe, chance: random.Random) -> list[Example]:
    """Return a Kazakh example in the other shapes Kazakh is typed in, none for other languages."""
    settings = recipe.augment
    form = example.labels.get("language")
    if form is None and not KAZAKH_LETTERS.isdisjoint(example.text):
        form = "kk-Cyrl"  # a word of the lexicon
    weight = example.weight * settings.weight
    made = []
    if form in {"kk-Cyrl", "mixed"} and settings.dropped_letters:
        dropped = drop_kazakh_letters(example.text)
        if dropped != example.text:
            made.append(replace(example, text=dropped, weight=weight))
    if form == "kk-Cyrl":
        labels, habits = {**example.labels}, settings.latin_habits
        if "language" in labels:
            labels["language"] = "kk-Latn"
        else:
            habits = min(habits, 1)  # the lexicon's words are many, and each is short
        made += [
            Example(to_latin(example.text, HABITS[number]), labels, weight)
            for number in chance.sample(range(len(HABITS)), habits)
        ]
    return made


def vary(example: Example, settings: FineTuning, chance: random.Random) -> Example:
    """Return the example in one of the shapes its text could have arrived in."""
    form, text, draw = example.labels.get("language"), example.text, chance.random()
    kazakh = form == "kk-Cyrl" or (form is None and not KAZAKH_LETTERS.isdisjoint(text.lower()))
    if kazakh and draw < settings.latin:
        labels = {**example.labels, "language": "kk-Latn"} if form else example.labels
        return replace(example, text=to_latin(text, chance.choice(HABITS)), labels=labels)
    if (kazakh or form == "mixed") and draw < settings.latin + settings.dropped_letters:
        text = drop_kazakh_letters(text)
    if chance.random() < settings.typos:
        text = mistype(text, chance)
    return replace(example, text=text)
