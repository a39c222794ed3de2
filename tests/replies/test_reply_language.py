"""Careful prose in kk, ru and en is told apart; texts without evidence pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies.language import seems_written_in


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Хабарыңызды алдық, мамандарға жеткіздік.", "kk"),
        ("Рахмет, хабарласамыз", "kk"),
        ("Сиздин хабарламаныз бойынша мамандар жумыс истеп жатыр", "kk"),
        ("Habaryńyzdy aldyq, mamandarğa jetkizdik", "kk"),
        ("Қайырлы күн! Управление энергетикиге жеткіздік, жауабын береміз.", "kk"),
        ("Получили ваше сообщение и передали специалистам.", "ru"),
        ("Айгүл, спасибо, что написали!", "ru"),
        ("Передали в акимат района Сарыарқа, ответим здесь.", "ru"),
        ("Әйгерім, добрый день! Работаем.", "ru"),
        ("Специалисты выехали на улицу Қабанбай батыра.", "ru"),
        ("We have passed your message to the specialists.", "en"),
        ("Thank you!", "en"),
        ("Айгүл, thank you for writing!", "en"),
    ],
)
def test_own_language_passes(text: str, language: str) -> None:
    assert seems_written_in(text, language)


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Хабарыңызды алдық, мамандарға жеткіздік.", ("ru", "en")),
        ("Рахмет, жауап береміз", ("ru", "en")),
        ("Сиз жазган мекенжай бойынша мамандар жумыс истеп жатыр", ("ru", "en")),
        ("Получили ваше сообщение и передали специалистам.", ("kk", "en")),
        ("Спасибо, мы проверим", ("kk", "en")),
        ("Айгүл, спасибо, что написали нам!", ("kk", "en")),
        ("We have passed your message to the specialists.", ("kk", "ru")),
        ("Habaryńyzdy aldyq, mamandarğa jetkizdik, jauabyn beremiz", ("ru", "en")),
    ],
)
def test_other_languages_do_not(text: str, languages: tuple[str, ...]) -> None:
    assert [language for language in languages if seems_written_in(text, language)] == []


@pytest.mark.parametrize("text", ["109", "https://eotinish.kz", "@user 👍", "«Жылу» {link}", ""])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_evidence_passes(text: str, language: str) -> None:
    assert seems_written_in(text, language)


@given(st.text(), st.sampled_from(["kk", "ru", "en"]))
def test_any_text_is_judged(text: str, language: str) -> None:
    assert seems_written_in(text, language) in {True, False}
