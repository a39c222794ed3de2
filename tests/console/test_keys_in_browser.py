"""Keys in a real browser: they do what they say, to what is on the screen, and lose nothing."""

from __future__ import annotations

from typing import Any

import pytest
from screen import is_in_view, number_of

OWN = "#text-own"
UNSENT = "#unsent"


@pytest.mark.parametrize("keys", ["a", "Control+Enter"])
def test_a_reply_out_of_sight_is_shown_before_it_is_approved(
    open_page: Any, address: str, comments: Any, keys: str
) -> None:
    page = open_page()
    page.set_viewport_size({"width": 1280, "height": 520})
    page.goto(f"{address}/comments/{comments['cold']}")
    assert not is_in_view(page, "[data-reply] >> nth=0")
    page.keyboard.press(keys)
    assert is_in_view(page, "[data-reply] >> nth=0")
    assert page.evaluate("document.activeElement.name") == "reply"
    assert number_of(page) == comments["cold"]
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert not is_in_view(page, "[data-reply] >> nth=0")
    page.keyboard.press(keys)
    assert is_in_view(page, "[data-reply] >> nth=0")
    page.keyboard.press(keys)
    page.wait_for_url("**done=approve")


def test_the_first_reply_is_seen_at_once(open_page: Any, address: str, comments: Any) -> None:
    page = open_page(width=1440)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}/comments/{comments['rumour']}")
    assert is_in_view(page, "[data-reply] >> nth=0")


def write_own(page: Any) -> None:
    page.keyboard.press("0")
    page.keyboard.type("Your report")


WAYS = {
    "skip": lambda page: page.keyboard.press("n"),
    "link": lambda page: page.locator(".nav a").first.click(),
    "leave": lambda page: page.locator(".back").click(),
    "language": lambda page: page.evaluate(
        "document.querySelector('button[name=language]').click()"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_words_not_sent_are_not_lost_without_a_question(
    open_page: Any, address: str, comments: Any, way: str
) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['cold']}")
    write_own(page)
    page.keyboard.press("Escape")
    WAYS[way](page)
    page.locator(UNSENT).wait_for()
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    assert not page.locator(UNSENT).is_visible()
    assert page.locator(OWN).input_value() == "Your report"
    WAYS[way](page)
    page.locator(UNSENT).wait_for()
    with page.expect_navigation():
        page.click("#unsent [value=leave]")
    assert page.locator("[data-text]").count() == 0 or not page.locator(OWN).input_value()


def test_words_that_were_refused_are_asked_for_too(
    open_page: Any, address: str, comments: Any
) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['cold']}")
    page.keyboard.press("0")
    page.keyboard.type("You idiot, call 8 701 555 01 23")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/review")
    assert page.locator("#refusal .chip").inner_text() == "Phone number"
    assert page.evaluate("getSelection().toString()") == "8 701 555 01 23"
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.locator(UNSENT).wait_for()
    page.keyboard.press("Escape")
    warned: list[str] = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    page.goto(address)
    assert warned == ["beforeunload"]


def test_nothing_typed_asks_nothing(open_page: Any, address: str, comments: Any) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['cold']}")
    page.keyboard.press("2")
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**done=skip")


def test_a_label_changed_by_mouse_lets_go_of_the_keyboard(
    open_page: Any, address: str, comments: Any
) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['gas']}")
    topic = page.locator("#label-topic")
    topic.click()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():  # with the replies that fit the label
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement === document.body")
    changed = topic.input_value()
    assert changed != "heating"
    page.keyboard.press("2")
    assert page.locator("input[name=reply]").nth(1).is_checked()
    page.keyboard.press("a")
    page.wait_for_url("**done=approve")


def test_a_label_changed_by_keys_is_left_with_enter(
    open_page: Any, address: str, comments: Any
) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['gas']}")
    page.keyboard.press("2")
    topic = page.locator("#label-topic")
    topic.focus()
    before = topic.input_value()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert topic.evaluate("select => select === document.activeElement")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement === document.body")
    changed = topic.input_value()
    assert changed != before
    page.keyboard.press("3")
    assert topic.input_value() == changed
    assert page.locator("input[name=reply]").nth(2).is_checked()


@pytest.mark.parametrize("send", ["Enter", "Control+Enter"])
def test_a_comment_is_rejected_by_keys(
    open_page: Any, address: str, comments: Any, house: Any, send: str
) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['gas']}")
    page.keyboard.press("r")
    page.keyboard.press(send)
    page.keyboard.press("a")
    assert number_of(page) == comments["gas"]
    page.keyboard.press("3")
    assert page.locator("input[value=abuse]").is_checked()
    page.keyboard.press(send)
    page.wait_for_url("**done=reject")
    page.goto(f"{address}/comments/{comments['gas']}")
    assert "Insults or threats" in page.locator(".decided").inner_text()


def test_the_list_of_keys_has_them_all(open_page: Any) -> None:
    page = open_page()
    page.keyboard.press("?")
    said = page.locator("#keys dl").inner_text().split()
    assert {"Ctrl", "R", "1–6", "Esc"} <= set(said)
