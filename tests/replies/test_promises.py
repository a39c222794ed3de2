"""Dates and terms in three languages, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies.promises import find_promises, find_times


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Завтра всё починим", "tomorrow"),
        ("Ертеңге дейін жөндейміз", "tomorrow"),
        ("We will fix it tomorrow", "tomorrow"),
        ("Послезавтра вывезем", "day after tomorrow"),
        ("Сделаем до 15 декабря", "date:15.12"),
        ("15 желтоқсанға дейін бітіреміз", "date:15.12"),
        ("It will be done by December 15", "date:15.12"),
        ("on the 15th of December", "date:15.12"),
        ("Срок: 15.12.2026", "date:15.12"),
        ("до 2026-12-15", "date:15.12"),
        ("в течение двух дней", "term:48"),
        ("через 2 рабочих дня", "term:48"),
        ("екі күн ішінде", "term:48"),
        ("екі күннен кейін", "term:48"),
        ("within two days", "term:48"),
        ("over the next two days", "term:48"),
        ("в течение часа", "term:1"),
        ("бір аптада", "term:168"),
        ("in a week", "term:168"),
        ("через месяц", "term:720"),
        ("не позднее чем через 3 дня", "term:72"),
        ("к пятнице", "weekday:5"),
        ("жұмаға дейін", "weekday:5"),
        ("by Friday", "weekday:5"),
        ("в декабре", "month:12"),
        ("желтоқсанда", "month:12"),
        ("до 2027 года", "year:2027"),
        ("в 2027 году дорогу построим", "year:2027"),
        ("2027 жылға дейін", "year:2027"),
        ("by 2027", "year:2027"),
        ("Сегодня исправим", "words:сегодня исправим"),
        ("Бүгін жөндейміз", "words:бүгін жөндейміз"),
        ("We will come today", "words:will come today"),
        ("до конца недели", "words:до конца недели"),
        ("кешке дейін", "words:кешке дейін"),
        ("by the end of the month", "words:by the end of the month"),
        ("келесі аптада", "words:келесі аптада"),
        ("до 18:00", "words:до 18:00"),
    ],
)
def test_promises_are_found(text: str, key: str) -> None:
    assert key in {promise.key for promise in find_promises(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Третий день без тепла — это тяжело",
        "Кеше жарық болмады",
        "Сегодня утром была авария",
        "жылу маусымында",
        "в средней школе",
        "в 2024 году дорогу построили",
        "работает с 9:00 до 18:00",
        "9:00-ден 18:00-ге дейін",
        "12.5 млн тенге",
        "Дом 12, квартира не нужна",
        "үш күнде бір рет",
        "You may write to us",
        "автобус №15, остановка 31 школа",
        "Вызов 101, 102, 103, 104 или 112",
        "Жауабын осында жазамыз",
    ],
)
def test_what_is_no_promise(text: str) -> None:
    assert [promise.words for promise in find_promises(text)] == []


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("2 дня", "term:48"),
        ("екі күн", "term:48"),
        ("48 hours", "term:48"),
        ("сутки", "term:24"),
        ("15 декабря", "date:15.12"),
        ("пятница", "weekday:5"),
        ("декабрь", "month:12"),
        ("2027", "year:2027"),
    ],
)
def test_bare_times_in_slot_values(value: str, key: str) -> None:
    assert key in {promise.key for promise in find_times(value)}


WORDS = (
    "в к до за через течение конца двух 3 15 дня дней декабря мая екі күн ішінде within days in a"
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join) | st.text())
def test_any_text_can_be_searched(text: str) -> None:
    for promise in find_times(text):
        assert promise.key
        assert promise.words
