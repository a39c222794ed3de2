"""The learning curve as a picture: one panel a head, lines by written form, and real texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models.labels import HEADS, LANGUAGES

_COLOURS: Final = dict(
    zip(LANGUAGES, ("#0072b2", "#56b4e9", "#d55e00", "#009e73", "#cc79a7", "#999999"), strict=True)
)
"""Okabe and Ito's, told apart by colour-blind people too."""
_STYLE: Final[dict[Any, Any]] = {
    "svg.hashsalt": "qulaq",  # the same picture for the same numbers
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e6e6e6",
}


def plot_curve(points: Sequence[dict[str, Any]], path: Path) -> None:
    """Write the picture of a learning curve as SVG."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(11, 5.6), layout="constrained")
        panels = figure.subplots(2, 4, sharex=True, sharey=True).ravel()
        for panel, head in zip(panels, HEADS, strict=False):
            _head(panel, head, points)
        _real(panels[-1], points)
        panels[0].set_ylim(0.2, 1.0)
        for panel in panels[4:]:
            panel.set_xlabel("comments written")
        for panel in panels[::4]:
            panel.set_ylabel("macro-F1 on dev")
        handles, names = panels[1].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncols=7, frameon=False)
        figure.savefig(path, format="svg", metadata={"Date": None})


def _head(panel: Axes, head: str, points: Sequence[dict[str, Any]]) -> None:
    sizes = [point["written"] for point in points]
    for form in LANGUAGES:
        if head == "language":
            continue  # within one form there is one right answer
        scores = [point["dev"][head].get(form) for point in points]
        panel.plot(sizes, scores, color=_COLOURS[form], linewidth=1, label=form)
    whole = [point["dev"][head]["all"] for point in points]
    panel.plot(sizes, whole, color="black", linewidth=2.2, marker="o", markersize=3, label="all")
    panel.annotate(
        f"{whole[-1]:.2f}", (sizes[-1], whole[-1]), (4, 0), textcoords="offset points", va="center"
    )
    panel.set_title(head, loc="left", fontweight="bold")


def _real(panel: Axes, points: Sequence[dict[str, Any]]) -> None:
    """Draw how well the corpus explains texts that nobody wrote for it."""
    panel.set_title("real texts", loc="left", fontweight="bold")
    for name, words, colour in (
        ("appeal_topic_accuracy", "topics of Russian appeals", _COLOURS["ru"]),
        ("review_polarity_f1", "polarity of Kazakh reviews", _COLOURS["kk-Cyrl"]),
    ):
        for model, line in (("corpus_alone", "-"), ("with_lexicon", "D")):
            known = [(point["written"], point[model][name]) for point in points if model in point]
            if known:
                sizes, scores = zip(*known, strict=True)
                label = words if model == "corpus_alone" else None
                panel.plot(sizes, scores, line, color=colour, linewidth=2, label=label)
    if panel.lines:
        panel.plot([], [], "D", color="black", label="the same with the lexicon")
        panel.legend(loc="lower right", fontsize=8, frameon=False)
