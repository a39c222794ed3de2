"""What may be sent, and what is refused and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.labels import PLATFORMS, REPLY_LANGUAGES
from service.replies import OVERRULABLE, Catalogue, Template, check_outgoing

CODES = {
    "blank", "unfilled-slot", "too-long", "wrong-language", "personal-data", "promised-date",
    "insult",
}  # fmt: skip


def codes(text: str, language: str = "ru", platform: str | None = None) -> list[str]:
    faults = check_outgoing(text, template=None, language=language, platform=platform)
    assert all(fault.detail for fault in faults)
    return [fault.code for fault in faults]


@pytest.mark.parametrize(
    ("text", "language", "platform", "expected"),
    [
        ("", "ru", None, ["blank"]),
        (" \n\t", "kk", None, ["blank"]),
        ("Спасибо, {link}", "ru", None, ["unfilled-slot"]),
        ("[[Спасибо", "ru", None, ["unfilled-slot"]),
        ("Спасибо, что написали нам. " * 6, "ru", "tiktok", ["too-long"]),
        ("Спасибо, что написали нам. " * 6, "ru", "instagram", []),
        ("👍" * 80, "ru", "tiktok", ["too-long"]),
        ("Хабарыңызды алдық, рақмет", "ru", None, ["wrong-language"]),
        ("Спасибо, мы вам ответим", "kk", None, ["wrong-language"]),
        ("Спасибо, мы вам ответим", "en", None, ["wrong-language"]),
        ("Звоните мастеру: +7 701 234 56 78", "ru", None, ["personal-data"]),
        ("Пишите на ivanov@mail.kz, пожалуйста", "ru", None, ["personal-data"]),
        ("Звоните 109, 101, 102, 103, 104 или 112", "ru", None, []),
        ("Мы починим это завтра", "ru", None, ["promised-date"]),
        ("Сделаем до 15 декабря, спасибо", "ru", None, ["promised-date"]),
        ("Оны ертеңге дейін жөндейміз", "kk", None, ["promised-date"]),
        ("We will fix it within two days", "en", None, ["promised-date"]),
        ("Вы просто идиот", "ru", None, ["insult"]),
        ("Сен ақымақсың", "kk", None, ["insult"]),
        ("Сен акымаксын гой", "kk", None, ["insult"]),
        ("You are an idiot", "en", None, ["insult"]),
        ("Айгүл, рақмет! Хабарыңызды мамандарға жеткіздік.", "kk", "tiktok", []),
        ("Айгүл, спасибо! Передали специалистам.", "ru", "tiktok", []),
        ("Thank you, we have passed it to the specialists.", "en", "other", []),
        ("109", "kk", None, []),
    ],
)
def test_what_is_refused(
    text: str, language: str, platform: str | None, expected: list[str]
) -> None:
    assert codes(text, language, platform) == expected


def test_every_fault_at_once() -> None:
    text = "Идиот, {link}, завтра звоните +7 701 234 56 78, " + "мы всё вам починим. " * 10
    assert set(codes(text, "en", "tiktok")) == CODES - {"blank"}
    assert OVERRULABLE - {"example-claim"} < CODES  # that one only the registry knows


@pytest.fixture
def dated(make_template: Callable[..., Template]) -> Template:
    return make_template(
        text={
            "kk": "Жұмыс {date} күніне жоспарланған. Сұрақ болса: +7 7172 55 64 09, {phone}.",
            "ru": "Работы запланированы на {date}. Вопросы: +7 7172 55 64 09, {phone}.",
            "en": "The work is planned for {date}. Questions: +7 7172 55 64 09, {phone}.",
        },
        slots={"date": "date", "phone": "phone"},
    )


@pytest.mark.parametrize(
    ("text", "slots", "expected"),
    [
        ("Работы запланированы на 15 декабря.", {"date": "15 декабря"}, []),
        ("Закончим до 15.12.2026.", {"date": "15 декабря"}, []),
        ("Закончим до 16 декабря.", {"date": "15 декабря"}, ["promised-date"]),
        ("Закончим в течение двух дней.", {"date": "2 дня"}, []),
        ("Закончим за три дня.", {"date": "2 дня"}, ["promised-date"]),
        ("Закончим завтра.", {"no_such_slot": "завтра"}, ["promised-date"]),
        ("Вопросы: 8 (7172) 55-64-09.", {}, []),
        ("Вопросы: +7 7172 55 64 10.", {}, ["personal-data"]),
        ("Вопросы: +7 7172 55 64 10.", {"phone": "8 7172 55-64-10"}, []),
        ("Вопросы: +7 7172 55 64 10.", {"date": "8 7172 55-64-10"}, ["personal-data"]),
    ],
)
def test_what_template_and_slots_have_set_may_be_said(
    dated: Template, text: str, slots: dict[str, str], expected: list[str]
) -> None:
    faults = check_outgoing(text, template=dated, language="ru", platform=None, slots=slots)
    assert [fault.code for fault in faults] == expected


def test_the_terms_of_the_taxonomy_may_be_said_where_the_template_has_them(
    catalogue: Catalogue,
) -> None:
    template = catalogue.templates["question-passed-on"]
    text = "Передали ваш вопрос. Обычно стараемся отвечать в течение суток."
    other = "Передали ваш вопрос. Обычно стараемся отвечать в течение 5 суток."

    def faults(text: str, template: Template | None) -> list[str]:
        found = check_outgoing(text, template=template, language="ru", platform=None)
        return [fault.code for fault in found]

    assert faults(text, template) == []
    assert faults(other, template) == ["promised-date"]
    assert faults(text, None) == ["promised-date"]


def test_a_fault_never_repeats_the_personal_data() -> None:
    found = check_outgoing("Звоните: +7 701 234 56 78", template=None, language="ru", platform=None)
    assert "701" not in found[0].detail


@given(st.text(), st.sampled_from(REPLY_LANGUAGES), st.sampled_from((*PLATFORMS, None)))
def test_any_text_is_judged(text: str, language: str, platform: str | None) -> None:
    assert set(codes(text, language, platform)) <= CODES
