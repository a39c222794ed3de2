"""The last look at a reply before a person sends it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from models.personal_data import find_personal_data
from models.taxonomy import load_taxonomy
from service.replies.language import seems_written_in
from service.replies.pieces import all_slots
from service.replies.platforms import PLATFORM_LIMITS, written_length
from service.replies.promises import find_promises, find_times
from service.replies.slots import Fault, term_words
from service.replies.template import KINDS_OF_AN_OFFICE, Template
from service.replies.wording import find_insult

_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}|\[\[|\]\]")
_LANGUAGE_NAMES: Final = {"kk": "Kazakh", "ru": "Russian", "en": "English"}
OVERRULABLE: Final = frozenset({"wrong-language", "promised-date", "insult", "example-claim"})
"""Codes found by lists of words, which can be wrong; a person who insists may know better."""

_DIGITS = re.compile(r"\D")


def check_outgoing(
    text: str,
    *,
    template: Template | None,
    language: str,
    platform: str | None,
    slots: Mapping[str, str] | None = None,
    quoted: str = "",
) -> list[Fault]:
    """Return every reason why `text` must not be sent, none when it may.

    `language` is what it is announced in; `slots` are the values the moderator set:
    their dates and phones may be said, and so may those in `quoted`, which the claim
    registry vouches for. Codes: blank, unfilled-slot, too-long,
    wrong-language, personal-data, promised-date, insult.
    """
    if not text.strip():
        return [Fault("blank", "the reply is empty")]
    return [
        *_unfilled(text),
        *_too_long(text, platform),
        *_wrong_language(text, language),
        *_personal_data(text, template, slots or {}, quoted),
        *_promised(text, template, slots or {}, quoted),
        *_insult(text),
    ]


def _unfilled(text: str) -> Iterator[Fault]:
    """Yield the slots that nobody has filled."""
    for name in dict.fromkeys(match[1] or match[0] for match in _SLOT.finditer(text)):
        yield Fault("unfilled-slot", f"'{name}' is still to be filled in")


def _too_long(text: str, platform: str | None) -> Iterator[Fault]:
    """Yield a fault if the platform would cut the reply off."""
    limit = PLATFORM_LIMITS.get(platform or "")
    length = written_length(text)
    if limit is not None and length > limit:
        yield Fault("too-long", f"{length} characters; {platform} takes {limit}")


def _wrong_language(text: str, language: str) -> Iterator[Fault]:
    """Yield a fault if the text reads as another language than announced."""
    if not seems_written_in(text, language):
        name = _LANGUAGE_NAMES[language]
        yield Fault("wrong-language", f"announced as {name}, but does not read as {name}")


def _personal_data(
    text: str, template: Template | None, slots: Mapping[str, str], quoted: str
) -> Iterator[Fault]:
    """Yield personal data that neither the template, a phone slot nor the registry has."""
    public = quoted if template is None else " ".join((quoted, *template.text.values()))
    if template is not None:
        public += " ".join(
            value for name, value in slots.items() if template.slots.get(name) == "phone"
        )
    for found in find_personal_data(text):
        words = text[found.start : found.end]
        if found.kind in KINDS_OF_AN_OFFICE and _stands_in(words, public):
            continue
        yield Fault("personal-data", f"holds personal data ({found.kind}); take it out")


def _stands_in(words: str, public: str) -> bool:
    """Say whether an address or a number stands in `public`, however it is grouped."""
    digits = _DIGITS.sub("", words)
    if "@" in words or not digits:
        return words.lower() in public.lower()
    return digits[-10:] in _DIGITS.sub("", public)


@cache
def _answer_terms() -> frozenset[str]:
    """Return the keys of the terms in which the taxonomy has a comment answered."""
    minutes = load_taxonomy().minutes.values()
    return frozenset(one.key for each in minutes for one in find_times(term_words(each, "en")))


def _promised(
    text: str, template: Template | None, slots: Mapping[str, str], quoted: str
) -> Iterator[Fault]:
    """Yield dates and terms that neither the template, a slot nor the taxonomy has set."""
    promises = list(find_promises(text))
    if not promises:
        return
    set_by_us = {promise.key for promise in (*find_times(quoted), *find_promises(quoted))}
    if template is not None:
        values = [value for name, value in slots.items() if name in template.slots]
        set_by_us |= {promise.key for value in values for promise in find_times(value)}
        for wording in template.text.values():
            set_by_us |= {promise.key for promise in find_promises(wording)}
            if "answer_within" in all_slots(wording):
                set_by_us |= _answer_terms()
    for words in dict.fromkeys(one.words for one in promises if one.key not in set_by_us):
        yield Fault("promised-date", f"promises '{words}', which nobody has set; put it in a slot")


def _insult(text: str) -> Iterator[Fault]:
    """Yield the first insult."""
    if words := find_insult(text):
        yield Fault("insult", f"'{words}' insults somebody")
