"""Learning what shows that a claim is spread, on a few of the shipped pairs."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from models.analysis import Opinion
from models.claims.spreading import AGAINST, EVIDENCE, TABLES, evidence_of
from training import claim_matching, claim_spreading


def _views(texts: Sequence[str]) -> list[tuple[float, Opinion]]:
    return [(0.2, {"label": "claim", "confidence": 0.5, "abstained": False}) for _ in texts]


@pytest.fixture(scope="module")
def told() -> claim_spreading.Told:
    pairs = claim_matching.load_pairs()[:8]
    plain = ["когда починят лифт в нашем доме", "су жоқ екінші күн", "рахмет сіздерге"]
    return claim_spreading.told(pairs, plain, (["суға түстік"], ["жаңа автобус керек"]), _views)


def test_comments_that_spread_and_others_are_learned_from(told: claim_spreading.Told) -> None:
    assert told.rows.shape == (len(told.spread), len(EVIDENCE) + 1)
    assert 0 < told.spread.sum() < len(told.spread)
    assert set(told.weigh) <= {0.5, 1.0}
    assert not told.spread[told.weigh < 1].any()


def test_weights_have_sensible_signs_and_are_written(
    told: claim_spreading.Told, tmp_path: Path
) -> None:
    fitted = {table: claim_spreading.fit_spreading(told, table) for table in TABLES}
    for table, weights in fitted.items():
        assert set(weights) == {*evidence_of(table), "bias"}
        signed = {name: -1 if name in AGAINST else 1 for name in evidence_of(table)}
        assert all(weights[name] * sign >= 0 for name, sign in signed.items())
    path = tmp_path / "spreading.toml"
    claim_spreading.write_spreading(path, fitted, len(told.rows))
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert {table: written[table] for table in TABLES} == fitted
