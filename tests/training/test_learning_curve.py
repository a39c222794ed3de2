"""The learning curve on a toy corpus: ever more rows, the same judges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from toy_corpus import small_recipe, toy_rows

from models.labels import HEADS
from training import examples
from training.curve_plot import plot_curve
from training.learning_curve import RealTexts, learning_curve


def test_a_point_for_every_size_and_one_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    praise = [("sentiment", "positive", "рахмет"), ("sentiment", "negative", "ұят")]
    monkeypatch.setattr(examples, "load_lexicon", lambda: praise)
    real = RealTexts(
        (["батареи холодные", "автобус опоздал"], ["heating", "transport"]),
        (["рахмет, керемет", "ұят, нашар"], [1, 0]),
    )
    done: list[int] = []
    points = learning_curve(
        toy_rows(),
        replace(small_recipe(), lexicon_weight=1.0),
        real,
        sizes=(60, 5_000),
        progress=done.append,
    )
    assert [point["written"] for point in points] == [60, 120]
    assert done == [60, 120, 120]  # the last once more, with the lexicon
    first, last = points
    assert first["trained_on"] < last["trained_on"] == 60
    assert last["dev"]["topic"]["all"] == 1
    assert last["dev"].keys() == last["test"].keys() == HEADS.keys()
    assert {"ru", "kk-Cyrl"} <= last["dev"]["topic"].keys()
    assert last["corpus_alone"]["appeal_topic_accuracy"] == 1
    assert "with_lexicon" not in first
    assert last["with_lexicon"]["review_polarity_f1"] == 1  # the toy corpus praises nothing
    plot_curve(points, tmp_path / "curve.svg")
    assert (tmp_path / "curve.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_without_real_texts_nothing_is_said_of_them() -> None:
    points = learning_curve(toy_rows(), small_recipe(), None, sizes=())
    assert len(points) == 1
    assert not points[0].keys() & {"corpus_alone", "with_lexicon"}
