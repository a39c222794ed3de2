"""One HTML page on how good a model is: figures with intervals, pictures, and its worst errors.

    qulaq-train report --out report.html

The page needs nothing beside itself: no script, no font, no address.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.classifier import Classifier
from models.labels import LANGUAGES
from training.corpus import Row, fingerprint
from training.curve_plot import plot_curve
from training.evaluate import is_fair
from training.judgement import (
    HeadJudgement,
    Judgement,
    accuracy,
    f1_of_labels,
    interval,
    judge,
    macro_f1,
)
from training.report_plots import (
    LETTERS,
    confusion_plot,
    coverage_plot,
    inline,
    label_plot,
    reliability_plot,
)

TEMPLATE: Final = "report.html.j2"
WORST: Final = 50
FEW: Final = 30
"""Rows of a written form below which its figures are shown as unreliable."""
_ROUNDS: Final = 5
_TEXTS_A_ROUND: Final = 1024
_LONGEST: Final = 600
"""Characters of a comment that are shown."""
_TAGS: Final = {"kk-Cyrl": "kk-Cyrl", "kk-Latn": "kk-Latn", "ru": "ru", "en": "en"}
"""The `lang` of a comment by its written form, for those who have the page read to them."""


@dataclass(frozen=True)
class Subject:
    """What the report is about."""

    classifier: Classifier
    folder: Path
    """The artifact's."""
    corpus: Sequence[Row]
    """All rows, whatever their split."""
    split: str
    curve: dict[str, Any] | None
    """The content of `learning_curve.json`, if there is one."""


def report(subject: Subject) -> str:
    """Return the page; raise `ValueError` when the split has no rows."""
    rows = [row for row in subject.corpus if row.split == subject.split]
    found = judge(subject.classifier, rows)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    topics = found.heads["topic"]
    return environment.get_template(TEMPLATE).render(
        version=subject.classifier.version,
        created=subject.classifier.manifest.created[:10],
        split=subject.split,
        rows=len(rows),
        notes=_notes(subject),
        facts=_facts(subject, found),
        summary=[_summary(head, of, found.metrics[head]) for head, of in found.heads.items()],
        forms=_forms(rows),
        by_form=[
            {"head": head, "cells": _form_cells(of, rows)} for head, of in found.heads.items()
        ],
        topics=_label_picture("topic", topics),
        heads=[
            _head_pictures(head, of, found.metrics[head]["calibration_error"])
            for head, of in found.heads.items()
        ],
        curve=_curve_picture(subject.curve["points"]) if subject.curve else None,
        mistakes=[
            {**_shown(row), "head": head, "gold": gold, "guess": guess, "confidence": sure}
            for row, head, gold, guess, sure in found.mistakes(WORST)
        ],
        missed=[
            {
                **_shown(row),
                "urgency": answer["urgency"],
                "deadline": _duration(answer["answer_within_minutes"]),
            }
            for row, answer in found.missed()
        ],
        flagged=[{**_shown(row), "answer": answer} for row, answer in found.wrongly_flagged()],
        few=FEW,
    )


def texts_per_second(classifier: Classifier, rows: Sequence[Row]) -> float:
    """Return the median over rounds of comments analysed a second, measured here and now."""
    texts = [rows[number % len(rows)].text for number in range(_TEXTS_A_ROUND)]
    rates = []
    for number in range(_ROUNDS + 1):
        start = time.perf_counter()
        classifier.analyse(texts)
        if number:  # the first round warms up
            rates.append(len(texts) / (time.perf_counter() - start))
    return statistics.median(rates)


def _notes(subject: Subject) -> list[str]:
    """Return what a reader must know before believing a figure."""
    notes = []
    if subject.split == "train":
        notes.append("The model has learned these very rows: the figures flatter it.")
    if subject.split == "dev":
        notes.append("Temperatures and thresholds were fitted on these rows.")
    learned = subject.classifier.manifest.data.get("fingerprint")
    if learned != fingerprint(subject.corpus):
        notes.append(
            "The model was trained on another state of the corpus, or on another corpus: "
            "some of these rows may have taught it."
        )
    return notes


