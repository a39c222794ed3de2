"""schema.org `ClaimReview`, the form in which fact-checkers exchange claims, in and out.

A claim in several languages is one ClaimReview in the first of them; the others
stand in its `workTranslation`, the other wordings in the `appearance` of the
claim reviewed: all of it plain strings, as search engines want them. What a
foreign review says beside (author, licence, where the claim appeared) is kept
in `Claim.extra` and goes out again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from models.claims.claim import CLAIM_LANGUAGES, Claim, ClaimError, parse_claim
from models.claims.verdicts import (
    BEST,
    WORST,
    is_number,
    name_of,
    rating_of,
    verdict_in_words,
    verdict_on_scale,
)
from models.text import KAZAKH_LETTERS

CONTEXT: Final = "https://schema.org"
_KEPT: Final = ("author", "publisher", "license", "sdPublisher", "sdDatePublished", "sdLicense")
_KEPT_OF_CLAIM: Final = ("author", "datePublished", "name", "url", "sameAs", "firstAppearance")
_EXTRA_MOST: Final = 8_000
"""Longest JSON kept of what a review says beside, in characters; anything longer is let go."""
_SHOWN: Final = 60
_FIELDS: Final = {
    "claim:": "claimReviewed:",
    "claim.": "claimReviewed.",
    "refutation.": "reviewBody.",
    "phrasings[": "itemReviewed.appearance[",
    "phrasings ": "itemReviewed.appearance ",
    "published ": "datePublished ",
    "claim_id ": "identifier ",
}
"""How a fault of our own field begins → what the field is called here."""


def parse_claim_review(raw: object) -> Claim:
    """Return the claim in one ClaimReview (JSON-LD, already parsed); raise `ClaimError`."""
    if not isinstance(raw, Mapping):
        raise ClaimError("a ClaimReview must be a JSON object")
    if "ClaimReview" not in types_of(raw):
        shown = ", ".join(types_of(raw))[:_SHOWN]
        raise ClaimError(f"@type must be ClaimReview, not {shown or 'missing'}")
    if raw.get("claimReviewed") in (None, "", []):
        raise ClaimError("claimReviewed is missing")
    texts, spoken_otherwise = _by_language("claimReviewed", raw)
    phrasings = [*spoken_otherwise, *_appearances(raw)]
    if not raw.get("inLanguage") and set(texts.values()) <= set(phrasings):
        texts = {}  # how the export puts a claim that has phrasings only
    refutations, _ = _by_language("reviewBody", raw)
    own = {
        "claim_id": _identifier(raw),
        "claim": texts,
        "phrasings": list(dict.fromkeys(phrasings)),
        "verdict": _verdict(raw.get("reviewRating")),
        "refutation": refutations,
        "url": raw.get("url"),
        "published": raw.get("datePublished"),
        "expires": raw.get("expires"),
    }
    try:
        claim = parse_claim(own)
    except ClaimError as error:
        raise ClaimError(_renamed(str(error))) from None
    return replace(claim, extra=_extra(raw))


def as_claim_review(claim: Claim) -> dict[str, Any]:
    """Return the claim as one ClaimReview; the inverse of `parse_claim_review`.

    Who entered it stays inside.
    """
    languages = [code for code in CLAIM_LANGUAGES if code in {*claim.text, *claim.refutation}]
    main = next((code for code in languages if code in claim.text), None)
    others = [code for code in languages if code != main]
    review = {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        **{name: claim.extra[name] for name in _KEPT if name in claim.extra},
        "identifier": claim.claim_id,
        "inLanguage": main,
        "claimReviewed": claim.text[main] if main else claim.phrasings[0],
        "reviewBody": claim.refutation.get(main or ""),
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": rating_of(claim.verdict),
            "worstRating": WORST,
            "bestRating": BEST,
            "alternateName": name_of(claim.verdict, main or "en"),
        },
        "itemReviewed": _item_reviewed(claim),
        "workTranslation": [_translation(claim, code) for code in others],
        "url": claim.url,
        "datePublished": claim.published.isoformat() if claim.published else None,
        "expires": claim.expires.isoformat() if claim.expires else None,
    }
    return {name: value for name, value in review.items() if value not in (None, [])}


def types_of(node: Mapping[str, Any]) -> list[str]:
    """Return the types of a JSON-LD node without the prefix of their vocabulary."""
    given = node.get("@type")
    listed = given if isinstance(given, list) else [given]
    return [_local(one) for one in listed if isinstance(one, str)]


def derived_id(*parts: object) -> str:
    """Return an id for a claim that brought none: the same for the same parts."""
    content = json.dumps(parts, ensure_ascii=True, sort_keys=True, default=str)
    return f"claim-{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def _local(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].strip()


def _identifier(raw: Mapping[str, Any]) -> object:
    """Return the id the review has, else one made of what tells it from others."""
    given = raw.get("identifier")
    if isinstance(given, Mapping):
        given = given.get("value")
    if given not in (None, ""):
        return str(given) if isinstance(given, int) else given
    return derived_id(raw.get("@id") or raw.get("url"), raw.get("claimReviewed"))


def _verdict(rating: object) -> str:
    """Return our verdict for a rating: its words where we know them, else its number."""
    if isinstance(rating, list) and len(rating) == 1:
        rating = rating[0]
    if isinstance(rating, str):
        rating = {"alternateName": rating}
    if not isinstance(rating, Mapping):
        raise ClaimError("reviewRating is missing" if not rating else "reviewRating is no Rating")
    value = rating.get("ratingValue")
    named = [rating.get("alternateName"), rating.get("name")]
    if isinstance(value, str) and not is_number(value):
        named.append(value)
        value = None
    by_number = verdict_on_scale(value, rating.get("worstRating"), rating.get("bestRating"))
    words = [one for name in named for _, one in _tagged("reviewRating.alternateName", name)]
    for one in words:
        if (verdict := verdict_in_words(one)) is not None:
            return verdict
    if by_number is None:
        shown = f" in '{words[0][:_SHOWN]}'" if words else ""
        raise ClaimError(f"reviewRating: no verdict that is known{shown}")
    return by_number


def _by_language(field: str, raw: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Return the texts of a field by language, and those in a language that is none of ours."""
    translations = raw.get("workTranslation") or []
    parts = [raw, *(translations if isinstance(translations, list) else [translations])]
    found: dict[str, str] = {}
    elsewhere: list[str] = []
    for part in parts:
        if not isinstance(part, Mapping):
            continue
        spoken = part.get("inLanguage")
        for tag, text in _tagged(field, part.get(field)):
            language = _language(tag or spoken, text)
            if language is None or language in found:
                elsewhere.append(text)
            else:
                found[language] = text
    return found, elsewhere


