"""Claims that show how the registry works: typical of a Kazakh city, and nothing of it happened."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from models.claims.claim import Claim, ClaimError
from models.claims.read import read_claims

EXAMPLES: Final = Path(__file__).with_name("examples.jsonl")


@lru_cache(maxsize=1)
def load_examples(path: Path = EXAMPLES) -> tuple[Claim, ...]:
    """Return the shipped examples, each marked as one; raise `ClaimError` naming a faulty line."""
    claims, faults = read_claims(path)
    if faults:
        raise ClaimError("; ".join(f"{path.name}, {one.position}: {one.detail}" for one in faults))
    return tuple(replace(claim, example=True) for claim in claims)
