"""Verified claims for tweets, CLEF CheckThat! 2020 task 2: `qulaq-train checkthat FOLDER`.

The claim index beside plain BM25 on the same tweets (dev) and the 10,375 claims. Nothing is
learned from the set: it may be used for measuring only.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.claims.claim import Claim
from models.claims.index import ClaimIndex

DEPTH: Final = 5
_WORD: Final = re.compile(r"\w+")
_K1, _B = 1.2, 0.75


@dataclass(frozen=True)
class Task:
    """Tweets, claims, and which claim a tweet is about."""

    tweets: dict[str, str]
    claims: dict[str, tuple[str, str]]
    """By id: the claim and the title of its article."""
    about: dict[str, set[str]]


def load_task(folder: Path) -> Task:
    """Read the dev files; raise `OSError` when one is missing."""
    tweets = {row[0]: row[1] for row in _rows(folder / "dev.tweets.queries.tsv")}
    claims = {row[0]: (row[1], row[2]) for row in _rows(folder / "verified_claims.docs.tsv")}
    about: dict[str, set[str]] = defaultdict(set)
    pairs = (folder / "dev.tweet-vclaim-pairs.qrels").read_text(encoding="utf-8")
    for line in pairs.splitlines():
        tweet, _, claim, relevant = line.split("\t")
        if relevant.strip() == "1":
            about[tweet].add(claim)
    return Task(tweets, claims, dict(about))


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def mean_average_precision(task: Task, rank: Callable[[str], Sequence[str]]) -> float:
    """Return MAP@5 of a ranking function from a tweet to claim ids, best first."""
    total = 0.0
    for tweet, wanted in task.about.items():
        hits, found = 0, 0.0
        for place, claim in enumerate(rank(task.tweets[tweet])[:DEPTH], 1):
            if claim in wanted:
                hits += 1
                found += hits / place
        total += found / min(len(wanted), DEPTH)
    return total / len(task.about)


def by_index(task: Task) -> Callable[[str], list[str]]:
    """Return the ranking of our claim index."""
    index = ClaimIndex(
        Claim(name, {"en": text}, (title,) if title else (), "false", {})
        for name, (text, title) in task.claims.items()
        if text or title
    )
    return lambda tweet: [match.claim.claim_id for match in index.match([tweet])[0]]


def by_bm25(task: Task) -> Callable[[str], list[str]]:
    """Return the ranking of plain BM25 over lower-cased words of claim and title."""
    counts = {name: Counter(_words(" ".join(texts))) for name, texts in task.claims.items()}
    usual = sum(map(Counter.total, counts.values())) / len(counts)
    postings: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for name, words in counts.items():
        long = _K1 * (1 - _B + _B * words.total() / usual)
        for word, often in words.items():
            postings[word].append((name, often * (_K1 + 1) / (often + long)))

    def rank(tweet: str) -> list[str]:
        scores: dict[str, float] = defaultdict(float)
        for word in set(_words(tweet)):
            among = len(postings.get(word, ()))
            rarity = math.log(1 + (len(counts) - among + 0.5) / (among + 0.5))
            for name, weight in postings.get(word, ()):
                scores[name] += rarity * weight
        return sorted(scores, key=lambda name: (-scores[name], name))[:DEPTH]

    return rank


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
