"""Self-distillation on toy texts: what the other half says of a text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.distil import soft_targets
from training.members import Lesson

WORDS = (("нашар", "жаман", "ұят", "ужас"), ("керемет", "жақсы", "рахмет", "отлично"))


def lesson(count: int, wrong: tuple[int, ...] = ()) -> Lesson:
    texts, labels = [], []
    for number in range(count):
        label = number % 2
        word, other = WORDS[label][number // 2 % 4], WORDS[label][number // 8 % 4]
        texts.append(f"{word} жол {number} {other}")
        labels.append(1 - label if number in wrong else label)
    return Lesson(texts, np.array(labels), 2, [])


def targets(task: Lesson, start: Path, share: float) -> np.ndarray:
    return soft_targets(task, share, start=start, epochs=2, beside=None, seed=0)


def test_a_wrong_label_is_doubted_and_a_right_one_is_not(tiny: Path) -> None:
    task = lesson(120, wrong=(10, 31))
    found = targets(task, tiny, 0.8)
    assert found.shape == (120, 2)
    assert found.dtype == np.float32
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-5)
    believed = found[np.arange(120), task.labels]
    assert believed[[10, 31]].max() < 0.5
    assert np.delete(believed, [10, 31]).min() > 0.5


def test_the_label_keeps_its_share(tiny: Path) -> None:
    task = lesson(60)
    found = targets(task, tiny, 0.25)
    assert found[np.arange(60), task.labels].min() >= 0.75 - 1e-6


def test_a_rare_label_is_believed(tiny: Path) -> None:
    common = lesson(40)
    texts = [*common.texts, *(f"басқа сөз {number}" for number in range(9))]
    task = Lesson(texts, np.r_[common.labels, [2] * 9], 3, [])
    found = targets(task, tiny, 0.5)
    assert found[40:].tolist() == [[0, 0, 1]] * 9
    alone = Lesson(texts[:6], np.array([0, 1] * 3), 2, [])
    assert targets(alone, tiny, 0.5).tolist() == [[1, 0], [0, 1]] * 3
