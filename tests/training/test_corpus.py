"""Annotated rows: every fault is named with its file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.cli import main
from training.composition import load_targets
from training.corpus import ANNOTATED, CorpusError, corpus_files, fingerprint, load, parse
from training.near_duplicates import near_duplicates
from training.validate import validate

GOOD: dict[str, Any] = {
    "id": "a-1",
    "text": "Көшеде жарық жоқ",
    "language": "kk-Cyrl",
    "topic": "amenities",
    "urgency": "high",
    "sentiment": "neutral",
    "intent": "problem",
    "misinformation": False,
    "toxic": False,
    "source": "authored",
    "annotator": "test",
}


def line(**changes: Any) -> bytes:
    row = {**GOOD, **changes}
    kept = {name: value for name, value in row.items() if value is not ...}
    return json.dumps(kept, ensure_ascii=False).encode()


def write(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_a_good_row() -> None:
    row = parse(line(toxic=True, split="dev", parent_text="Жөндеу"), "f:1")
    assert row.labels["toxicity"] == "toxic"
    assert row.labels["misinformation"] == "plain"
    assert (row.split, row.parent_text) == ("dev", "Жөндеу")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "is not JSON"),
        (b"[]", "is not a JSON object"),
        (line(id="?").replace(b'"?"', rb'"\ud800"'), "id: text has a lone surrogate"),
        (b'{"text": "\xff"}', r"is not UTF-8 \(0xFF at byte 10\)"),
        (line(text=...), "lacks text"),
        (line(annotator=..., topic=...), "lacks annotator, topic"),
        (line(colour="red"), "unknown fields colour"),
        (line(topic="teleportation"), "topic: unknown code 'teleportation'"),
        (line(language=None), "language: unknown code None"),
        (line(toxic="yes"), "toxic must be true or false"),
        (line(misinformation=1), "misinformation must be true or false"),
        (line(id=""), "id must be a string"),
        (line(text="  "), "nothing but white space"),
        (line(parent_text=7), "text must be a string, not int"),
        (line(split="training"), "split: unknown code 'training'"),
        (line(platform="myspace"), "platform: unknown code 'myspace'"),
        (line(source="scraped"), "source: unknown code 'scraped'"),
        (line(keyboard="french"), "keyboard: unknown code 'french'"),
        (line(traps="criticism"), "traps must be a list"),
        (line(traps=["trapdoor"]), "traps: unknown code 'trapdoor'"),
        (line(traps=[["criticism"]]), "traps: unknown code"),
        (line(traps=["past-danger"]), "'past-danger' on a row with urgency 'high'"),
        (line(traps=["sarcasm"], misinformation=True), "'sarcasm' on a row that is misinfo"),
        (line(traps=["sharp-criticism"], toxic=True), "'sharp-criticism' on a toxic row"),
    ],
)
def test_a_fault_is_named(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(content, "f:1")


@given(st.binary(max_size=200))
def test_any_line_is_a_row_or_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  random bytes are never a whole row
        parse(content, "f:1")


def test_load_names_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", line(), b"", line(id="a-2", topic="x"))
    with pytest.raises(CorpusError, match=r"rows\.jsonl:3: topic"):
        load([path])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        corpus_files([tmp_path / "nowhere"])


def test_the_fingerprint_knows_content_not_order(tmp_path: Path) -> None:
    one = load([write(tmp_path / "1.jsonl", line(), line(id="a-2"))])
    other = load([write(tmp_path / "2.jsonl", line(id="a-2"), line())])
    changed = load([write(tmp_path / "3.jsonl", line(), line(id="a-2", urgency="low"))])
    assert fingerprint(one) == fingerprint(other) != fingerprint(changed)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line(), line(text="басқа")], "rows.jsonl:2: id 'a-1' is taken by rows.jsonl:1"),
        ([line(), line(id="a-2")], "rows.jsonl:2: same text as rows.jsonl:1"),
        ([line(text="хабарлас +77011234567")], "rows.jsonl:1: personal data in text: phone"),
        ([line(parent_text="a@b.kz жаз")], "rows.jsonl:1: personal data in parent_text: email"),
        ([line(text="koshede zharyk zhok")], "form kk-Cyrl, but most letters are Latin"),
        ([line(language="kk-Latn")], "form kk-Latn, but most letters are Cyrillic"),
        (
            [line(split="train"), line(id="a-2", text="көшеде жарық жоқ!!", split="test")],
            "rows.jsonl:2: near-duplicate (1.00) of rows.jsonl:1 in another split",
        ),
        ([line(keyboard="russian")], "keyboard russian, but has the Kazakh letters қ ө"),
        ([line(keyboard="russian", language="ru", text="нет света")], "but form ru"),
        ([b"{"], "rows.jsonl:1: is not JSON"),
    ],
)
def test_validate_names_every_fault(tmp_path: Path, lines: list[bytes], message: str) -> None:
    verdict = validate([write(tmp_path / "rows.jsonl", *lines)], {})
    assert any(message in fault for fault in verdict.faults), verdict.faults


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["validate", "/proc/self/mem"], "Input/output error"),
        (["train", "--version", "a/b"], "'a/b' is no model version"),
    ],
)
def test_what_keeps_a_command_from_running_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.setattr("sys.argv", ["qulaq-train", *arguments])
    monkeypatch.setattr("training.cli.model.train", None)  # it must not come so far
    with pytest.raises(SystemExit, match=sentence):
        main()


def decided(*rows: dict[str, Any]) -> list[bytes]:
    return [line(id=f"m-{n}", source="moderator", **row) for n, row in enumerate(rows)]


def test_a_text_that_moderators_decide_on_again_counts_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = decided({}, {}, {"urgency": "low"}, {"parent_text": "Жөндеу"})
    path = write(tmp_path / "new.jsonl", *rows)
    verdict = validate([path], {})
    assert verdict.faults == []
    assert [row.id for row in verdict.rows] == ["m-2", "m-3"] == [row.id for row in load([path])]
    assert verdict.rows[0].labels["urgency"] == "low"
    assert len(verdict.remarks) == 2
    assert "new.jsonl:3: counts, not new.jsonl:1, same text: urgency high → low" in verdict.remarks
    monkeypatch.setattr("sys.argv", ["qulaq-train", "validate", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    said = capsys.readouterr()
    assert "2 decisions on a text that is there already" in said.out
    assert "2 rows, 0 faults" in said.out
    assert "warning: new.jsonl:3: counts" in said.err


def test_training_says_which_of_two_decisions_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "new.jsonl", *decided({}, {"urgency": "low"}))
    out = str(tmp_path / "runs")
    monkeypatch.setattr(
        "sys.argv", ["qulaq-train", "train", str(path), "--encoder", "none", "--out", out]
    )
    with pytest.raises(SystemExit, match="dev"):  # one row is too little to go on
        main()
    assert "warning: new.jsonl:2: counts, not new.jsonl:1" in capsys.readouterr().err


def test_a_decision_on_an_authored_text(tmp_path: Path) -> None:
    authored = write(tmp_path / "a.jsonl", line(), line(id="a-2", text="су жоқ"))
    same, other = decided({}, {"text": "су жоқ", "topic": "water"})
    new = write(tmp_path / "new.jsonl", same, other)
    for paths in ([authored, new], [new, authored]):
        verdict = validate(paths, {})
        assert verdict.faults == []
        assert {row.id for row in verdict.rows} == {"a-1", "a-2", "m-1"}
        assert verdict.remarks == [
            "new.jsonl:2: counts beside a.jsonl:2, same text: topic amenities → water"
        ]


def test_a_decision_on_a_test_comment_is_no_row_to_learn_from(tmp_path: Path) -> None:
    rows = write(tmp_path / "rows.jsonl", line(split="test"), *decided({}))
    assert validate([rows], {}).faults == [
        "rows.jsonl:2: same text as rows.jsonl:1 in another split (test)"
    ]


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_a_corpus_without_rows_is_said_to_have_none(
    tmp_path: Path,
    content: bytes,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(content)
    monkeypatch.setattr("sys.argv", ["qulaq-train", "validate", str(path)])
    with pytest.raises(SystemExit, match=r"there are no rows in .*empty\.jsonl"):
        main()
    assert capsys.readouterr().out == "0 rows, 0 faults\n"


def test_near_duplicates_are_found_across_letters_and_ornament() -> None:
    texts = ["Көшеде жарық жоқ!!!", "су", "кошеде жарык жок", "совсем другое дело", "😀"]
    assert [pair[:2] for pair in near_duplicates(texts)] == [(0, 2)]
    assert list(near_duplicates(["а", "😀"])) == []


def test_the_shipped_corpus_is_fit_for_training() -> None:
    assert validate([ANNOTATED], load_targets()).faults == []
