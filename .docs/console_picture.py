"""PYTHONPATH=.:tests/shared python .docs/console_picture.py: the README's picture, taken anew.

Serves the shipped model on a throw-away database and photographs the page of a comment that
repeats one of the example claims. It needs Chromium and the extra `dev`.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright
from served import served

from service.accounts import create_user
from service.app import create_app
from service.house import House
from service.receive import Incoming, Received, receive
from service.settings import Settings

PICTURE: Final = Path(__file__).with_name("console.png")
PASSPHRASE: Final = secrets.token_urlsafe()
SHOWN: Final = (
    "Балаларға кран суын бермеңіздер!!! Қаладағы ауызсу уланған, іші ауырып ауруханаға түскендер "
    "көп екен, бәріне жіберіңіздер"
)
COMMENTS: Final = (
    (SHOWN, "instagram", "gulnar.apai", 11),
    ("Люк открыт на Кабанбай батыра возле 23 школы, дети ходят!", "telegram", "Қайрат", 12),
    ("На Сыганак 15 второй день нет отопления", "facebook", "Ольга", 50),
    ("31 автобус қайда жүр? Жарты сағат күттік", "tiktok", "nurik.07", 90),
    ("Спасибо за новый парк!", "instagram", "dana_m", 200),
)
"""Text, network, author, and how many minutes ago."""


def fill(house: House) -> int:
    """Store the comments and a moderator; return the id of the comment to show."""
    now, ids = datetime.now(UTC), []
    with house.sessions.writing() as session:
        create_user(session, "madina", PASSPHRASE, now, language="kk")
    for number, (text, platform, author, minutes) in enumerate(COMMENTS):
        item = Incoming(text=text, external_id=str(number), platform=platform, author=author)
        with house.sessions.writing() as session:
            (one,) = receive(session, house, [item], now - timedelta(minutes=minutes))
        assert isinstance(one, Received)  # noqa: S101  (nothing else was stored)
        ids.append(one.id)
    return ids[0]


def photograph(address: str, number: int) -> None:
    """Log in, open the comment, show what makes it a rumour."""
    browser_file = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_file, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 980})
        page.goto(f"{address}/console/log-in")
        page.fill("#name", "madina")
        page.fill("#password", PASSPHRASE)
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/")
        page.goto(f"{address}/console/comments/{number}")
        page.click("label[for=why-misinformation]")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(_env_file=None, data_dir=Path(folder)))
        shown = fill(app.state.house)
        with served(app) as host:
            photograph(host, shown)
