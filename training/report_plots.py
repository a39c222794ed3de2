"""The pictures of the report, each as SVG to stand inside an HTML page."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

BLUE: Final = "#0072b2"
ORANGE: Final = "#d55e00"
_ORANGE_INK: Final = "#a84a00"
"""Dark enough to read."""
_GREY: Final = "#6b6b6b"
_CELL: Final = 0.37
"""Inches of a cell of a confusion matrix."""
_BINS: Final = 10
_FEWEST: Final = 5
"""Guesses in a bin below which its point is drawn hollow."""

Numbers = npt.NDArray[np.int_]
Figures = npt.NDArray[np.floating[Any]]


LETTERS: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",  # letters stay letters: small, and found by searching
    "font.family": "DejaVu Sans",
}


def _style(name: str) -> dict[Any, Any]:
    return {
        "svg.hashsalt": name,  # the same picture for the same numbers, other names in others
        **LETTERS,
        "font.size": 9,
        "path.simplify_threshold": 0.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#999999",
        "axes.axisbelow": True,
        "grid.color": "#e6e6e6",
    }


def inline(svg: str, words: str) -> str:
    """Return the `svg` element alone, as wide as its place, described by `words` (plain ASCII).

    Names that matplotlib gives in every picture are dropped: on one page they would repeat.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\sid="[\w.]+_\d+"', "", svg)
    svg = re.sub(r"(\d\.\d\d)\d+", r"\1", svg)  # a hundredth of a point is enough
    svg = re.sub(r"\n\s*", " ", svg)
    svg = svg.replace("'DejaVu Sans'", "'DejaVu Sans', sans-serif")
    svg = re.sub(r'<svg([^>]*?) width="[^"]*"', r"<svg\1", svg, count=1)
    svg = re.sub(r'<svg([^>]*?) height="[^"]*"', r"<svg\1", svg, count=1)
    return svg.replace("<svg", f'<svg role="img" aria-label="{words}"', 1)


def _saved(figure: Figure, words: str) -> str:
    content = io.StringIO()
    figure.savefig(content, format="svg", transparent=True)
    return inline(content.getvalue(), words)


def confusion_plot(name: str, codes: Sequence[str], counts: Numbers) -> tuple[str, float]:
    """Return a confusion matrix, and how wide it is in inches.

    `counts` have shape (gold, guess). Blue is right, orange is wrong, darker is a larger
    share of the gold label.
    """
    with mpl.rc_context({**_style(f"confusion {name}"), "axes.edgecolor": "none"}):
        size = len(codes)
        width, height = 1.6 + size * _CELL, 1.25 + size * _CELL
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots()
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        cells = list(zip(*np.nonzero(counts), strict=True))
        squares = [Rectangle((guess - 0.5, gold - 0.5), 1, 1) for gold, guess in cells]
        colours = [
            _tint(BLUE if gold == guess else ORANGE, float(shares[gold, guess]))
            for gold, guess in cells
        ]
        axes.add_collection(PatchCollection(squares, facecolors=colours, edgecolors="none"))
        for gold, guess in cells:
            axes.text(guess, gold, str(counts[gold, guess]), ha="center", va="center", fontsize=8)
        axes.set_xlim(-0.5, size - 0.5)
        axes.set_ylim(size - 0.5, -0.5)
        axes.set_aspect("equal")
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.set_xticks(range(size), codes, rotation=90)
        axes.set_yticks(range(size), codes)
        axes.set_xticks(np.arange(size + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(size + 1) - 0.5, minor=True)
        axes.grid(which="minor", linewidth=0.6)
        axes.tick_params(which="both", length=0)
        axes.set_xlabel("guessed", color=_GREY)
        axes.set_ylabel("labelled", color=_GREY)
        words = f"Confusion matrix of {name}: labels down, guesses across"
        return _saved(figure, words), width


def _tint(colour: str, share: float) -> tuple[float, ...]:
    """Return a colour as strong as `share` deserves, never so strong that black is lost on it."""
    strength = 0.12 + 0.48 * share**0.6
    return tuple(1 - strength * (1 - part) for part in to_rgb(colour))


def _small() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(3.3, 2.9), layout="constrained")
    axes = figure.subplots()
    axes.grid(visible=True)
    return figure, axes


