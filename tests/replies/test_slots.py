"""Values by type, forms of address, terms in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies.slots import SlotType, check_value, form_of_address, term_words


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "Жөндеу жүріп жатыр,\nтүнге қарай қосылады"),
        ("text", "{braces} and [[brackets]]"),
        ("url", "https://astana.gov.kz/kk/news?id=1"),
        ("phone", "109"),
        ("phone", "+7 (7172) 55-64-09"),
        ("date", "15 желтоқсан"),
        ("duration", "екі күн"),
        ("address", "Қабанбай батыр даңғылы, 12"),
    ],
)
def test_good_values(kind: SlotType, value: str) -> None:
    assert check_value("slot", kind, value) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "astana.gov.kz"),
        ("url", "https://a.kz and more"),
        ("url", "https://localhost"),
        ("url", "https://[::1"),
        ("phone", "call us"),
        ("phone", "12"),
        ("date", "—"),
        ("date", "15\nжелтоқсан"),
        ("address", "а" * 300),
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("text", "\u202eспасибо"),
        ("text", "а" * 2000),
    ],
)
def test_bad_values_are_named(kind: SlotType, value: str) -> None:
    fault = check_value("where", kind, value)
    assert fault is not None
    assert fault.code == "bad-slot-value"
    assert "'where'" in fault.detail


@given(st.sampled_from(["text", "url", "phone", "date", "duration", "address"]), st.text())
def test_any_value_is_judged(kind: SlotType, value: str) -> None:
    fault = check_value("slot", kind, value)
    assert fault is None or fault.code == "bad-slot-value"


@pytest.mark.parametrize(
    ("author", "called"),
    [
        ("Айгүл", "Айгүл"),
        ("  Айгүл   Серікқызы ", "Айгүл Серікқызы"),
        ("Иванова А. Б.", "Иванова А. Б"),
        ("@aigul_77", "@aigul_77"),
        ("user.name-1", "user.name-1"),
        (None, None),
        ("", None),
        ("❤️❤️", None),
        ("87011234567", None),
        ("Ремонт 87011234567", None),
        ("https://ad.kz", None),
        ("Самые низкие цены!!! Звоните", None),
        ("a" * 60, None),
        ("{author}", None),
    ],
)
def test_form_of_address(author: str | None, called: str | None) -> None:
    assert form_of_address(author) == called


@pytest.mark.parametrize(
    ("minutes", "kk", "ru", "en"),
    [
        (30, "30 минут ішінде", "в течение 30 минут", "within 30 minutes"),
        (21, "21 минут ішінде", "в течение 21 минуты", "within 21 minutes"),
        (60, "1 сағат ішінде", "в течение 1 часа", "within 1 hour"),
        (240, "4 сағат ішінде", "в течение 4 часов", "within 4 hours"),
        (660, "11 сағат ішінде", "в течение 11 часов", "within 11 hours"),
        (1440, "1 тәулік ішінде", "в течение суток", "within 1 day"),
        (4320, "3 тәулік ішінде", "в течение 3 суток", "within 3 days"),
    ],
)
def test_term_words(minutes: int, kk: str, ru: str, en: str) -> None:
    assert [term_words(minutes, language) for language in ("kk", "ru", "en")] == [kk, ru, en]
