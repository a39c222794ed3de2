"""Fitting what claim matching knows, and measuring it, on toy inputs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from models.analysis import Opinion
from models.claims.claim import parse_claim
from models.claims.index import ClaimIndex
from models.claims.rarity import load_frequencies
from models.claims.scoring import MEANING, SIGNALS, TABLES, load_scorer
from models.classifier import Classifier
from models.features import Floats
from models.misinformation import judge_all
from training import checkthat, claim_matching, claims_evaluation
from training.claims_evaluation import Commented

Run = Callable[..., tuple[int, str, str]]


def test_shipped_pairs_give_examples_of_both_kinds() -> None:
    pairs = claim_matching.load_pairs()[:4]
    found = claim_matching.examples(pairs, ["суға түстік"], ["жаңа автобус керек еді"])
    assert found.rows.shape == (len(found.belong), len(SIGNALS) + 1)
    assert found.belong.any()
    assert not found.belong[~found.own].any()
    assert not found.rows[:, -1].any()


def test_meanings_stand_beside_the_words() -> None:
    vectors = {"су бар": (1.0, 0.0), "вода есть": (0.8, 0.6), "бус": (-1.0, 0.0)}

    def meanings(texts: Sequence[str]) -> Floats:
        return np.array([vectors[text] for text in texts], dtype=np.float32)

    pairs = [("су бар", "вода есть"), ("су бар", "су бар"), ("су бар", "бус")]
    assert claim_matching.alikeness(pairs, meanings) == pytest.approx([0.8, 1.0, 0.0])


def test_fitted_weights_are_read_back(tmp_path: Path) -> None:
    found = claim_matching.examples(claim_matching.load_pairs()[:6])
    path = tmp_path / "weights.toml"
    claim_matching.write_weights(path, claim_matching.fit(found, found), len(found.belong))
    scorer = load_scorer(path)
    row = found.rows[np.flatnonzero(found.belong)[0]]
    told = dict(zip((*SIGNALS, MEANING), row, strict=True))
    for names in (SIGNALS, (*SIGNALS, MEANING)):
        nothing = dict.fromkeys(names, 0.0)
        known = {name: told[name] for name in names}
        assert scorer.score(known, across=False) > scorer.score(nothing, across=False)


def test_weights_of_other_signals_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    tables = "".join(f"[{name}]\nbias = 0.0\n" for name in TABLES)
    path.write_text(f'fitted = "x"\n{tables}', encoding="utf-8")
    with pytest.raises(ValueError, match="other signals"):
        load_scorer(path)


def test_frequencies_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "frequencies.toml"
    assert claim_matching.write_frequencies(path, ["су жоқ", "су бар", "жарық жоқ"]) > 0
    assert 0.5 < load_frequencies(path)["@water"] < 0.8


def test_a_faulty_pair_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"claim_id": "a", "claim": {}}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        claim_matching.load_pairs(path)


def test_comments_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "comments.jsonl"
    row = {"text": "су", "claim_id": "a", "spreads": True, "kind": "paraphrase", "language": "ru"}
    path.write_text(json.dumps(row), encoding="utf-8")
    assert claims_evaluation.load_comments(path, ["a"]) == [Commented(**row)]
    for change in ({"kind": "poem"}, {"claim_id": "b"}, {"text": " "}, {"more": 1}):
        path.write_text(json.dumps({**row, **change}), encoding="utf-8")
        with pytest.raises(ValueError, match="line 1"):
            claims_evaluation.load_comments(path, ["a"])


def test_map_on_a_toy_task(tmp_path: Path) -> None:
    (tmp_path / "dev.tweets.queries.tsv").write_text(
        "\ttweet_content\n7\tButterflies are dying in the fires\n", encoding="utf-8"
    )
    (tmp_path / "verified_claims.docs.tsv").write_text(
        "\tvclaim\ttitle\n0\tA bus fell off a bridge\tBus?\n1\tFires kill butterflies\tFires?\n",
        encoding="utf-8",
    )
    (tmp_path / "dev.tweet-vclaim-pairs.qrels").write_text("7\t0\t1\t1\n", encoding="utf-8")
    task = checkthat.load_task(tmp_path)
    assert checkthat.mean_average_precision(task, checkthat.by_bm25(task)) == 1
    assert checkthat.mean_average_precision(task, checkthat.by_index(task)) == 1
    assert checkthat.mean_average_precision(task, lambda tweet: ["0", "1"]) == 0.5


class _Believer:
    """Stands in for a classifier: everything is a claim worded like a rumour."""

    meanings = None

    def analyse(self, texts: list[str], *, claims: ClaimIndex) -> list[dict[str, Any]]:
        intent: Opinion = {"label": "claim", "confidence": 0.9, "abstained": False}
        judged = judge_all(texts, [0.9] * len(texts), [intent] * len(texts), claims, 0.6)
        return [{"misinformation": one} for one in judged]


def test_every_figure_is_counted() -> None:
    claims = [
        parse_claim(
            {
                "claim_id": "tap",
                "verdict": "false",
                "claim": {"kk": "Кран суына у қосылған", "ru": "В воду из крана добавили яд"},
            }
        ),
        parse_claim(
            {"claim_id": "bus", "verdict": "false", "claim": {"ru": "Проезд станет 500 тенге"}}
        ),
    ]
    rows = [
        Commented(
            "в воду из крана яд добавили", "tap", spreads=True, kind="paraphrase", language="ru"
        ),
        Commented("крандагы суга у косыпты", "tap", spreads=True, kind="cross", language="kk-Cyrl"),
        Commented(
            "правда что в воду из крана добавили яд?",
            "tap",
            spreads=False,
            kind="question",
            language="ru",
        ),
        Commented("автобус опять опоздал", None, spreads=False, kind="criticism", language="ru"),
    ]
    found = claims_evaluation.evaluate(claims, rows, cast("Classifier", _Believer()))
    assert found["right_first"]["within"]["all"] == {"share": 1.0, "of": 2}
    assert found["right_first"]["across"]["all"] == {"share": 1.0, "of": 2}
    assert found["flags"]["recall"] == {"share": 1.0, "of": 2}
    assert found["flags"]["false"] == {"share": 0.0, "of": 2}
    assert found["claim_shown"] == {"share": 1.0, "of": 1}
    assert "| question | 0.0% of 1 |" in claims_evaluation.as_table(found)
    assert json.loads(json.dumps(found)) == found


def test_nothing_of_claim_matching_is_learned_from_no_rows(
    tmp_path: Path, qulaq_train: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.claims.rarity.FREQUENCIES_FILE", tmp_path / "frequencies.toml")
    (tmp_path / "empty.jsonl").touch()
    status, _, errors = qulaq_train("claims-fit", tmp_path / "empty.jsonl")
    assert status == 1
    assert "there are no train rows" in errors
    assert not (tmp_path / "frequencies.toml").exists()
