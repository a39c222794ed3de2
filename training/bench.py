"""Speed beside the usual tools, in one run: `make bench`.

Every contender gets the same comments (the corpus, test split first); rounds
alternate between contenders, so a slow moment of the machine hits all alike.
The figure is the median of the rounds, and the ratios are what to quote.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

import langdetect
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from models.classifier import Classifier
from training.corpus import ANNOTATED, load

ROUNDS = 7
Contender = tuple[str, str, Callable[[Sequence[str]], object], int]
"""Name, what it answers, the function, and how many comments it is given a round."""


def main() -> None:
    """Print the table."""
    rows = sorted(load([ANNOTATED]), key=lambda row: (row.split != "test", row.id))
    texts = [row.text for row in rows]
    classifier = Classifier.load()
    pipeline = _scikit_learn([row.text for row in rows], [row.labels["topic"] for row in rows])
    contenders: list[Contender] = [
        ("Qulaq, batch of 512", "everything", classifier.analyse, 2_048),
        (
            "Qulaq, one by one",
            "everything",
            lambda some: [classifier.analyse([t]) for t in some],
            256,
        ),
        ("scikit-learn TF-IDF + logistic regression", "topic", pipeline.predict_proba, 2_048),
        ("langdetect", "language", lambda some: [_detect(text) for text in some], 128),
    ]
    rates = measure(contenders, texts)
    first = rates[contenders[0][0]]
    print(f"{'':42} {'answers':11} {'comments/s':>11} {'Qulaq is':>10}")  # noqa: T201
    for name, answers, _, _ in contenders:
        ratio = f"{first / rates[name]:.1f} ×"
        print(f"{name:42} {answers:11} {rates[name]:>11,.0f} {ratio:>10}")  # noqa: T201
    ready, memory = service_start()
    print(f"\nqulaq serve: ready after {ready:.1f} s, {memory:.0f} MB resident")  # noqa: T201


def measure(contenders: Sequence[Contender], texts: Sequence[str]) -> dict[str, float]:
    """Return the median comments a second of each contender over alternating rounds."""
    rates: dict[str, list[float]] = {name: [] for name, *_ in contenders}
    for number in range(ROUNDS + 1):
        for name, _, run, count in contenders:
            some = [texts[(i + number * count) % len(texts)] for i in range(count)]
            start = time.perf_counter()
            run(some)
            if number:  # the first round warms up
                rates[name].append(count / (time.perf_counter() - start))
    return {name: statistics.median(of) for name, of in rates.items()}


def service_start() -> tuple[float, float]:
    """Return seconds from starting `qulaq serve` to ready, and its resident memory in MB then.

    Median of three starts, each with a database of its own; memory as Linux counts it.
    """
    starts = [_start_once() for _ in range(3)]
    return statistics.median(s for s, _ in starts), statistics.median(m for _, m in starts)


def _start_once() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        environment = {**os.environ, "QULAQ_DATA_DIR": folder, "QULAQ_PORT": str(port)}
        start = time.perf_counter()
        server = subprocess.Popen(  # noqa: S603
            [Path(sys.executable).with_name("qulaq"), "serve"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not _is_ready(port):
                if server.poll() is not None or time.perf_counter() - start > 60:
                    raise RuntimeError("qulaq serve did not become ready")
                time.sleep(0.01)
            seconds = time.perf_counter() - start
            status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
        finally:
            server.terminate()
            server.wait(30)
    kilobytes = next(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line)
    return seconds, kilobytes / 1024


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _scikit_learn(texts: Sequence[str], topics: Sequence[str]) -> Pipeline:
    """Return what most would build first: character n-grams, TF-IDF, logistic regression."""
    pipeline = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True),
        LogisticRegression(max_iter=30, tol=1e-2),
    )
    return pipeline.fit(texts, topics)


def _detect(text: str) -> str:
    """Return langdetect's guess, empty for a text without letters."""
    try:
        return str(langdetect.detect(text))
    except langdetect.LangDetectException:
        return ""


if __name__ == "__main__":
    main()
