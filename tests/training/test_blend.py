"""Two members' scores made one answer, on scores made here."""

from __future__ import annotations

import numpy as np
import pytest

from models.calibrate import softmax
from training.blend import choose_blend, choose_offsets, macro_f1


def test_a_label_nobody_could_choose_for_is_not_put_down() -> None:
    gold = np.array([0, 1] * 20)
    logs = np.log(np.full((40, 3), 1 / 3, np.float32))
    logs[:, 0] += np.where(gold == 0, 2, 0)
    offsets = choose_offsets(logs, gold)
    assert offsets[2] == 0
    assert offsets[:2] == pytest.approx(choose_offsets(logs[:, :2], gold))


def test_offsets_suit_another_balance_of_labels() -> None:
    chance = np.random.default_rng(1)
    gold = (chance.random(4000) < 0.1).astype(np.int_)
    seen = gold * 1.5 + chance.normal(size=4000)
    balanced = np.stack([np.zeros(4000), 1.5 * (seen - 0.75)], axis=1).astype(np.float32)
    logs = np.log(softmax(balanced, 1.0))  # of a model that has seen as many of one as of the other
    half = slice(2000)
    offsets = choose_offsets(logs[half], gold[half])
    best = max(
        macro_f1(gold[2000:], logs[2000:] + np.array([0, one])) for one in np.linspace(-4, 4, 81)
    )
    chosen = macro_f1(gold[2000:], logs[2000:] + offsets)
    assert chosen > macro_f1(gold[2000:], logs[2000:]) + 0.05
    assert chosen > best - 0.02


def test_the_blend_takes_the_member_that_knows() -> None:
    gold = np.arange(40) % 2
    knows = np.eye(2, dtype=np.float32)[gold] * 4
    guesses = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    for members in ((knows, guesses), (guesses, knows)):
        blend = choose_blend(*members, gold)
        assert macro_f1(gold, blend.scores(*members)) == 1
