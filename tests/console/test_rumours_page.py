"""The page of rumours: what spreads, and the way from a cluster to a claim."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from plain_browser import Browser

from service.house import House
from service.receive import Incoming, receive

TEXT = "Сегодня ночью весь рынок закрывают навсегда, забирайте товар, передайте соседям"


def spread(house: House, text: str, intent: str) -> None:
    """Store the text from three accounts, with this intent."""
    classifier = house.live_model.current()
    analyse = classifier.analyse
    classifier.analyse = lambda *given, **named: [  # type: ignore[method-assign]
        {**one, "intent": {**one["intent"], "label": intent}} for one in analyse(*given, **named)
    ]
    for number in range(3):
        item = Incoming(text=text, external_id=f"spread-{number}", author=str(number))
        with house.sessions.writing() as session:
            receive(session, house, [item], house.now())


def test_one_click_turns_a_cluster_into_a_claim(
    browser: Callable[..., Browser], house: House
) -> None:
    spread(house, TEXT, "claim")
    opened = browser()
    opened.get("/console/rumours")
    assert TEXT in opened.page
    assert "3 accounts" in opened.page
    link = re.search(r'class="button" href="(/console/claims/new\?[^"]+)"', opened.page)
    assert link is not None
    opened.get(html.unescape(link[1]))
    assert opened.status == 200
    assert TEXT in opened.page
    assert not re.search(r'name="verdict"[^>]*checked', opened.page)


def test_honest_reports_are_no_rumour(browser: Callable[..., Browser], house: House) -> None:
    spread(house, TEXT, "problem")
    opened = browser()
    opened.get("/console/rumours")
    assert opened.status == 200
    assert "Nothing is spreading" in opened.page