def _tagged(field: str, value: object) -> Iterator[tuple[object, str]]:
    """Yield the texts of a JSON-LD value with the language they say they are in."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        yield None, value
    elif isinstance(value, Mapping) and isinstance(value.get("@value"), str):
        yield value.get("@language"), value["@value"]
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, list):
                raise ClaimError(f"{field} must be a text")
            yield from _tagged(field, one)
    else:
        raise ClaimError(f"{field} must be a text")


def _language(given: object, text: str) -> str | None:
    """Return the language a text says it is in, else the one its letters belong to.

    None for a language that is none of ours.
    """
    if isinstance(given, list):
        given = given[0] if given else None
    if isinstance(given, Mapping):
        given = given.get("alternateName") or given.get("name")
    if isinstance(given, str) and given.strip():
        code = given.strip().lower().replace("_", "-").partition("-")[0]
        named = {"kazakh": "kk", "russian": "ru", "english": "en", "kaz": "kk", "rus": "ru"}
        code = named.get(code, code)
        return code if code in CLAIM_LANGUAGES else None
    if KAZAKH_LETTERS & set(text):
        return "kk"
    return "ru" if any("\u0400" <= character <= "\u04ff" for character in text) else "en"


def _appearances(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the wordings in which the claim appeared, where the review quotes them."""
    for place in _listed(_reviewed(raw).get("appearance")):
        if isinstance(place, Mapping) and place.get("text") not in (None, ""):
            for _, text in _tagged("itemReviewed.appearance", place["text"]):
                yield text


def _reviewed(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    item = raw.get("itemReviewed")
    return item if isinstance(item, Mapping) else {}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _extra(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of the rest; raise `ClaimError` for what no database can hold."""
    found = {name: raw[name] for name in _KEPT if raw.get(name) not in (None, "")}
    item = _reviewed(raw)
    about = {name: item[name] for name in _KEPT_OF_CLAIM if item.get(name) not in (None, "")}
    elsewhere = [
        place
        for place in _listed(item.get("appearance"))
        if place and not (isinstance(place, Mapping) and place.get("text"))
    ]
    if elsewhere:
        about["appearance"] = elsewhere
    if about:
        found["itemReviewed"] = about
    try:
        written = json.dumps(found, ensure_ascii=False)
        written.encode()
    except (UnicodeEncodeError, TypeError, RecursionError):
        raise ClaimError("holds text that is not valid Unicode") from None
    if "\\u0000" in written:
        raise ClaimError("holds a NUL byte")
    return found if len(written) <= _EXTRA_MOST else {}


def _item_reviewed(claim: Claim) -> dict[str, Any] | None:
    about = claim.extra.get("itemReviewed", {})
    quoted = [{"@type": "CreativeWork", "text": text} for text in claim.phrasings]
    places = [*quoted, *about.get("appearance", [])]
    if not about and not places:
        return None
    return {"@type": "Claim", **about, **({"appearance": places} if places else {})}


def _translation(claim: Claim, language: str) -> dict[str, Any]:
    found = {
        "@type": "ClaimReview",
        "inLanguage": language,
        "claimReviewed": claim.text.get(language),
        "reviewBody": claim.refutation.get(language),
    }
    return {name: value for name, value in found.items() if value is not None}


def _renamed(fault: str) -> str:
    """Return a fault of `parse_claim` with the field called as the review calls it."""
    for ours, theirs in _FIELDS.items():
        if fault.startswith(ours):
            return theirs + fault.removeprefix(ours)
    return fault