def _facts(subject: Subject, found: Judgement) -> list[dict[str, str]]:
    """Return the few figures to read first."""
    critical = sum(row.labels["urgency"] == "critical" for row in found.rows)
    fair = sum(is_fair(row) for row in found.rows)
    caught, flagged = critical - len(found.missed()), len(found.wrongly_flagged())
    size = sum(path.stat().st_size for path in subject.folder.iterdir() if path.is_file())
    speed = texts_per_second(subject.classifier, found.rows)
    return [
        {
            "name": "critical comments called critical",
            "figure": f"{caught / critical:.0%}" if critical else "–",
            "detail": f"{caught} of {critical}, danger rules included",
        },
        {
            "name": "criticism, questions, reports flagged as rumour",
            "figure": f"{flagged / fair:.1%}" if fair else "–",
            "detail": f"{flagged} of {fair:,}",
        },
        {
            "name": "comments a second",
            "figure": f"{_two_digits(speed):,}",
            "detail": f"whole analysis; median of {_ROUNDS} rounds on the machine this page was "
            f"made on, {os.cpu_count()} processors",
        },
        {"name": "on disk", "figure": f"{size / 1e6:.1f} MB", "detail": "all files of the model"},
    ]


def _two_digits(rate: float) -> int:
    """Return a rate without the digits that another round would change."""
    return int(float(f"{rate:.2g}"))


def _duration(minutes: int) -> str:
    """Return a time in the largest unit that divides it."""
    for length, unit in ((24 * 60, "days"), (60, "hours")):
        if minutes % length == 0:
            return f"{minutes // length} {unit if minutes > length else unit[:-1]}"
    return f"{minutes} minutes"


def _summary(head: str, of: HeadJudgement, metrics: dict[str, Any]) -> dict[str, Any]:
    confusion = of.confusion()
    return {
        "head": head,
        **metrics,
        "threshold": of.threshold,
        "f1_interval": interval(confusion, macro_f1),
        "accuracy_interval": interval(confusion, accuracy),
    }


def _forms(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the written forms that occur, with their rows."""
    counts = {form: sum(row.labels["language"] == form for row in rows) for form in LANGUAGES}
    return [{"form": form, "rows": count} for form, count in counts.items() if count]


def _form_cells(of: HeadJudgement, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return macro-F1 and interval of one head, a cell for every form that occurs."""
    written = np.array([row.labels["language"] for row in rows])
    cells = []
    for form in LANGUAGES:
        if not (written == form).any():
            continue
        confusion = of.confusion(written == form)
        cells.append({"f1": float(macro_f1(confusion)), "interval": interval(confusion, macro_f1)})
    return cells


def _label_picture(head: str, of: HeadJudgement) -> str:
    confusion = of.confusion()
    low, high = interval(confusion, f1_of_labels)
    return label_plot(
        head, of.codes, f1_of_labels(confusion), low=low, high=high, rows=confusion.sum(axis=1)
    )


def _head_pictures(head: str, of: HeadJudgement, error: float) -> dict[str, Any]:
    svg, width = confusion_plot(head, of.codes, of.confusion())
    return {
        "head": head,
        "confusion": svg,
        "width": width * 6.6,  # rem: letters come out a little smaller than those around
        "error": error,
        "reliability": reliability_plot(head, of.confidence, of.right),
        "coverage": coverage_plot(head, of.confidence, of.right, of.threshold),
    }


def _curve_picture(points: Sequence[dict[str, Any]]) -> str:
    with tempfile.TemporaryDirectory() as folder, mpl.rc_context(LETTERS):
        path = Path(folder) / "curve.svg"
        plot_curve(points, path)
        words = "Learning curve: macro-F1 on dev by comments written, one panel a head"
        return inline(path.read_text(encoding="utf-8"), words)


def _shown(row: Row) -> dict[str, Any]:
    """Return what is shown of a comment."""
    form = row.labels["language"]
    text = row.text if len(row.text) <= _LONGEST else row.text[:_LONGEST] + " …"
    return {"text": text, "id": row.id, "form": form, "lang": _TAGS.get(form, "und")}
