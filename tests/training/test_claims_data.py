"""The seed claims and the set that claim matching is measured on: whole, and apart."""

from __future__ import annotations

import json
from collections import Counter

from models.claims.read import read_claims
from training.corpus import ANNOTATED

FOLDER = ANNOTATED / "claims"


def test_the_seeds_are_claims_marked_as_examples() -> None:
    claims, faults = read_claims((FOLDER / "seeds.jsonl").read_bytes())
    assert not faults
    assert len(claims) >= 40
    assert all(claim.example and claim.refutation.keys() >= {"kk", "ru"} for claim in claims)
    assert {claim.verdict for claim in claims} == {
        "false",
        "misleading",
        "scam",
        "outdated",
        "true",
    }


def test_the_measured_claims_are_none_of_the_seeds() -> None:
    seeds, _ = read_claims((FOLDER / "seeds.jsonl").read_bytes())
    claims, faults = read_claims((FOLDER / "claims.jsonl").read_bytes())
    assert not faults
    known = {claim.claim_id for claim in claims}
    assert known.isdisjoint(claim.claim_id for claim in seeds)
    lines = (FOLDER / "comments.jsonl").read_text(encoding="utf-8").splitlines()
    comments = [json.loads(line) for line in lines]
    assert {comment["claim_id"] for comment in comments} - {None} == known
    kinds = Counter(comment["kind"] for comment in comments)
    assert kinds["paraphrase"] + kinds["cross"] >= 180
    assert min(kinds["criticism"], kinds["report"], kinds["look-alike"]) >= 60
    assert len({comment["text"] for comment in comments}) == len(comments) >= 300
