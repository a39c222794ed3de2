"""The card beside the shipped weights says what their manifest says."""

from __future__ import annotations

import pytest

from models.artifact import Manifest
from models.model_store import CARD, SHIPPED, ModelStore
from training.card import model_card


def measured(card: str) -> str:
    """Return the figures of a card; its other words may change after a model was trained."""
    return card.partition("## Measured")[2].partition("## Known failures")[0]


@pytest.mark.parametrize("manifest", ModelStore().versions(), ids=lambda one: one.version)
def test_no_figure_of_a_shipped_card_is_typed_by_hand(manifest: Manifest) -> None:
    card = (SHIPPED / manifest.version / CARD).read_text(encoding="utf-8")
    assert measured(card) == measured(model_card(manifest)) != ""
