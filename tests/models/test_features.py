"""Hashed n-grams: the vectorised result against a slow and obvious one."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features import FeatureSpace, weigh

SPACE = FeatureSpace(buckets=2**20, shortest=1, longest=3, words=True, pairs=True)
TEXTS = st.lists(st.text(alphabet="abcжқ 1", max_size=20), min_size=1, max_size=6)


def obvious(text: str) -> Counter[tuple[str, str]]:
    padded = f" {text} "
    grams = [
        (f"char{size}", padded[start : start + size])
        for size in (1, 2, 3)
        for start in range(len(padded) - size + 1)
    ]
    words = text.split(" ")
    words = [word for word in words if word]
    grams += [("word", word) for word in words]
    grams += [("pair", f"{a} {b}") for a, b in pairwise(words)]
    return Counter(grams)


@given(st.text(alphabet="abcжқ 1", max_size=20))
def test_as_many_features_as_there_are_grams(text: str) -> None:
    row = SPACE.count([text])
    assert sorted(row.data) == sorted(obvious(text).values())


@settings(max_examples=50)
@given(TEXTS)
def test_a_row_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = SPACE.count(texts)
    for row, text in enumerate(texts):
        alone = SPACE.count([text])
        part = together[[row]]
        assert np.array_equal(part.indices, alone.indices)
        assert np.array_equal(part.data, alone.data)


def test_same_gram_same_column_wherever_it_stands() -> None:
    first, second = SPACE.count(["жылу"]), SPACE.count(["бізде жылу"])
    assert set(first.indices) <= set(second.indices)


def test_rows_have_unit_length_and_empty_ones_stay_empty() -> None:
    idf = np.ones(SPACE.buckets, dtype=np.float32)
    rows = weigh(SPACE.count(["жылу жоқ", "су"]), idf)
    assert np.allclose((rows * rows).sum(axis=1), 1)
    unknown = weigh(SPACE.count(["жылу", ""]), np.zeros(SPACE.buckets, dtype=np.float32))
    assert unknown.sum() == 0


@pytest.mark.parametrize(
    "wrong", [{"buckets": 1000}, {"buckets": 1}, {"shortest": 0}, {"shortest": 4, "longest": 3}]
)
def test_a_space_that_makes_no_sense_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"power of two|no n-gram lengths"):
        FeatureSpace(**wrong)
