"""Templates found by words: which, in which order, and what is said in the comment's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies import Catalogue, Template, find_templates, replies_from


def ids(sought: str, catalogue: Catalogue) -> list[str]:
    return [one.id for one in find_templates(sought, catalogue.templates.values())]


@pytest.mark.parametrize(
    "sought",
    ["люк", "Открытый ЛЮК", "ашық люк", "ашык люк", "open manhole", "manh", "  люк,  ашық! "],
)
def test_words_are_found_in_every_language_however_typed(catalogue: Catalogue, sought: str) -> None:
    assert "open-manhole-keep-away" in ids(sought, catalogue)


def test_every_word_must_be_there(catalogue: Catalogue) -> None:
    assert "open-manhole-keep-away" not in ids("люк лифт", catalogue)
    assert ids("жоқсөз", catalogue) == []


@pytest.mark.parametrize("sought", ["", "   ", "!?", "🔥"])
def test_without_words_nothing_is_found(catalogue: Catalogue, sought: str) -> None:
    assert ids(sought, catalogue) == []


def test_a_word_begins_where_it_is_found(catalogue: Catalogue) -> None:
    assert ids("юк", catalogue) == []


def test_titles_come_first(make_template: Callable[..., Template]) -> None:
    plain = {"kk": "Мәтін", "ru": "Текст", "en": "Text"}
    inside = make_template(id="a", title=plain, text={**plain, "ru": "Про снег и лёд"})
    named = make_template(id="b", title={**plain, "ru": "Снег"}, text=plain)
    other = make_template(id="c", title=plain, text=plain)
    assert [one.id for one in find_templates("снег", [inside, named, other])] == ["b", "a"]


@given(sought=st.text(max_size=60))
def test_any_words_are_bearable(catalogue: Catalogue, sought: str) -> None:
    found = find_templates(sought, catalogue.templates.values())
    assert len({one.id for one in found}) == len(found)


@pytest.mark.parametrize("sought", ["author", "hotline", "refutation_text"])
def test_names_of_slots_are_no_words(catalogue: Catalogue, sought: str) -> None:
    for template in find_templates(sought, catalogue.templates.values()):
        plain = re.sub(
            r"\{\w+\}", "", " ".join([*template.title.values(), *template.text.values()])
        )
        assert sought in plain.lower()


def test_replies_speak_the_language_asked_for(
    catalogue: Catalogue, analysis: Callable[..., dict[str, Any]], today: date
) -> None:
    about = analysis(topic="heating", language="ru")
    options: dict[str, Any] = {"platform": None, "author": "Асхат", "today": today, "limit": 5}
    manhole = catalogue.templates["open-manhole-keep-away"]
    (reply,) = replies_from([manhole], about, catalogue, **options)
    assert reply["template_id"] == manhole.id
    assert reply["text"].startswith("Не подходите к открытому люку")
    assert "{hotline}" not in reply["text"]
    (kazakh,) = replies_from([manhole], about, catalogue, **options, language="kk")
    assert kazakh["text"].startswith("Ашық люкке жақындамаңыз")
    assert len(replies_from([manhole] * 7, about, catalogue, **options)) == 5


def test_what_cannot_be_sent_is_not_found(
    catalogue: Catalogue, analysis: Callable[..., dict[str, Any]], today: date
) -> None:
    about = analysis(topic="heating", language="ru")

    def usable(platform: str | None = None, day: date = today) -> set[str]:
        replies = replies_from(
            catalogue.templates.values(),
            about,
            catalogue,
            platform=platform,
            author=None,
            today=day,
            limit=1000,
        )
        return {one["template_id"] for one in replies}

    assert "short-threat" in usable("tiktok")
    assert "short-threat" not in usable("facebook")
    assert "threat-to-police" not in usable("tiktok")  # too long for it
    assert "threat-to-police" in usable("facebook")
    assert usable(day=date(2020, 1, 1)) == set()  # nothing was approved then
    refuting = {
        one.id for one in catalogue.templates.values() if "{refutation_text}" in one.text["ru"]
    }
    assert refuting
    assert not refuting & usable()
