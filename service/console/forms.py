"""What a browser posts: read with limits, and the review form as one object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import Request

from models.labels import HEADS, REPLY_LANGUAGES, reply_language
from service.console.links import number_in
from service.errors import Problem

Form = Mapping[str, str]
"""Name → value; of a name given twice, the last."""

OWN_WORDS: Final = "own"
"""Stands for the template of a reply written from scratch; no template can be called so."""

_TYPE: Final = "application/x-www-form-urlencoded"
_BYTES: Final = 1024 * 1024
_FIELDS: Final = 500
MARKER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A slot that has no value yet, as it stands in a reply."""
_REASON_LENGTH: Final = 500
_FIND_LENGTH: Final = 100
_MOST_FOUND: Final = 10


async def read_form(request: Request) -> Form:
    """Return the form of the request; raise a problem when it is no form or too large."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise Problem("unsupported-media-type", f"a form is sent as {_TYPE}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BYTES:
            raise Problem("body-too-large", f"the limit for a form is {_BYTES:,} bytes")
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=_FIELDS
        )
    except ValueError:
        raise Problem("invalid-request", f"a form has at most {_FIELDS} fields") from None
    return {name: _clean(value) for name, value in pairs}


def _clean(value: str) -> str:
    """Return `value` with the line ends of the rest of the world, and without NUL."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def field_key(template_id: str, language: str) -> str:
    """Return what the text of a reply goes by in the form: each language has its own."""
    return template_id if template_id == OWN_WORDS else f"{language}.{template_id}"


def filled(text: str, slots: Mapping[str, str]) -> str:
    """Return `text` with the value of each slot that has one where `{slot}` stands."""
    return MARKER.sub(lambda match: slots.get(match[1], "").strip() or match[0], text)


def altered(text: str, original: str, slots: Mapping[str, str]) -> bool:
    """Say whether `text` says something else than `original`, slots filled in or not."""
    return text.strip() not in {original.strip(), filled(original, slots).strip()}


@dataclass(frozen=True)
class Draft:
    """The review form as it was left: all of it can be shown again.

    `texts` (what stands in a text field) and `shown` (what the page had put there)
    are by `field_key`, `slots` (their values) by template.
    """

    chosen: str | None = None
    first: str | None = None
    """The reply that the page had chosen by itself."""
    language: str | None = None
    usual: str | None = None
    """The language of the reply that the page had chosen by itself."""
    texts: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    """The label chosen in each select box; "" where the model's stays."""
    reason: str = ""
    note: str = ""
    confirm: bool = False
    find: str = ""
    """Words of templates that were looked for."""
    searching: bool = False
    """Whether they have been looked for just now: what is found is chosen."""
    found: tuple[str, ...] = ()
    """The templates that the page had found."""
    alike: int = 0
    """The newest of those who wrote nearly the same, where they get the same decision."""

    @property
    def template_id(self) -> str | None:
        """The template of the chosen reply, if it has one."""
        return None if self.chosen == OWN_WORDS else self.chosen

    @property
    def text(self) -> str:
        """The chosen reply as it would go out: with the slots that have a value filled in."""
        return filled(self.texts.get(self._key, ""), self.chosen_slots)

    @property
    def edited(self) -> bool:
        """Whether the moderator put words of their own into the chosen reply."""
        text = self.texts.get(self._key, "")
        return self.chosen in {None, OWN_WORDS} or altered(text, self.original, self.chosen_slots)

    @property
    def original(self) -> str:
        """The chosen reply as the page suggested it."""
        return self.shown.get(self._key, "")

    @property
    def _key(self) -> str:
        return field_key(self.chosen or "", self.language or "")

    @property
    def chosen_slots(self) -> dict[str, str]:
        """The slots of the chosen reply that have a value."""
        values = self.slots.get(self.chosen or "", {})
        return {name: value.strip() for name, value in values.items() if value.strip()}

    def relabelled(self) -> Draft:
        """Return the form for labels put right since: what nobody has chosen follows them."""
        changes: dict[str, Any] = {}
        if self.chosen == self.first and not self.edited and not self.chosen_slots:
            changes["chosen"] = None
        if self.language == self.usual and "language" in self.labels:
            changes["language"] = reply_language(self.labels["language"])
        return replace(self, **changes)

    def corrections(self, analysis: Mapping[str, Any]) -> dict[str, Any]:
        """Return the labels that differ from the model's, as `ReviewInput` takes them."""
        changed: dict[str, Any] = {}
        for head, label in self.labels.items():
            if head == "misinformation":
                changed[head] = label == "true"
            elif label != analysis[head]["label"]:
                changed[head] = label
        return changed


def read_draft(form: Form) -> Draft:
    """Return the review form; labels and languages nobody knows are left out."""
    labels = {
        head: form[f"label.{head}"]
        for head, codes in (HEADS | {"misinformation": ("true", "false")}).items()
        if form.get(f"label.{head}", "") in codes
    }
    slots: dict[str, dict[str, str]] = {}
    for name, value in form.items():
        kind, _, rest = name.partition(".")
        template_id, _, slot = rest.partition(".")
        if kind == "slot" and template_id and slot:
            slots.setdefault(template_id, {})[slot] = value
    language = form.get("language")
    return Draft(
        chosen=form.get("reply") or None,
        first=form.get("first") or None,
        language=language if language in REPLY_LANGUAGES else None,
        usual=form.get("usual"),
        texts=_by_key(form, "text"),
        shown=_by_key(form, "shown"),
        slots=slots,
        labels=labels,
        reason=form.get("reason", "")[:_REASON_LENGTH].strip(),
        note=form.get("note", "")[:_REASON_LENGTH].strip(),
        confirm=form.get("confirm") == "yes",
        find=form.get("find", "")[:_FIND_LENGTH].strip(),
        searching=_searching(form),
        found=tuple(form.get("found", "").split()[:_MOST_FOUND]),
        alike=number_in(form, "alike"),
    )


def _searching(form: Form) -> bool:
    """Say whether the button of the search was pressed, or Enter after other words.

    Without scripts Enter presses the first button there is, which only shows the page anew.
    """
    action, sought = form.get("action"), form.get("find", "").strip()
    return action == "find" or (
        action == "stay" and bool(sought) and sought != form.get("sought", "").strip()
    )


def _by_key(form: Form, kind: str) -> dict[str, str]:
    """Return the fields `kind.KEY` of the form, by key."""
    return {
        name.removeprefix(f"{kind}."): value
        for name, value in form.items()
        if name.startswith(f"{kind}.")
    }
