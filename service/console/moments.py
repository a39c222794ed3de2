"""Moments as a person reads them: how long ago, how long until, and the local date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.console.messages import Messages
from service.settings import LOCAL_ZONE

_SOON: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Moment:
    """One moment, in words."""

    relative: str
    absolute: str
    iso: str
    """With its zone, for the `datetime` attribute."""
    overdue: bool = False
    soon: bool = False
    """Less than half an hour is left."""


def deadline(messages: Messages, moment: datetime, now: datetime) -> Moment:
    """Return how long is left until `moment`, or for how long it has been over."""
    overdue = moment < now
    words = _span(messages, "overdue" if overdue else "left", abs(moment - now))
    return Moment(
        words,
        absolute(messages, moment),
        _iso(moment),
        overdue,
        timedelta() <= moment - now < _SOON,
    )


def past(messages: Messages, moment: datetime, now: datetime) -> Moment:
    """Return how long ago `moment` was; one in the future (a wrong clock) is "just now"."""
    words = _span(messages, "ago", max(now - moment, timedelta()))
    return Moment(words, absolute(messages, moment), _iso(moment))


def absolute(messages: Messages, moment: datetime) -> str:
    """Return the local date and time, as the language writes them."""
    local = moment.astimezone(LOCAL_ZONE)
    return messages.text(
        "time.absolute",
        day=local.day,
        month=messages.text("month", str(local.month)),
        year=local.year,
        clock=f"{local:%H:%M}",
    )


def _span(messages: Messages, kind: str, span: timedelta) -> str:
    """Return `span` in the largest unit of which there are at least two."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return messages.text(f"time.moment_{kind}")
    if minutes < 120:
        return messages.count(f"time.minutes_{kind}", minutes)
    if minutes < 48 * 60:
        return messages.count(f"time.hours_{kind}", minutes // 60)
    return messages.count(f"time.days_{kind}", minutes // (24 * 60))


def _iso(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")
