"""Speed beside the usual tools, in one run: `make bench`.

Qulaq is measured in two processes, as `qulaq classify --workers 2` works and as a
classifier in torch takes both cores, and in one. Every contender gets the same
comments (the corpus, test split first); rounds alternate between contenders, so a slow
moment of the machine hits all alike. The figure is the median of the rounds, and the
ratios are what to quote.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from models.classifier import Classifier
from models.model_store import ModelStore
from training import peers
from training.corpus import ANNOTATED, load
from training.open_sets import real_comments

ROUNDS = 7
Contender = tuple[str, str, Callable[[Sequence[str]], object], int]
"""Name, what it answers, the function, and how many comments it is given a round."""


BLENDED = "Qulaq, both tiers, two processes"
FAST = "Qulaq, fast tier, two processes"
_BATCH = 512


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--open-data", type=Path, help="folder of open data: real comments")
    folder: Path | None = options.parse_args().open_data
    rows = sorted(load([ANNOTATED]), key=lambda row: (row.split != "test", row.id))
    topics = [row.text for row in rows], [row.labels["topic"] for row in rows]
    texts = [row.text for row in real_comments(folder)] if folder else topics[0]
    entered = contenders(*topics)
    rates = measure(entered, texts)
    blended, fast = (rates[name] for name in (BLENDED, FAST))
    print(f"{'':44} {'answers':11} {'comments/s':>11} {'blended is':>11} {'fast is':>9}")  # noqa: T201
    for name, answers, _, _ in entered:
        ratios = f"{blended / rates[name]:>9.1f} × {fast / rates[name]:>7.1f} ×"
        print(f"{name:44} {answers:11} {rates[name]:>11,.0f} {ratios}")  # noqa: T201
    ready, memory = service_start()
    print(f"\nqulaq serve: ready after {ready:.1f} s, {memory:.0f} MB resident")  # noqa: T201


def contenders(texts: Sequence[str], topics: Sequence[str]) -> list[Contender]:
    """Return everything that is measured; peers that learn do so from labelled texts."""
    store = ModelStore()
    path = store.path(store.active())
    both, fast = Classifier.load(path), Classifier.load(path, encoder=False)
    return [
        (BLENDED, "everything", _in_two_processes(both), 1_024),
        (FAST, "everything", _in_two_processes(fast), 2_048),
        ("Qulaq, both tiers, one process", "everything", both.analyse, 1_024),
        ("Qulaq, fast tier, one process", "everything", fast.analyse, 2_048),
        ("Qulaq, both tiers, one by one", "everything", _one_by_one(both), 256),
        ("Qulaq, fast tier, one by one", "everything", _one_by_one(fast), 256),
        ("XLM-R base size, transformers", "one head", peers.xlm_roberta(), 96),
        ("scikit-learn TF-IDF + regression", "topic", peers.scikit_learn(texts, topics), 2_048),
        ("fastText, supervised", "topic", peers.fast_text(texts, topics), 2_048),
        ("spaCy textcat", "topic", peers.spacy_textcat(texts, topics), 1_024),
        ("lingua, three languages", "language", peers.lingua(), 1_024),
        ("langdetect", "language", peers.lang_detect(), 128),
    ]


_shared: list[Classifier] = []
"""The worker process's own classifier."""


def _analyse(texts: Sequence[str]) -> object:
    return _shared[-1].analyse(texts)


def _in_two_processes(classifier: Classifier) -> Callable[[Sequence[str]], object]:
    """Return what shares batches out to two forked processes; they start now, before any thread."""
    pool = ProcessPoolExecutor(2, get_context("fork"), _shared.append, (classifier,))

    def run(texts: Sequence[str]) -> object:
        return list(pool.map(_analyse, _batches(texts)))

    run(["жылу жоқ"] * 2 * _BATCH)
    return run


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), _BATCH):
        yield texts[start : start + _BATCH]


def _one_by_one(classifier: Classifier) -> Callable[[Sequence[str]], object]:
    return lambda some: [classifier.analyse([text]) for text in some]


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
                if _ended(server) or time.perf_counter() - start > 60:
                    raise RuntimeError("qulaq serve did not become ready")
            seconds = time.perf_counter() - start
            status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
        finally:
            server.terminate()
            server.wait(30)
    kilobytes = next(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line)
    return seconds, kilobytes / 1024


def _ended(server: subprocess.Popen[bytes], seconds: float = 0.01) -> bool:
    """Wait for the process to end, so long at most; return whether it has."""
    try:
        server.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    main()
