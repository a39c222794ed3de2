"""Files of comments: whatever is wrong with a row, no other row is lost to it."""

from __future__ import annotations

import copy
import csv
import io
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, cast

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from models import Classifier
from models.csv_rows import RowFault, csv_rows
from service.classify_file import FileAnalyst, classify_rows
from service.cli.classify import _appearing
from service.comment_files import CommentRow, open_comments
from service.errors import Problem


class Echo:
    """Stands for the classifier: the answer is the text."""

    def analyse(
        self, texts: Sequence[str], _parents: Sequence[str | None], *, claims: object = None
    ) -> list[dict[str, object]]:
        return [{"text": text} for text in texts]


ANALYST = FileAnalyst(cast(Classifier, Echo()), text_limit=10_000)
Write = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write_file


def read(path: Path) -> list[tuple[Any, str]]:
    """Return (id, text or type of the fault) of every row."""
    return [(row.key, row.fault.code if row.fault else row.text) for row in open_comments(path)]


def answers(path: Path, workers: int = 1) -> list[dict[str, Any]]:
    pieces = classify_rows(open_comments(path), ANALYST, workers=workers)
    return [json.loads(line) for line in b"".join(pieces).splitlines()]


BAD = "invalid-request"
CSV: list[tuple[str, str, list[tuple[Any, str]]]] = [
    (
        "to the end",
        'id,text\n1,a\n2,"b\n3,c\n4,d\n',
        [("1", "a"), (2, BAD), ("3", "c"), ("4", "d")],
    ),
    (
        "to the next quote",
        'id,text\n1,"a\n2,b\n3,"c, d"\n4,e\n',
        [(1, BAD), ("2", "b"), ("3", "c, d"), ("4", "e")],
    ),
    (
        "then a text of two lines",
        'id,text\n1,"a\n2,b\n3,"c, d\ne"\n4,f\n',
        [(1, BAD), ("2", "b"), ("3", "c, d\ne"), ("4", "f")],
    ),
    ("on the last line", 'id,text\n1,a\n2,"', [("1", "a"), (2, BAD)]),
    ("every line", 'id,text\na","b\na","b\n', [(1, BAD), (2, BAD)]),
    ("amid the text", 'id,text\n1,a "b" c\n2,"a" b\n', [("1", 'a "b" c'), ("2", "a b")]),
    ("no quotes where needed", "text\na, b\nc\n", [(1, BAD), (2, "c")]),
    ("empty cells behind", "text,\na,,,\n", [(1, "a")]),
    ("two lines", 'text\n"a\nb"\nc\n', [(1, "a\nb"), (2, "c")]),
    ("semicolons", "id;text\n1;a, b\n2;c;d\n", [("1", "a, b"), (2, BAD)]),
    ("a comma in a quoted name", '"a, b, c";text\n1;2\n', [(1, "2")]),
    ("blank lines", "text\n\na\n\n\nb\n", [(1, "a"), (2, "b")]),
]


@pytest.mark.parametrize(("content", "rows"), [case[1:] for case in CSV], ids=[c[0] for c in CSV])
def test_a_stray_quote_or_comma_spoils_its_own_row_alone(
    write: Write, content: str, rows: list[tuple[Any, str]]
) -> None:
    assert read(write("in.csv", content.encode())) == rows


@pytest.mark.parametrize("content", ["text,text\na,b\n", "id\n1\n", "", '"text\n', "a,b"])
def test_a_file_without_one_text_column_is_refused(write: Write, content: str) -> None:
    path = write("in.csv", content.encode())
    with pytest.raises(ValueError, match=r"in\.csv: (has|the header)"):
        read(path)


@given(st.lists(st.lists(st.text(st.sampled_from('a,"\n ')), min_size=2, max_size=2), max_size=9))
def test_what_is_written_as_csv_is_read_as_it_was(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["id", "text"], *rows])
    assert list(csv_rows(io.StringIO(file.getvalue(), newline=""), ",")) == [["id", "text"], *rows]


@given(st.text(st.sampled_from('ab,"\n')))
def test_no_line_is_ever_lost(content: str) -> None:
    found = list(csv_rows(io.StringIO("x,y,z\n" + content, newline=""), ","))
    kept = "".join("".join(row) for row in found if not isinstance(row, RowFault))
    faults = sum(isinstance(row, RowFault) for row in found)
    lost = content.count("a") + content.count("b") - kept[3:].count("a") - kept[3:].count("b")
    assert faults or not lost


