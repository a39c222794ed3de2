"""The console in a real browser: keyboard, phone width, live preview, both colour schemes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from plain_browser import PASSWORD
from screen import is_in_view, number_of

from service.console.queue import NEWS_SECONDS


def test_a_comment_is_answered_from_the_keyboard(open_page: Any, comments: Any) -> None:
    page = open_page()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent").startswith("Подъездте")
    page.keyboard.press("Enter")
    page.wait_for_url("**/comments/*")
    assert number_of(page) == comments["gas"]
    page.keyboard.press("2")
    assert page.locator("input[name=reply]").nth(1).is_checked()
    page.keyboard.press("1")
    page.keyboard.press("e")
    page.keyboard.type(" Біз хабардармыз.")
    assert page.locator("[data-edited]").first.is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_url("**done=edit")
    assert number_of(page) == comments["manhole"]
    page.keyboard.press("n")
    page.wait_for_url("**done=skip")
    page.keyboard.press("r")
    page.keyboard.press("5")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**done=reject")
    page.keyboard.press("s")
    page.keyboard.type("Кім шешеді?")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**done=escalate")


@pytest.mark.parametrize("way", ["key", "mouse", "arrow"])
def test_own_words_go_into_their_box(open_page: Any, address: str, comments: Any, way: str) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['cold']}")
    if way == "key":
        page.keyboard.press("0")
    elif way == "mouse":
        page.click(".reply[data-own] .reply-title")
    else:
        page.keyboard.press("1")
        page.keyboard.press("ArrowUp")
    page.keyboard.type("ar sen 0")
    assert page.locator("#text-own").input_value() == "ar sen 0"
    assert number_of(page) == comments["cold"]
    page.fill("#text-own", " ")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/review")
    assert page.evaluate("document.activeElement.id") == "text-own"
    assert is_in_view(page, "#text-own")
    assert is_in_view(page, "#refusal")


@pytest.mark.parametrize("width", [375, 1280])
def test_another_reply_language_keeps_the_place(
    open_page: Any, address: str, comments: Any, width: int
) -> None:
    page = open_page(width=width)
    page.goto(f"{address}/comments/{comments['rumour']}")
    page.evaluate("window.scrollTo(0, 120)")
    for language in ("kk", "en"):
        button = page.locator(f"button[value='language.{language}']")
        before = button.bounding_box()["y"]
        with page.expect_navigation():
            button.evaluate("button => button.click()")
        assert button.get_attribute("aria-pressed") == "true"
        assert abs(button.bounding_box()["y"] - before) < 2


def test_a_label_put_right_brings_its_replies(open_page: Any, address: str, comments: Any) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['cold']}")
    page.locator("#label-topic").focus()
    with page.expect_navigation():
        page.select_option("#label-topic", "roads")
    assert page.locator("input[name=reply]").first.get_attribute("value") == "roads-received"
    assert page.locator("input[name=reply]").first.is_checked()
    assert page.evaluate("document.activeElement === document.body")


def test_what_came_in_meanwhile_moves_nothing(
    open_page: Any, address: str, comments: Any, write: Any
) -> None:
    page = open_page()
    page.clock.install()
    page.goto(f"{address}/")
    rows = page.locator(".row")
    before, place = rows.count(), rows.nth(3).bounding_box()
    page.keyboard.press("j")
    write("Только что написали")
    page.clock.fast_forward(NEWS_SECONDS * 1_000)
    show = page.locator(".news a")
    show.wait_for()
    assert " ".join(show.inner_text().split()) == "1 new comment · show"
    assert page.title().startswith("(1) ")
    assert rows.count() == before
    assert rows.nth(3).bounding_box() == place
    assert page.evaluate("document.activeElement.className") == "row-link"
    show.click()
    page.locator(".row", has_text="Только что написали").wait_for()
    assert not show.is_visible()
    assert not page.title().startswith("(")


def test_keys_work_by_place_in_any_layout(open_page: Any) -> None:
    page = open_page("aigul")
    page.evaluate(
        """document.body.dispatchEvent(
        new KeyboardEvent("keydown", {key: "о", code: "KeyJ", bubbles: true}))"""
    )
    assert page.evaluate("document.activeElement.className") == "row-link"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "filter-urgency"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.className") != "row-link"


def test_slots_fill_the_preview_as_they_are_typed(
    open_page: Any, address: str, comments: Any
) -> None:
    page = open_page("bolat")
    page.goto(f"{address}/comments/{comments['rumour']}")
    slot = page.locator("[data-fills]:visible").first
    page.keyboard.press("a")
    assert slot.evaluate("field => field === document.activeElement")
    before = int(page.locator("[data-length]:visible").inner_text())
    slot.fill("https://astana.gov.kz/news")
    assert "https://astana.gov.kz/news" in page.locator("[data-preview]").first.inner_text()
    assert int(page.locator("[data-length]:visible").inner_text()) != before
    assert not page.locator("[data-edited]").first.is_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**done=approve")


def test_choosing_a_filter_is_enough(open_page: Any) -> None:
    page = open_page()
    page.select_option("#filter-topic", "heating")
    page.wait_for_url("**/console/?topic=heating")
    assert page.locator(".row").count() == 3


def test_marks_change_with_the_head(open_page: Any, address: str, comments: Any) -> None:
    page = open_page()
    page.goto(f"{address}/comments/{comments['gas']}")
    word = page.locator("mark", has_text="балалар")
    colour = "element => getComputedStyle(element).backgroundColor"
    assert word.evaluate(colour) == "rgba(0, 0, 0, 0)"
    page.locator("label[for=why-urgency]").click()
    assert word.evaluate(colour) != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("name", ["aigul", "bolat", "chris"])
def test_a_phone_scrolls_only_down(open_page: Any, address: str, comments: Any, name: str) -> None:
    page = open_page(name, width=375, color_scheme="dark")
    numbers = [f"/comments/{comments[sample]}" for sample in ("gas", "rumour", "latin", "insult")]
    for path in (
        "/",
        "/?status=approved&topic=water",
        *numbers,
        "/templates",
        "/model",
        "/nothing",
    ):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 375, path
    page.goto(address + numbers[0])
    for box in (
        button.bounding_box() for button in page.locator("[data-bar] .button:visible").all()
    ):
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375
        assert box["y"] + box["height"] <= 800


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_the_interface_is_shown_without_a_network(
    open_page: Any, address: str, scheme: str, width: int
) -> None:
    page = open_page(width=width, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address.removesuffix('/console')}/docs")
    page.locator(".opblock-summary-control", has_text="/v1/classify").first.click()
    page.locator(".opblock-body", has_text="жылу жоқ").wait_for()
    assert page.url.startswith(f"{address}/interface")
    assert page.locator(".opblock").count() > 15
    assert page.locator("html.dark-mode").count() == (scheme == "dark")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    own = (f"{address}/", f"{address.removesuffix('/console')}/docs", "data:")
    assert [url for url in asked if not url.startswith(own)] == []


def test_a_request_is_tried_out(open_page: Any, address: str) -> None:
    page = open_page()
    page.goto(f"{address}/interface")
    page.locator(".opblock-summary-control", has_text="/health/live").click()
    page.click(".try-out__btn")
    page.click(".btn.execute")
    status = page.locator(".live-responses-table .response-col_status", has_text="200")
    assert status.first.inner_text().startswith("200")


CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(open_page: Any, address: str, comments: Any, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    paths = [
        "/",
        *(f"/comments/{comments[name]}" for name in ("gas", "manhole", "rumour", "latin")),
    ]
    for path in (*paths, "/templates", "/model"):
        page.goto(address + path)
        assert page.evaluate(CONTRAST) == [], path


def test_without_javascript(chromium: Any, address: str, comments: Any) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/log-in")
    page.fill("#name", "chris")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.select_option("#filter-topic", "roads")
    page.click(".filters button")
    page.locator(".row-link").first.click()
    page.locator("input[name=reply]").nth(1).check()
    page.click("summary:has-text('Edit the text') >> visible=true")
    page.locator("[data-text]:visible").fill("Мастер уже едет, подойдите к нему на месте.")
    page.click("button[value=approve]")
    assert "done=edit" in page.url
    context.close()
