"""The words of time in Kazakh, Russian and English, as pieces of patterns and as values."""

from __future__ import annotations

import re
from typing import Final

Row = tuple[str, str, str]
"""One name in Russian, Kazakh and English, as a pattern in lower case without ending."""

MONTHS: Final[tuple[Row, ...]] = (
    ("январ", "қаңтар", "january"),
    ("феврал", "ақпан", "february"),
    ("март", "наурыз", "march"),
    ("апрел", "сәуір", "april"),
    (r"ма[йяею]\b", "мамыр", "may"),
    ("июн", "маусым", "june"),
    ("июл", "шілде", "july"),
    ("август", "тамыз", "august"),
    ("сентябр", "қыркүйек", "september"),
    ("октябр", "қазан", "october"),
    ("ноябр", "қараша", "november"),
    ("декабр", "желтоқсан", "december"),
)
WEEKDAYS: Final[tuple[Row, ...]] = (
    ("понедельник", "дүйсенбі", "monday"),
    ("вторник", "сейсенбі", "tuesday"),
    (r"сред[уые]\b", "сәрсенбі", "wednesday"),
    ("четверг", "бейсенбі", "thursday"),
    ("пятниц", "жұма", "friday"),
    ("суббот", "сенбі", "saturday"),
    ("воскресень", "жексенбі", "sunday"),
)
_NUMBERS: Final = {
    1: "один одну одного одной бір a an one",
    2: "два две двух пару пары екі two couple",
    3: "три трех трёх үш three few несколько нескольких бірнеше several",
    4: "четыре четырех четырёх төрт four",
    5: "пять пяти бес five",
    6: "шесть шести алты six",
    7: "семь семи жеті seven",
    8: "восемь восьми сегіз eight",
    9: "девять девяти тоғыз nine",
    10: "десять десяти он ten",
    14: "fourteen",
    15: "пятнадцать пятнадцати fifteen",
    20: "двадцать двадцати жиырма twenty",
    24: "twenty-four",
    30: "тридцать тридцати отыз thirty",
}
VALUE_OF: Final = {word: value for value, words in _NUMBERS.items() for word in words.split()}
HOURS: Final = (
    (r"минут\w*|minutes?", 1 / 60),
    (r"час(?:а|ов|у)?\b|сағат\w*|hours?", 1),
    (r"дн(?:я|ей|ём|ем)\b|день\b|сут(?:ки|ок)\b|күн\w*|тәулі\w+|days?", 24),
    (r"недел\w+|апта\w*|weeks?", 168),
    (r"месяц\w*|ай(?:да|ға|дан|дың)?\b|months?", 720),
    (r"год(?:а|у)?\b|лет\b|жыл\w*|years?", 8_760),
)

NUMBER: Final = (
    rf"(?P<number>\d{{1,3}}(?:\s?[-–]\s?\d{{1,3}})?|{'|'.join(map(re.escape, VALUE_OF))})"
)
UNIT: Final = rf"(?P<unit>{'|'.join(unit for unit, _ in HOURS)})"


def name_of(table: tuple[Row, ...], column: int) -> str:
    """Return a group `name` of one column of a table: 0 Russian, 1 Kazakh, 2 English."""
    return "(?P<name>" + "|".join(row[column] for row in table) + ")"


def number_of(table: tuple[Row, ...], name: str) -> int:
    """Return the number, from 1, of the row that `name` is in."""
    for number, row in enumerate(table, start=1):
        if any(re.match(form, name) for form in row):
            return number
    raise KeyError(name)


def hours_of(number: str | None, unit: str) -> float:
    """Return a length of time in hours; of a range, the longer end; no number is one."""
    last = re.split(r"\s?[-–]\s?", number or "1")[-1]
    count = int(last) if last.isdecimal() else VALUE_OF[last]
    for form, hours in HOURS:
        if re.fullmatch(form, unit):
            return count * hours
    raise KeyError(unit)