ODD_IDS = [
    (r'"\ud800"', "?"),
    (str(2**70), str(2**70)),
    ("NaN", 3),
    ('""', 4),
    (r'{"a": "\ud800"}', r"{'a': '\ud800'}"),
    ("[" * 300 + "]" * 300, "[[[[[[[...]]]]]]]"),
    ("true", True),
    ("0", 0),
]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_odd_id_or_a_bad_row_ends_no_run(write: Write, workers: int) -> None:
    lines = [f'{{"id": {given}, "text": "a"}}' for given, _ in ODD_IDS]
    faulty = ['{"id": 9}', "{", "[]", '{"text": 5}', '{"text": "a", "platform": [1]}', "\xff"]
    faulty += ['{"text": "a", "author": "\\ud800"}', '{"text": ' + "[" * 300 + "]" * 300 + "}"]
    content = "\n".join([*lines, *faulty, '{"id": "last", "text": "z"}'])
    found = answers(write("in.jsonl", content.encode("latin-1")), workers)
    assert [row["id"] for row in found[: len(lines)]] == [shown for _, shown in ODD_IDS]
    assert [row["error"]["type"].rpartition("/")[2] for row in found[len(lines) : -1]] == [
        "missing-field",
        "invalid-json",
        "wrong-type",
        "not-a-string",
        "not-a-string",
        "invalid-utf-8",
        "lone-surrogate",
        "not-a-string",
    ]
    assert found[-1] == {"id": "last", "text": "z"}


def test_an_id_that_is_not_utf8_is_shown_as_well_as_can_be(write: Write) -> None:
    assert [row["id"] for row in answers(write("in.csv", b"id,text\n\xff1,a\n2,b\n"))] == [
        "?1",
        "2",
    ]


def test_a_text_that_is_not_utf8_names_the_byte(write: Write) -> None:
    rows = list(open_comments(write("in.csv", b"id,text\n1,ab\xe6\n2,b\n")))
    fault = rows[0].fault
    assert fault
    assert fault.code == "invalid-utf-8"
    assert fault.detail.startswith("text: is not UTF-8 (0xE6 at byte 2); save it as UTF-8")
    assert (rows[0].key, rows[1].text) == ("1", "b")
    [row] = open_comments(write("in.jsonl", b'{"text": "\xe6"}\n'))
    assert row.fault
    assert row.fault.detail.startswith("the line is not UTF-8 (0xE6 at byte 10); save it as")


def test_a_problem_travels_between_processes() -> None:
    problem = Problem("invalid-json", "not JSON", headers={"a": "b"}, faults=[1])
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, context) as pool:
        again = pool.submit(copy.copy, problem).result()
    assert (again.body(), again.headers, str(again)) == (
        problem.body(),
        problem.headers,
        "not JSON",
    )


def test_a_damaged_parquet_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    parquet.write_table(pyarrow.table({"text": ["a" * 50] * 500}), path, compression="none")
    content = bytearray(path.read_bytes())
    content[4:40] = b"\xff" * 36
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"in\.parquet: is damaged after row 0"):
        list(open_comments(path))


def test_a_result_takes_its_place_only_when_complete(tmp_path: Path) -> None:
    out, link = tmp_path / "out", tmp_path / "link"
    out.write_text("old")
    link.symlink_to(out)
    with pytest.raises(KeyboardInterrupt), _appearing(link):
        raise KeyboardInterrupt
    assert out.read_text() == "old"
    with _appearing(link) as target:
        target.write(b"new")
    assert link.is_symlink()
    assert out.read_text() == "new"
    assert sorted(tmp_path.iterdir()) == [link, out]


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with _appearing(pipe) as target:
        target.write(b"new")
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_row_without_a_fault_keeps_what_it_had(write: Write) -> None:
    content = b'{"text": "a", "parent_text": "", "platform": "vk", "author": 7}\n'
    assert list(open_comments(write("in.jsonl", content))) == [CommentRow(1, "a", None, "vk", "7")]


def test_the_workers_of_a_killed_command_end_too(write: Write) -> None:
    rows = write("in.jsonl", b'{"text": "a"}\n' * 10_000)
    command = [sys.executable, "-m", "service.cli", "classify", str(rows), "--workers", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()  # the workers are there, and hold this pipe open
        running.kill()
        running.communicate(timeout=60)
