"""One TOML file that says how a model is trained; copied into its manifest.

A recipe with `base = "NAME"` says only what differs from `recipes/NAME.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.features import FeatureSpace
from models.labels import HEADS

RECIPES: Final = Path(__file__).with_name("recipes")
DEFAULT: Final = RECIPES / "shipped.toml"


@dataclass(frozen=True)
class Augment:
    """Copies of Kazakh rows in the other shapes they arrive in."""

    dropped_letters: bool
    latin_habits: int
    weight: float


@dataclass(frozen=True)
class FineTuning:
    """How the encoder learns all heads."""

    epochs: int
    rate: float
    head_rate: float
    """How many times as fast the new layer on top learns."""
    tokens: int
    """Tokens a step, padding included."""
    longest: int
    """Tokens of a text; the rest is cut off, in training and when it serves."""
    latin: float
    dropped_letters: float
    typos: float
    """Shares of the rows that get another shape in an epoch."""
    dropout: float
    """Of every layer. Costs a third of the time."""
    hidden: float
    """Share of the tokens that are hidden in an epoch."""
    lexicon: float
    """How often a word of the lexicon is drawn in an epoch, 0 to 1."""
    retellings: int
    """How often a claim with its retellings is drawn in an epoch."""
    taught: float
    """Share of the loss that compares with what the teachers say, where there are any."""
    rewritten: float
    """Share of the batches whose texts are rewritten for the teachers to label."""
    replaced: float
    """Share of the tokens that are replaced in these."""
    relabelled: Sequence[str]
    """Heads whose labels changed after the teachers had learned: labels alone teach these."""


@dataclass(frozen=True)
class Recipe:
    """How to train; `raw` is the file's content as read, with that of its base."""

    seed: int
    features: FeatureSpace
    kept: int
    """Features of the fast tier that stay after training, at most."""
    augment: Augment
    lexicon_weight: float
    """How much a word of the lexicon counts beside a whole comment; 0 leaves it out."""
    penalty: dict[str, float]
    balance: dict[str, float]
    naive_bayes: dict[str, float]
    open_sets: dict[str, dict[str, float]]
    """What an example of an open labelled set counts beside one of ours, by tier and set."""
    fine_tuning: FineTuning
    raw: dict[str, Any]


def load_recipe(path: Path = DEFAULT) -> Recipe:
    """Read a recipe; raise `ValueError` naming the file and what is wrong in it."""
    try:
        raw = complete(path)
        recipe = Recipe(
            seed=raw["seed"],
            features=FeatureSpace(**raw["features"]),
            kept=raw["kept"],
            augment=Augment(**raw["augment"]),
            lexicon_weight=raw["lexicon_weight"],
            penalty=raw["penalty"],
            balance=raw["balance"],
            naive_bayes=raw["naive_bayes"],
            open_sets=raw["open_sets"],
            fine_tuning=FineTuning(**raw["fine_tuning"]),
            raw=raw,
        )
    except (OSError, tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error
    except KeyError as error:
        raise ValueError(f"{path}: lacks {error}") from error
    for table in ("penalty", "balance", "naive_bayes"):
        missing = [head for head in HEADS if head not in getattr(recipe, table)]
        if missing:
            raise ValueError(f"{path}: [{table}] lacks {', '.join(missing)}")
    if unknown := set(recipe.fine_tuning.relabelled) - set(HEADS):
        raise ValueError(f"{path}: relabelled: there is no head {', '.join(sorted(unknown))}")
    for tier in ("fast", "encoder"):
        if tier not in recipe.open_sets:
            raise ValueError(f"{path}: [open_sets] lacks {tier}")
    return recipe


def complete(path: Path) -> dict[str, Any]:
    """Return what a recipe says, and what its base says where it is silent."""
    own = tomllib.loads(path.read_text(encoding="utf-8"))
    if "base" not in own:
        return own
    base = own.pop("base")
    known = sorted(one.stem for one in RECIPES.glob("*.toml"))
    if base not in known:
        raise ValueError(f"base: there is no recipe {base!r}, only {', '.join(known)}")
    return _merged(complete(RECIPES / f"{base}.toml"), own)


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return `base` with the values of `own`; raise `ValueError` for a name base does not have."""
    if unknown := own.keys() - base.keys():
        raise ValueError(f"not in the base: {', '.join(sorted(unknown))}")
    return base | {
        name: _merged(base[name], value)
        if isinstance(base[name], dict) and isinstance(value, dict)
        else value
        for name, value in own.items()
    }
