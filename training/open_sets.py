"""Open labelled texts that may teach shipped weights, read where they lie; none of it is kept.

Each set teaches only the heads it has labels for. The comments of a Russian city's page,
Kazakh reviews, English complaints and Russian chats carry labels of our own, found by the
SHA-256 of the text (`open_labels`); three in ten of them are never learned from, to measure on.
Sentences of news carry a topic, machine-written complaints all labels, also of our own.
Sets, licences: KazSAnDRA, KazNERD, Telegram news (CC BY 4.0), CEDR (Apache-2.0), UD Taiga,
government news (CC BY-SA), KZgovData, SOIKA, mini-project, MERA, rudetoxifier and tg-spam (MIT).
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from training.corpus import Row
from training.examples import Example

_OPEN_LABELS: Final = Path(__file__).with_name("open_labels")
_LABELLED: Final = {
    "spb_vk": "civic_ru/spb_vk.csv",  # comments under the posts of a Russian city's district
    "kazsandra_map": "kazsandra/train_rus.csv",  # Kazakh reviews of places on a map
    "kazsandra_apps": "kazsandra/train_rus.csv",  # and of mobile apps, goods and books
    "civic_issues": "open_text/en_civic_issues.txt",  # complaints and talk in an Indian city
    "ru_taiga": "open_text/ru_taiga.txt",  # social networks, blogs, prose
    "ru_mera": "open_text/ru_mera.txt",  # rude comments, questions, headings
    "ru_rudetoxifier": "open_text/ru_rudetoxifier.txt",  # obscene comments
    "ru_tgchat_spam": "open_text/ru_tgchat_spam.txt",  # chats and spam
}
"""Files of real texts that have labels of ours in `open_labels`, under the open data."""
_WRITTEN: Final = {
    "complaints": {
        "kk_kzgov_complaints": "open_text/kk_kzgov_complaints.txt",
        "ru_kzgov_complaints": "open_text/ru_kzgov_complaints.txt",
    },
    "news": {
        "kk_kaznerd": "open_text/kk_kaznerd.txt",
        "kk_govnews": "open_text/kk_govnews.txt",
        "en_govnews": "open_text/en_govnews.txt",
        "ru_telegram_news": "open_text/ru_telegram_news.txt",
    },
}
"""Likewise, but texts nobody typed under a post: to learn from, not to measure on."""
_HELD_OUT: Final = 0.3
_CATEGORIES: Final = {
    "дороги": "roads",
    "образование": "education",
    "медицина": "health",
    "полиция": "safety",
    "экология": "ecology",
    "соцподдержка": "social",
    "общественный транспорт": "transport",
    "интернет": "services",
    "коррупция": "governance",
}
"""Categories of appeals that are certain to be one of our topics."""
_EMOTIONS: Final = {"0": "positive", "1": "negative", "3": "negative", "4": "negative"}
"""CEDR: joy, sadness, fear, anger; surprise says nothing."""


def open_examples(folder: Path) -> dict[str, list[Example]]:
    """Return what the open sets teach, by the name the recipe weighs them with.

    Raise `OSError` when a file is missing under `folder`, the folder of open data.
    """
    labelled = folder / "labelled"
    return {
        "reviews": list(_reviews(folder / "kazsandra" / "train_rus.csv")),
        "emotions": list(_emotions(folder / "cedr" / "train.csv")),
        "appeals": [
            Example(row["text"], {"topic": _CATEGORIES[row["label"]]}, 1.0)
            for name in ("kzgov_kk_category.csv", "kzgov_ru_category.csv")
            for row in _table(labelled / name)
            if row["label"] in _CATEGORIES
        ],
        "comments": [
            Example(row.text, row.labels, 1.0)
            for row in real_comments(folder)
            if row.split == "train"
        ],
        **{
            name: [
                Example(row.text, row.labels, 1.0)
                for of, path in files.items()
                for row in _labelled(folder / path, of)
            ]
            for name, files in _WRITTEN.items()
        },
    }


def real_comments(folder: Path) -> list[Row]:
    """Return the real texts that carry our labels, split `train` or `test`; annotator: their set.

    Raise `ValueError` when labels are left without a text: the file is another.
    """
    return [row for name, path in _LABELLED.items() for row in _labelled(folder / path, name)]


def _labelled(path: Path, name: str) -> list[Row]:
    labels = {}
    for line in (_OPEN_LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        labels[raw.pop("sha256")] = raw
    rows = []
    for number, text in enumerate(_texts(path), start=1):
        digest = hashlib.sha256(text.encode()).hexdigest()
        if known := labels.pop(digest[:16], None):
            held_out = int(digest[16:24], 16) < _HELD_OUT * 2**32
            rows.append(
                Row(
                    id=f"{name}-{number}",
                    text=text,
                    labels=known,
                    parent_text=None,
                    source="open",
                    annotator=name,
                    split="test" if held_out else "train",
                    where=f"{path.name}:{number}",
                )
            )
    if labels:
        raise ValueError(f"{len(labels)} labels of {name}.jsonl have no text in {path}")
    return rows


def _reviews(path: Path) -> Iterator[Example]:
    """Yield Kazakh reviews: stars tell good from bad, but not either from neutral."""
    for row in _table(path):
        label = "positive" if row["label"] == "1" else "negative"
        yield Example(row["text"], {"sentiment": label}, 1.0, {"sentiment": _POLES})


_POLES: Final = ("negative", "positive")


def _emotions(path: Path) -> Iterator[Example]:
    for row in _table(path):
        found = row["labels"].strip("[]").split()
        if not found:
            yield Example(row["text"], {"sentiment": "neutral"}, 1.0)
        elif found[0] in _EMOTIONS:
            yield Example(row["text"], {"sentiment": _EMOTIONS[found[0]]}, 1.0)


def _texts(path: Path) -> Iterator[str]:
    """Yield the texts of a table's column `text`, or the lines of a plain file."""
    if path.suffix == ".csv":
        yield from (row["text"] for row in _table(path))
    else:
        yield from path.read_text(encoding="utf-8").splitlines()


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
