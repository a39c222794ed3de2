"""The reply templates, to read: which there are, for what, and in which words."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from models.labels import INTENTS, REPLY_LANGUAGES, TOPICS
from service.analyse import open_shelf
from service.api.access import HouseHere
from service.console.page import render
from service.console.visitor import Moderator
from service.console.wording import gist, slot_label, wording
from service.errors import Problem
from service.house import House
from service.replies import Template, find_templates

router: Final = APIRouter()

_LONGEST: Final = 100
"""Characters of what is looked for."""


@router.get("/templates")
def list_templates(request: Request, house: HouseHere, visitor: Moderator) -> Response:
    """Show the templates that fit the topic and the intent of the address, and have its words."""
    sought = request.query_params.get("q", "").strip()[:_LONGEST]
    topic = _known(request, "topic", TOPICS)
    intent = _known(request, "intent", INTENTS)
    with house.sessions.reading() as session:
        shelf = open_shelf(session, house)
    everything = shelf.catalogue.templates.values()
    language = visitor.messages.language
    in_order = (
        find_templates(sought, everything)
        if sought
        else sorted(everything, key=lambda template: template.title[language].casefold())
    )
    return render(
        request,
        visitor,
        "templates.html",
        templates=[
            (template, gist(visitor.messages, template))
            for template in in_order
            if _fits(template, topic, intent)
        ],
        q=sought,
        topic=topic,
        intent=intent,
        topics=TOPICS,
        intents=INTENTS,
        today=house.today(),
    )


@router.get("/templates/{template_id}")
def show_template(
    request: Request, house: HouseHere, visitor: Moderator, template_id: str
) -> Response:
    """Show one template in all its languages."""
    with house.sessions.reading() as session:
        shelf = open_shelf(session, house)
    template = shelf.catalogue.templates.get(template_id)
    if template is None:
        raise Problem("not-found", "there is no such template")
    return render(
        request,
        visitor,
        "template.html",
        template=template,
        conditions=_conditions(template),
        owner=_owner(house, template.owner, visitor.messages.language),
        outcome=shelf.outcomes.get(template_id),
        wordings={
            language: wording(visitor.messages, template, language) for language in REPLY_LANGUAGES
        },
        slots=[slot_label(visitor.messages, template, name) for name in template.slots],
        today=house.today(),
    )


def _owner(house: House, code: str, language: str) -> str:
    """Return the department that keeps a template; one the taxonomy lacks stays as it is."""
    topics = house.taxonomy.topics.values()
    named = next((one for one in topics if one.department_code == code), None)
    return named.department[language] if named is not None else code


def _known(request: Request, name: str, codes: tuple[str, ...]) -> str | None:
    """Return the code the address filters by, if it is one."""
    code = request.query_params.get(name)
    return code if code in codes else None


def _fits(template: Template, topic: str | None, intent: str | None) -> bool:
    """Say whether `template` may answer such a comment; without conditions it answers all."""
    fits_topic = topic is None or not template.topics or topic in template.topics
    return fits_topic and (intent is None or not template.intents or intent in template.intents)


def _conditions(template: Template) -> list[tuple[str, tuple[Any, ...]]]:
    """Return what the template asks of a comment: (head, codes), where it asks anything."""
    heads = (
        ("topic", template.topics),
        ("intent", template.intents),
        ("urgency", template.urgencies),
        ("sentiment", template.sentiments),
        ("toxicity", template.toxicities),
        ("flag", template.flags),
        ("language", template.languages),
    )
    return [(head, codes) for head, codes in heads if codes]
