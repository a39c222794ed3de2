"""Dangers: what raises urgency, and the traps that must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dangers import find_danger

DANGERS = [
    ("в подъезде сильно пахнет газом", "gas-smell"),
    ("Подъезде газ иісі шығып тұр", "gas-smell"),
    ("газдын иси бар подъезде коркып отырмыз", "gas-smell"),
    ("gaz iisi shyqty uide", "gas-smell"),
    ("I can smell gas on the 3rd floor", "gas-smell"),
    ("здравствуйте, не подскажете, куда звонить, у нас утечка газа", "gas-smell"),
    ("оголённые провода висят прямо у площадки", "live-wire"),
    ("жалаңаш сым жерде жатыр", "live-wire"),
    ("после ветра провод оборвало, лежит на тротуаре и искрит", "live-wire"),
    ("люк открыт на Женис 40, ребёнок чуть не упал", "open-manhole"),
    ("Құдықтың қақпағы жоқ, бала түсіп кетеді ғой", "open-manhole"),
    ("open manhole near the bus stop!!", "open-manhole"),
    ("мы застряли в лифте, диспетчер трубку не берет", "trapped"),
    ("лифтте қалып қойдық екі бала бар", "trapped"),
    ("балкон горит на 5 этаже", "fire"),
    ("көрші пәтер өртеніп жатыр", "fire"),
    ("дым валит из щитовой в подъезде", "smoke"),
    ("жить не хочу больше, долги", "no-will-to-live"),
    ("өлгім келеді шаршадым", "self-harm"),
    ("во дворе избивают парня, срочно полицию", "violence"),
    ("асфальт провалился на Сейфуллина", "collapse"),
    ("жылу жоқ, балалар тоңып отыр", "children-freezing"),
    ("батареи холодные, дети мёрзнут", "children-freezing"),
    ("бродячие собаки напали на ученика", "dog-attack"),
    ("иттер баланы талап кетті", "dog-attack"),
]

TRAPS = [
    "газом не пахнет, проверяли",
    "газ иісі жоқ бізде",
    "на прошлой неделе пахло газом, газовики приехали",
    "запах газа устранили, спасибо",
    "что делать, если пахнет газом?",
    "люк закрыли, спасибо",
    "открытый люк заделали за час",
    "Құдықтың қақпағын жауып тастады, рақмет",
    "смотрели фильм, там здание горит",
    "цены просто пожар",
    "душа горит за родной город",
    "газон у дома пахнет свежестью",
    "газета запахла типографией",
    "учения: условный пожар, дым, эвакуация школы",
    "былтыр лифтте қалып қойғанбыз",
    "правда ли что в школе бомба",
    "провод зарядки купил за 2000",
    "выборы прошли, всё хорошо",
    "",
    "🔥🔥🔥",
]


@pytest.mark.parametrize(("text", "rule"), DANGERS)
def test_danger_is_found(text: str, rule: str) -> None:
    danger = find_danger(text)
    assert danger is not None
    assert danger.rule == rule
    assert 0 <= danger.start < danger.end <= len(text)


@pytest.mark.parametrize("text", TRAPS)
def test_no_danger_in(text: str) -> None:
    assert find_danger(text) is None


@given(st.text(max_size=300))
def test_any_text_is_bearable(text: str) -> None:
    danger = find_danger(text)
    assert danger is None or 0 <= danger.start < danger.end <= len(text)
