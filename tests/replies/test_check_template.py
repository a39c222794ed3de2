"""Every fault of a template is named with its id, language and slot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from service.replies import Catalogue, Template, TemplateError, check_template, load_templates
from service.replies.wording import find_insult

KK = "Хабарыңызды алдық, рақмет."
RU = "Получили ваше сообщение, спасибо."
EN = "We have your message, thank you."


def texts(**changed: str) -> dict[str, dict[str, str]]:
    return {"text": {"kk": KK, "ru": RU, "en": EN, **changed}}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"text": {"kk": KK, "ru": RU}}, "text.en: missing"),
        ({"title": {"kk": "Алдық", "ru": " ", "en": "Received"}}, "title.ru: missing"),
        (texts(tr="Mesajınızı aldık"), "text.tr: not a reply language"),
        (texts(en=EN + " {link}"), "slot 'link' is not declared"),
        ({"slots": {"link": "url"}}, "slot 'link' is declared but no text has it"),
        (
            {**texts(en=EN + " See {link}"), "slots": {"link": "url"}},
            "text.kk: lacks the slot 'link' that another language has",
        ),
        (
            texts(kk="[[{author}, ]]рақмет сізге", ru="{author}, спасибо", en="[[{author}, ]]hi"),
            "slot 'author' may be left out in one language but not in another",
        ),
        (
            {**texts(kk=KK + " {hotline}", ru=RU + " {hotline}", en=EN + " {hotline}"),
             "slots": {"hotline": "phone"}},
            "slot 'hotline' fills itself and must not be declared",
        ),
        (texts(ru="Спасибо {"), "text.ru: stray '{'"),
        (texts(kk="{eotinish}. Алдық", ru=RU, en=EN), "'.' would become part of the link"),
        (texts(kk="Рахмет"), "text.kk: has no Kazakh letter"),
        (texts(ru="Спасибо, Айгүл, мы получили"), "text.ru: has the Kazakh letter 'ү'"),
        (texts(en="Спасибо, мы получили"), "text.en: does not read as 'en'"),
        (texts(ru="Уважаемый заявитель, спасибо."), "text.ru: officialese 'Уважаемый заявитель'"),
        (texts(kk="Құрметті өтініш беруші, алдық"), "text.kk: officialese"),
        (texts(en="Please be advised that we have it"), "text.en: officialese"),
        (texts(ru="Вы идиоты, спасибо вам"), "text.ru: insult 'идиоты'"),
        (texts(ru="Спасибо, завтра починим"), "text.ru: promises 'завтра'"),
        (texts(kk="Екі күн ішінде жөндейміз"), "text.kk: promises 'екі күн ішінде'"),
        (texts(en=EN + " KZ86125KZT5004100100"), "text.en: personal data (iban)"),
        (texts(en=EN + " We are here." * 100), "text.en: 1332 characters, more than 1000"),
        ({**texts(en=EN * 5), "platforms": ["tiktok"]}, "text.en: too long for tiktok"),
        ({"topics": ["heat"]}, "topics: unknown code 'heat'"),
        ({"platforms": ["myspace"]}, "platforms: unknown code 'myspace'"),
        ({"flags": []}, "flags: names no flag"),
        ({"expires": date(2025, 1, 1)}, "expires 2025-01-01 before it is approved 2026-01-01"),
    ],
)  # fmt: skip
def test_each_fault_is_named(
    make_template: Callable[..., Template], fields: dict[str, Any], fault: str
) -> None:
    faults = check_template(make_template(**fields))
    assert any(found.startswith("toy: ") and fault in found for found in faults), faults


def test_a_faultless_template(make_template: Callable[..., Template]) -> None:
    assert check_template(make_template()) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "Toy"},
        {"kind": "essay"},
        {"owner": "Айгүл Серікқызы"},
        {"slots": {"link": "picture"}},
        {"unknown": 1},
        {"approved": "soon"},
    ],
)
def test_what_cannot_be_a_template(
    make_template: Callable[..., Template], fields: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        make_template(**fields)


@pytest.mark.parametrize(
    ("approved", "expires", "day", "expected"),
    [
        (date(2026, 1, 1), None, date(2026, 1, 1), True),
        (date(2026, 1, 2), None, date(2026, 1, 1), False),
        (None, None, date(2026, 1, 1), False),
        (date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 1), True),
        (date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 2), False),
    ],
)
def test_in_force(
    make_template: Callable[..., Template],
    approved: date | None,
    expires: date | None,
    day: date,
    expected: bool,
) -> None:
    assert make_template(approved=approved, expires=expires).in_force(day) is expected


def test_a_template_survives_json(make_template: Callable[..., Template]) -> None:
    template = make_template(topics=["water"], expires=date(2027, 1, 1))
    assert Template.model_validate(template.model_dump(mode="json")) == template


def test_a_faulty_file_is_refused_with_its_name_and_every_fault(tmp_path: Path) -> None:
    file = tmp_path / "toys.toml"
    file.write_text(
        '[defaults]\nkind = "thanks"\nowner = "press"\n'
        '[[templates]]\nid = "one"\ntitle.kk = "А"\ntext.kk = "Рақмет"\n'
        '[[templates]]\nid = "two"\ntitle = 1\n',
        encoding="utf-8",
    )
    with pytest.raises(TemplateError) as refused:
        load_templates(file)
    message = str(refused.value)
    assert message.startswith("toys.toml: ")
    for part in ("one: text.ru: missing", "two: title: ", "two: text: "):
        assert part in message


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("", ["there is no [[templates]] table"]),
        ("[defaults]\nkind = 'thanks'", ["there is no [[templates]] table"]),
        ("[[template]]\nid = 'x'", ["there is no [[templates]] table", "template: unknown"]),
        ("templates = []", ["there is no [[templates]] table"]),
        ("[templates]\nid = 'x'", ["each template begins with [[templates]]"]),
        ("templates = [1]\ndefaults = 2", ["templates: not tables", "defaults: not a table"]),
    ],
)
def test_a_file_without_templates_says_what_is_missing(
    tmp_path: Path, content: str, faults: list[str]
) -> None:
    file = tmp_path / "bare.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TemplateError, match=r"^bare\.toml: ") as refused:
        load_templates(file)
    assert all(fault in str(refused.value) for fault in faults)


@pytest.mark.parametrize("content", [b"[[templates", b"\xff\xfe"])
def test_an_unreadable_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(TemplateError, match=r"broken\.toml"):
        load_templates(file)


def test_a_double_id_is_refused(catalogue: Catalogue) -> None:
    one = catalogue.templates["received-passed-on"]
    with pytest.raises(TemplateError, match="received-passed-on"):
        Catalogue.of([one, one], catalogue.taxonomy)


@pytest.mark.parametrize(
    "text", ["Заткните щели", "тупик", "товар", "хаммам", "ит қапты", "foolproof"]
)
def test_what_is_no_insult(text: str) -> None:
    assert find_insult(text) is None
