"""Templates, the model, static files, headers, and pages that went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.console.page import STATIC

Open = Callable[..., Any]


def test_templates_by_topic_and_intent(browser: Open, shipped: Any) -> None:
    aigul = browser("aigul")
    everything = aigul.get("/console/templates")
    assert f"{len(shipped.templates)} үлгі" in everything
    assert "{author}" not in everything
    narrowed = aigul.get("/console/templates?topic=heating&intent=problem")
    assert 0 < narrowed.count('class="shelf-item"') < everything.count('class="shelf-item"')
    assert '<option value="heating" selected>' in narrowed
    assert aigul.get("/console/templates?topic=nonsense").count("shelf-item") > 60


def test_one_template_in_all_languages(browser: Open, shipped: Any) -> None:
    chris = browser()
    for template_id in shipped.templates:
        page = chris.get(f"/console/templates/{template_id}")
        assert chris.status == 200
        assert all(
            f'<section class="card wording" lang="{code}">' in page for code in ("kk", "ru", "en")
        )
    assert "Not in use" not in page
    chris.get("/console/templates/nothing-like-this")
    assert chris.status == 404


def test_model_page(browser: Open) -> None:
    page = browser("bolat").get("/console/model")
    assert "2026-11-20" in page
    assert "94\u00a0%" in page
    assert "431 комментарии, которого" in page
    assert page.index("better on dev") < page.index("shipped")
    assert page.count("Включена вопреки:") == 1
    assert page.index("better on dev") < page.index("topic in en") < page.index("shipped")


@pytest.mark.parametrize(
    "path", ["/console/log-in", "/console/", "/console/nothing", "/console/static/console.css"]
)
def test_headers_of_every_answer(browser: Open, path: str) -> None:
    headers = browser().client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    kept = "immutable" if "static" in path else "no-store"
    assert kept in headers["cache-control"]


def test_nothing_runs_or_looks_inline(browser: Open, comments: Any) -> None:
    chris = browser()
    for path in ("/console/", "/console/comments/1", "/console/templates", "/console/model"):
        page = chris.get(path)
        assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", page)
        assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", page))
        assert not re.search(r'(src|href)="https?://(?!www\.instagram)', page)


def test_static_files_are_there_and_nothing_else(app: FastAPI, browser: Open) -> None:
    page = browser().page
    for path in re.findall(r'(?:src|href)="(/console/static/[^"]+)"', page):
        assert TestClient(app).get(path).status_code == 200
    for path in ("../page.py", "%2e%2e/page.py", "missing.css"):
        assert TestClient(app).get(f"/console/static/{path}").status_code == 404


def test_static_files_load_nothing_from_elsewhere() -> None:
    for path in STATIC.iterdir():
        content = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(", content), path.name


def test_a_page_that_does_not_exist(browser: Open) -> None:
    chris = browser("aigul")
    chris.get("/console/nothing/here")
    assert chris.status == 404
    assert "Мұндай бет жоқ" in chris.page
    chris.post("/console/templates")
    assert chris.status == 405


def test_a_failure_is_a_page_and_its_message_is_not_logged(
    browser: Open, house: Any, caplog: pytest.LogCaptureFixture
) -> None:
    chris = browser()

    message = " ".join(("a", "secret", "comment"))  # never as a whole in a line of source

    def fail(session: object) -> None:
        raise RuntimeError(message)

    house.catalogue = fail
    chris.get("/console/templates")
    assert chris.status == 500
    assert "Қателік шықты" in chris.page
    assert "RuntimeError" in caplog.text
    assert message not in caplog.text


def test_an_api_key_opens_no_console(app: FastAPI) -> None:
    client = TestClient(app, follow_redirects=False)
    answer = client.get("/console/", headers={"Authorization": "Bearer anything"})
    assert answer.status_code == 303


def test_a_template_names_its_department(browser: Open, shipped: Any) -> None:
    template_id = next(one.id for one in shipped.templates.values() if one.owner == "district")
    page = browser("bolat").get(f"/console/templates/{template_id}")
    assert "<dd>district</dd>" not in page
    assert "акимат" in page.lower()


def test_english_words_are_announced_elsewhere(browser: Open) -> None:
    for path in ("/console/model", "/console/interface"):
        assert "английском" in browser("bolat").get(path)
        assert "in English" not in browser().get(path)
