"""Personal data: what is found, where, and what must be left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.personal_data import find_personal_data, mask_personal_data
from models.personal_data.iin import is_iin

FOUND = [
    ("ИИН 900101300017 менің", "iin", "900101300017"),
    ("ЖСН: 900101 300017", "iin", "900101 300017"),
    ("ИИН 900101300123, тел жоқ", "iin", "900101300123"),
    ("ИИН: 900101300123", "iin", "900101300123"),
    ("иин мой 900101300123", "iin", "900101300123"),
    ("мой ИИН — 900101 300123.", "iin", "900101 300123"),
    ("ЖСН 991332300014", "iin", "991332300014"),
    ("ЖСН-ім 900101300123 еді", "iin", "900101300123"),
    ("жсн №900101300123", "iin", "900101300123"),
    ("my IIN is 900101300123", "iin", "900101300123"),
    ("ИИН ребенка 900101300123", "iin", "900101300123"),
    ("ИИН моей мамы 900101300123", "iin", "900101300123"),
    ("ИИН\n900101300123", "iin", "900101300123"),
    ("900101300123 менің ЖСН-ім", "iin", "900101300123"),
    ("900101300123 (ИИН)", "iin", "900101300123"),
    ("позвоните +7 701 123 45 67 пожалуйста", "phone", "+7 701 123 45 67"),
    ("8(7172)55-44-33", "phone", "8(7172)55-44-33"),
    ("87011234567", "phone", "87011234567"),
    ("тел 8-701-123-45-67.", "phone", "8-701-123-45-67"),
    ("жаз 707 123 45 67 нөміріне", "phone", "707 123 45 67"),
    ("карта 4111 1111 1111 1111 аудар", "card", "4111 1111 1111 1111"),
    ("4111111111111111", "card", "4111111111111111"),
    ("счёт KZ86125KZT5004100100 перевод", "iban", "KZ86125KZT5004100100"),
    ("kz86 125k zt50 0410 0100", "iban", "kz86 125k zt50 0410 0100"),
    ("пишите на aigul.s@mail.ru!", "email", "aigul.s@mail.ru"),
    ("номер 123 ABC 01 сбил собаку", "plate", "123 ABC 01"),
    ("777АСВ02 тұр гүлзарда", "plate", "777АСВ02"),
]

CLEAN = [
    "109 нөміріне хабарласыңыз",
    "автобус 46 и 120 не ходят с 7 30 до 8 15",
    "бесплатно 8 800 080 7777",
    "обращение 123456789012",
    "900101300018",
    "БИН 900101300018",
    "ИИН не нужен, номер обращения 123456789012",
    "дайте ИИН, заявка 123456789012",
    "минин 900101300018",
    "ИИН 9001013001234",
    "ИИН 90010130012",
    "ИИН по заявке 900101300123",
    "карта 4111 1111 1111 1112",
    "KZ87125KZT5004100100",
    "пишите на info@astana.kz или press@astana.gov.kz",
    "@user посмотри на gov.kz",
    "снег 100 см 15 дней",
    "приказ 125 от 01.02.2024",
    "2024 2025 2026",
    "долг 250 000 тенге за 12 месяцев",
    "",
]


@pytest.mark.parametrize(("text", "kind", "piece"), FOUND)
def test_found_with_its_place(text: str, kind: str, piece: str) -> None:
    found = find_personal_data(text)
    assert [(item.kind, text[item.start : item.end]) for item in found] == [(kind, piece)]
    assert mask_personal_data(text) == text.replace(piece, f"[{kind}]")


@pytest.mark.parametrize("text", CLEAN)
def test_left_alone(text: str) -> None:
    assert find_personal_data(text) == []


def test_several_in_one_text() -> None:
    text = "😀 900101300017, +77011234567 и a@b.kz"
    assert [item.kind for item in find_personal_data(text)] == ["iin", "phone", "email"]
    assert mask_personal_data(text) == "😀 [iin], [phone] и [email]"


@pytest.mark.parametrize("digits", ["", "12345678901", "991332300014", "90010130001x"[:11]])
def test_not_an_iin(digits: str) -> None:
    assert not is_iin(digits)


@given(st.text(alphabet=st.sampled_from("0123456789+-()@. KZkzАВab"), max_size=200))
def test_findings_lie_in_order_inside_the_text(text: str) -> None:
    end = 0
    for item in find_personal_data(text):
        assert end <= item.start < item.end <= len(text)
        end = item.end
    assert find_personal_data(mask_personal_data(text)) == [] or "[" in mask_personal_data(text)
