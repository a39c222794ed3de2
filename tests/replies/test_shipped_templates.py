"""The templates as data: complete, human, and short enough where it counts."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import Any

import pytest

from models import dangers
from models.labels import INTENTS, REPLY_LANGUAGES, TOPICS
from models.taxonomy import TAXONOMY_FILE, Taxonomy
from service.replies import Catalogue, Template, check_outgoing, check_template, render
from service.replies.catalogue import CATALOGUE_FOLDER
from service.replies.pieces import all_slots
from service.replies.slots import OWN_SLOTS, term_words

FREQUENT = (
    "heating", "electricity", "water", "housing", "roads", "transport", "parking", "cleaning",
    "amenities", "ecology", "animals", "education", "health", "social", "services", "economy",
)  # fmt: skip
VALUES = {
    "text": {"kk": "мамандар жұмыс істеп жатыр", "ru": "работы идут", "en": "work is going on"},
    "url": dict.fromkeys(REPLY_LANGUAGES, "https://astana.gov.kz/news/1"),
    "date": {"kk": "15 желтоқсан", "ru": "15 декабря", "en": "December 15"},
    "duration": {"kk": "екі күн", "ru": "два дня", "en": "two days"},
}
TEMPLATES = [
    Template.model_validate({**raw.get("defaults", {}), **entry})
    for file in sorted(CATALOGUE_FOLDER.glob("*.toml"))
    for raw in [tomllib.loads(file.read_text(encoding="utf-8"))]
    for entry in raw["templates"]
]
every_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.id)
every_language = pytest.mark.parametrize("language", REPLY_LANGUAGES)


@every_template
def test_passes_its_own_check(template: Template) -> None:
    assert check_template(template) == []


@every_template
def test_belongs_to_an_office_of_the_taxonomy(template: Template) -> None:
    offices = tomllib.loads(TAXONOMY_FILE.read_text(encoding="utf-8"))["departments"]
    assert template.owner in offices
    assert template.approved is not None


@every_template
def test_danger_rules_exist(template: Template) -> None:
    rules = tomllib.loads(dangers.RULES_FILE.read_text(encoding="utf-8"))["rule"]
    assert {*template.dangers, *template.no_dangers} <= {rule["id"] for rule in rules}


@every_language
@every_template
def test_filled_in_it_may_go_out(template: Template, language: str, taxonomy: Taxonomy) -> None:
    topic = taxonomy.topics[template.topics[0] if template.topics else "cleaning"]
    context = {
        "author": "Айгүл",
        "topic": topic.names[language],
        "department": topic.department[language],
        "hotline": "109",
        "eotinish": "https://eotinish.kz",
        "answer_within": term_words(240, language),
        "refutation": "https://astana.gov.kz/refuted",
        "refutation_text": VALUES["text"][language],
    }
    slots = {name: VALUES[kind][language] for name, kind in template.slots.items()}
    rendered = render(template, language, context, slots)
    assert rendered.missing_slots == []
    assert rendered.faults == []
    platform = template.platforms[0] if template.platforms else "instagram"
    assert (
        check_outgoing(
            rendered.text, template=template, language=language, platform=platform, slots=slots
        )
        == []
    )


@every_language
@every_template
def test_reads_well_without_a_name(template: Template, language: str) -> None:
    text = render(template, language, {}, {}).text
    assert text[0].isupper() or text[0] in "«“{" or text.startswith("eGov")
    assert not re.search(r"  | [,.!?]|,,", text)
    assert text[-1] in ".!?}"


@every_language
def test_no_two_texts_are_the_same(language: str) -> None:
    texts = Counter(template.text[language] for template in TEMPLATES)
    titles = Counter(template.title[language] for template in TEMPLATES)
    assert [text for text, times in (texts + titles).items() if times > 1] == []


def test_ids_are_unique_and_the_required_ones_are_there(catalogue: Catalogue) -> None:
    assert len(catalogue.templates) == len(TEMPLATES) >= 66
    assert {
        "received-passed-on",
        "thanks-looking-into-it",
        "details-needed-eotinish",
        "heating-outage-received",
    } <= set(catalogue.templates)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_templates_of_its_own(topic: str) -> None:
    own = [template.id for template in TEMPLATES if topic in template.topics]
    assert len(own) >= (2 if topic in FREQUENT else 1), own


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_has_a_template_for_the_shortest_network(intent: str) -> None:
    short = [
        template
        for template in TEMPLATES
        if template.intents == (intent,) and template.platforms == ("tiktok",)
    ]
    assert short
    for template in short:
        for language in REPLY_LANGUAGES:
            assert len(template.text[language].replace("{hotline}", "109")) <= 150


@pytest.mark.parametrize(
    ("template_id", "numbers"),
    [
        ("gas-smell-leave-now", ("104", "112")),
        ("fire-get-out", ("101", "112")),
        ("violence-call-102", ("102",)),
        ("threat-to-police", ("102", "112")),
        ("illness-call-103", ("103",)),
        ("danger-call-112", ("101", "102", "103", "104", "112")),
        ("heating-critical", ("104",)),
    ],
)
def test_whom_to_call_in_danger(
    catalogue: Catalogue, template_id: str, numbers: tuple[str, ...]
) -> None:
    for text in catalogue.templates[template_id].text.values():
        assert all(re.search(rf"\b{number}\b", text) for number in numbers)


def test_every_danger_rule_has_a_reply_of_its_own() -> None:
    rules: list[dict[str, Any]] = tomllib.loads(dangers.RULES_FILE.read_text(encoding="utf-8"))[
        "rule"
    ]
    answered = {rule for template in TEMPLATES for rule in template.dangers}
    assert {rule["id"] for rule in rules} <= answered


@every_template
def test_only_a_slot_of_the_moderator_or_the_context(template: Template) -> None:
    for text in template.text.values():
        assert set(all_slots(text)) <= {*template.slots, *OWN_SLOTS}
