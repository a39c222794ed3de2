"""Counts beside what is wanted, variety, and agreement between two labellers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from training.agreement import LABELLED, Pair, agreement, confusions, load_pairs
from training.cli import app
from training.composition import composition, load_targets, shortfalls
from training.corpus import Row
from training.diversity import alike_share, distinct_ngrams, openings

LABELS = {
    "language": "ru",
    "topic": "roads",
    "urgency": "normal",
    "sentiment": "neutral",
    "intent": "problem",
    "toxicity": "clean",
    "misinformation": "plain",
}


def row(number: int, text: str, *traps: str, **labels: str) -> Row:
    return Row(
        id=str(number),
        text=text,
        labels={**LABELS, **labels},
        parent_text=None,
        source="authored",
        annotator="a",
        split="train",
        where=f"toy:{number}",
        traps=traps,
    )


ROWS = [
    row(1, "яма на Абая"),
    row(2, "яма была, закопали", "past-danger"),
    row(3, "жолда шұңқыр", "danger-question", "past-danger", language="kk-Cyrl"),
]


def test_rows_are_counted_by_label_form_and_trap() -> None:
    counts = {(count.group, count.code): count.rows for count in composition(ROWS, {})}
    assert counts["rows", "all"] == 3
    assert counts["language", "ru"] == 2
    assert counts["topic in Kazakh forms", "roads"] == 1
    assert counts["intent in Russian", "problem"] == 2
    assert counts["traps", "past-danger"] == 2
    assert counts["traps", "taken for urgent"] == 2  # a row with two traps is one row
    assert counts["traps", "taken for a rumour"] == 0


def test_what_is_missing_is_named() -> None:
    targets = {"language": {"ru": 3, "kk-Cyrl": 1}, "topic in Russian": {"*": 1, "other": 0}}
    faults = shortfalls(composition(ROWS, targets), ROWS, targets)
    assert "language ru: 2 rows, 3 are wanted" in faults
    assert not any("kk-Cyrl" in fault for fault in faults)
    assert "topic in Russian heating: 0 rows, 1 are wanted" in faults
    assert len(faults) == 1 + 20  # every topic but roads and other


def test_too_much_of_one_kind_is_named() -> None:
    targets = {"at_most": {"rows with a near-duplicate": 0.03, "most repeated opening": 0.4}}
    alike = [*ROWS, row(4, "Яма на Абая!!")]
    assert shortfalls(composition(alike, targets), alike, targets) == [
        "rows with a near-duplicate: 50.00%, at most 3.00% may be",
        "most repeated opening: 50.00%, at most 40.00% may be",
    ]


@pytest.mark.parametrize(
    "targets", [{"language": {"de": 1}}, {"at_most": {"typos": 1}}, {"x": {"*": 1}}]
)
def test_a_target_that_nobody_counts_is_named(targets: dict[str, dict[str, float]]) -> None:
    with pytest.raises(ValueError, match="nobody counts"):
        shortfalls(composition(ROWS, targets), ROWS, targets)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[language]\nru = "many"\n', r"\[language\] ru: 'many' is no number"),
        ("rows = 5\n", "rows must be a table"),
        ("x = [", r"targets\.toml: "),
    ],
)
def test_faulty_targets_are_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load_targets(path)


def test_the_command_fails_where_rows_are_missing(tmp_path: Path) -> None:
    raw = {name: code for name, code in LABELS.items() if name not in {"toxicity"}}
    line = raw | {"id": "1", "text": "яма", "misinformation": False, "toxic": False}
    data = tmp_path / "rows.jsonl"
    data.write_text(json.dumps(line | {"source": "authored", "annotator": "a"}), encoding="utf-8")
    targets = tmp_path / "targets.toml"
    targets.write_text("[language]\nru = 2\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["validate", str(data)]).exit_code == 0
    result = CliRunner().invoke(app, ["validate", str(data), "--targets", str(targets)])
    assert result.exit_code == 1
    assert "language ru: 1 rows, 2 are wanted" in result.output
    assert "SHORT" in result.output


def test_variety() -> None:
    same, different = ["нет света дома"] * 4, ["нет света", "жарық жоқ", "где автобус", "no bus"]
    assert distinct_ngrams(same, 2) == pytest.approx(1000 * 2 / 12)
    assert distinct_ngrams(different, 2) == pytest.approx(1000 * 4 / 8)
    assert distinct_ngrams([], 2) == 0
    assert alike_share(same) == 1
    assert alike_share(different) == 0
    assert openings(["Нет света", "нет СВЕТА опять", "да"], 2) == [("нет света", 2)]


def labels(**changes: object) -> dict[str, object]:
    plain = {name: code for name, code in LABELS.items() if name != "toxicity"}
    return {**plain, "misinformation": False, "toxic": False, **changes}


def test_agreement_between_two_labellers(tmp_path: Path) -> None:
    pairs = [
        Pair("1", labels(), labels(), "b"),
        Pair("2", labels(topic="water"), labels(topic="water"), "b"),
        Pair("3", labels(), labels(topic="water"), "b"),
        Pair("4", labels(topic="water"), labels(topic="water"), "b"),
    ]
    table = {head: (equal, kappa) for head, equal, kappa in agreement(pairs)}
    assert list(table) == list(LABELLED)
    # 3 of 4 equal; by chance (2/4 · 3/4) + (2/4 · 1/4) = 1/2: kappa 1/2
    assert table["topic"] == pytest.approx((0.75, 0.5))
    assert table["urgency"][0] == 1
    assert confusions(pairs, "topic") == [("roads", "water", 1)]
    path = tmp_path / "pairs.jsonl"
    path.write_text(
        json.dumps(
            {"id": "1", "first": labels(), "second": labels(topic="moon"), "annotator": "b"}
        ),
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match=r"pairs\.jsonl:1: topic: 'moon' is no label"):
        load_pairs(tmp_path)
