"""Open labelled sets: which heads each teaches, and the texts that carry labels of ours."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from training import open_sets
from training.open_sets import open_examples, real_comments

OTHERWISE = {"language": "ru", "urgency": "normal", "sentiment": "neutral", "intent": "problem"}
COMMENTS = [f"яма на улице номер {number}" for number in range(40)]
REVIEWS = ["қала паркі керемет", "тамағы дәмсіз"]
CHATS = ["ru_taiga", "ru_mera", "ru_rudetoxifier", "ru_tgchat_spam"]
COMPLAINTS = ["potholes all over", "no bus since six", "who cares"]


def _table(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _label(path: Path, texts: Sequence[str], topic: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        for text in texts:
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            file.write(json.dumps({"sha256": digest, "topic": topic, **OTHERWISE}) + "\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of open data in small, and labels for it."""
    _table(tmp_path / "civic_ru" / "spb_vk.csv", ["text"], [[text] for text in COMMENTS])
    _table(
        tmp_path / "kazsandra" / "train_rus.csv",
        ["text", "label"],
        [[REVIEWS[0], "1"], [REVIEWS[1], "0"]],
    )
    _table(
        tmp_path / "cedr" / "train.csv",
        ["text", "labels"],
        [["ура", "[0]"], ["надо же", "[2]"], ["стол", "[]"], ["страшно", "[3 1]"]],
    )
    for name in ("kzgov_kk_category.csv", "kzgov_ru_category.csv"):
        rows = [["на дороге яма", "дороги"], ["разное", "прочее"]]
        _table(tmp_path / "labelled" / name, ["text", "label"], rows)
    (tmp_path / "open_text").mkdir()
    lines = "\n".join(COMPLAINTS)
    (tmp_path / "open_text" / "en_civic_issues.txt").write_text(lines, encoding="utf-8")
    for name in CHATS:
        (tmp_path / "open_text" / f"{name}.txt").write_text(f"{name}: привет", encoding="utf-8")
    labels = tmp_path / "labels"
    labels.mkdir()
    _label(labels / "spb_vk.jsonl", COMMENTS, "roads")
    _label(labels / "kazsandra_map.jsonl", REVIEWS[:1], "amenities")
    _label(labels / "kazsandra_apps.jsonl", REVIEWS[1:], "services")
    _label(labels / "civic_issues.jsonl", COMPLAINTS[:2], "transport")
    for name in CHATS:
        _label(labels / f"{name}.jsonl", [f"{name}: привет"], "other")
    for name in (*open_sets._WRITTEN["complaints"], *open_sets._WRITTEN["news"]):
        (tmp_path / "open_text" / f"{name}.txt").write_text(f"{name}: жол", encoding="utf-8")
        _label(labels / f"{name}.jsonl", [f"{name}: жол"], "roads")
    monkeypatch.setattr(open_sets, "_OPEN_LABELS", labels)
    return tmp_path


def test_each_set_teaches_only_what_it_knows(folder: Path) -> None:
    found = open_examples(folder)
    assert [dict(one.labels) for one in found["reviews"]] == [
        {"sentiment": "positive"},
        {"sentiment": "negative"},
    ]
    assert set(found["reviews"][0].among["sentiment"]) == {"positive", "negative"}
    emotions = [one.labels["sentiment"] for one in found["emotions"]]
    assert emotions == ["positive", "neutral", "negative"]  # surprise says nothing
    assert [dict(one.labels) for one in found["appeals"]] == [{"topic": "roads"}] * 2


def test_written_texts_are_all_taught(folder: Path) -> None:
    found = open_examples(folder)
    assert [(one.text, one.labels["topic"]) for one in found["complaints"]] == [
        ("kk_kzgov_complaints: жол", "roads"),
        ("ru_kzgov_complaints: жол", "roads"),
    ]
    assert len(found["news"]) == 4
    assert not {row.annotator for row in real_comments(folder)} & open_sets._WRITTEN["news"].keys()


def test_what_is_held_out_is_not_taught(folder: Path) -> None:
    taught = {one.text for one in open_examples(folder)["comments"]}
    held_out = {row.text for row in real_comments(folder) if row.split == "test"}
    assert held_out
    assert not taught & held_out
    chats = {f"{name}: привет" for name in CHATS}
    assert taught | held_out == {*COMMENTS, *REVIEWS, *COMPLAINTS[:2], *chats}


def test_a_text_keeps_its_side_and_its_set_whatever_stands_around_it(folder: Path) -> None:
    before = {row.text: (row.split, row.annotator) for row in real_comments(folder)}
    _table(folder / "civic_ru" / "spb_vk.csv", ["text"], [["нов"], *([one] for one in COMMENTS)])
    assert {row.text: (row.split, row.annotator) for row in real_comments(folder)} == before
    assert before[REVIEWS[0]][1] == "kazsandra_map"


def test_labels_without_their_text_are_an_error(folder: Path) -> None:
    _table(folder / "civic_ru" / "spb_vk.csv", ["text"], [[text] for text in COMMENTS[1:]])
    with pytest.raises(ValueError, match=r"1 labels of spb_vk\.jsonl have no text in .*spb_vk"):
        real_comments(folder)
