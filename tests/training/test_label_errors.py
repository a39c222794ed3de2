"""Labels to doubt: what was planted is found, near-duplicates never judge each other."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toy_corpus import small_recipe, toy_rows, write_small_recipe
from typer.testing import CliRunner

from models.labels import HEADS
from training import label_errors
from training.cli import app
from training.corpus import Row
from training.label_errors import assign_folds, find_label_errors
from training.near_duplicates import near_duplicates

WORDS = {
    "heating": ("батареи", "отопление", "котельная", "теплосеть", "радиатор", "обогрев"),
    "roads": ("асфальт", "колдобина", "обочина", "разметка", "светофор", "тротуар"),
    "transport": ("автобус", "маршрут", "остановка", "кондуктор", "валидатор", "водитель"),
}
PLANTED = {"heating-3": "roads", "roads-20": "transport", "transport-31": "heating"}


def varied_rows(each: int = 40) -> list[Row]:
    """Return comments of three topics, no two nearly the same."""
    chance = random.Random(5)  # noqa: S311
    rows = []
    for topic, words in WORDS.items():
        for number in range(each):
            noise = ["".join(chance.choices("абвгдежиклмнопрст", k=7)) for _ in range(3)]
            text = " ".join([*chance.sample(words, 3), *noise])
            labels = {**toy_rows()[0].labels, "topic": topic, "language": "ru"}
            row = replace(toy_rows()[0], id=f"{topic}-{number}", text=text, labels=labels)
            rows.append(replace(row, where=f"toy:{len(rows) + 1}"))
    return rows


def spoilt(rows: list[Row]) -> list[Row]:
    """Return the rows with wrong topics planted."""
    return [
        replace(row, labels={**row.labels, "topic": PLANTED.get(row.id, row.labels["topic"])})
        for row in rows
    ]


def test_what_was_planted_is_found_and_nothing_else() -> None:
    done: list[str] = []
    found = find_label_errors(
        spoilt(varied_rows()), small_recipe(), ["topic"], folds=3, progress=done.append
    )
    assert {one.id: one.given for one in found.suspects["topic"]} == PLANTED
    for one in found.suspects["topic"]:
        assert one.suggested == one.id.split("-")[0]
        assert one.where.startswith("toy:")
        assert 0 <= one.score < 0.5
    scores = [one.score for one in found.suspects["topic"]]
    assert scores == sorted(scores)
    assert len(done) == 3 * sum(len(codes) for codes in HEADS.values())


def test_a_label_of_few_rows_is_named_and_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        *varied_rows(),
        *(replace(row, labels={**row.labels, "topic": "culture"}) for row in varied_rows(2)),
    ]
    scores = {head: np.full((len(rows), len(codes)), 1e-4) for head, codes in HEADS.items()}
    for number, row in enumerate(rows):
        likely = row.id.split("-")[0]  # what the text says, also of those called culture
        scores["topic"][number, HEADS["topic"].index(likely)] = 0.9 + number % 7 / 100
    monkeypatch.setattr(label_errors, "out_of_sample", lambda *_: scores)
    found = find_label_errors(rows, small_recipe(), ["topic", "toxicity"])
    assert found.unjudged == {"topic": {"culture": 6}}
    assert found.suspects["topic"] == []
    assert found.suspects["toxicity"] == []  # all of one label: there is nothing to compare
    monkeypatch.setattr(label_errors, "FEWEST", 1)
    rash = find_label_errors(rows, small_recipe(), ["topic"])
    assert {one.given for one in rash.suspects["topic"]} == {"culture"}


def test_near_duplicates_stand_in_one_fold() -> None:
    rows = toy_rows()  # a few wordings, each ten times
    fold_of = assign_folds(rows, 5, seed=1)
    pairs = list(near_duplicates([row.text for row in rows]))
    assert len(pairs) > 100
    assert all(fold_of[first] == fold_of[second] for first, second, _ in pairs)
    assert set(fold_of) == set(range(5))


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="120 rows are too few for 7 folds, at least 140"):
        assign_folds(toy_rows(), 7, seed=1)
    alike = [replace(row, text="жылу жоқ") for row in toy_rows()]
    with pytest.raises(ValueError, match="only 1 of 120 rows differ"):
        assign_folds(alike, 5, seed=1)


def test_the_command(tmp_path: Path) -> None:
    data = tmp_path / "corpus.jsonl"
    with data.open("w", encoding="utf-8") as file:
        for row in spoilt(varied_rows()):
            labels = {name: row.labels[name] for name in HEADS if name in {"language", "topic"}}
            rest = {"urgency": "normal", "sentiment": "neutral", "intent": "problem"}
            flags = {"misinformation": False, "toxic": False}
            who = {"id": row.id, "text": row.text, "source": "authored", "annotator": "toy"}
            file.write(json.dumps({**who, **labels, **rest, **flags}) + "\n")
    out = tmp_path / "suspects.jsonl"
    arguments = ["label-errors", str(data), "--head", "topic", "--folds", "2", "--count", "2"]
    small = write_small_recipe(tmp_path / "small.toml")
    arguments += ["--recipe", str(small), "--out", str(out)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "topic: 3 of 120 labels are doubted" in result.stdout
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 2
    for row in rows:
        given = PLANTED[row["id"]]
        assert row["given"] == given
        line = f"{row['where']}  {row['id']}  topic: {given} → {row['suggested']}"
        assert line in result.stdout
        number = int(row["where"].removeprefix("corpus.jsonl:"))
        spoilt_line = data.read_text(encoding="utf-8").splitlines()[number - 1]
        assert json.loads(spoilt_line)["id"] == row["id"]
    unknown = CliRunner().invoke(app, ["label-errors", "--head", "mood"])
    assert "'mood' is none of language" in str(unknown.exception)
