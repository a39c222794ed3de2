"""Incidents and rumours in a real browser: counts that rise, one answer, one click to a claim."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from plain_browser import PASSWORD
from spreading import REPORTS, RUMOUR, label_all, spread

from service import incidents
from service.console.incidents import REFRESH_SECONDS
from service.house import House

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
INCIDENT = "/incidents/{number}"
PAGES = ("/incidents", INCIDENT, f"{INCIDENT}/answer", "/rumours")


@pytest.fixture
def report(house: House, comments: Any, write: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that stores a comment about water."""

    def write_report(text: str, author: str) -> None:
        with monkeypatch.context() as patch:
            label_all(house, patch, topic="water")
            write(text, author=author)

    return write_report


@pytest.fixture
def incident(house: House, report: Any) -> int:
    """The number of an incident that three people have reported."""
    for number, text in enumerate(REPORTS):
        report(text, author=str(number))
    with house.sessions.reading() as session:
        (found,) = incidents.newest(session, house, limit=5)
    return found.id


@pytest.fixture
def rumour(house: House, comments: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """What three accounts spread."""
    with monkeypatch.context() as patch:
        label_all(house, patch, intent="claim")
        spread(house, RUMOUR)
    return RUMOUR


@pytest.mark.parametrize("path", ["/incidents", INCIDENT])
def test_a_count_rises_while_one_looks(
    open_page: Any, address: str, incident: int, report: Any, path: str
) -> None:
    page = open_page()
    page.clock.install()
    page.goto(address + path.format(number=incident))
    page.locator(".chip", has_text="3 comments").wait_for()
    page.keyboard.press("j")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    for number in (4, 5):
        report(f"Абая {number}, воды нет", author=f"another {number}")
        page.clock.fast_forward(REFRESH_SECONDS * 1_000)
        page.locator(".chip", has_text=f"{number} comments").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('href')") == focused


def test_all_are_answered_with_a_template(open_page: Any, address: str, incident: int) -> None:
    page = open_page("bolat")
    page.goto(f"{address}/incidents")
    page.locator(".row-link").first.click()
    page.get_by_role("link", name="Ответить всем").click()
    page.wait_for_url("**/answer")
    page.keyboard.press("3")
    slot = page.locator("[data-fills]:visible")
    send = page.get_by_role("button", name="Ответить на 3 комментария")
    send.click()
    assert slot.evaluate("field => field === document.activeElement")
    slot.fill("заменили насос")
    assert "заменили насос" in page.locator("[data-preview]:visible").nth(2).inner_text()
    send.click()
    page.wait_for_url("**decided=3**")
    assert page.locator(".toast").inner_text() == "Решение принято по 3 комментариям."
    assert page.locator(".chip", has_text="Всем ответили").is_visible()
    assert page.locator(".status-approved", has_text="Отвечено").count() == 3
    page.locator(".row-link").first.click()
    assert "заменили насос" in page.locator(".sent").inner_text()


def test_all_are_answered_in_own_words_or_rejected_from_the_keyboard(
    open_page: Any, address: str, incident: int
) -> None:
    page = open_page()
    page.goto(f"{address}/incidents/{incident}/answer")
    page.keyboard.press("0")
    page.keyboard.type("1 a r")
    assert page.locator("#text-own").input_value() == "1 a r"
    page.keyboard.press("Escape")
    page.locator("[data-reject] summary").click()
    page.locator("[data-reject] button").click()
    page.locator("#refusal:focus").wait_for()
    assert page.locator("#text-own").input_value() == "1 a r"
    page.keyboard.press("6")
    page.keyboard.press("Enter")
    page.wait_for_url("**decided=3**")


@pytest.mark.parametrize("keys", ["a", "Control+Enter"])
def test_keys_of_an_answer_to_all_do_what_they_say(
    open_page: Any, address: str, incident: int, keys: str
) -> None:
    page = open_page()
    page.goto(f"{address}/incidents/{incident}/answer")
    page.keyboard.press("?")
    said = page.locator("#keys dl").inner_text().split()
    assert {"A", "Ctrl", "Answer"} <= set(said)
    assert not {"R", "S", "N"} & set(said)
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.keyboard.press("r")
    assert page.locator(".popup[open]").count() == 0
    assert page.locator(".popup summary kbd").count() == 0
    page.keyboard.press(keys)
    page.wait_for_url("**decided=3**")


@pytest.mark.parametrize("way", ["button", "row", "key"])
def test_one_click_turns_a_cluster_into_a_claim_to_be_checked(
    open_page: Any, address: str, rumour: str, way: str
) -> None:
    page = open_page("aigul")
    page.goto(f"{address}/rumours")
    row = page.locator(".row", has_text=rumour)
    if way == "button":
        row.get_by_role("link", name="Тексеруге алу").click()
    elif way == "row":
        row.locator(".row-link").click()
    else:
        page.keyboard.press("j")
        page.keyboard.press("Enter")
    page.wait_for_url("**/claims/new**")
    assert page.locator("#phrasings").input_value() == rumour
    assert page.locator("#verdict").input_value() == ""
    page.select_option("#verdict", "false")
    page.fill("#refutation-kk", "Базар жұмыс істеп тұр.")
    page.get_by_role("button", name="Сақтау").click()
    page.wait_for_url("**done=created")
    page.goto(f"{address}/rumours")
    row = page.locator(".row", has_text=rumour)
    assert row.locator(".verdict-false").is_visible()
    assert row.locator(".answers .has").inner_text() == "KK"
    assert row.get_by_role("link").count() == 1


@pytest.mark.parametrize("name", ["aigul", "bolat", "chris"])
@pytest.mark.usefixtures("rumour")
def test_phone_and_tablet_scroll_only_down(
    open_page: Any, address: str, incident: int, comments: Any, name: str
) -> None:
    page = open_page(name, width=375, color_scheme="dark")
    flagged = f"/comments/{comments['rumour']}"
    for path, width in product((*PAGES, flagged), (375, 768, 1024)):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address + path.format(number=incident))
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        for button in page.locator("main .button:visible").all():
            assert button.evaluate("one => one.scrollWidth <= one.clientWidth"), (
                path,
                width,
                button.inner_text(),
            )
            box = button.bounding_box()
            assert box["x"] >= 0, path
            assert box["x"] + box["width"] <= width, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.usefixtures("rumour")
def test_words_can_be_read(open_page: Any, address: str, incident: int, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    for path in PAGES:
        page.goto(address + path.format(number=incident))
        assert page.evaluate(CONTRAST) == [], path


def test_without_javascript(chromium: Any, address: str, incident: int) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/log-in")
    page.fill("#name", "chris")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.click("nav >> text=Incidents")
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 1
    page.locator(".row-link").first.click()
    page.click("text=Answer all")
    page.locator("input[name=reply]").nth(1).check()
    page.click("button:has-text('Answer 3 comments')")
    assert "decided=3" in page.url
    context.close()


def test_copies_of_a_rumour_are_decided_alike_from_the_keyboard(
    open_page: Any, address: str, write: Any
) -> None:
    first, *_ = [write(RUMOUR, author=str(number), intent="claim") for number in range(3)]
    page = open_page()
    page.goto(f"{address}/comments/{first}")
    assert not page.locator("[data-alike]").is_checked()
    page.keyboard.press("d")
    assert page.locator("[data-alike]").is_checked()
    assert page.evaluate(CONTRAST) == []
    for key in ("r", "6", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**done=reject&alike=2")
    assert "The same goes for 2 similar comments." in page.locator(".toast").inner_text()
