"""How often an example is taught to the encoder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from toy_corpus import toy_rows

from models.fast import COLUMNS, head_slices
from models.labels import HEADS
from training.encoder import load_encoder
from training.examples import Example
from training.head_loss import Loss
from training.lessons import Draw, Lessons
from training.meaning import Retold
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


def drawn(tiny: Path, lessons: Lessons, multiple: int) -> Draw:
    settings = replace(load_recipe().fine_tuning, tokens=96, retellings=1, typos=0.0, latin=0.0)
    return Draw(lessons, load_encoder(tiny, 64)[1], settings, seed=1, multiple=multiple)


def test_batches_of_a_length_are_alike_where_steps_are_recorded(tiny: Path) -> None:
    known = [Example(row.text, row.labels, 1.0) for row in toy_rows()]
    told = [Retold((f"{row.text} 1", f"{row.text} 2"), (f"{row.text}?",)) for row in toy_rows()[:5]]
    batches = drawn(tiny, Lessons(known, told), 4).batches(0)
    shapes = {(one.claims, *one.whole.shape) for one in batches}
    assert all(length % 4 == 0 for _, _, length in shapes)
    labelled = [(rows, length) for claims, rows, length in shapes if not claims]
    assert len(labelled) == len({length for _, length in labelled})
    assert all(rows == 96 // length for rows, length in labelled)
    assert [rows for claims, rows, _ in shapes if claims] == [16]  # 5 + 5 + 5, one of them again
    rows_in = {tuple(ids[ids != 0]) for one in batches if not one.claims for ids in one.whole}
    whole = drawn(tiny, Lessons(known), 1)
    read = {
        tuple(ids[:count])
        for one in whole.batches(0)
        for ids, count in zip(one.whole, one.present.sum(1), strict=True)
    }
    assert rows_in == read  # none is lost


class Saying(torch.nn.Module):
    """A model that says the same of whatever it reads."""

    def __init__(self, logits: torch.Tensor) -> None:
        super().__init__()
        self.logits = logits

    def forward(self, _ids: torch.Tensor, _present: torch.Tensor) -> torch.Tensor:
        return self.logits


def test_the_loss_is_cross_entropy_smoothed_where_nothing_is_barred(tiny: Path) -> None:
    topics, urgencies = HEADS["topic"], HEADS["urgency"]
    among = {"urgency": urgencies[:2]}
    known = [
        Example("бір", {"topic": topics[0], "urgency": urgencies[1]}, 1.0),
        Example("екі", {"topic": topics[1]}, 1.0),
        Example("үш", {"urgency": urgencies[0]}, 1.0, among=among),
    ]
    draw = drawn(tiny, Lessons(known), 1)
    loss = Loss(draw.lessons, draw.settings)
    batch = draw.batches(0)[0]
    assert loss.kind(batch) == ("labels", 0)
    torch.manual_seed(0)
    logits = torch.randn(len(batch.gold), COLUMNS)
    found = float(loss.of(("labels", 0), Saying(logits), *batch.tensors()))

    expected = 0.0
    for place, (head, columns) in enumerate(head_slices().items()):
        for row, gold in enumerate(batch.gold[:, place]):
            if gold < 0:
                continue
            barred = batch.barred[row, columns]
            scores = logits[row, columns].masked_fill(torch.from_numpy(barred), -1e4)
            expected += float(
                torch.nn.functional.cross_entropy(
                    scores[None],
                    torch.tensor([gold]),
                    weight=loss.lift[head],
                    reduction="sum",
                    label_smoothing=0.0 if barred.any() else 0.05,
                )
            )
    assert found == pytest.approx(expected / len(batch.gold), rel=1e-5)
