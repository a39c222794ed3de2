"""A reply template: its texts, where it fits, who owns it; and every fault it may have."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.labels import (
    FLAGS,
    INTENTS,
    LANGUAGES,
    PLATFORMS,
    REPLY_LANGUAGES,
    SENTIMENTS,
    TOPICS,
    TOXICITIES,
    URGENCIES,
)
from models.personal_data import find_personal_data
from service.replies.language import seems_written_in
from service.replies.pieces import PieceError, all_slots, pieces, required_slots
from service.replies.platforms import PLATFORM_LIMITS, written_length
from service.replies.promises import find_promises
from service.replies.slots import OWN_SLOTS, ROOM, SlotType
from service.replies.wording import find_insult, find_officialese

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

_SPOILS_A_LINK: Final = frozenset(".,:;!?)»")
LONGEST_TEXT: Final = 1_000
"""A template longer than this is not a reply to a comment any more."""

KINDS_OF_AN_OFFICE: Final = frozenset({"phone", "email"})
"""Personal data that a template or a phone slot may hold, since an office has them too."""
_KAZAKH_LETTERS: Final = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
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


def load_templates(path: Path) -> list[Template]:
    """Read one TOML file: `[defaults]`, then `[[templates]]`; raise `TemplateError`."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path.name}: {error}") from error
    defaults: dict[str, Any] = raw.get("defaults", {})
    templates: list[Template] = []
    faults: list[str] = []
    for number, entry in enumerate(raw.get("templates", []), start=1):
        try:
            template = Template.model_validate({**defaults, **entry})
        except ValidationError as error:
            name = entry.get("id", f"template {number}")
            faults += [
                f"{name}: {_where(fault['loc'])}: {fault['msg']}" for fault in error.errors()
            ]
        else:
            templates.append(template)
            faults += check_template(template)
    if faults:
        raise TemplateError(f"{path.name}: " + "; ".join(faults))
    return templates


def _where(location: tuple[int | str, ...]) -> str:
    """Return the dotted path of a field."""
    return ".".join(map(str, location))


def check_template(template: Template) -> list[str]:
    """Return every fault in words, naming the template, the language and the slot."""
    faults = [*_faults_in_conditions(template), *_missing_languages(template)]
    readable: dict[str, str] = {}
    for language in REPLY_LANGUAGES:
        text = template.text.get(language, "")
        try:
            pieces(text)
        except PieceError as fault:
            faults.append(f"text.{language}: {fault}")
        else:
            if text.strip():
                readable[language] = text
    faults += _faults_in_slots(template, readable)
    for language, text in readable.items():
        faults += _faults_in_layout(template, language, text)
        faults += _faults_in_wording(language, text)
    return [f"{template.id}: {fault}" for fault in faults]


def _missing_languages(template: Template) -> Iterator[str]:
    """Yield languages that lack a title or a text, and languages nobody knows."""
    for field, texts in (("title", template.title), ("text", template.text)):
        for language in sorted(set(texts) - set(REPLY_LANGUAGES)):
            yield f"{field}.{language}: not a reply language"
        for language in REPLY_LANGUAGES:
            if not texts.get(language, "").strip():
                yield f"{field}.{language}: missing"


def _faults_in_conditions(template: Template) -> Iterator[str]:
    """Yield unknown codes and dates that contradict each other."""
    for field, codes in CODES.items():
        for code in getattr(template, field):
            if code not in codes:
                yield f"{field}: unknown code '{code}'"
    if not template.flags:
        yield "flags: names no flag, so the template would never be suggested"
    if template.approved and template.expires and template.expires < template.approved:
        yield f"expires {template.expires} before it is approved {template.approved}"


def _faults_in_slots(template: Template, texts: dict[str, str]) -> Iterator[str]:
    """Yield slots that are undeclared, unused, or not the same in every language."""
    used = {language: set(all_slots(text)) for language, text in texts.items()}
    optional = {
        language: used[language] - set(required_slots(text)) for language, text in texts.items()
    }
    everywhere = set().union(*used.values())
    for name in sorted(everywhere):
        if name not in template.slots and name not in OWN_SLOTS:
            yield f"slot '{name}' is not declared"
        for language in texts:
            if name not in used[language]:
                yield f"text.{language}: lacks the slot '{name}' that another language has"
        ways = {name in optional[language] for language in texts if name in used[language]}
        if len(ways) > 1:
            yield f"slot '{name}' may be left out in one language but not in another"
    for name in template.slots:
        if name not in everywhere:
            yield f"slot '{name}' is declared but no text has it"
        if name in OWN_SLOTS:
            yield f"slot '{name}' fills itself and must not be declared"


def _faults_in_layout(template: Template, language: str, text: str) -> Iterator[str]:
    """Yield texts that are too long, and links that the next character would spoil."""
    where = f"text.{language}"
    if len(text) > LONGEST_TEXT:
        yield f"{where}: {len(text)} characters, more than {LONGEST_TEXT}"
    for platform in template.platforms:
        limit = PLATFORM_LIMITS.get(platform)
        if limit is not None and expected_length(template, text) > limit:
            yield f"{where}: too long for {platform}, which takes {limit} characters"
    for piece, following in itertools.pairwise(pieces(text)):
        ends_in_link = piece.slot and not piece.after and template.is_link(piece.slot)
        if ends_in_link and following.before[:1] in _SPOILS_A_LINK:
            yield f"{where}: '{following.before[0]}' would become part of the link"


def _faults_in_wording(language: str, text: str) -> Iterator[str]:
    """Yield what the words themselves do wrong in one language."""
    where = f"text.{language}"
    kazakh = _KAZAKH_LETTERS & set(text)
    if language == "kk" and not kazakh:
        yield f"{where}: has no Kazakh letter"
    if language != "kk" and kazakh:
        yield f"{where}: has the Kazakh letter '{min(kazakh)}'"
    if not seems_written_in(text, language):
        yield f"{where}: does not read as '{language}'"
    if phrase := find_officialese(text, language):
        yield f"{where}: officialese '{phrase}'"
    if phrase := find_insult(text):
        yield f"{where}: insult '{phrase}'"
    for found in find_personal_data(text):
        if found.kind not in KINDS_OF_AN_OFFICE:
            yield f"{where}: personal data ({found.kind})"
    for promise in find_promises(text):
        yield f"{where}: promises '{promise.words}'; use a slot for a date or a term"


def expected_length(template: Template, text: str) -> int:
    """Return how long `text` gets, with room for required slots and none for optional ones."""
    required = required_slots(text)
    words = sum(written_length(piece.before) for piece in pieces(text) if piece.slot is None)
    known = {**OWN_SLOTS, **template.slots}
    return words + sum(ROOM[known[name]] for name in required if name in known)
