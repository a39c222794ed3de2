"""The page of rumours: what spreads, and the way from a cluster to a claim."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from plain_browser import Browser
from spreading import RUMOUR, label_all, spread

from service.house import House


def test_one_click_turns_a_cluster_into_a_claim(
    browser: Callable[..., Browser], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    label_all(house, monkeypatch, intent="claim")
    spread(house, RUMOUR)
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
    browser: Callable[..., Browser], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    label_all(house, monkeypatch, intent="problem")
    spread(house, RUMOUR)
    opened = browser()
    opened.get("/console/rumours")
    assert opened.status == 200
    assert "Nothing is spreading" in opened.page


def test_a_cluster_leads_to_the_claim_made_of_it(
    browser: Callable[..., Browser], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    label_all(house, monkeypatch, intent="claim")
    spread(house, RUMOUR)
    opened = browser()
    opened.get("/console/claims/new")
    opened.post("/console/claims/new", verdict="false", phrasings=RUMOUR, claim_id="market")
    made = opened.address.partition("?")[0]
    opened.get("/console/rumours")
    assert f'class="row-link" href="{made}"' in opened.page
    assert "button small" not in opened.page
