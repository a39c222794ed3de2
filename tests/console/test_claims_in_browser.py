"""Known claims in a real browser: on a phone, in both colour schemes, with and without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from plain_browser import PASSWORD

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
SPREADS = "Внимание, воду в городском водопроводе отравили, люди массово попадают в больницу!"
PAGES = ("/claims", "/claims/1", "/claims/new", "/claims/import", "/claims?state=deleted")


@pytest.mark.parametrize("name", ["aigul", "bolat", "chris"])
def test_a_phone_scrolls_only_down(open_page: Any, address: str, write: Any, name: str) -> None:
    number = write(SPREADS)
    page = open_page(name, width=375, color_scheme="dark")
    for path in (*PAGES, f"/comments/{number}"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 375, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(open_page: Any, address: str, write: Any, scheme: str) -> None:
    number = write(SPREADS)
    page = open_page(color_scheme=scheme)
    for path in (*PAGES, f"/comments/{number}"):
        page.goto(address + path)
        assert page.evaluate(CONTRAST) == [], path


def test_a_search_is_sent_by_button_and_by_choice(open_page: Any, address: str) -> None:
    page = open_page()
    page.goto(f"{address}/claims")
    page.fill("#filter-q", "водопровод")
    page.click(".filters button")
    page.wait_for_url("**q=**")
    assert page.locator(".row").count() == 1
    page.select_option("#filter-verdict", "scam")
    page.wait_for_url("**verdict=scam**")
    assert page.locator(".row").count() == 0


def test_a_claim_from_entering_to_deleting(open_page: Any, address: str, tmp_path: Path) -> None:
    page = open_page("bolat")
    page.goto(f"{address}/claims/new")
    page.fill("#claim-ru", "Мост через Есиль закрывают на год")
    page.click("button:has-text('Сохранить')")  # the verdict is missing: the browser asks for it
    assert page.url.endswith("/claims/new")
    page.select_option("#verdict", "false")
    page.fill("#refutation-ru", "Мост открыт.")
    page.click("button:has-text('Сохранить')")
    page.wait_for_url("**done=created")
    page.click("[data-delete] summary")
    page.click("[data-delete] button")
    page.wait_for_url("**done=deleted")
    table = tmp_path / "claims.csv"
    table.write_text("claim_ru,verdict,url\nМост рухнул,ложь,\nА,ложь,javascript:x\n")
    page.goto(f"{address}/claims/import")
    page.set_input_files("#file", table)
    page.click(".import button")
    page.locator(".faults tbody tr").wait_for()
    assert page.locator(".faults tbody tr").count() == 1


def test_without_javascript(chromium: Any, address: str, write: Any) -> None:
    number = write(SPREADS)
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/log-in")
    page.fill("#name", "chris")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.click("nav >> text=Claims")
    page.select_option("#filter-verdict", "scam")
    page.click(".filters button")
    assert "verdict=scam" in page.url
    page.goto(f"{address}/comments/{number}")
    page.locator(".known-claim summary").first.click()
    page.locator(".known-claim dd").first.wait_for()
    page.click(".known-links a:last-child")
    page.click("[data-delete] summary")
    page.click("[data-delete] button")
    assert "done=deleted" in page.url
    context.close()
