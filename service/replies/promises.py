"""Dates and terms a text promises: "завтра", "до 15 декабря", "екі күн ішінде", "within a week".

Every finding has a key, so that "в течение двух дней" is known to be the
"2 дня" a moderator set: dates are `date:15.12`, terms `term:48` (hours).
The patterns know a promise by its preposition or case: "the third day without
heat" is none. Like any list of words it can be outwitted; it is there for haste.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from service.replies.time_words import (
    MONTHS,
    NUMBER,
    UNIT,
    WEEKDAYS,
    hours_of,
    name_of,
    number_of,
)


@dataclass(frozen=True)
class Promise:
    """A date or term in a text: what it is, and the words that say it."""

    key: str
    words: str


def find_promises(text: str) -> Iterator[Promise]:
    """Yield the dates and terms that `text` promises; the same one may come twice."""
    yield from _find(_PATTERNS, text)


def find_times(value: str) -> Iterator[Promise]:
    """Yield every date and term in the value of a slot, promised or bare ("2 дня", "апта")."""
    yield from _find(_PATTERNS, value)
    yield from _find(_BARE_PATTERNS, value)


def _find(patterns: tuple[tuple[re.Pattern[str], _KeyOf], ...], text: str) -> Iterator[Promise]:
    """Yield what each pattern finds."""
    lowered = text.lower()
    for pattern, key_of in patterns:
        for match in pattern.finditer(lowered):
            key = key_of(match)
            if key is not None:
                yield Promise(key, " ".join(match[0].split()))


_KeyOf = Callable[[re.Match[str]], str | None]


def _date(match: re.Match[str]) -> str | None:
    """Return the key of a day and a month, None if there is no such day."""
    parts = match.groupdict()
    month = int(parts["month"]) if parts.get("month") else number_of(MONTHS, parts["name"])
    day = int(parts["day"])
    return f"date:{day}.{month}" if 1 <= day <= 31 and 1 <= month <= 12 else None


def _term(match: re.Match[str]) -> str:
    """Return the key of a length of time."""
    return f"term:{hours_of(match.groupdict().get('number'), match['unit']):g}"


def _weekday(match: re.Match[str]) -> str:
    """Return the key of a day of the week."""
    return f"weekday:{number_of(WEEKDAYS, match['name'])}"


def _month(match: re.Match[str]) -> str:
    """Return the key of a whole month."""
    return f"month:{number_of(MONTHS, match['name'])}"


def _year(match: re.Match[str]) -> str:
    """Return the key of a year."""
    return f"year:{match['year']}"


def _words(match: re.Match[str]) -> str:
    """Return the words themselves as key, where they have no other value."""
    return "words:" + " ".join(match[0].split())


def _tomorrow(match: re.Match[str]) -> str:
    """Return one key for tomorrow and one for the day after, in every language."""
    return "tomorrow" if match[0].startswith(_ONE_DAY_ON) else "day after tomorrow"


_ONE_DAY_ON: Final = ("завтра", "ертең", "tomorrow")


_DAY = r"(?<![\d.,:/])(?P<day>\d{1,2})"
_NEAR = r"(?:(?:ближайш\w+|рабоч\w+|календарн\w+)\s+)*"
_RU_UNIT = (
    r"(?P<unit>минут[аыу]?|час(?:а|ов|у)?|дн(?:я|ей)|день|сут(?:ки|ок)|недел[ьюяи]"
    r"|месяц(?:а|ев)?|год(?:а|у)?|лет)\b"
)
_KK_UNIT = r"(?:жұмыс\s+)?(?P<unit>минут|сағат|күн|тәулік|апта|ай|жыл)"
_EN_UNIT = r"(?:working\s+|business\s+|calendar\s+)?(?P<unit>minute|hour|day|week|month|year)s?\b"
_RU_STRETCH = r"(?:дня|недели|месяца|года|квартала|сезона|смены)"
_RU_FUTURE = r"(?:будет|будут|[а-яё]{3,}(?:им|ем|ём|дут|жут|вят|чат))\b"
_KK_FUTURE = r"[аеыіой](?:мыз|міз|мын|мін|ды|ді)\b"
_CLOCK = r"\d{1,2}(?::\d\d|\.(?:00|1[3-9]|[2-5]\d))"
_EN_SEASON = r"(?:spring|summer|autumn|winter)"

_DATES: Final[tuple[tuple[str, _KeyOf], ...]] = (
    (rf"{_DAY}(?:-?го|-?е)?\s+{name_of(MONTHS, 0)}\w*", _date),
    (rf"{_DAY}(?:-?\s?(?:ші|шы|інші|ыншы))?\s+{name_of(MONTHS, 1)}\w*", _date),
    (rf"{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{name_of(MONTHS, 2)}\b", _date),
    (rf"\b{name_of(MONTHS, 2)}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d)", _date),
    (
        (
            rf"{_DAY}[./](?P<month>\d\d)(?:[./](?:20)?\d\d)?"
            r"(?![\d%])(?!\s?(?:км|м|млн|млрд|тг|kk)\b)"
        ),
        _date,
    ),
    (r"\b20\d\d-(?P<month>\d\d)-(?P<day>\d\d)\b", _date),
    (rf"\b(?:в|к|до)\s+(?:конц[ауе]\s+)?{name_of(MONTHS, 0)}\w*", _month),
    (
        (
            rf"(?<!\d )(?<![шн][іы] )\b(?!маусым){name_of(MONTHS, 1)}"
            r"(?:да|де|та|ға|ге|қа|ке|\s+айы\w*)\b"
        ),
        _month,
    ),
    (r"\b(?P<name>маусым)\s+айы\w*", _month),
    (rf"\b(?:in|by|before|until|till)\s+(?:late\s+|early\s+)?{name_of(MONTHS, 2)}\b", _month),
    (rf"\b(?:до|к|ко|в|во)\s+{name_of(WEEKDAYS, 0)}\w*", _weekday),
    (rf"\b{name_of(WEEKDAYS, 1)}(?:ге|ға|де|да|\s+күні)\w*", _weekday),
    (rf"\b(?:by|on|until|till|before|next|this)\s+{name_of(WEEKDAYS, 2)}\b", _weekday),
    (r"\b(?:до|к)\s+(?P<year>20\d\d)(?:\s?-?(?:му|го))?\s*(?:г\.|год\w*)", _year),
    (rf"\bв\s+(?P<year>20\d\d)(?:-м)?\s+году\b(?=[^.!?\n]{{0,60}}\b{_RU_FUTURE})", _year),
    (r"\b(?P<year>20\d\d)\s?-?\s?жыл(?:ға|дың\s+(?:соң|аяғ)\w+)", _year),
    (rf"\b(?P<year>20\d\d)\s?-?\s?жылы(?=[^.!?\n]{{0,80}}{_KK_FUTURE})", _year),
    (r"\b(?:by|before|until)\s+(?P<year>20\d\d)\b", _year),
    (r"\b(?:will|'ll|’ll)\b[^.!?\n]{0,60}\bin\s+(?P<year>20\d\d)\b", _year),
    (r"\b(?:после)?завтра\b|\bертең(?!гілік)\w*|\bбүрсігүні\b", _tomorrow),
    (r"\b(?:the\s+day\s+after\s+)?tomorrow\b", _tomorrow),
)
_TERMS: Final[tuple[tuple[str, _KeyOf], ...]] = (
    (rf"\b(?:через|спустя)\s+{_NEAR}(?:{NUMBER}\s+)?{_NEAR}{_RU_UNIT}", _term),
    (rf"\bза\s+{_NEAR}{NUMBER}\s+{_NEAR}{_RU_UNIT}", _term),
    (rf"\bв\s+течени[ие]\s+{_NEAR}(?:{NUMBER}\s+)?{_NEAR}{_RU_UNIT}", _term),
    (rf"\bне\s+позднее(?:\s+чем)?(?:\s+через)?\s+{NUMBER}\s+{_NEAR}{_RU_UNIT}", _term),
    (rf"\b(?:{NUMBER}\s+)?{_KK_UNIT}(?:ның|нің|дың|дің)?\s+ішінде", _term),
    (rf"\b{NUMBER}\s+{_KK_UNIT}(?:нан|нен|дан|ден|тан|тен)\s+(?:кейін|соң|қалдырмай)", _term),
    (rf"\b{NUMBER}\s+{_KK_UNIT}(?:де|да|те|та)\b(?!\s+бір)", _term),
    (rf"\b{NUMBER}\s+{_KK_UNIT}(?:ге|ға|ке|қа)\s+(?:дейін|жеткізбей)", _term),
    (rf"\b(?:within|in)\s+(?:the\s+next\s+|about\s+)?(?:{NUMBER}\s+)?(?:of\s+)?{_EN_UNIT}", _term),
    (rf"\bthe\s+next\s+{NUMBER}\s+(?:of\s+)?{_EN_UNIT}", _term),
)
_PHRASES: Final[tuple[tuple[str, _KeyOf], ...]] = (
    (rf"\bсегодня\b[^.!?\n]{{0,60}}\b{_RU_FUTURE}", _words),
    (rf"\b{_RU_FUTURE}[^.!?\n]{{0,60}}\bсегодня\b", _words),
    (rf"\bбүгін\b[^.!?\n]{{0,80}}?{_KK_FUTURE}", _words),
    (r"\b(?:will|'ll|’ll)\b[^.!?\n]{0,60}\b(?:today|tonight)\b", _words),
    (r"\b(?:today|tonight)\b[^.!?\n]{0,40}\b(?:will|'ll|’ll)\b", _words),
    (rf"\b(?:до|к)\s+конц[ау]\s+(?:(?:этой|этого|следующ\w+)\s+)?{_RU_STRETCH}", _words),
    (r"\b(?:до|к)\s+(?:вечер[ау]|утр[ау]|обед[ау]|полудн\w+|ноч[иь])\b", _words),
    (r"\bна\s+(?:этой|следующей|будущей)\s+неделе\b", _words),
    (r"\bв\s+(?:этом|следующем|будущем)\s+(?:месяце|году|квартале)\b", _words),
    (r"\b(?:до|к)\s+(?:лет[ау]|весн[еы]|осен[ия]|зим[еы]|нов\w+\s+год\w*)\b", _words),
    (r"\b(?:этой|следующей)\s+(?:весной|осенью|зимой)\b|\b(?:этим|следующим)\s+летом\b", _words),
    (r"\b(?:күннің|аптаның|айдың|жылдың)\s+(?:соң|аяғ)\w+", _words),
    (r"\b(?:кешке|таңға|түске)\s+(?:дейін|қарай)", _words),
    (r"\b(?:осы|келесі|алдағы)\s+(?:аптада|айда|жылы|аптаның|айдың|жылдың)", _words),
    (r"\b(?:жазға|күзге|қысқа|көктемге)\s+(?:дейін|қарай)", _words),
    (r"\b(?:осы|келесі|биылғы)\s+(?:жазда|күзде|қыста|көктемде)\b", _words),
    (r"\bby\s+(?:the\s+)?end\s+of\s+(?:the\s+|this\s+|next\s+)?(?:day|week|month|year)\b", _words),
    (rf"\b(?:this|next)\s+(?:week|month|year|fall|{_EN_SEASON})\b", _words),
    (rf"\b(?:by|before|until|till)\s+(?:this\s+)?(?:evening|morning|noon|{_EN_SEASON})\b", _words),
    (rf"(?<!\d )\b(?:до|к)\s+{_CLOCK}\b", _words),
    (rf"(?<![дтн][ае]н )\b{_CLOCK}\s?-?(?:ге|ға|ке|қа|де|да)\b", _words),
    (r"\bby\s+\d{1,2}(?::\d\d)?\s?(?:am|pm|a\.m\.|p\.m\.|o'clock)", _words),
)
_BARE: Final[tuple[tuple[str, _KeyOf], ...]] = (
    (rf"\b{NUMBER}\s+{_NEAR}(?:жұмыс\s+|working\s+|business\s+)?{UNIT}", _term),
    (r"\b(?P<unit>час|сутки|неделя|неделю|месяц|тәулік|апта|hour|day|week|month)\b", _term),
    (rf"\b{name_of(WEEKDAYS, 0)}", _weekday),
    (rf"\b{name_of(WEEKDAYS, 1)}", _weekday),
    (rf"\b{name_of(WEEKDAYS, 2)}", _weekday),
    (rf"\b{name_of(MONTHS, 0)}", _month),
    (rf"\b{name_of(MONTHS, 1)}", _month),
    (rf"\b{name_of(MONTHS, 2)}", _month),
    (r"\b(?P<year>20\d\d)\b", _year),
)
_PATTERNS: Final = tuple(
    (re.compile(pattern), key_of) for pattern, key_of in (*_DATES, *_TERMS, *_PHRASES)
)
_BARE_PATTERNS: Final = tuple((re.compile(pattern), key_of) for pattern, key_of in _BARE)
