"""Every fault a template may have, in words: what keeps it out of the catalogue."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from models.labels import REPLY_LANGUAGES
from models.personal_data import find_personal_data
from models.text import KAZAKH_LETTERS
from service.fault_words import in_words
from service.replies.language import seems_written_in
from service.replies.pieces import PieceError, all_slots, pieces, required_slots
from service.replies.platforms import PLATFORM_LIMITS, written_length
from service.replies.promises import find_promises
from service.replies.slots import OWN_SLOTS, ROOM
from service.replies.template import CODES, KINDS_OF_AN_OFFICE, Template, TemplateError
from service.replies.wording import find_insult, find_officialese

LONGEST_TEXT: Final = 1_000
"""A template longer than this is not a reply to a comment any more."""

_SPOILS_A_LINK: Final = frozenset(".,:;!?)»")


def load_templates(path: Path) -> list[Template]:
    """Read one TOML file: `[defaults]`, then `[[templates]]`; raise `TemplateError`."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path.name}: {error}") from error
    if faults := list(_faults_in_tables(raw)):
        raise TemplateError(f"{path.name}: " + "; ".join(faults))
    defaults: dict[str, Any] = raw.get("defaults", {})
    templates: list[Template] = []
    for number, entry in enumerate(raw["templates"], start=1):
        template, found = read_template({**defaults, **entry}, f"template {number}")
        faults += found
        if template is not None:
            templates.append(template)
    if faults:
        raise TemplateError(f"{path.name}: " + "; ".join(faults))
    return templates


def _faults_in_tables(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what keeps the tables of a file from being templates: missing, misspelt, no table."""
    templates = raw.get("templates", [])
    if not isinstance(templates, list) or not all(isinstance(one, dict) for one in templates):
        yield "templates: not tables; each template begins with [[templates]]"
    elif not templates:
        yield "there is no [[templates]] table, so the file holds no template"
    if not isinstance(raw.get("defaults", {}), dict):
        yield "defaults: not a table; it begins with [defaults]"
    for name in sorted(set(raw) - {"defaults", "templates"}):
        yield f"{name}: unknown; a file has [defaults] and [[templates]]"


def read_template(body: object, name: str = "template") -> tuple[Template | None, list[str]]:
    """Return the template of these JSON types, None if it is none, and all its faults.

    One without an id is called `name`; values are not repeated.
    """
    try:
        template = Template.model_validate(body)
    except ValidationError as error:
        if isinstance(body, Mapping):
            name = body.get("id") or name
        found = error.errors(include_url=False, include_input=False)
        return None, [_in_words(name, one) for one in found]
    return template, check_template(template)


def _in_words(name: object, fault: Mapping[str, Any]) -> str:
    """Return a fault that keeps something from being a template, behind its name and field."""
    field = ".".join(map(str, fault["loc"]))
    return f"{name}: {field}: {in_words(fault)}" if field else f"{name}: {in_words(fault)}"


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
    kazakh = KAZAKH_LETTERS & set(text)
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
