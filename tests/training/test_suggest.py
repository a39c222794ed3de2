"""What to label next: unsure, unlike each other, not known yet; bad rows of the pool are named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from toy_corpus import small_recipe, toy_rows
from typer.testing import CliRunner

from models import Classifier
from models.features import FeatureSpace
from models.labels import HEADS
from training.cli import app
from training.near_duplicates import likeness, near_duplicates, shingles
from training.pool import PoolComment, read_pool
from training.suggest import diverse, hesitation, suggest, unseen
from training.train import Material, train

SPACE = FeatureSpace(buckets=4096)
DIFFERENT = (
    "Когда откроют бассейн на левом берегу",
    "Ауламызға орындық қойып беріңіздерші",
    "street lights are broken near the park",
    "соседи шумят каждую ночь до трёх",
    "балабақшаға кезек қанша жыл күтеміз",
    "нужна скидка пенсионерам на проезд",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "toy"
    train(Material(toy_rows()), small_recipe(), folder, "toy")
    return folder


def pool_of(*texts: str) -> list[PoolComment]:
    return [PoolComment(f"p{n}", text, None, f"pool:{n}") for n, text in enumerate(texts)]


def flood() -> list[str]:
    """Return one unsure comment in sixty wordings that differ by a word."""
    words = [f"{first}{second}" for first in "абвгдежзик" for second in "лмнопр"]
    return [f"почему на улице Сарайшык опять темно и скользко {word}" for word in words]


def test_near_identical_comments_are_never_picked_together(run: Path) -> None:
    pool = pool_of(*flood(), *DIFFERENT)
    picks = suggest(Classifier.load(run), pool, toy_rows(), count=50, space=SPACE)
    texts = [pick.comment.text for pick in picks]
    assert set(DIFFERENT) <= set(texts)
    assert len(texts) == len(DIFFERENT) + 1
    assert not list(near_duplicates(texts))


def test_what_is_labelled_already_is_not_asked_again(run: Path) -> None:
    known = toy_rows()
    near = known[0].text + " !!! 99"
    pool = [
        *pool_of(near, "Жылу жоқ...", *DIFFERENT[:2], DIFFERENT[0].upper() + " 7!"),
        PoolComment(known[3].id, DIFFERENT[2], None, "pool:9"),
    ]
    assert [comment.text for comment in unseen(pool, known)] == list(DIFFERENT[:2])
    picks = suggest(Classifier.load(run), pool, known, count=50, space=SPACE)
    assert {pick.comment.text for pick in picks} == set(DIFFERENT[:2])
    reworded = "отопления нету"  # no repeat but for a letter
    assert next(near_duplicates([reworded, "отопления нет 2"]))[2] >= 0.6
    assert not suggest(Classifier.load(run), pool_of(reworded), known, count=50, space=SPACE)


def test_the_least_sure_comes_first_and_says_why(run: Path) -> None:
    classifier = Classifier.load(run)
    pool = pool_of("яма на дороге у школы", *DIFFERENT)
    doubt = hesitation(classifier, pool).uncertainty
    picks = suggest(classifier, pool, [], count=3, space=SPACE)
    assert picks[0].comment is pool[int(doubt.argmax())]
    assert picks == suggest(classifier, pool, [], count=3, space=SPACE)
    for pick in picks:
        scores = classifier.probabilities([pick.comment.text], [None])
        margins = {}
        for head, of in scores.items():
            second, best = np.sort(of[0])[-2:]
            margins[head] = best - second
        assert pick.head == min(margins, key=lambda head: margins[head])
        assert pick.uncertainty == pytest.approx(1 - np.mean(list(margins.values())), abs=1e-3)
        best, other = (HEADS[pick.head].index(label) for label in pick.labels)
        assert pick.confidence == pytest.approx(scores[pick.head][0][[best, other]], abs=1e-4)
        assert pick.confidence[0] >= pick.confidence[1]


def test_diversity_outweighs_a_little_uncertainty() -> None:
    uncertainty = np.array([0.6, 0.59, 0.5], dtype=np.float32)
    features = sparse.csr_array(np.array([[1, 0], [0.9, 0.44], [0, 1]], dtype=np.float32))
    apart = sparse.csr_matrix(np.eye(3, dtype=np.float32))
    assert diverse(uncertainty, features, apart, 2) == [0, 2]
    assert diverse(uncertainty, features, apart, 9) == [0, 2, 1]


def test_likeness_is_that_of_near_duplicates() -> None:
    texts = ["жарық жоқ екі күн", "жарық жоқ үш күн", "яма", "", "жарык жок еки кун"]
    grams = shingles(texts)
    expected = {(a, b): alike for a, b, alike in near_duplicates(texts, 0.01)}
    for one in range(len(texts)):
        for other, alike in enumerate(likeness(grams, one)):
            if other > one:
                assert alike == pytest.approx(expected.get((one, other), 0))
    assert shingles(["", "1"]).shape[0] == 2


def test_personal_data_do_not_reach_the_annotator(run: Path) -> None:
    [pick] = suggest(
        Classifier.load(run),
        pool_of("позвоните мне +7 701 234 56 78 про лифт"),
        [],
        count=1,
        space=SPACE,
    )
    row = pick.as_json()
    assert "234" not in row["text"]
    assert row["text"].startswith("позвоните мне ")


def test_bad_rows_are_named_and_the_rest_go_on(tmp_path: Path) -> None:
    lines = [
        b'{"text": "one", "topic": "roads", "id": 7}',
        b"not json",
        b'["text"]',
        b'{"id": "x"}',
        b'{"text": "  "}',
        b'{"text": "\xff"}',
        b'{"text": "two", "parent_text": ""}',
        b'{"text": "two"}',
        b'{"text": "three", "id": "7", "parent_text": "post"}',
    ]
    path = tmp_path / "pool.jsonl"
    path.write_bytes(b"\n".join(lines))
    comments, faults = read_pool(path)
    assert [comment.text for comment in comments] == ["one", "two"]
    assert comments[0].id == "7"
    assert comments[1].id.startswith("pool-")
    assert [fault.split(" ")[0] for fault in faults] == [
        f"pool.jsonl:{line}:" for line in (2, 3, 4, 5, 6, 9)
    ]
    assert "'7' is taken by pool.jsonl:1" in faults[-1]


def test_a_quote_never_closed_hides_no_row(tmp_path: Path) -> None:
    path = tmp_path / "pool.csv"
    rows = ["id,text", 'a,"two', 'lines"', 'b,"open', "c,fine", "d,a,b", 'e,5" pipe', "f,last"]
    path.write_bytes("\n".join(rows).encode() + b"\ng,\xff\n")
    comments, faults = read_pool(path)
    assert {comment.id: comment.text for comment in comments} == {
        "a": "two\nlines",
        "c": "fine",
        "e": '5" pipe',
        "f": "last",
    }
    assert [fault.split(" ")[0] for fault in faults] == [f"pool.csv:{line}:" for line in (4, 6, 9)]


def test_a_table_as_excel_writes_it_here(tmp_path: Path) -> None:
    path = tmp_path / "pool.csv"
    path.write_bytes("\ufeffid;text\r\n1;жол, көше\r\n".encode() + b"2;a\xe6\r\n")
    comments, faults = read_pool(path)
    assert [(comment.id, comment.text) for comment in comments] == [("1", "жол, көше")]
    fault = "text: is not UTF-8 (0xE6 at byte 1); save it as UTF-8 (in Excel: “CSV UTF-8”)"
    assert faults == [f"pool.csv:3: {fault}"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("pool.xlsx", "", "must end in one of"),
        ("pool.csv", "id,comment\n1,a\n", "one column 'text', has id, comment"),
        ("pool.tsv", "", "one column 'text', has none"),
    ],
)
def test_a_file_that_is_no_pool_is_refused(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_pool(path)


def test_the_command(run: Path, tmp_path: Path) -> None:
    pool = tmp_path / "pool.csv"
    pool.write_text("\n".join(["text", *DIFFERENT, '""']), encoding="utf-8")
    corpus = tmp_path / "corpus.jsonl"
    corpus.touch()
    out = tmp_path / "next.jsonl"
    arguments = ["suggest", str(pool), "--model", str(run), "--data", str(corpus)]
    result = CliRunner().invoke(app, [*arguments, "--count", "2", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "pool.csv:8: text is empty" in result.stderr
    assert "2 of 6 comments, 1 bad rows" in result.stderr
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row.keys() for row in rows] == [{"id", "text", "why"}] * 2
    assert rows[0]["why"].keys() == {"head", "labels", "confidence", "uncertainty"}
    shown = CliRunner().invoke(app, [*arguments, "--count", "2"]).stdout
    assert [json.loads(line) for line in shown.splitlines()] == rows
    pool.write_text("text\n", encoding="utf-8")
    empty = CliRunner().invoke(app, arguments)
    assert "no comment in it is new" in str(empty.exception)
