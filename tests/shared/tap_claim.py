"""A claim, a comment that spreads it and one that asks about it."""

from __future__ import annotations

from typing import Any

CLAIM: dict[str, Any] = {
    "claim_id": "tap",
    "claim": {"ru": "Воду из крана отравили хлоркой"},
    "verdict": "false",
    "refutation": {"kk": "Су сынамасы қалыпты.", "ru": "Пробы воды в норме"},
    "url": "https://astana.gov.kz/voda",
}
SPREADS = "Что делается, воду из крана отравили хлоркой, не пейте и перешлите всем!"
ASKS = "Что, воду из крана отравили хлоркой?"