def reliability_plot(name: str, confidence: Figures, right: npt.NDArray[np.bool_]) -> str:
    """Return how often guesses of each confidence are right; honest confidence is the diagonal."""
    with mpl.rc_context(_style(f"reliability {name}")):
        figure, axes = _small()
        axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle=":")
        bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
        for number in np.unique(bins):
            inside = bins == number
            count = int(inside.sum())
            axes.scatter(
                confidence[inside].mean(),
                right[inside].mean(),
                s=16 + 240 * count / len(right),
                facecolors=BLUE if count >= _FEWEST else "white",
                edgecolors=BLUE,
                zorder=3,
                clip_on=False,
            )
        axes.set_xlim(0, 1.04)
        axes.set_ylim(0, 1.04)
        axes.set_xlabel("confidence")
        axes.set_ylabel("share that is right")
        return _saved(figure, f"Reliability of {name}: confidence against the share that is right")


def coverage_plot(
    name: str, confidence: Figures, right: npt.NDArray[np.bool_], threshold: float
) -> str:
    """Return how often the surest guesses are right, for every share of comments acted on."""
    with mpl.rc_context(_style(f"coverage {name}")):
        figure, axes = _small()
        order = np.argsort(-confidence, kind="stable")
        count = np.arange(1, len(order) + 1)
        precision = np.cumsum(right[order]) / count
        shown = count >= min(20, len(count))  # the first few jump about and say nothing
        few = np.linspace(0, shown.sum() - 1, 200).astype(int)  # more dots than pixels are no news
        share = (count / len(count))[shown][few]
        axes.plot(share, precision[shown][few], color=BLUE, linewidth=1.8)
        sure = confidence >= threshold
        if sure.any():
            place = (float(sure.mean()), float(right[sure].mean()))
            axes.plot(*place, "o", color=ORANGE, zorder=3)
            axes.annotate(
                f"threshold {threshold:.2f}",
                place,
                (0, -16),
                textcoords="offset points",
                ha="right" if place[0] > 0.3 else "left",
                color=_ORANGE_INK,
            )
        axes.set_xlim(0, 1.02)
        axes.set_ylim(min(0.5, float(precision[shown].min()) - 0.05), 1.01)
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
        axes.set_xlabel("comments acted on")
        axes.set_ylabel("right when it acts")
        return _saved(figure, f"Coverage against precision of {name}")


def label_plot(
    name: str, codes: Sequence[str], scores: Figures, *, low: Figures, high: Figures, rows: Numbers
) -> str:
    """Return the F1 of each label that occurs, best first, with its interval and its rows."""
    with mpl.rc_context(_style(f"labels {name}")):
        known = np.flatnonzero(rows)
        order = known[np.argsort(-scores[known], kind="stable")]
        figure = Figure(figsize=(4.6, 0.7 + 0.2 * len(order)), layout="constrained")
        axes = figure.subplots()
        places = np.arange(len(order))
        axes.hlines(places, low[order], high[order], color=BLUE, linewidth=2.2, alpha=0.45)
        axes.plot(scores[order], places, "o", color=BLUE, markersize=5)
        for place, label in enumerate(order):
            axes.text(1.06, place, f"{scores[label]:.2f}", va="center")
            axes.text(1.34, place, str(rows[label]), va="center", ha="right", color=_GREY)
        axes.text(1.06, -1, "F1", va="center")
        axes.text(1.34, -1, "rows", va="center", ha="right", color=_GREY)
        axes.set_yticks(places, [codes[label] for label in order])
        axes.set_ylim(len(order) - 0.4, -0.6)
        axes.set_xlim(0, 1.34)
        axes.set_xticks(np.linspace(0, 1, 6))
        axes.spines["bottom"].set_bounds(0, 1)
        axes.grid(visible=True, axis="x")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        return _saved(figure, f"F1 of each {name} with its interval")
