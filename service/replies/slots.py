"""Slots of a reply: what may be filled in, by whom, and what a value has to look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

SlotType = Literal["text", "url", "phone", "date", "duration", "address"]

OWN_SLOTS: Final[Mapping[str, SlotType]] = {
    "author": "text",
    "topic": "text",
    "department": "text",
    "hotline": "phone",
    "eotinish": "url",
    "answer_within": "duration",
    "refutation": "url",
    "refutation_text": "text",
}
"""Slots that fill themselves from the context; a template need not declare them.

`refutation` is the page that refutes the claim the comment repeats, `refutation_text` what the
registry has to say about it in the language of the reply, where they are known.
"""

HOTLINE: Final = "109"
EOTINISH: Final = "https://eotinish.kz"

SLOT_TYPE_NAMES: Final[Mapping[SlotType, Mapping[str, str]]] = {
    "text": {"kk": "мәтін", "ru": "текст", "en": "text"},
    "url": {"kk": "сілтеме", "ru": "ссылка", "en": "link"},
    "phone": {"kk": "телефон", "ru": "телефон", "en": "phone"},
    "date": {"kk": "күні", "ru": "дата", "en": "date"},
    "duration": {"kk": "мерзім", "ru": "срок", "en": "how long"},
    "address": {"kk": "мекенжай", "ru": "адрес", "en": "address"},
}
"""What a moderator is asked for, in the languages of the console."""

ROOM: Final[Mapping[SlotType, int]] = {
    "text": 80,
    "url": 45,
    "phone": 18,
    "date": 20,
    "duration": 25,
    "address": 40,
}
"""Characters kept free for a value that is not there yet, when lengths are compared."""

_LONGEST: Final[Mapping[SlotType, int]] = {
    "text": 1_000,
    "url": 2_000,
    "phone": 40,
    "date": 60,
    "duration": 60,
    "address": 200,
}
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_PHONE = re.compile(r"\+?[\d ()\-]+")
_HANDLE = re.compile(r"@?[\w.\-]{1,40}")
_PERSON = re.compile(r"[^\W\d_]+(?:(?:\. |[ '’\-.])[^\W\d_]+){0,3}\.?")
_LONGEST_AUTHOR: Final = 40


@dataclass(frozen=True)
class Fault:
    """Something that keeps a reply from being sent: a stable code and a sentence."""

    code: str
    detail: str


def check_value(name: str, kind: SlotType, value: str) -> Fault | None:
    """Return why `value` cannot stand in the slot `name`, None when it can."""
    reason = _reason_against(kind, value.strip())
    return None if reason is None else Fault("bad-slot-value", f"slot '{name}': {reason}")


def _reason_against(kind: SlotType, value: str) -> str | None:
    """Return what is wrong with a value of this type, in words."""
    if len(value) > _LONGEST[kind]:
        return f"longer than {_LONGEST[kind]} characters"
    if _UNSEEN.search(value):
        return "holds control or invisible characters"
    if kind == "text":
        return None
    if "\n" in value or not any(map(str.isalnum, value)):
        return "must be one line with a letter or a digit"
    return _reason_against_shape(kind, value)


def _reason_against_shape(kind: SlotType, value: str) -> str | None:
    """Return why `value` is no link or no phone number, if it should be one."""
    if kind == "url" and not is_web_address(value):
        return "must be a link that begins with https:// or http://"
    if kind == "phone" and not (_PHONE.fullmatch(value) and sum(map(str.isdecimal, value)) >= 3):
        return "must be a phone number of three digits or more"
    return None


def is_web_address(value: str) -> bool:
    """Say whether `value` is one absolute link with a host and nothing else."""
    if any(map(str.isspace, value)):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "")


def form_of_address(author: str | None) -> str | None:
    """Return what a reply may call its reader: a name or a handle, else None.

    Names come from the network as anything at all: an advert, a phone number, a
    line of emoji. Whatever is neither a name nor a handle is left out.
    """
    if not author or len(author) > 4 * _LONGEST_AUTHOR:
        return None
    name = " ".join(author.split())
    if len(name) > _LONGEST_AUTHOR or "://" in name or sum(map(str.isdecimal, name)) > 6:
        return None
    if _PERSON.fullmatch(name):
        return name.removesuffix(".")
    if _HANDLE.fullmatch(name) and any(map(str.isalpha, name)):
        return name
    return None


def term_words(minutes: int, language: str) -> str:
    """Return "within so long" in kk, ru or en, in the largest unit that keeps it whole."""
    if minutes % 1_440 == 0:
        number, unit = minutes // 1_440, "day"
    elif minutes % 60 == 0:
        number, unit = minutes // 60, "hour"
    else:
        number, unit = minutes, "minute"
    if language == "ru":
        return _term_in_russian(number, unit)
    if language == "kk":
        return f"{number} {_KAZAKH_UNITS[unit]} ішінде"
    return f"within {number} {unit}{'' if number == 1 else 's'}"


_KAZAKH_UNITS: Final = {"day": "тәулік", "hour": "сағат", "minute": "минут"}
_RUSSIAN_UNITS: Final = {
    "day": ("суток", "суток"),
    "hour": ("часа", "часов"),
    "minute": ("минуты", "минут"),
}
"""In the genitive, after one (21, 31…) and after any other number."""


def _term_in_russian(number: int, unit: str) -> str:
    """Return the term with the case that the number asks for."""
    if unit == "day" and number == 1:
        return "в течение суток"
    after_one, after_others = _RUSSIAN_UNITS[unit]
    one = number % 10 == 1 and number % 100 != 11
    return f"в течение {number} {after_one if one else after_others}"
