"""schema.org ClaimReview: what comes in goes out again, and nothing breaks the reader."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.claims.claim import CLAIM_LANGUAGES, VERDICTS, Claim, ClaimError
from models.claims.claim_review import as_claim_review, parse_claim_review
from models.claims.examples import load_examples
from models.claims.read import claim_of, unfold
from models.claims.verdicts import verdict_in_words

REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "Воду отравили",
    "inLanguage": "ru",
    "reviewBody": "Вода в порядке.",
    "reviewRating": {"@type": "Rating", "ratingValue": "1", "bestRating": "5", "worstRating": "1"},
    "url": "https://factcheck.kz/voda",
    "datePublished": "2026-11-02T10:00:00+05:00",
    "author": {"@type": "Organization", "name": "Factcheck.kz"},
    "itemReviewed": {
        "@type": "Claim",
        "appearance": [
            {"@type": "CreativeWork", "text": "Не пейте воду"},
            {"@type": "CreativeWork", "url": "https://t.me/x/1"},
        ],
    },
}


def rated(**rating: Any) -> dict[str, Any]:
    return {**REVIEW, "reviewRating": {"@type": "Rating", **rating}}


def test_a_review_becomes_a_claim_and_one_again() -> None:
    claim = parse_claim_review(REVIEW)
    assert claim.text == {"ru": "Воду отравили"}
    assert claim.refutation == {"ru": "Вода в порядке."}
    assert claim.phrasings == ("Не пейте воду",)
    assert (claim.verdict, claim.published) == ("false", date(2026, 11, 2))
    out = as_claim_review(claim)
    assert out["author"] == REVIEW["author"]
    assert out["itemReviewed"] == REVIEW["itemReviewed"]
    assert parse_claim_review(out) == claim


def test_the_same_review_gets_the_same_id() -> None:
    first = parse_claim_review(REVIEW)
    assert first == parse_claim_review(REVIEW)
    assert first.claim_id != parse_claim_review({**REVIEW, "claimReviewed": "Другое"}).claim_id


@pytest.mark.parametrize("claim", load_examples(), ids=lambda claim: claim.claim_id)
def test_the_examples_go_out_and_come_back(claim: Claim) -> None:
    assert parse_claim_review(as_claim_review(claim)) == Claim(**{**vars(claim), "example": False})


WORDS = [
    ("Ложь", "false"),
    ("ФЕЙК!", "false"),
    ("Жалған ақпарат", "false"),
    ("Рас емес", "false"),
    ("Pants on Fire", "false"),
    ("Not true.", "false"),
    ("Не соответствует действительности: фото сделано в 2015 году", "false"),
    ("Misleading", "misleading"),
    ("Полуправда", "misleading"),
    ("Жартылай шындық", "misleading"),
    ("True, but misleading", "misleading"),
    ("Мошенничество", "scam"),
    ("Алаяқтық", "scam"),
    ("Фейк, мошенники", "scam"),
    ("Ескірген", "outdated"),
    ("No longer true", "outdated"),
    ("Правда", "true"),
    ("Рас", "true"),
    ("Mostly True", "true"),
    ("Не подтверждено", None),
    ("Unproven", None),
    ("Правдами и неправдами", None),
    ("", None),
]


@pytest.mark.parametrize(("words", "verdict"), WORDS)
def test_verdicts_in_words(words: str, verdict: str | None) -> None:
    assert verdict_in_words(words) == verdict


RATINGS: list[tuple[dict[str, Any], str]] = [
    ({"ratingValue": 1, "worstRating": 1, "bestRating": 5}, "false"),
    ({"ratingValue": 2}, "false"),
    ({"ratingValue": "3"}, "misleading"),
    ({"ratingValue": 4}, "true"),
    ({"ratingValue": 0, "worstRating": 0, "bestRating": 100}, "false"),
    ({"ratingValue": "50,5", "worstRating": 0, "bestRating": 100}, "misleading"),
    (
        {"ratingValue": "-1", "worstRating": "-1", "bestRating": "-1", "alternateName": "Фейк"},
        "false",
    ),
    ({"ratingValue": "False"}, "false"),
    ({"ratingValue": 1, "alternateName": "Scam"}, "scam"),
    ({"alternateName": {"@value": "Жалған", "@language": "kk"}}, "false"),
    ({"ratingValue": 5, "alternateName": "Вердикт редакции"}, "true"),
]


@pytest.mark.parametrize(("rating", "verdict"), RATINGS)
def test_verdicts_of_ratings(rating: dict[str, Any], verdict: str) -> None:
    assert parse_claim_review(rated(**rating)).verdict == verdict


FAULTS: list[tuple[object, str]] = [
    ("a string", "must be a JSON object"),
    (None, "must be a JSON object"),
    ({**REVIEW, "@type": "Article"}, "@type must be ClaimReview, not Article"),
    ({**REVIEW, "@type": 7}, "@type must be ClaimReview, not missing"),
    ({**REVIEW, "claimReviewed": None}, "claimReviewed is missing"),
    ({**REVIEW, "claimReviewed": "  "}, "claimReviewed.ru: text is empty"),
    ({**REVIEW, "claimReviewed": 5}, "claimReviewed must be a text"),
    ({**REVIEW, "claimReviewed": "я" * 1_000_000}, "the limit is 2,000"),
    ({**REVIEW, "reviewBody": "я" * 1_000_000}, "reviewBody.ru: text has 1,000,000"),
    ({**REVIEW, "claimReviewed": "a\ud800"}, "lone surrogate"),
    ({**REVIEW, "author": "a\ud800"}, "not valid Unicode"),
    ({**REVIEW, "author": "a\x00"}, "NUL byte"),
    ({**REVIEW, "url": "javascript:alert(1)"}, "url must begin with http"),
    ({**REVIEW, "url": ["https://a.kz"]}, "url must be an address"),
    ({**REVIEW, "datePublished": "yesterday"}, "datePublished must be a date"),
    ({**REVIEW, "identifier": "a\nb"}, "identifier must be a printable string"),
    ({**REVIEW, "reviewRating": None}, "reviewRating is missing"),
    ({**REVIEW, "reviewRating": 3}, "reviewRating is no Rating"),
    (rated(ratingValue=6), "6 is outside its scale, 1 to 5"),
    (rated(ratingValue=0), "0 is outside its scale, 1 to 5"),
    (rated(ratingValue=1, worstRating=5, bestRating=1), "outside its scale, 5 to 1"),
    (rated(ratingValue=9, alternateName="Ложь"), "outside its scale"),
    (rated(ratingValue=True), "ratingValue must be a number"),
    (rated(ratingValue=1, bestRating="many"), "bestRating must be a number"),
    (rated(ratingValue=float("nan")), "ratingValue must be a number"),
    (rated(ratingValue="9" * 400), "no verdict that is known"),
    (rated(alternateName="Не подтверждено"), "no verdict that is known in 'Не подтверждено'"),
    (rated(), "no verdict that is known"),
]


@pytest.mark.parametrize(("raw", "words"), FAULTS)
def test_what_is_broken_is_named(raw: object, words: str) -> None:
    with pytest.raises(ClaimError, match=words.replace("(", r"\(")):
        parse_claim_review(raw)


def test_languages_by_tag_by_review_and_by_letters() -> None:
    tagged = [
        {"@value": "Суға у қосылған", "@language": "kk"},
        {"@value": "Wasser", "@language": "de"},
    ]
    claim = parse_claim_review({**REVIEW, "claimReviewed": tagged, "itemReviewed": None})
    assert (claim.text, claim.phrasings) == ({"kk": "Суға у қосылған"}, ("Wasser",))
    bare = {name: value for name, value in REVIEW.items() if name != "inLanguage"}
    assert parse_claim_review({**bare, "claimReviewed": "Суға у қосылған"}).text.keys() == {"kk"}
    assert parse_claim_review({**bare, "claimReviewed": "The water"}).text.keys() == {"en"}


def test_documents_unfold_with_positions() -> None:
    page = {"@type": "WebPage", "name": "Page"}
    wrong = {**REVIEW, "@type": "Article"}
    graph = {"@context": "https://schema.org", "@graph": [page, REVIEW, wrong]}
    assert [where for where, _ in unfold(graph)] == ["item 2", "item 3"]
    items = [{"@type": "DataFeedItem", "item": [REVIEW]}] * 999
    feed = {"@type": "DataFeed", "dataFeedElement": [*items, {"@type": "DataFeedItem", "item": 5}]}
    found = unfold(feed)
    assert len(found) == 1_000
    assert found[-1] == ("item 1000", 5)
    assert unfold([REVIEW, [REVIEW]])[1][0] == "item 2.1"
    assert unfold(REVIEW) == [("item 1", REVIEW)]
    assert unfold({"@graph": [page]})[0][0] == "item 1"


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cn"]),
    min_size=1,
    max_size=40,
)
by_language = st.dictionaries(st.sampled_from(CLAIM_LANGUAGES), texts, max_size=3)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    text = draw(by_language)
    spoken = draw(st.lists(texts, unique=True, min_size=0 if text else 1, max_size=4))
    return Claim(
        claim_id=draw(texts),
        text={code: text[code] for code in CLAIM_LANGUAGES if code in text},
        phrasings=tuple(spoken),
        verdict=draw(st.sampled_from(VERDICTS)),
        refutation=draw(by_language),
        url=draw(st.none() | st.just("https://a.kz/1")),
        published=draw(st.none() | st.dates()),
        expires=draw(st.none() | st.dates()),
    )


@given(claims())
def test_every_claim_goes_out_and_comes_back(claim: Claim) -> None:
    out = json.loads(json.dumps(as_claim_review(claim)))
    assert parse_claim_review(out) == claim


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = (*REVIEW, "identifier", "@id", "expires", "workTranslation", "license")


@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=4), json_values)
def test_anything_is_a_claim_or_a_named_fault(changes: dict[str, Any], rating: Any) -> None:
    for document in (
        {**REVIEW, **changes},
        {**REVIEW, "reviewRating": {"ratingValue": rating, **changes}},
        {**REVIEW, "itemReviewed": {"appearance": [changes, rating]}},
        changes,
        rating,
    ):
        for where, item in unfold(document):
            assert where
            with suppress(ClaimError):
                claim = claim_of(item)
                assert claim.verdict in VERDICTS
                assert claim.wordings()
