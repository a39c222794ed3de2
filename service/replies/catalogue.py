"""All templates in force together, and which of them may answer what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.labels import INTENTS, INTENTS_TO_ANSWER, TOPICS
from models.taxonomy import Taxonomy, load_taxonomy
from service.replies.pieces import required_slots
from service.replies.slots import OWN_SLOTS
from service.replies.template import CODES, Template, TemplateError
from service.replies.template_check import load_templates

CATALOGUE_FOLDER: Final = Path(__file__).with_name("catalogue")

Shelves = Mapping[tuple[str | None, str | None], tuple["Candidate", ...]]
"""Candidates by topic and intent, best fit first; None where the classifier is not sure."""

_TOPICAL_SLOTS: Final = frozenset({"topic", "department"})
_PRICE_OF_A_SLOT: Final = 0.15
_BASE_FIT: Final = 0.3
_WEIGHTS: Final = {
    "dangers": ("danger", 0.85),
    "evidence": ("evidence", 0.5),
    "topics": ("topic", 0.4),
    "intents": ("intent", 0.25),
    "urgencies": ("urgency", 0.35),
    "sentiments": ("sentiment", 0.1),
    "toxicities": ("toxicity", 0.1),
    "languages": ("language", 0.7),
    "platforms": ("platform", 0.05),
}
"""Condition → the reason it gives, and how far it closes the gap to a perfect fit when it
allows one value only; the more values it allows, the less it says."""
_TELLING: Final = 0.05
"""A condition that closes less of the gap is no reason to show."""


@dataclass(frozen=True)
class Candidate:
    """A template with what never changes: how well it fits wherever it is allowed, and why."""

    template: Template
    fit: float
    reasons: tuple[str, ...]
    short_of: int
    """Slots the moderator has to fill."""


@dataclass(frozen=True)
class Catalogue:
    """Templates by id; building one prepares the shelves that `suggest` looks on."""

    templates: Mapping[str, Template]
    taxonomy: Taxonomy
    shelves: Shelves

    @classmethod
    def of(cls, templates: Iterable[Template], taxonomy: Taxonomy) -> Catalogue:
        """Return the catalogue of these templates; raise `TemplateError` on a double id."""
        by_id: dict[str, Template] = {}
        for template in templates:
            if template.id in by_id:
                raise TemplateError(f"{template.id}: two templates have this id")
            by_id[template.id] = template
        return cls(by_id, taxonomy, _shelve(by_id.values()))

    @classmethod
    def shipped(cls, folder: Path = CATALOGUE_FOLDER) -> Catalogue:
        """Return the templates that come with the program; raise `TemplateError` on a fault."""
        files = sorted(folder.glob("*.toml"))
        return cls.of((each for file in files for each in load_templates(file)), load_taxonomy())

    def with_overrides(self, own: Iterable[Template]) -> Catalogue:
        """Return a catalogue in which `own` stand beside these and replace the same ids."""
        by_id = dict(self.templates) | {template.id: template for template in own}
        return Catalogue.of(by_id.values(), self.taxonomy)


def _shelve(templates: Iterable[Template]) -> Shelves:
    """Return every combination of topic and intent with its candidates, best first.

    Of equal fit, the one that stands first in the files.
    """
    candidates = sorted(map(_candidate, templates), key=lambda one: -one.fit)
    shelves: dict[tuple[str | None, str | None], tuple[Candidate, ...]] = {}
    for topic in (*TOPICS, None):
        about_it = [one for one in candidates if _allows_topic(one.template, topic)]
        for intent in (*INTENTS, None):
            shelves[topic, intent] = tuple(
                one for one in about_it if _allows_intent(one.template, intent)
            )
    return shelves


def _allows_topic(template: Template, topic: str | None) -> bool:
    """Say whether the template may answer the topic; an unknown one takes a general template."""
    if topic not in {None, "other"}:
        return not template.topics or topic in template.topics
    needed = {name for text in template.text.values() for name in required_slots(text)}
    return (not template.topics or topic in template.topics) and not needed & _TOPICAL_SLOTS


def _allows_intent(template: Template, intent: str | None) -> bool:
    """Say whether the template may answer the intent; an unknown one takes what suits most."""
    if intent is not None:
        return not template.intents or intent in template.intents
    return not template.intents or set(template.intents) >= INTENTS_TO_ANSWER


def _narrowness(condition: str, allowed: tuple[str, ...]) -> float:
    """Return 1 for a condition that allows one code, towards 0 for one that allows them all."""
    if condition not in CODES or len(allowed) == 1:
        return 1.0
    return float((1 - (len(allowed) - 1) / (len(CODES[condition]) - 1)) ** 2)


def _candidate(template: Template) -> Candidate:
    """Return the template with its fit: each condition it meets closes part of the gap."""
    gap = 1 - _BASE_FIT
    reasons: list[str] = []
    for condition, (reason, weight) in _WEIGHTS.items():
        allowed: tuple[str, ...] = getattr(template, condition)
        if allowed and allowed != ("clean",):
            closed = weight * _narrowness(condition, allowed)
            gap *= 1 - closed
            if closed >= _TELLING:
                reasons.append(reason)
    if "none" not in template.flags:
        gap *= 0.3 if "possible" not in template.flags else 0.6
        reasons.append("flag")
    if template.toxicities == ("toxic",):
        gap *= 0.5
    if template.kind == "urgent":
        gap *= 0.6
    if template.personal_data:
        gap *= 0.4
        reasons.append("personal-data")
    missing = [
        name for name in required_slots(next(iter(template.text.values()))) if name not in OWN_SLOTS
    ]
    fit = max(0.0, 1 - gap - _PRICE_OF_A_SLOT * len(missing))
    return Candidate(template, round(fit, 4), tuple(reasons or ["general"]), len(missing))
