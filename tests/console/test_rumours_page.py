"""The page of rumours: what spreads, and the way from a cluster to a claim."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from plain_browser import Browser
from spreading import RUMOUR, label_all, spread

from service.house import House


@pytest.fixture
def spreading(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let three accounts write the rumour, read with the intent that is given."""

    def send(intent: str) -> None:
        label_all(house, monkeypatch, intent=intent)
        spread(house, RUMOUR)

    return send


def test_one_click_turns_a_cluster_into_a_claim(
    browser: Callable[..., Browser], spreading: Callable[[str], None]
) -> None:
    spreading("claim")
    opened = browser()
    opened.get("/console/rumours")
    assert RUMOUR in opened.page
    assert "3 accounts" in opened.page
    link = re.search(r'class="button small" href="(/console/claims/new\?[^"]+)"', opened.page)
    assert link is not None
    opened.get(html.unescape(link[1]))
    assert opened.status == 200
    assert RUMOUR in opened.page
    assert not re.search(r'name="verdict"[^>]*checked', opened.page)


def test_honest_reports_are_no_rumour(
    browser: Callable[..., Browser], spreading: Callable[[str], None]
) -> None:
    spreading("problem")
    opened = browser()
    opened.get("/console/rumours")
    assert opened.status == 200
    assert "Nothing is spreading" in opened.page


def test_a_cluster_leads_to_the_claim_made_of_it(
    browser: Callable[..., Browser], spreading: Callable[[str], None]
) -> None:
    spreading("claim")
    opened = browser()
    opened.get("/console/claims/new")
    opened.post("/console/claims/new", verdict="false", phrasings=RUMOUR, claim_id="market")
    made = opened.address.partition("?")[0]
    opened.get("/console/rumours")
    assert f'class="row-link" href="{made}"' in opened.page
    assert "button small" not in opened.page
