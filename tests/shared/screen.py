"""What a page in a real browser shows: which comment, and what of it is on the screen."""

from __future__ import annotations

from typing import Any


def number_of(page: Any) -> int:
    """Return the id of the comment whose page this is."""
    return int(page.url.partition("/comments/")[2].partition("/")[0].partition("?")[0])


def is_in_view(page: Any, selector: str) -> bool:
    """Say whether the element is on the screen, not under the bar of buttons."""
    box = page.locator(selector).bounding_box()
    bar = page.locator("[data-bar]").bounding_box()
    return bool(box["y"] >= 0 and box["y"] + box["height"] <= bar["y"])
