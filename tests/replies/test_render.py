"""Filling templates from the context and from the moderator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.claims.claim import Claim, parse_claim
from models.labels import REPLY_LANGUAGES
from models.taxonomy import Taxonomy
from service.replies import Catalogue, Template, render, reply_context
from service.replies.slots import OWN_SLOTS

SHIPPED = Catalogue.shipped()
names = st.sampled_from(sorted({*OWN_SLOTS, *("link", "status", "date", "duration", "answer")}))


@given(
    st.sampled_from(sorted(SHIPPED.templates)),
    st.sampled_from(REPLY_LANGUAGES),
    st.dictionaries(names, st.text()),
    st.dictionaries(names, st.text(alphabet=st.sampled_from("{}[]alink109 ./:")) | st.text()),
)
def test_any_value_renders(
    template_id: str, language: str, context: dict[str, str], slots: dict[str, str]
) -> None:
    template = SHIPPED.templates[template_id]
    rendered = render(template, language, context, slots)
    for name in rendered.missing_slots:
        assert f"{{{name}}}" in rendered.text
    for fault in rendered.faults:
        assert fault.code == "bad-slot-value"


def test_braces_in_a_value_mean_nothing(make_template: Callable[..., Template]) -> None:
    text = {
        "kk": "Жауабы: {answer}. {link}",
        "ru": "Ответ: {answer}. {link}",
        "en": "The answer: {answer}. {link}",
    }
    template = make_template(text=text, slots={"answer": "text", "link": "url"})
    rendered = render(template, "ru", {}, {"answer": "{link} [[{answer}]] {x}"})
    assert rendered.text == "Ответ: {link} [[{answer}]] {x}. {link}"
    assert rendered.missing_slots == ["link"]


def test_what_the_moderator_fills_in_wins_over_the_context(
    make_template: Callable[..., Template],
) -> None:
    text = {
        "kk": "{department} жауап береді",
        "ru": "Ответит {department}",
        "en": "The {department} will answer",
    }
    template = make_template(text=text)
    context = {"department": "Акимат района"}
    assert render(template, "ru", context, {}).text == "Ответит Акимат района"
    assert render(template, "ru", context, {"department": "Полиция"}).text == "Ответит Полиция"
    assert render(template, "ru", context, {"department": "  "}).text == "Ответит Акимат района"


def test_a_value_that_cannot_stand_there_is_left_out_and_named(catalogue: Catalogue) -> None:
    template = catalogue.templates["claim-official-news"]
    rendered = render(template, "ru", {}, {"link": "javascript:alert(1)"})
    assert rendered.missing_slots == ["link"]
    assert rendered.text.endswith("{link}")
    assert [fault.code for fault in rendered.faults] == ["bad-slot-value"]


def test_context(analysis: Callable[..., dict[str, Any]], taxonomy: Taxonomy) -> None:
    context = reply_context(
        analysis(topic="water", urgency="high"), taxonomy, language="kk", author=" Айгүл "
    )
    assert context == {
        "author": "Айгүл",
        "topic": "Су және кәріз",
        "department": taxonomy.topics["water"].department["kk"],
        "hotline": "109",
        "eotinish": "https://eotinish.kz",
        "answer_within": "4 сағат ішінде",
    }


def test_an_unsure_topic_names_no_department(
    analysis: Callable[..., dict[str, Any]], taxonomy: Taxonomy
) -> None:
    context = reply_context(analysis(unsure=["topic"]), taxonomy, language="ru", author=None)
    assert {"topic", "department", "author"}.isdisjoint(context)


def test_the_page_that_refutes_a_claim_fills_itself(
    analysis: Callable[..., dict[str, Any]], taxonomy: Taxonomy
) -> None:
    reasons = [
        {"kind": "rumour_style", "detail": "", "score": 0.4},
        {"kind": "claim_match", "detail": "", "score": 0.9, "url": "javascript:x"},
        {"kind": "claim_match", "detail": "", "score": 0.9, "url": "https://astana.gov.kz/r"},
    ]
    context = reply_context(
        analysis(flag="likely", reasons=reasons), taxonomy, language="ru", author=None
    )
    assert context["refutation"] == "https://astana.gov.kz/r"


CLAIM = parse_claim(
    {
        "claim_id": "tap",
        "claim": {"ru": "Воду отравили"},
        "verdict": "false",
        "refutation": {"ru": "Вода в порядке", "kk": "Су таза!", "en": "x" * 1_500},
        "url": "https://astana.gov.kz/r",
    }
)


def known(claim: Claim) -> Callable[[str], Claim | None]:
    return {claim.claim_id: claim}.get


@pytest.mark.parametrize(
    ("language", "claim", "found"),
    [
        ("ru", CLAIM, {"refutation": CLAIM.url, "refutation_text": "Вода в порядке."}),
        ("kk", CLAIM, {"refutation": CLAIM.url, "refutation_text": "Су таза!"}),
        ("en", CLAIM, {"refutation": CLAIM.url}),  # too long for a reply
        ("ru", replace(CLAIM, url=None), {"refutation_text": "Вода в порядке."}),
        ("ru", replace(CLAIM, verdict="true"), {}),
        ("ru", replace(CLAIM, claim_id="other"), {}),
    ],
)
def test_a_matched_claim_says_what_to_answer(
    analysis: Callable[..., dict[str, Any]],
    taxonomy: Taxonomy,
    language: str,
    claim: Claim,
    found: dict[str, str],
) -> None:
    reasons = [
        {"kind": "scam_link", "detail": "", "score": 0.9, "url": "https://scam.example"},
        {
            "kind": "claim_match",
            "detail": "",
            "score": 0.9,
            "claim_id": "tap",
            "url": "https://old",
        },
        {"kind": "claim_match", "detail": "", "score": 0.5, "claim_id": "b"},
    ]
    context = reply_context(
        analysis(flag="likely", reasons=reasons),
        taxonomy,
        language=language,
        author=None,
        claim_of=known(claim),
    )
    assert {name: context[name] for name in context if name.startswith("refutation")} == found
