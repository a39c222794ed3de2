"""A reply template: its texts, where it fits, who owns it."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.labels import (
    FLAGS,
    INTENTS,
    LANGUAGES,
    PLATFORMS,
    SENTIMENTS,
    TOPICS,
    TOXICITIES,
    URGENCIES,
)
from service.replies.slots import OWN_SLOTS, SlotType

Kind = Literal[
    "urgent",
    "passed-on",
    "looking-into",
    "where",
    "details",
    "answer",
    "status",
    "appeal",
    "thanks",
    "heard",
    "idea",
    "source",
    "refute",
    "calm",
    "decline",
    "privacy",
    "language",
]
"""What a reply does; two suggestions for one comment are of two kinds."""

KINDS_OF_AN_OFFICE: Final = frozenset({"phone", "email"})
"""Personal data that a template or a phone slot may hold, since an office has them too."""
EVIDENCE: Final = ("claim_match", "rumour_style", "impersonation", "scam_link", "coordinated")
CODES: Final = {
    "topics": TOPICS,
    "intents": INTENTS,
    "urgencies": URGENCIES,
    "sentiments": SENTIMENTS,
    "toxicities": TOXICITIES,
    "flags": FLAGS,
    "languages": LANGUAGES,
    "platforms": PLATFORMS,
    "evidence": EVIDENCE,
}


class TemplateError(ValueError):
    """A file of templates that cannot be used; the message names the file and every fault."""


class Template(BaseModel):
    """One reply in every language, and the comments it may answer.

    A condition left empty allows everything. `flags` is the exception: a template
    must say so itself to answer a likely falsehood.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)
    kind: Kind
    owner: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)
    """Code of the office that answers for the wording; never a person."""
    title: dict[str, str]
    text: dict[str, str]
    slots: dict[str, SlotType] = Field(default_factory=dict)
    """Slots that the moderator fills, with their types."""
    approved: date | None = None
    """The day from which the wording may be used; without one it is never suggested."""
    expires: date | None = None
    """The last day on which it may be used."""

    topics: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    sentiments: tuple[str, ...] = ()
    toxicities: tuple[str, ...] = ()
    flags: tuple[str, ...] = ("none", "possible")
    languages: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    dangers: tuple[str, ...] = ()
    """Only when one of these danger rules raised the urgency."""
    no_dangers: tuple[str, ...] = ()
    """Never when one of these danger rules raised the urgency."""
    personal_data: bool = False
    """Only when the comment shows personal data."""
    evidence: tuple[str, ...] = ()
    """Only when the flag rests on one of these kinds of reasons."""
    alone: bool = False
    """When this one fits, nothing else is offered."""

    def in_force(self, today: date) -> bool:
        """Say whether the wording is approved and has not expired on this local day."""
        return (
            self.approved is not None
            and self.approved <= today
            and (self.expires is None or today <= self.expires)
        )

    def slot_type(self, name: str) -> SlotType:
        """Return the type of a slot of this template; raise `KeyError` if it has none such."""
        return self.slots[name] if name in self.slots else OWN_SLOTS[name]

    def is_link(self, name: str) -> bool:
        """Say whether the slot holds a link."""
        return "url" in {self.slots.get(name), OWN_SLOTS.get(name)}
