"""The datasheet's tables come from the corpus; the learning curve is drawn from its points."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from training.agreement import load_pairs
from training.corpus import ANNOTATED, fingerprint, load
from training.curve_plot import plot_curve
from training.datasheet import DATASHEET, Facts, fill, load_measured
from training.reviewed import Review, load_reviews


def test_no_table_of_the_datasheet_is_typed_by_hand() -> None:
    rows = load([ANNOTATED])
    text = DATASHEET.read_text(encoding="utf-8")
    assert fill(text, Facts(rows, load_pairs(), load_reviews(), load_measured())) == text
    assert load_measured()["corpus"] == fingerprint(rows), "run `qulaq-train learning-curve`"


def test_every_comment_labelled_twice_is_in_the_corpus() -> None:
    known = {row.id: row for row in load([ANNOTATED])}
    pairs = load_pairs()
    assert {pair.id for pair in pairs} <= known.keys()
    test = {row.id for row in known.values() if row.split == "test"}
    assert test <= {pair.id for pair in pairs}
    assert len(pairs) - len(test) >= 500
    assert all(pair.annotator != known[pair.id].annotator for pair in pairs)


def test_the_corpus_holds_the_urgencies_that_were_settled() -> None:
    known = {row.id: row for row in load([ANNOTATED])}
    reviews = load_reviews()
    assert {review.id: review.settled for review in reviews} == {
        review.id: known[review.id].labels["urgency"] for review in reviews
    }
    assert "test" not in {known[review.id].split for review in reviews}


@pytest.mark.parametrize(
    ("given", "settled"),
    [
        (("high", "high"), "high"),
        (("high", "critical", "critical"), "critical"),
        (("high", "critical", "high"), "high"),
        (("low", "critical", "normal"), "normal"),
    ],
)
def test_the_middle_urgency_is_settled(given: tuple[str, ...], settled: str) -> None:
    assert Review("w1-1", given).settled == settled


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"first": "low", "second": "high"}, 3),
        ({"first": "low", "second": "high", "third": "urgent"}, 3),
        ({"first": "low", "second": "low", "third": "low"}, 2),
        ({"first": "low"}, 2),
        ({}, 3),
    ],
)
def test_a_review_without_an_end_is_named(
    tmp_path: Path, given: dict[str, str], wanted: int
) -> None:
    path = tmp_path / "urgency.jsonl"
    path.write_text(json.dumps({"id": "w1-1", **given}) + "\n")
    with pytest.raises(ValueError, match=rf"urgency.jsonl:1: .* are not {wanted} urgencies"):
        load_reviews(path)


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(ValueError, match="asks for 'weather'"):
        fill("<!-- made: weather -->\n<!-- end -->", Facts([], [], [], {}))


def test_the_curve_is_drawn_alike_each_time(tmp_path: Path) -> None:
    points = load_measured()["points"]
    assert [point["written"] for point in points] == sorted({p["written"] for p in points})
    plot_curve(points, tmp_path / "one.svg")
    plot_curve(points, tmp_path / "two.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    words = "".join(ET.parse(tmp_path / "one.svg").getroot().itertext())  # noqa: S314
    assert words.strip() == "" or "nan" not in words
