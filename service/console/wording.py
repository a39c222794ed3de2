"""The words of a template as a person reads them: slots by name, optional parts told apart."""

from __future__ import annotations

from dataclasses import dataclass

from service.console.messages import Messages
from service.replies import SLOT_TYPE_NAMES, Template
from service.replies.pieces import fill, pieces


@dataclass(frozen=True)
class Word:
    """A run of plain text, or the name of a slot; `optional` parts may be left out."""

    text: str
    slot: bool = False
    optional: bool = False


def slot_label(messages: Messages, template: Template, name: str) -> str:
    """Return what to call a slot of `template`."""
    if messages.has("slot", name):
        return messages.text("slot", name)
    return SLOT_TYPE_NAMES[template.slot_type(name)][messages.language]


def wording(messages: Messages, template: Template, language: str) -> list[Word]:
    """Return the text of `template` in `language`, in order; slots in the console's language."""
    words: list[Word] = []
    for before, slot, after, optional in pieces(template.text[language]):
        words.append(Word(before, optional=optional))
        if slot is not None:
            words.append(Word(slot_label(messages, template, slot), slot=True, optional=optional))
            words.append(Word(after, optional=optional))
    return [word for word in words if word.text]


def gist(messages: Messages, template: Template) -> str:
    """Return the text of `template` in the console's language without its optional parts."""
    text = template.text[messages.language]
    slots = [piece.slot for piece in pieces(text) if piece.slot and not piece.optional]
    return fill(text, {name: f"‹{slot_label(messages, template, name)}›" for name in slots})
