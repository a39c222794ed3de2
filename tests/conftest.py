"""What tests of several folders share: a clock, the service under test, a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from service.house import House
from service.replies import Catalogue

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)


class Clock:
    """The time of the service under test; goes on when told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday, 9 o'clock in Astana

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    """The shipped templates, read once: a catalogue never changes."""
    return Catalogue.shipped()


@pytest.fixture
def house(app: FastAPI) -> House:
    """The assembled service; each folder says in `app` what stands in the model's place."""
    house: House = app.state.house
    return house


@pytest.fixture
def clock(house: House) -> Clock:
    """Stop the time of the service."""
    house.now = Clock()
    return house.now


@pytest.fixture(scope="module")  # while it runs, asyncio believes a loop is running
def chromium() -> Iterator[Any]:
    """A headless Chromium; where it has to be there (CI), its absence is a failure."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed, and here it has to be")
        pytest.skip("chromium is not installed")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()
