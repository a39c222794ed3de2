"""Scams and impersonation: what a moderator should look at in a comment's links and demands."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from models.analysis import Reason
from models.claims.addresses import (
    MESSENGERS,
    SHORTENERS,
    Address,
    Disguise,
    addresses,
    disguise,
    is_official,
)
from models.claims.addresses import SIGNS as DISGUISES
from models.claims.reading import read
from models.claims.stance import Phrases

SCAMS_FILE: Final = Path(__file__).with_name("scams.toml")
_RULES: Final[dict[str, Any]] = tomllib.loads(SCAMS_FILE.read_text(encoding="utf-8"))
VERSION: Final[str] = _RULES["version"]
_WEIGHTS: Final[dict[str, float]] = _RULES["weights"]
_GROUPS: Final = {name: Phrases(listed) for name, listed in _RULES["groups"].items()}
_WARNS: Final = Phrases(_RULES["void"]["warns"])
_DEMANDS: Final = frozenset({"secret", "prepay", "contact", "chain", "lure_link"})
_SETTINGS: Final = frozenset({"promise", "official", "persona"})
_SAID: Final = {
    "secret": "asks for a card, a code or an IIN",
    "prepay": "asks for a payment first",
    "contact": "leads to a chat or a link",
    "chain": "wants to be sent on",
    "promise": "promises money or gifts",
    "official": "speaks for an authority",
    "persona": "claims to be an official's account",
    "hurry": "presses for time",
    "lure_link": "hides where its link leads",
}


SIGNS: Final = (*_SAID, *DISGUISES)
"""Every code that a reason's `signs` may hold."""


def find_lures(text: str) -> list[Reason]:
    """Return the scams and impersonations in a comment, the surest first; [] for a warning."""
    marked = read(text).marked
    if _WARNS.find(marked):
        return []
    linked = addresses(text)
    reasons = [
        _reason(found, address)
        for address in linked
        if (found := disguise(address)) and (not _bare(address) or _lured(marked))
    ]
    if told := _told(marked, linked):
        reasons.append(told)
    return sorted(reasons, key=lambda reason: -reason["score"])


def has_link(text: str) -> bool:
    """Say whether a comment has an address or a handle at all."""
    return ("." in text or "@" in text or "точка" in text) and bool(addresses(text))


def _bare(address: Address) -> bool:
    """Say whether it is but a mention: people call on accounts they take for official ones."""
    return not address.host


def _lured(marked: str) -> bool:
    """Say whether something is promised or demanded."""
    names = {name for name, phrases in _GROUPS.items() if phrases.find(marked)}
    return bool(names & {"secret", "prepay", "promise", "persona", "contact"})


def _reason(found: Disguise, address: Address) -> Reason:
    return {
        "kind": found.kind,
        "detail": found.detail,
        "score": found.score,
        "url": address.text,
        "signs": [found.sign],
    }


def _told(marked: str, linked: list[Address]) -> Reason | None:
    """Return the scam that the words tell, None without one."""
    names = {name for name, phrases in _GROUPS.items() if phrases.find(marked)}
    hidden = [one for one in linked if one.host in SHORTENERS or one.host in MESSENGERS]
    if hidden and not all(map(is_official, linked)):
        names.add("lure_link")
    if linked and all(map(is_official, linked)):
        names -= {"contact"}
    if not names & _DEMANDS or not names & _SETTINGS:
        return None
    score = round(min(sum(_WEIGHTS[name] for name in names), 0.95), 4)
    kind = "impersonation" if "persona" in names else "scam_link"
    signs = [name for name in _SAID if name in names]
    detail = "; ".join(_SAID[name] for name in signs)
    reason: Reason = {"kind": kind, "detail": detail, "score": score, "signs": signs}
    return {**reason, "url": hidden[0].text} if hidden else reason
