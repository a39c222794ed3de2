"""Moments in words, in all three languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.console.messages import load_messages
from service.console.moments import deadline, past

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "kk", "ru", "en"),
    [
        (
            0.5,
            "бір минутқа жетпейтін уақыт қалды",
            "осталось меньше минуты",
            "less than a minute left",
        ),
        (1, "1 минут қалды", "осталась 1 минута", "1 minute left"),
        (22, "22 минут қалды", "осталось 22 минуты", "22 minutes left"),
        (119, "119 минут қалды", "осталось 119 минут", "119 minutes left"),
        (120, "2 сағат қалды", "осталось 2 часа", "2 hours left"),
        (21 * 60, "21 сағат қалды", "остался 21 час", "21 hours left"),
        (3 * 1440, "3 күн қалды", "осталось 3 дня", "3 days left"),
        (-0.5, "мерзімі жаңа ғана өтті", "срок только что истёк", "overdue just now"),
        (-1, "1 минутқа кешікті", "просрочено на 1 минуту", "1 minute overdue"),
        (-5 * 60, "5 сағатқа кешікті", "просрочено на 5 часов", "5 hours overdue"),
        (-2 * 1440, "2 күнге кешікті", "просрочено на 2 дня", "2 days overdue"),
    ],
)
def test_deadline(minutes: float, kk: str, ru: str, en: str) -> None:
    moment = NOW + timedelta(minutes=minutes)
    for language, words in (("kk", kk), ("ru", ru), ("en", en)):
        found = deadline(load_messages(language), moment, NOW)
        assert found.relative == words
        assert found.overdue is (minutes < 0)
        assert found.soon is (0 <= minutes < 30)


@pytest.mark.parametrize(
    ("minutes", "kk", "ru", "en"),
    [
        (0, "жаңа ғана", "только что", "just now"),
        (1, "1 минут бұрын", "1 минуту назад", "1 minute ago"),
        (180, "3 сағат бұрын", "3 часа назад", "3 hours ago"),
        (30 * 1440, "30 күн бұрын", "30 дней назад", "30 days ago"),
        (-10, "жаңа ғана", "только что", "just now"),
    ],
)
def test_past(minutes: float, kk: str, ru: str, en: str) -> None:
    moment = NOW - timedelta(minutes=minutes)
    for language, words in (("kk", kk), ("ru", ru), ("en", en)):
        assert past(load_messages(language), moment, NOW).relative == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "24.11.2026, 01:30"), ("ru", "24.11.2026, 01:30"), ("en", "24 Nov 2026, 01:30")],
)
def test_absolute_time_is_that_of_astana(language: str, words: str) -> None:
    found = past(load_messages(language), NOW, NOW)
    assert found.absolute == words
    assert found.iso == "2026-11-24T01:30:00+05:00"
