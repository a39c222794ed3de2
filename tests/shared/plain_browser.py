"""A browser without JavaScript, for the tests of the console."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

PASSWORD = "a password of the tests"


class Browser:
    """A browser without JavaScript: keeps cookies, and posts the forms of the page it shows."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app, follow_redirects=True)
        self.page = ""
        self.status = 0
        self.address = ""

    def get(self, path: str) -> str:
        return self._took(self.client.get(path))

    def post(self, path: str, **fields: str) -> str:
        return self._took(self.client.post(path, data={"csrf": self.csrf, **fields}))

    def _took(self, response: Any) -> str:
        self.page, self.status = response.text, response.status_code
        self.address = str(response.url).removeprefix("http://testserver")
        return self.page

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page)
        return found[1] if found is not None else ""

    def log_in(self, name: str, password: str = PASSWORD, wanted: str = "") -> str:
        self.get("/console/log-in")
        return self.post("/console/log-in", name=name, password=password, next=wanted)

    def review_form(self) -> dict[str, str]:
        """Return what the review form of this page would send, without a button."""
        fields: dict[str, str] = {}
        for tag in re.findall(r"<input[^>]*>", self.page):
            given = dict(re.findall(r'([\w.-]+)="([^"]*)"', tag))
            if given.get("type") in {"radio", "checkbox"} and " checked" not in tag:
                continue
            if "name" in given and given["name"] not in {"why", "next", "csrf", "confirm"}:
                fields[unescape(given["name"])] = unescape(given.get("value", ""))
        for name, text in re.findall(
            r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', self.page, re.DOTALL
        ):
            fields[unescape(name)] = unescape(text)
        for name, options in re.findall(
            r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', self.page, re.DOTALL
        ):
            chosen = re.search(r'<option value="([^"]*)"[^>]* selected', options)
            first = re.search(r'<option value="([^"]*)"', options)
            value = chosen or first
            fields[name] = value[1] if value is not None else ""
        return fields

    def decide(self, action: str, **changes: str) -> str:
        """Send the review form of this page with `changes` and the button `action`."""
        found = re.search(r'action="(/console/comments/\d+/review[^"]*)"', self.page)
        assert found is not None, "there is no review form on this page"
        fields = self.review_form() | {
            name.replace("__", "."): value for name, value in changes.items()
        }
        return self.post(unescape(found[1]), action=action, **fields)
