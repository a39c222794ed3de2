"""The report: its figures are those of `evaluate`, and no comment can do harm in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy_corpus import small_recipe, toy_rows
from typer.testing import CliRunner

from models import Classifier
from models.labels import HEADS
from training.cli import app
from training.corpus import Row
from training.evaluate import evaluate
from training.judgement import accuracy, f1_of_labels, interval, judge, macro_f1
from training.report import Subject, report
from training.report_plots import confusion_plot
from training.train import Material, train

HOSTILE = (
    "<script>alert(1)</script> жылу жоқ",
    "</blockquote></ol><img src=x onerror=alert(1)> яма на дороге",
    "{{ 7 * 7 }} {% raw %} автобус опоздал &lt;b&gt;",
    "асфальт" * 200,
)


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def rows_with_errors() -> list[Row]:
    """Return the toy corpus and test rows that a model must get wrong."""
    rows = toy_rows()
    strange = [
        replace(rows[30], id=f'"><i>{number}', text=text, labels={**rows[30].labels, **wrong})
        for number, text in enumerate(HOSTILE)
        for wrong in [{"topic": "culture", "urgency": "critical"}]
    ]
    return [*rows, *strange]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "toy"
    train(Material(toy_rows()), small_recipe(), folder, "toy")
    return folder


@pytest.fixture(scope="module")
def html(run: Path) -> str:
    return report(Subject(Classifier.load(run), run, rows_with_errors(), "test", None))


def test_comments_are_shown_as_written_and_do_nothing(html: str) -> None:
    page = Page(html)
    for text in HOSTILE[:3]:
        assert text in page.words
    assert HOSTILE[3][:600] + " …" in page.words
    assert HOSTILE[3] not in page.words
    assert not {"script", "img", "i", "iframe", "link", "object"} & page.tags.keys()
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_the_page_needs_nothing_beside_itself(html: str) -> None:
    page = Page(html)
    linked = [value for name, value in page.attributes if name in {"src", "href", "xlink:href"}]
    assert linked
    assert all(value.startswith("#") for value in linked)
    names = Counter(value for name, value in page.attributes if name == "id")
    assert max(names.values()) == 1
    assert {value[1:] for value in linked} <= names.keys()
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_the_figures_are_those_of_evaluate(run: Path, html: str) -> None:
    rows = [row for row in rows_with_errors() if row.split == "test"]
    metrics = evaluate(Classifier.load(run), rows)
    summary = html[html.index('id="summary"') : html.index('id="forms"')]
    for head in HEADS:
        assert re.search(rf">{head}</th>\s*<td><b>{metrics[head]['macro_f1']:.3f}</b>", summary)
    found = judge(Classifier.load(run), rows)
    for head, of in found.heads.items():
        assert macro_f1(of.confusion()) == pytest.approx(metrics[head]["macro_f1"], abs=1e-4)
        assert accuracy(of.confusion()) == pytest.approx(metrics[head]["accuracy"], abs=1e-4)
    caught = 4 - len(found.missed())
    assert f"{caught} of 4, danger rules included" in html


def test_the_surest_errors_come_first(run: Path) -> None:
    rows = [row for row in rows_with_errors() if row.split == "test"]
    found = judge(Classifier.load(run), rows).mistakes(3)
    assert len(found) == 3
    confidences = [confidence for *_, confidence in found]
    assert confidences == sorted(confidences, reverse=True)
    assert all(gold == row.labels[head] != guess for row, head, gold, guess, _ in found)


def test_what_a_reader_must_know_is_said(run: Path, html: str) -> None:
    classifier = Classifier.load(run)
    assert "trained on another state of the corpus" in html
    page = report(Subject(classifier, run, toy_rows(), "train", None))
    assert "the figures flatter it" in page
    assert "trained on another state" not in page
    assert "<p>None.</p>" in page
    with pytest.raises(ValueError, match="no rows"):
        report(Subject(classifier, run, [], "test", None))


def test_an_interval_holds_the_figure_and_shrinks_with_rows() -> None:
    few = np.array([[8, 2], [3, 7]])
    low, high = interval(few, macro_f1)
    assert low < macro_f1(few) < high
    narrow_low, narrow_high = interval(few * 100, macro_f1)
    assert (narrow_high - narrow_low) * 5 < high - low
    lows, highs = interval(np.array([[5, 1, 0], [1, 5, 0], [0, 0, 0]]), f1_of_labels)
    assert lows[2] == highs[2] == 0
    assert np.isnan(f1_of_labels(np.array([[5, 0], [0, 0]]))[1])


def test_every_count_stands_in_the_confusion_picture() -> None:
    svg, _ = confusion_plot("topic", ("roads", "water"), np.array([[41, 7], [0, 83]]))
    assert re.findall(r">(\d+)<", svg) == ["41", "7", "83"]
    assert confusion_plot("topic", ("roads", "water"), np.array([[41, 7], [0, 83]]))[0] == svg


def written(rows: list[Row], folder: Path) -> Path:
    """Write rows as a corpus."""
    folder.mkdir()
    lines = []
    for row in rows:
        labels = {
            name: row.labels[name]
            for name in ("language", "topic", "urgency", "sentiment", "intent")
        }
        content = {"id": row.id, "text": row.text, "source": "authored", "annotator": "toy"}
        judged = {"misinformation": False, "toxic": False, "split": row.split}
        lines.append(json.dumps(content | labels | judged))
    (folder / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_the_command_with_a_learning_curve(run: Path, tmp_path: Path) -> None:
    data = written(toy_rows(), tmp_path / "data")
    form = {"all": 0.5, "ru": 0.6}
    point: dict[str, Any] = {"written": 60, "dev": dict.fromkeys(HEADS, form)}
    points = [point, {**point, "written": 120}]
    (data / "learning_curve.json").write_text(json.dumps({"points": points}), encoding="utf-8")
    out = tmp_path / "page.html"
    arguments = ["report", str(run), "--data", str(data), "--split", "dev", "--out", str(out)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    page = Page(out.read_text(encoding="utf-8"))
    assert "Learning curve" in page.words
    assert "comments written" in page.words
    assert "Temperatures and thresholds were fitted" in page.words
    names = Counter(value for name, value in page.attributes if name == "id")
    assert max(names.values()) == 1


def test_an_unknown_split_or_model_is_named(tmp_path: Path) -> None:
    wrong = CliRunner().invoke(app, ["report", "--split", "exam"])
    assert "'exam' is none of train, dev, test" in str(wrong.exception)
    missing = CliRunner().invoke(app, ["report", "1999", "--models", str(tmp_path)])
    assert "no model version '1999'" in str(missing.exception)


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_the_screen_and_asks_nobody(
    html: str, chromium: Any, tmp_path: Path, width: int
) -> None:
    (tmp_path / "report.html").write_text(html, encoding="utf-8")
    asked: list[str] = []
    said: list[str] = []
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((tmp_path / "report.html").as_uri())
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert asked == [(tmp_path / "report.html").as_uri()]
    assert said == []
    page.close()
