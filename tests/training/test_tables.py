"""Anybody's labelled files: what is read, what is refused, what is kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.tables import Table, read_table, with_more


def test_more_to_learn_from_is_never_what_is_kept_apart() -> None:
    train = Table(["жол", "көше"], ["bad", "good"])
    more = Table(["жол", "су", "су", "газ"], ["good", "bad", "good", "bad"])
    apart = Table(["газ"], ["bad"])
    assert with_more(train, more, [apart]) == Table([*train.texts, "су"], ["bad", "good", "bad"])
    with pytest.raises(ValueError, match="more: labels that train lacks: odd"):
        with_more(apart, Table(["жол"], ["odd"]), [])


def test_a_semicolon_sets_columns_apart_where_the_header_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('id;text;label\n1;жол, көше;good\n2;"су; газ";bad\n', encoding="utf-8-sig")
    assert read_table(path, "text", "label") == Table(["жол, көше", "су; газ"], ["good", "bad"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,mood\nжол,good\n", "there is no column 'label', only: text, mood"),
        ("text,label\nжол\n", "line 2: lacks text or label"),
        ("text,label\n", "has no rows"),
        ("", "there is no column 'text'"),
        ("text,label\n\udcff,1\n", r"is not UTF-8 \(0xFF at byte 11\)"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ValueError, match=message):
        read_table(path, "text", "label")
