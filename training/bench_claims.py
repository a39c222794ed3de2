"""Speed of finding claims among 100,000 of them, on one core: part of `make bench`.

The claims are made of the corpus, the first half of one comment with the second half of
another, so that their words are those of real registries; comments are those of dev and test.
Each comment is matched by itself, after the classifier has read it, as the service does. Times
are of the processor: medians over comments, and of three rounds of other comments.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

from tqdm import tqdm

from models.claims.claim import Claim
from models.claims.index import ClaimIndex
from models.classifier import Classifier
from training.corpus import ANNOTATED, load

CLAIMS = 100_000
ROUNDS, COMMENTS = 3, 300
_LONGEST = 110
"""Characters of a claim: a sentence."""


def main() -> None:
    """Print the table."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    classifier = Classifier.load()
    rows = load([ANNOTATED])
    texts = [row.text for row in rows if row.split != "train"]
    random.Random(1).shuffle(texts)  # noqa: S311
    rounds = [texts[i * COMMENTS : (i + 1) * COMMENTS] for i in range(2 * ROUNDS)]
    index = ClaimIndex(_claims([row.text for row in rows if row.split == "train"]))
    meanings = classifier.meanings

    def alone(text: str) -> object:
        return classifier.analyse([text])

    def by_words(text: str) -> object:
        return index.match([text])

    def by_meaning(text: str) -> object:
        return index.match([text], meanings=meanings)

    analysed = _median(alone, rounds)
    found = {"by words": _median(by_words, rounds[:ROUNDS], before=alone)}
    if meanings is not None:
        with tqdm(total=CLAIMS, desc="claims read", mininterval=2) as bar:
            while left := index.read_ahead(meanings):
                bar.update(CLAIMS - left - bar.n)
        found["by words and meaning"] = _median(by_meaning, rounds[ROUNDS:], before=alone)
    print(f"{CLAIMS:,} claims, one core, one comment at a time")  # noqa: T201
    print(f"{'whole analysis without claims':32} {analysed:6.2f} ms")  # noqa: T201
    for name, milliseconds in found.items():
        share = milliseconds / analysed
        print(f"{'finding claims ' + name:32} {milliseconds:6.2f} ms {share:6.1f} ×")  # noqa: T201


def _claims(texts: Sequence[str]) -> Iterator[Claim]:
    """Yield `CLAIMS` different ones."""
    chance = random.Random(2)  # noqa: S311
    seen: set[str] = set()
    while len(seen) < CLAIMS:
        first, second = (chance.choice(texts).split() for _ in range(2))
        words = first[: len(first) // 2 + 1] + second[len(second) // 2 :]
        text = " ".join(words)[:_LONGEST]
        if len(words) > 3 and text not in seen:
            seen.add(text)
            yield Claim(f"claim-{len(seen)}", {"ru": text}, (), "false", {})


def _median(
    run: Callable[[str], object],
    rounds: Sequence[Sequence[str]],
    before: Callable[[str], object] = len,
) -> float:
    """Return the median milliseconds of the processor a comment takes, median over rounds.

    What `before` does with a comment is not counted.
    """
    medians = []
    for texts in rounds:
        times = []
        for text in texts:
            before(text)
            start = time.process_time()
            run(text)
            times.append(1000 * (time.process_time() - start))
        medians.append(statistics.median(times))
    return statistics.median(medians)


if __name__ == "__main__":
    main()
