"""Comparing two models: figures as `evaluate` has them, intervals that chance explains."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score
from toy_corpus import toy_rows

from models import Classifier
from models.labels import HEADS
from training.compare import Answers, Comparison, answers_of, compare, paired_interval
from training.comparison_report import as_json, as_table
from training.corpus import Row
from training.evaluate import evaluate

TEST = [row for row in toy_rows() if row.split == "test"]
RUSSIAN = [row for row in toy_rows() if row.labels["language"] == "ru"]


def scripted(
    rows: Sequence[Row],
    *,
    version: str = "scripted",
    wrong: Sequence[int] = (),
    critical: Sequence[int] = (),
    flagged: Sequence[int] = (),
) -> Answers:
    """Return right answers, but for the topics of the rows `wrong`."""
    guesses = {
        head: np.array([codes.index(row.labels[head]) for row in rows])
        for head, codes in HEADS.items()
    }
    guesses["topic"][list(wrong)] = HEADS["topic"].index("culture")
    flags = np.zeros((2, len(rows)), dtype=bool)
    flags[0, list(critical)] = flags[1, list(flagged)] = True
    return Answers(version, guesses, *flags)


def compared(rows: Sequence[Row], candidate: dict[str, Any], against: dict[str, Any]) -> Comparison:
    return compare(rows, scripted(rows, **candidate), scripted(rows, **against))


def verdict(found: Comparison, head: str, form: str) -> str:
    return next(one.verdict for one in found.figures if (one.head, one.form) == (head, form))


def test_the_figures_are_those_of_evaluate(good: Path, bad: Path) -> None:
    models = [Classifier.load(folder) for folder in (bad, good)]
    measured = [evaluate(model, TEST) for model in models]
    found = compare(TEST, *(answers_of(model, TEST) for model in models))
    assert len(found.figures) == len(HEADS) * 3  # all, ru, kk-Cyrl
    for one in found.figures:
        ours, theirs = (
            of[one.head]["macro_f1"]
            if one.form == "all"
            else of[one.head]["macro_f1_by_form"][one.form]
            for of in measured
        )
        assert round(one.macro_f1.candidate, 4) == ours
        assert round(one.macro_f1.against, 4) == theirs
    assert any(one.macro_f1.candidate < 1 for one in found.figures)


@pytest.mark.parametrize("seed", range(5))
def test_only_labels_that_occur_are_averaged(seed: int) -> None:
    gold, *guesses = np.random.default_rng(seed).integers(0, [[5], [9], [9]], (3, 60))
    found = paired_interval(gold, *guesses)
    for score, guess in zip((found.candidate, found.against), guesses, strict=True):
        labels = np.unique(gold)
        expected = f1_score(gold, guess, labels=labels, average="macro", zero_division=0)
        assert score == pytest.approx(expected)


def test_the_interval_is_that_of_rows_drawn_one_by_one() -> None:
    chance = np.random.default_rng(1)
    gold = chance.integers(0, 4, 200)
    candidate = np.where(chance.random(200) < 0.3, chance.integers(0, 4, 200), gold)
    against = np.where(chance.random(200) < 0.1, chance.integers(0, 4, 200), candidate)

    def score(guess: Any, drawn: Any) -> float:
        is_label, called = (of[drawn][:, None] == np.arange(4) for of in (gold, guess))
        right = (is_label & called).sum(axis=0)
        return float(np.mean(2 * right / (is_label.sum(axis=0) + called.sum(axis=0))))

    differences = []
    for _ in range(1_000):
        drawn = chance.integers(0, 200, 200)
        differences.append(score(candidate, drawn) - score(against, drawn))
    low, high = np.quantile(differences, [0.025, 0.975])
    found = paired_interval(gold, candidate, against)
    assert found.low == pytest.approx(low, abs=0.006)
    assert found.high == pytest.approx(high, abs=0.006)


def test_the_order_of_the_rows_changes_nothing() -> None:
    gold, *guesses = np.random.default_rng(3).integers(0, 4, (3, 80))
    order = np.random.default_rng(4).permutation(80)
    again = paired_interval(gold[order], *(guess[order] for guess in guesses))
    assert paired_interval(gold, *guesses) == again


@pytest.mark.parametrize(
    ("rows", "candidate", "against", "expected"),
    [
        (60, range(15), (), "worse"),
        (60, (), range(15), "better"),
        (60, range(15), range(15), "same"),
        (60, range(15), range(15, 30), "same"),
        (60, range(1), (), "same"),
        (20, range(15), (), "worse"),
    ],
)
def test_a_verdict(rows: int, candidate: range, against: range, expected: str) -> None:
    found = compared(RUSSIAN[:rows], {"wrong": candidate}, {"wrong": against})
    assert verdict(found, "topic", "ru") == verdict(found, "topic", "all") == expected
    assert verdict(found, "urgency", "ru") == "same"
    named = [one for one in found.regressions if one.startswith("topic in ru: macro-F1 1.000 → ")]
    assert len(named) == (expected == "worse")


def test_a_small_form_is_not_judged_and_that_is_said() -> None:
    rows = [*RUSSIAN[:40], *(row for row in TEST if row.labels["language"] == "kk-Cyrl")]
    found = compared(rows, {"wrong": range(40, 52)}, {})
    assert verdict(found, "topic", "kk-Cyrl") == "not judged"
    assert found.not_judged == {"kk-Cyrl": 12}
    assert "not judged: kk-Cyrl, 12 rows are too few (at least 20 needed)" in as_table(found)
    assert not any("kk-Cyrl" in one for one in found.regressions)


def test_too_few_rows_judge_nothing() -> None:
    with pytest.raises(ValueError, match="19 rows are too few to compare on, at least 20"):
        compared(RUSSIAN[:19], {}, {})


CRITICAL = [
    replace(row, labels={**row.labels, "urgency": "critical"}) if place < 10 else row
    for place, row in enumerate(RUSSIAN)
]


@pytest.mark.parametrize(
    ("candidate", "against", "regression"),
    [
        (range(9), range(10), ["critical comments missed: 0 → 1 of 10"]),
        (range(10), range(9), []),
        (range(1, 10), range(9), []),
        (range(30), range(10), []),
    ],
)
def test_one_more_critical_comment_missed_is_a_regression(
    candidate: range, against: range, regression: list[str]
) -> None:
    found = compared(CRITICAL, {"critical": candidate}, {"critical": against})
    assert found.regressions == regression


def test_which_critical_comments_are_missed_is_told() -> None:
    found = compared(CRITICAL, {"critical": range(1, 10)}, {"critical": range(9)})
    assert as_json(found)["critical_missed"] == {
        "rows": 10,
        "candidate": 1,
        "against": 1,
        "new": [RUSSIAN[0].id],
        "gone": [RUSSIAN[9].id],
    }
    assert "missed: 1 → 1 of 10 (1 new, 1 gone), recall 0.900 → 0.900" in as_table(found)


def test_danger_rules_speak_for_both_models(good: Path) -> None:
    row = replace(TEST[0], text="оголённый провод висит у площадки")
    said = answers_of(Classifier.load(good), [row])
    assert HEADS["urgency"][said.guesses["urgency"][0]] != "critical"
    assert said.critical.tolist() == [True]


def test_flags_on_criticism_are_shown_and_refuse_nothing() -> None:
    found = compared(RUSSIAN, {"flagged": range(5)}, {})
    assert as_json(found)["false_flags_on_criticism"]["candidate"] == 5
    assert found.regressions == []
    assert "fair comments flagged: 0 → 5 of 60" in as_table(found)


TABLE: list[tuple[Callable[[], Comparison], str, str]] = [
    (
        lambda: compared(RUSSIAN, {"wrong": range(20), "version": "b"}, {"version": "a"}),
        "a (old) and b (new), 60 rows",
        "of 14 judged: 0 better, 12 same, 2 worse (up to about 0.4 by chance alone)\nregressions:",
    ),
    (
        lambda: compared(RUSSIAN, {}, {"wrong": range(20)}),
        "critical comments missed: there are none in these rows",
        "of 14 judged: 2 better, 12 same, 0 worse (up to about 0.4 by chance alone)\nno regression",
    ),
]


@pytest.mark.parametrize(("make", "first", "last"), TABLE)
def test_the_table_says_what_decides(make: Callable[[], Comparison], first: str, last: str) -> None:
    table = as_table(make())
    assert first in table
    assert last in table


def test_the_json_holds_every_figure() -> None:
    found = compared(RUSSIAN, {"wrong": range(20)}, {})
    content = json.loads(json.dumps(as_json(found)))
    assert len(content["figures"]) == len(HEADS) * 2
    topic = next(one for one in content["figures"] if one["head"] == "topic")
    assert topic["difference"] == pytest.approx(topic["candidate"] - topic["against"], abs=1e-3)
    assert topic["interval"][0] <= topic["difference"] <= topic["interval"][1] < 0
    assert content["critical_recall"] == {"candidate": None, "against": None}
    assert content["regressions"] == found.regressions
