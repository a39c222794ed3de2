"""Filling templates from the context and from the moderator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

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
