"""How sure it is that a comment spreads the claim it is nearest to, and not something like it.

That a comment is about a claim is one question (`scoring`), that somebody spreads it another:
"brother saw it, tell everyone" speaks for it however freely the claim is put, "we have been
without light for two days" against it. A small logistic model weighs both kinds of evidence
(`spreading.toml`, written by `qulaq-train claims-fit` from pairs), another when an encoder says
how alike the meanings are. That the classifier takes
a comment for a complaint or a view is evidence among others and forbids nothing: half of
those who spread a rumour complain about what it says.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from models.analysis import Opinion
from models.claims.reading import read
from models.claims.scoring import MEANING
from models.claims.stance import hearsay, laughs, own_experience, passes_on

WEIGHTS_FILE: Final = Path(__file__).with_name("spreading.toml")
_OF_THE_MATCH: Final = (
    *("evidence", "concepts_told", "comment_told", "deeds_told", "deeds_other"),
    *("numbers_agree", "numbers_clash"),
)
"""Signals of the match that count once more: a retelling says little of the claim's words."""
_INTENTS: Final = {
    **{name: name for name in ("problem", "question", "gratitude")},
    **dict.fromkeys(("opinion", "suggestion"), "view"),
}
"""What an intent is as evidence; a claim and an advertisement are none."""
_KINDS: Final = tuple(dict.fromkeys(_INTENTS.values()))
EVIDENCE: Final = (
    *("match", "style", "hearsay", "passes_on", "own", "laughs", "length"),
    *(*_KINDS, *_OF_THE_MATCH),
)
TABLES: Final = ("worth", "worth_meaning")
"""The models: without and with the match's meaning among the evidence."""
AGAINST: Final = frozenset({"own", "laughs", *_KINDS, "deeds_other", "numbers_clash"})
"""What can only speak against; everything else only for."""
_MATCH_LEAST, _MATCH_MOST = -6.0, 4.0
_STYLE_LEAST, _STYLE_MOST = -6.0, 2.5
"""In log-odds. A style beyond doubt is still no claim: a notice about money reads alike."""


def evidence(
    text: str, score: float, signals: Mapping[str, float], style: float, intent: Opinion
) -> dict[str, float]:
    """Return what speaks for and against a comment spreading the claim it matches.

    `score` and `signals` are the match's, `style` how much it reads like a rumour (0 to 1).
    """
    comment, sure = read(text), intent["confidence"]
    return {
        "match": min(max(_log_odds(score), _MATCH_LEAST), _MATCH_MOST),
        "style": min(max(_log_odds(style), _STYLE_LEAST), _STYLE_MOST),
        "hearsay": float(hearsay(comment)),
        "passes_on": float(passes_on(comment)),
        "own": float(own_experience(comment)),
        "laughs": float(laughs(text)),
        "length": math.log(comment.word_count + 1),
        **{kind: sure if kind == _INTENTS.get(intent["label"]) else 0.0 for kind in _KINDS},
        **{name: signals[name] for name in _OF_THE_MATCH},
        **{name: signals[name] for name in (MEANING,) if name in signals},
    }


def evidence_of(table: str) -> tuple[str, ...]:
    """Return the names of the evidence that a model weighs."""
    return (*EVIDENCE, MEANING) if table.endswith(MEANING) else EVIDENCE


def spreads(found: Mapping[str, float]) -> float:
    """Return the probability (0 to 1) that a comment with such evidence spreads the claim."""
    weights = _weights()[TABLES[MEANING in found]]
    total = weights["bias"] + sum(weights[name] * value for name, value in found.items())
    return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    raw: dict[str, Any] = tomllib.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    found: dict[str, dict[str, float]] = {name: raw[name] for name in TABLES}
    for name, table in found.items():
        if set(table) != {*evidence_of(name), "bias"}:
            raise ValueError(f"{WEIGHTS_FILE.name} weighs other evidence in {name}")
    return found


def _log_odds(share: float) -> float:
    bounded = min(max(share, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))
