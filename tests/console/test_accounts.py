"""Logging in and out, the token of every form, the language, and where one is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

PAGES = (
    "/console/",
    "/console/comments/1",
    "/console/next",
    "/console/templates",
    "/console/model",
)
Open = Callable[..., Any]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_shown_without_log_in(guest: Any, path: str) -> None:
    guest.get(path)
    assert guest.address.startswith("/console/log-in")
    assert 'name="password"' in guest.page


@pytest.mark.parametrize("path", ["/", "/console"])
def test_short_addresses_lead_to_the_console(guest: Any, path: str) -> None:
    guest.get(path)
    assert guest.address == "/console/log-in"


def test_log_in_leads_to_the_page_that_was_asked_for(guest: Any, comments: Any) -> None:
    guest.get(f"/console/comments/{comments['cold']}?topic=heating")
    wanted = "/console/comments/2?topic=heating"
    assert f'name="next" value="{wanted}"' in guest.page
    guest.log_in("bolat", wanted=wanted)
    assert guest.status == 200
    assert guest.address == wanted
    guest.get("/console/log-in")
    assert guest.address == "/console/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/console//evil"])
def test_no_open_redirect(guest: Any, target: str) -> None:
    guest.log_in("chris", wanted=target)
    assert guest.address == "/console/"


def test_wrong_password_keeps_the_name(guest: Any) -> None:
    guest.log_in("chris", password="wrong")
    assert guest.status == 401
    assert 'value="chris"' in guest.page
    assert "wrong" not in guest.page.replace("is wrong", "")
    guest.log_in("nobody <b>", password="x")
    assert guest.status == 401
    assert "nobody &lt;b&gt;" in guest.page


def test_many_attempts_are_slowed_down(guest: Any) -> None:
    for _ in range(5):
        guest.log_in("chris", password="wrong")
    guest.log_in("chris")
    assert guest.status == 429


def test_log_in_needs_the_token_of_this_browser(app: FastAPI, guest: Any) -> None:
    guest.get("/console/log-in")
    client = TestClient(app)
    sent = {"name": "chris", "password": "a password of the tests", "csrf": guest.csrf}
    assert client.post("/console/log-in", data=sent).status_code == 403
    assert "qulaq_session" not in client.cookies


@pytest.mark.parametrize("secure", [False, True])
def test_cookie_of_the_session(make_app: Open, secure: bool) -> None:
    service = make_app(secure_cookies=secure)
    client = TestClient(service, base_url="https://testserver", follow_redirects=False)
    page = client.get("/console/log-in").text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    sent = {"name": "chris", "password": "a password of the tests", "csrf": csrf}
    answer = client.post("/console/log-in", data=sent)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("qulaq_session=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/console" in cookie
    assert ("secure" in cookie) is secure


def test_log_out_ends_the_session(browser: Open, app: FastAPI) -> None:
    chris = browser()
    token = chris.client.cookies["qulaq_session"]
    chris.post("/console/log-out")
    assert chris.address == "/console/log-in"
    client = TestClient(app, cookies={"qulaq_session": token}, follow_redirects=False)
    assert client.get("/console/").status_code == 303


def test_session_ends_by_itself(browser: Open, clock: Any) -> None:
    chris = browser()
    clock.forward(hours=13)
    chris.get("/console/")
    assert chris.address == "/console/log-in"


@pytest.mark.parametrize("path", ["/console/log-out", "/console/language"])
@pytest.mark.parametrize("token", ["", "0" * 64, "шифр"])
def test_every_form_needs_its_token(browser: Open, path: str, token: str) -> None:
    chris = browser()
    chris.post(path, csrf=token, language="ru")
    assert chris.status == 403
    chris.get("/console/")
    assert chris.status == 200
    assert '<html lang="en">' in chris.page


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_forms_of_other_sites_are_refused(browser: Open, headers: dict[str, str]) -> None:
    chris = browser()
    answer = chris.client.post("/console/log-out", data={"csrf": chris.csrf}, headers=headers)
    assert answer.status_code == 403
    same = {"Sec-Fetch-Site": "same-origin", "Origin": "https://named-otherwise-by-a-proxy"}
    answer = chris.client.post("/console/log-out", data={"csrf": chris.csrf}, headers=same)
    assert answer.status_code == 200


def test_language_of_the_account(browser: Open) -> None:
    chris = browser()
    assert '<html lang="en">' in chris.page
    chris.post("/console/language", language="kk", next="/console/model?x=1")
    assert chris.address == "/console/model?x=1"
    assert '<html lang="kk">' in chris.page
    again = browser()
    assert '<html lang="kk">' in again.page
    again.post("/console/language", language="de", next="https://evil.example")
    assert again.status == 403


def test_language_before_the_log_in(app: FastAPI, guest: Any) -> None:
    client = TestClient(app)
    asks = {"Accept-Language": "de, en-GB;q=0.8"}
    assert '<html lang="en">' in client.get("/console/log-in", headers=asks).text
    assert '<html lang="kk">' in TestClient(app).get("/console/log-in").text
    guest.get("/console/log-in?lang=ru")
    assert '<html lang="ru">' in guest.page
    sent = {"name": "chris", "password": "a password of the tests", "lang": "ru"}
    guest.post("/console/log-in", **sent)
    assert '<html lang="ru">' in guest.page


def test_a_reply_survives_the_end_of_the_session(browser: Open, comments: Any, clock: Any) -> None:
    chris = browser()
    chris.get(f"/console/comments/{comments['cold']}")
    clock.forward(hours=13)
    chris.decide("approve", reply="own", text__own="Слова, над которыми <думали>")
    assert chris.status == 401
    assert "Слова, над которыми &lt;думали&gt;" in chris.page
    chris.get("/console/log-in")
    assert chris.status == 200


def test_forms_are_read_with_limits(browser: Open) -> None:
    chris = browser()
    post = chris.client.post
    assert post("/console/language", json={"csrf": chris.csrf}).status_code == 415
    assert post("/console/language", data={"x": "a" * 1_100_000}).status_code == 413
    many = {f"field{number}": "1" for number in range(600)}
    assert post("/console/language", data=many).status_code == 422
