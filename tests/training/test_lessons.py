"""How often an example is taught to the encoder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from toy_corpus import toy_rows

from training.encoder import load_encoder
from training.examples import Example
from training.lessons import Lessons
from training.multitask import fine_tune_heads
from training.recipe import load_recipe


@pytest.mark.parametrize(
    ("weight", "fewest", "most"), [(1.0, 1, 1), (2.0, 2, 2), (0.5, 0.2, 0.8), (2.5, 2.2, 2.8)]
)
def test_a_weight_is_how_often_an_example_is_drawn(
    tiny: Path, weight: float, fewest: float, most: float
) -> None:
    body, reader = load_encoder(tiny, 64)
    settings = replace(load_recipe().fine_tuning, epochs=1, tokens=1)  # one example a step
    known = [Example(row.text, row.labels, weight) for row in toy_rows() * 8][:32]
    seen: list[int] = []
    fine_tune_heads(
        body,
        reader,
        Lessons(known),
        settings,
        seed=1,
        progress=lambda _done, total, _loss: seen.append(total),
    )
    assert fewest * len(known) <= seen[-1] <= most * len(known)
