"""The form in which a claim is written down: from what a browser posts to a claim and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.claims.claim import CLAIM_LANGUAGES, Claim, as_json, parse_claim
from models.claims.read import claim_of
from service.console.forms import Form

FIELDS: Final = ("claim_id", "verdict", "url", "published", "expires")


@dataclass(frozen=True)
class ClaimForm:
    """The form as it was filled in: all of it can be shown again."""

    values: Mapping[str, str]
    """Of the plain fields, by name."""
    claim: Mapping[str, str]
    refutation: Mapping[str, str]
    """By language."""
    phrasings: str = ""
    """One a line."""
    revision: str = ""
    """Of the claim that was shown to be changed."""

    def raw(self) -> dict[str, object]:
        """Return the claim as a claims file has it, unchecked."""
        lines = [line.strip() for line in self.phrasings.split("\n")]
        return {
            "claim_id": self.values["claim_id"].strip() or None,
            "claim": _filled(self.claim),
            "phrasings": [line for line in lines if line],
            "verdict": self.values["verdict"],
            "refutation": _filled(self.refutation),
            "url": self.values["url"].strip(),
            "published": self.values["published"],
            "expires": self.values["expires"],
        }


EMPTY: Final = ClaimForm(dict.fromkeys(FIELDS, ""), {}, {})


def read_claim_form(form: Form) -> ClaimForm:
    """Return the form of a request."""
    return ClaimForm(
        {name: form.get(name, "") for name in FIELDS},
        {code: form.get(f"claim.{code}", "") for code in CLAIM_LANGUAGES},
        {code: form.get(f"refutation.{code}", "") for code in CLAIM_LANGUAGES},
        form.get("phrasings", ""),
        form.get("revision", ""),
    )


def filled_in(claim: Claim, revision: int) -> ClaimForm:
    """Return the form with a claim in it."""
    body = as_json(claim)
    return ClaimForm(
        {name: str(body.get(name, "")) for name in FIELDS},
        claim.text,
        claim.refutation,
        "\n".join(claim.phrasings),
        str(revision),
    )


def claim_in(form: ClaimForm, present: Claim | None) -> Claim:
    """Return the claim of a form; raise `ClaimError`.

    An example that somebody has saved is one no longer. What came with a claim from
    elsewhere stays with it.
    """
    if present is None:
        return claim_of(form.raw())
    changed = parse_claim({**form.raw(), "claim_id": present.claim_id})
    return Claim(**{**vars(changed), "extra": present.extra})


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text.strip() for code, text in texts.items() if text.strip()}
