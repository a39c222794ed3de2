"""A reply that none of the suggested ones is: looked for by its words, chosen, sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from screen import is_in_view

from service import comments as stored

Open = Callable[..., Any]
MANHOLE = "open-manhole-keep-away"
NOTHING = "No other reply that can be sent here has these words."


def offered(page: str) -> list[str]:
    return re.findall(r'type="radio" name="reply" value="([^"]+)"', page)


def chosen(page: str) -> str:
    found = re.search(r'type="radio" name="reply" value="([^"]+)" checked', page)
    assert found is not None
    return found[1]


def test_what_is_found_stands_behind_what_is_suggested_and_is_chosen(at: Open) -> None:
    page = at("cold")
    suggested = offered(page.page)
    page.decide("find", find="люк")
    assert offered(page.page)[:3] == suggested[:3]
    assert chosen(page.page) == offered(page.page)[3] == MANHOLE
    assert offered(page.page)[-1] == "own"
    assert 'name="find" type="search" value="люк"' in page.page
    assert "Не подходите к открытому люку" in page.page
    page.decide("language.kk")
    assert chosen(page.page) == MANHOLE
    assert "Ашық люкке жақындамаңыз" in page.page


def test_it_is_sent_like_any_other(at: Open, house: Any, comments: Any) -> None:
    page = at("cold")
    page.decide("find", find="ашык люк")
    page.decide("approve")
    assert "The reply is approved." in page.page
    with house.sessions.reading() as session:
        review = stored.get(session, comments["cold"]).review
    assert review is not None
    assert (review.decision, review.template_id) == ("approve", MANHOLE)
    assert review.reply_text is not None
    assert review.reply_text.startswith("Не подходите к открытому люку")


def test_enter_without_scripts_finds_and_chooses_too(at: Open) -> None:
    page = at("cold")
    page.decide("stay", find="люк")
    assert chosen(page.page) == MANHOLE
    first = offered(page.page)[0]
    page.decide("stay", reply=first)
    assert chosen(page.page) == first  # nothing new was looked for


def test_an_empty_slot_keeps_what_was_found(at: Open, shipped: Any) -> None:
    page = at("cold")
    asking = next(
        one for one in shipped.templates.values() if "date" in one.slots and not one.platforms
    )
    page.decide("find", find=asking.title["ru"])
    page.decide("approve", reply=asking.id)
    assert page.status == 422
    assert chosen(page.page) == asking.id
    assert 'name="find" type="search" value="' in page.page


def test_nothing_found_is_said_and_changes_no_choice(at: Open) -> None:
    page = at("cold")
    first = chosen(page.page)
    page.decide("find", find="<b>жоқсөз")
    assert NOTHING in page.page
    assert 'value="&lt;b&gt;жоқсөз"' in page.page
    assert chosen(page.page) == first
    page.decide("find", find="")
    assert NOTHING not in page.page
    assert len(offered(page.page)) == 4


def test_a_found_reply_that_was_chosen_stays(at: Open) -> None:
    page = at("cold")
    page.decide("find", find="люк")
    page.decide("language.kk", find="")  # the field was cleared meanwhile
    assert chosen(page.page) == MANHOLE
    page.decide("stay", find="", label__topic="roads")
    assert chosen(page.page) == MANHOLE
    page.decide("find", find="жоқсөз")
    assert NOTHING in page.page
    assert chosen(page.page) == MANHOLE
    page.decide("find", find="лифт")
    assert chosen(page.page) != MANHOLE
    assert MANHOLE in offered(page.page)


def test_more_than_fit_are_told_of(at: Open) -> None:
    page = at("cold")
    page.decide("find", find="звоните")
    assert len(offered(page.page)) == 3 + 5 + 1
    assert "These are the first five" in page.page
    page.decide("find", find="звоните люк")
    assert "These are the first five" not in page.page


def test_words_typed_before_are_still_there_after_a_search(at: Open) -> None:
    page = at("cold")
    first = chosen(page.page)
    page.decide("find", find="люк", **{f"text.ru.{first}": "Мои слова", "text.own": "И ещё"})
    form = page.review_form()
    assert form[f"text.ru.{first}"] == "Мои слова"
    assert form["text.own"] == "И ещё"
    page.decide("find", find="лифт", **{f"text.ru.{MANHOLE}": "Про люк"})
    assert page.review_form()[f"text.ru.{MANHOLE}"] == "Про люк"  # put aside
    page.decide("find", find="люк")
    assert page.review_form()[f"text.ru.{MANHOLE}"] == "Про люк"


def test_a_comment_that_is_decided_offers_no_search(at: Open) -> None:
    page = at("gas")
    page.decide("reject", reason="spam")
    assert 'id="find"' not in at("gas").page


def test_templates_page_finds_by_words(browser: Open) -> None:
    chris = browser()
    assert chris.get("/console/templates?q=manhole").count('class="shelf-item"') < 10
    assert f"/console/templates/{MANHOLE}" in chris.page
    assert 'name="q" type="search" value="manhole"' in chris.page
    chris.get("/console/templates?q=nosuchword&topic=education")
    assert "Try other words" in chris.page


def test_with_keys_alone(open_page: Any, address: str, comments: Any) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['cold']}")
    page.keyboard.press("/")
    page.keyboard.type("люк")
    page.keyboard.press("Enter")
    card = page.locator("[data-reply]").filter(has=page.locator(f"input[value={MANHOLE}]"))
    card.wait_for()
    assert card.locator("input[name=reply]").is_checked()
    assert page.evaluate("document.activeElement.value") == MANHOLE
    assert is_in_view(page, f"[data-reply]:has(input[value={MANHOLE}])")
    page.keyboard.press("1")
    assert not card.locator("input[name=reply]").is_checked()
    page.keyboard.press("4")
    assert card.locator("input[name=reply]").is_checked()
    page.keyboard.press("a")
    page.wait_for_url("**done=approve")
