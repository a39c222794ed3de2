"""The page about the interface for other systems: who sees it, and what it may do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

Open = Callable[..., Any]


def test_the_way_leads_over_the_log_in(guest: Any) -> None:
    guest.get("/docs")
    assert guest.address == "/console/log-in?next=%2Fconsole%2Finterface"
    guest.log_in("bolat", wanted="/console/interface")
    assert guest.address == "/console/interface"
    assert "API для других систем" in guest.page


def test_docs_redirect(app: FastAPI) -> None:
    answer = TestClient(app, follow_redirects=False).get("/docs")
    assert (answer.status_code, answer.headers["location"]) == (307, "/console/interface")


@pytest.mark.parametrize("path", ["/console/interface", "/console/interface.json"])
def test_nobody_sees_it_without_a_session(app: FastAPI, path: str) -> None:
    answer = TestClient(app, follow_redirects=False).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/log-in?")


def test_the_document(app: FastAPI, browser: Open) -> None:
    assert browser().client.get("/console/interface.json").json() == app.openapi()


def test_it_is_linked_from_every_page(browser: Open) -> None:
    assert 'href="/console/interface">API for other systems</a>' in browser().get("/console/")


def test_this_page_alone_may_load_inline_pictures(browser: Open) -> None:
    client = browser().client
    name = "content-security-policy"
    policy = client.get("/console/interface").headers[name].split("; ")
    ordinary = client.get("/console/").headers[name].split("; ")
    assert set(policy) - set(ordinary) == {"img-src 'self' data:"}  # the queue asks for news, too
    assert set(ordinary) - set(policy) == {"img-src 'self'"}


def test_its_files_are_our_own(app: FastAPI, browser: Open) -> None:
    page = browser().get("/console/interface")
    assert not re.search(r"\sstyle=|\son\w+=|<style", page)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    files = re.findall(r'(?:src|href)="([^"]+\?v=[^"]+)"', page)
    assert sum("/swagger-ui/" in path for path in files) == 2
    for path in files:
        answer = TestClient(app).get(path)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["cache-control"]
