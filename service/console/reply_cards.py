"""The replies a moderator chooses from, each with its slots and what was typed into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.console.forms import MARKER, OWN_WORDS, Draft, altered, field_key, filled
from service.console.messages import Messages
from service.console.wording import slot_label
from service.replies import Catalogue, Reply
from service.replies.platforms import written_length


@dataclass(frozen=True)
class Slot:
    """Something to fill in."""

    name: str
    label: str
    kind: str
    value: str


@dataclass(frozen=True)
class Part:
    """A run of a reply's text, or a slot of it."""

    text: str
    slot: Slot | None = None


@dataclass(frozen=True)
class ReplyCard:
    """One reply as the page shows it."""

    key: str
    """Its template's id, or `OWN_WORDS`."""
    field: str
    """What its text goes by in the form."""
    title: str
    shown: str
    """The text as suggested; a slot without a value stands as `{name}`."""
    text: str
    """The text as it stands in the text field."""
    parts: tuple[Part, ...]
    slots: tuple[Slot, ...]
    reasons: tuple[str, ...]
    score: float | None
    """How well it fits; None for what a person looked for or writes."""
    length: int
    """In UTF-16 units, as networks and browsers count."""
    too_long: bool

    @property
    def edited(self) -> bool:
        """Whether the text field holds something else than was suggested."""
        return self.text.strip() != self.shown.strip()


def cards(
    suggested: Sequence[Reply],
    catalogue: Catalogue,
    draft: Draft,
    limit: int | None,
    messages: Messages,
    *,
    found: Sequence[Reply] = (),
) -> list[ReplyCard]:
    """Return a card a reply and one for a reply from scratch, named in the console's language.

    What was looked for and `found` stands behind what is `suggested`.
    """
    offered = [_card(reply, catalogue, draft, limit, messages) for reply in suggested]
    offered += [
        replace(_card(reply, catalogue, draft, limit, messages), score=None) for reply in found
    ]
    text = draft.texts.get(OWN_WORDS, "")
    if not text and draft.edited and draft.chosen not in {card.key for card in offered}:
        text = draft.text  # its template is no longer on offer; the words stay
    length = written_length(text)
    too_long = limit is not None and length > limit
    own = ReplyCard(
        key=OWN_WORDS,
        field=OWN_WORDS,
        title="",
        shown="",
        text=text,
        parts=(),
        slots=(),
        reasons=(),
        score=None,
        length=length,
        too_long=too_long,
    )
    return [*offered, own]


def choose_card(draft: Draft, shown: Sequence[ReplyCard]) -> str:
    """Return which reply is chosen: what was just found, the moderator's choice, or the best."""
    offered = [card.key for card in shown]
    looked_for = [card.key for card in shown if card.score is None and card.key != OWN_WORDS]
    if draft.searching and looked_for:
        return looked_for[0]
    if draft.chosen in offered:
        return draft.chosen or OWN_WORDS
    return OWN_WORDS if draft.chosen is not None and draft.edited else offered[0]


def put_aside(draft: Draft, shown: Sequence[ReplyCard]) -> list[tuple[str, str]]:
    """Return the form fields with texts typed in other languages, to be carried along."""
    here = {card.field for card in shown}
    kept: list[tuple[str, str]] = []
    for key, text in draft.texts.items():
        original = draft.shown.get(key, "")
        if key not in here and text.strip() and text.strip() != original.strip():
            kept += [(f"text.{key}", text), (f"shown.{key}", original)]
    return kept


def _card(
    reply: Reply, catalogue: Catalogue, draft: Draft, limit: int | None, messages: Messages
) -> ReplyCard:
    key, shown = reply["template_id"], reply["text"]
    template = catalogue.templates[key]
    values = draft.slots.get(key, {})
    slots = tuple(
        Slot(
            name,
            slot_label(messages, template, name),
            template.slot_type(name),
            values.get(name, ""),
        )
        for name in reply["missing_slots"]
    )
    field = field_key(key, reply["language"])
    text = draft.texts.get(field)
    # Words that nobody touched give way to the template's present ones.
    if text is None or not altered(text, draft.shown.get(field, ""), values):
        text = shown
    length = written_length(filled(text, values).strip())
    return ReplyCard(
        key=key,
        field=field,
        title=template.title[messages.language],
        shown=shown,
        text=text,
        parts=_parts(text, {slot.name: slot for slot in slots}),
        slots=slots,
        reasons=tuple(reply["reasons"]),
        score=reply["score"],
        length=length,
        too_long=limit is not None and length > limit,
    )


def _parts(text: str, slots: dict[str, Slot]) -> tuple[Part, ...]:
    """Return `text` with its slots apart from its words."""
    parts: list[Part] = []
    position = 0
    for mark in MARKER.finditer(text):
        if (slot := slots.get(mark[1])) is not None:
            parts += [Part(text[position : mark.start()]), Part("", slot)]
            position = mark.end()
    return (*parts, Part(text[position:]))
