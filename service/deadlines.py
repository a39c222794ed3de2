"""By when a comment has to be answered.

What is critical or high counts every minute. What is normal or low counts the
minutes of working days only: a day off, by Kazakhstan's calendar of public
holidays, adds nothing. A working day counts whole, midnight to midnight, in the
zone of Asia/Almaty.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from holidays import HolidayBase, country_holidays

from service.settings import LOCAL_ZONE

ROUND_THE_CLOCK: Final = frozenset({"critical", "high"})
"""Urgencies that do not wait for a working day."""
SOON: Final = 4 * 60
"""Nor does a comment with so few minutes: an unsure urgency gets those of its worst likely case."""


def due_at(received_at: datetime, urgency: str, minutes: int) -> datetime:
    """Return the moment `minutes` after `received_at` (with a zone), as `urgency` counts them."""
    if urgency in ROUND_THE_CLOCK or minutes <= SOON:
        return received_at + timedelta(minutes=minutes)
    left = timedelta(minutes=minutes)
    moment = received_at.astimezone(LOCAL_ZONE)
    while True:
        tomorrow = _midnight(moment.date() + timedelta(days=1))
        if is_working_day(moment.date()):
            if moment + left <= tomorrow:
                return (moment + left).astimezone(received_at.tzinfo)
            left -= tomorrow - moment
        moment = tomorrow


def is_working_day(day: date) -> bool:
    """Say whether people work on `day` in Kazakhstan."""
    return _calendar(day.year).is_working_day(day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


@lru_cache(maxsize=16)
def _calendar(year: int) -> HolidayBase:
    """Return the holidays of one year, complete, so that threads can share it."""
    return country_holidays("KZ", years=year, expand=False)
