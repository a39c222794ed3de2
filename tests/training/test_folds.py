"""Folds of toy texts: who is in which, and what is said of each, and by whom."""

from __future__ import annotations

import numpy as np
import pytest

from training.folds import folds
from training.members import Lesson, Member


def lesson(texts: list[str], asked: tuple[str, ...] = ()) -> Lesson:
    return Lesson(texts, np.arange(len(texts)) % 2, 2, asked)


def test_every_text_is_in_one_part_with_its_copies_and_each_label_in_all() -> None:
    copies = ["Қараңғы көше", "Карангы коше", "қараңғы  КӨШЕ", *["қар"] * 30]
    texts = [*(f"жол {number}" for number in range(80)), *copies]
    task = Lesson(texts, np.r_[np.arange(80) % 2, [0] * len(copies)], 2, [])
    for count in (2, 3):
        found = folds(task, count, 0)
        assert len(found.parts) == count
        together = np.sort(np.concatenate(found.parts)).tolist()
        assert found.places.tolist() == together == list(range(len(texts)))
        for same in ([80, 81, 82], range(83, 113)):
            assert (
                len({next(n for n, p in enumerate(found.parts) if row in p) for row in same}) == 1
            )
        assert all(set(task.labels[part]) == {0, 1} for part in found.parts)
    assert folds(task, 2, 0).parts[0].tolist() == folds(task, 2, 0).parts[0].tolist()
    assert folds(task, 2, 0).parts[0].tolist() != folds(task, 2, 1).parts[0].tolist()


def test_a_rare_label_is_in_no_part() -> None:
    texts = [*(f"жол {number}" for number in range(40)), *(f"сөз {number}" for number in range(9))]
    task = Lesson(texts, np.r_[np.arange(40) % 2, [2] * 9], 3, [])
    assert folds(task, 2, 0, 10).places.tolist() == list(range(40))
    assert folds(task, 10, 0).places.tolist() == list(range(40))
    assert folds(task, 2, 0).places.tolist() == list(range(49))
    assert [sum(one.labels == 2) for one in folds(task, 2, 0, 10).lessons()] == [9, 9]
    assert not folds(lesson(["жол"] * 6), 2, 0).parts
    assert not len(folds(lesson(["жол"] * 6), 2, 0).places)


def test_who_left_a_text_out_speaks_of_it_and_all_of_what_is_asked() -> None:
    task = lesson([f"жол {number}" for number in range(40)], ("су", "газ"))
    parted = folds(task, 2, 0)
    lessons = parted.lessons()
    for one, part in zip(lessons, parted.parts, strict=True):
        assert one.asked == [*(task.texts[row] for row in part), "су", "газ"]
        assert not set(one.texts) & {task.texts[row] for row in part}
        assert len(one.texts) == 20
        assert one.labels.tolist() == [int(text.split()[1]) % 2 for text in one.texts]

    def learn(one: Lesson, number: int) -> Member:
        member = Member()
        said = np.full((len(one.asked), 2), [np.log([0.9, 0.1]), np.log([0.5, 0.5])][number])
        member.add(1.0, said.astype(np.float32), seconds=len(one.asked) * (number + 1.0))
        return member

    member = parted.joined(lessons, learn)
    said = np.exp(member.said[0])
    assert said[parted.parts[0], 0] == pytest.approx(0.9, abs=1e-4)
    assert said[parted.parts[1], 0] == pytest.approx(0.5, abs=1e-4)
    assert said[40:] == pytest.approx(np.array([[0.7, 0.3]] * 2), abs=1e-4)
    assert (member.states, member.pace) == ([1.0], 3.0)
