"""Real texts: what is read from their files, and how a model is measured on them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from models import Classifier
from training.transfer import polarity_f1, read_polarity, read_topics, topic_accuracy


def table(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_appeals_with_a_certain_topic_are_read(tmp_path: Path) -> None:
    path = table(
        tmp_path / "appeals.csv",
        ("text", "topic_as_filed"),
        ("нет воды", "Некачественное водоснабжение в районе частного сектора"),
        ("маршрутка, 2 часа", "Недостаточное количество транспорта на маршруте"),
        ("собаки", "Безнадзорные животные"),
    )
    assert read_topics(path) == (["нет воды", "собаки"], ["water", "animals"])


def test_a_mapping_to_an_unknown_topic_is_named(tmp_path: Path) -> None:
    mapping = tmp_path / "topics.toml"
    mapping.write_text('[topic]\nspace = ["*"]\n', encoding="utf-8")
    with pytest.raises(ValueError, match="unknown topics space"):
        read_topics(table(tmp_path / "a.csv", ("text", "topic_as_filed")), mapping)


def test_columns_and_labels_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lacks the column topic_as_filed"):
        read_topics(table(tmp_path / "a.csv", ("text", "label")))
    with pytest.raises(ValueError, match="label must be 0 or 1, not 5"):
        read_polarity(table(tmp_path / "b.csv", ("text", "label"), ("жақсы", "5")))


def test_a_model_is_measured() -> None:
    classifier = Classifier.load()
    texts = ["отопления нет, батареи холодные", "автобус опять не приехал"]
    assert topic_accuracy(classifier, texts, ["heating", "transport"]) == 1
    assert topic_accuracy(classifier, texts, ["heating", "water"]) == 0.5
    reviews = ["рахмет, өте керемет!", "ұят, нашар жұмыс"]
    assert polarity_f1(classifier, reviews, [1, 0]) == 1
    assert polarity_f1(classifier, reviews, [0, 1]) == 0
