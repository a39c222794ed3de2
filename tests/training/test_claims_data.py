"""The seed claims and the set that claim matching is measured on: whole, and apart."""

from __future__ import annotations

from collections import Counter

import pytest

from models.claims.read import read_claims
from training.claim_matching import PAIRS, RETELLINGS, load_pairs
from training.claims_evaluation import load_set
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


@pytest.mark.parametrize("part", ["dev", "test"])
def test_the_measured_claims_are_none_of_the_seeds(part: str) -> None:
    seeds, _ = read_claims((FOLDER / "seeds.jsonl").read_bytes())
    claims, comments = load_set(FOLDER / f"{part}_claims.jsonl", FOLDER / f"{part}_comments.jsonl")
    known = {claim.claim_id for claim in claims}
    assert known.isdisjoint(claim.claim_id for claim in seeds)
    asked = {comment.claim_id for comment in comments} - {None}
    assert len(asked) >= 35
    kinds = Counter(comment.kind for comment in comments)
    assert kinds["paraphrase"] + kinds["cross"] >= 120
    assert min(kinds["criticism"], kinds["report"], kinds["look-alike"]) >= 60
    assert len({comment.text for comment in comments}) == len(comments) >= 300


def test_what_thresholds_are_chosen_on_and_what_is_measured_are_apart() -> None:
    dev = load_set(FOLDER / "dev_claims.jsonl", FOLDER / "dev_comments.jsonl")
    test = load_set()
    for ours, theirs in zip(dev, test, strict=True):
        assert {str(one) for one in ours}.isdisjoint(str(one) for one in theirs)


def test_the_natural_set_is_known_to_nothing_that_is_learned() -> None:
    claims, comments = load_set(FOLDER / "natural_claims.jsonl", FOLDER / "natural_comments.jsonl")
    assert all(len(claim.text) == 1 for claim in claims)  # in one language each
    assert sum(comment.spreads for comment in comments) == 6 * len(claims)
    learned = [*load_pairs(PAIRS), *load_pairs(RETELLINGS)]
    texts = {text for one in learned for _, text in one.comments}
    assert texts.isdisjoint(comment.text for comment in comments)
    wordings = {wording for one in learned for wording in one.claim.wordings()}
    assert wordings.isdisjoint(wording for claim in claims for wording in claim.wordings())
