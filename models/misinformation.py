"""Whether a comment spreads something false: evidence first, style last.

Style is the weakest evidence there is, so alone it never gives more than
`possible`, and never for what is not an assertion: questions, opinions, thanks.
"""

from __future__ import annotations

from typing import Final

from models.analysis import Misinformation, Reason

_NOT_ASSERTING: Final = frozenset({"question", "opinion", "gratitude", "suggestion"})
_FEWEST_WORDS: Final = 4


def judge(style: float, intent: str, word_count: int, possible: float) -> Misinformation:
    """Return flag and reasons from the probability of rumour style (0 to 1)."""
    reasons: list[Reason] = []
    if style >= possible and intent not in _NOT_ASSERTING and word_count >= _FEWEST_WORDS:
        detail = "worded like an unconfirmed rumour; no source is named"
        reasons.append({"kind": "rumour_style", "detail": detail, "score": style})
    return {"flag": "possible" if reasons else "none", "confidence": style, "reasons": reasons}
