"""A claim that people repeat, what is known about it, and every fault its description can have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from models.text import TextError, check_text

VERDICTS: Final = ("false", "misleading", "scam", "outdated", "true")
REFUTED: Final = frozenset(VERDICTS) - {"true"}
"""Verdicts under which repeating the claim misleads."""
CLAIM_LANGUAGES: Final = ("kk", "ru", "en")
TEXT_MOST: Final = 2_000
"""Longest claim, phrasing or refutation, in code points."""
PHRASINGS_MOST: Final = 50
_TAKEN: Final = ("/history", "/comments")
"""How no id may end: what stands behind it at such an address is about another claim."""
_URL_MOST: Final = 2_000
_NAME_MOST: Final = 200


class ClaimError(ValueError):
    """A description that is no claim; the message names the field and what is wrong with it."""


@dataclass(frozen=True)
class Claim:
    """A claim; `text` or `phrasings` has at least one entry."""

    claim_id: str
    text: Mapping[str, str]
    """By language: the claim in one sentence."""
    phrasings: tuple[str, ...]
    """Other ways it is put, in any language and written form."""
    verdict: str
    refutation: Mapping[str, str]
    """By language: what to answer."""
    url: str | None = None
    """Where the refutation can be read."""
    published: date | None = None
    expires: date | None = None
    """The last day on which the claim is looked for."""
    entered_by: str | None = None
    example: bool = False
    """Shipped to show how it works; nothing of it has happened."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What a foreign format said beside, kept for its export."""

    def wordings(self) -> list[str]:
        """Return every way the claim is put."""
        return [*self.text.values(), *self.phrasings]

    def looked_for(self, day: date) -> bool:
        """Say whether comments are compared with it on `day`."""
        return self.expires is None or day <= self.expires


def parse_claim(raw: object) -> Claim:
    """Return the claim in one JSON object of a claims file; raise `ClaimError`."""
    if not isinstance(raw, dict):
        raise ClaimError("a claim must be a JSON object")
    known = {"claim_id", "claim", "phrasings", "verdict", "refutation", "url", "published"}
    known |= {"expires", "entered_by", "example"}
    if unknown := raw.keys() - known:
        raise ClaimError(f"unknown fields: {', '.join(sorted(map(str, unknown)))}")
    verdict = raw.get("verdict")
    if verdict not in VERDICTS:
        raise ClaimError(f"verdict must be one of {', '.join(VERDICTS)}")
    claim = Claim(
        claim_id=_claim_id(raw.get("claim_id")),
        text=_by_language("claim", raw.get("claim")),
        phrasings=_phrasings(raw.get("phrasings")),
        verdict=str(verdict),
        refutation=_by_language("refutation", raw.get("refutation")),
        url=check_url("url", raw.get("url")),
        published=_day("published", raw.get("published")),
        expires=_day("expires", raw.get("expires")),
        entered_by=_name("entered_by", raw["entered_by"]) if raw.get("entered_by") else None,
        example=raw.get("example") is True,
    )
    if not claim.wordings():
        raise ClaimError("claim: a text in kk, ru or en, or a phrasing, is needed")
    return claim


def as_json(claim: Claim) -> dict[str, Any]:
    """Return the claim as one object of a claims file; the inverse of `parse_claim`."""
    found: dict[str, Any] = {
        "claim_id": claim.claim_id,
        "claim": dict(claim.text),
        "phrasings": list(claim.phrasings),
        "verdict": claim.verdict,
        "refutation": dict(claim.refutation),
        "url": claim.url,
        "published": claim.published.isoformat() if claim.published else None,
        "expires": claim.expires.isoformat() if claim.expires else None,
        "entered_by": claim.entered_by,
        "example": claim.example,
    }
    return {name: value for name, value in found.items() if value not in (None, [], False)}


def check_url(name: str, value: object) -> str | None:
    """Return an http or https address, None for none; raise `ClaimError` for anything else."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _URL_MOST:
        raise ClaimError(f"{name} must be an address of at most {_URL_MOST:,} characters")
    if not is_web_address(value):
        raise ClaimError(f"{name} must begin with http:// or https:// and name a host")
    return value


def is_web_address(value: str) -> bool:
    """Say whether `value` is an http or https address that names a host."""
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(host) and value.isprintable()


def _claim_id(value: object) -> str:
    name = _name("claim_id", value)
    if name.endswith(_TAKEN):
        raise ClaimError(f"claim_id must not end in {' or '.join(_TAKEN)}")
    return name


def _name(field_name: str, value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _NAME_MOST or not value.isprintable():
        raise ClaimError(f"{field_name} must be a printable string of 1 to {_NAME_MOST} characters")
    return value


def _text(field_name: str, value: object) -> str:
    try:
        return check_text(value, TEXT_MOST).strip()
    except TextError as error:
        raise ClaimError(f"{field_name}: {error.detail}") from None


def _by_language(field_name: str, value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or value.keys() - set(CLAIM_LANGUAGES):
        raise ClaimError(f"{field_name} must be an object of {', '.join(CLAIM_LANGUAGES)}")
    return {
        language: _text(f"{field_name}.{language}", value[language])
        for language in CLAIM_LANGUAGES
        if value.get(language) is not None
    }


def _phrasings(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > PHRASINGS_MOST:
        raise ClaimError(f"phrasings must be a list of at most {PHRASINGS_MOST} texts")
    return tuple(_text(f"phrasings[{place}]", one) for place, one in enumerate(value))


def _day(field_name: str, value: object) -> date | None:
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str):
            raise TypeError
        return date.fromisoformat(value[:10])
    except (TypeError, ValueError):
        raise ClaimError(f"{field_name} must be a date such as 2026-11-25") from None
