"""Known claims in the console: found, entered, changed, taken out, and shown with a comment."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

import pytest
from fastapi import FastAPI

from models.claims.claim import parse_claim
from models.claims.examples import load_examples
from service import claim_registry
from service.accounts import create_user
from service.house import House
from service.store.tables import User

Open = Callable[..., Any]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e"
CLAIM: dict[str, Any] = {
    "claim_id": "tap",
    "claim": {"kk": "Краннан хлор қосылған су ағып жатыр", "ru": "Воду из крана отравили хлоркой"},
    "verdict": "false",
    "refutation": {"ru": "Пробы воды в норме."},
    "url": "https://astana.gov.kz/voda",
}
SPREADS = "Соседи, воду из крана отравили хлоркой, не пейте и перешлите всем!"
FORM = {
    "verdict": "false",
    "claim.ru": "Мэр раздаёт телефоны",
    "refutation.ru": "Не раздаёт.",
    "phrasings": "телефоны от мэра\n\n  мэр дарит айфоны ",
    "url": "https://astana.gov.kz/a",
    "published": "2026-11-20",
}


@pytest.fixture
def tap(house: House, clock: Any) -> int:
    """The number of a claim that the tests look at."""
    return enter(house, CLAIM)


def enter(house: House, raw: dict[str, Any]) -> int:
    with house.sessions.writing() as session:
        (put,) = claim_registry.put(
            session, [parse_claim(raw)], "madina", house.now(), overwrite=True
        )
    assert isinstance(put, claim_registry.Put)
    return put.kept.number


def fields_of(page: str) -> dict[str, str]:
    """Return what the form of a claim holds."""
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    inputs = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page)
    inputs += [
        (name, value)
        for value, name in re.findall(r'<input[^>]* value="([^"]*)"[^>]* name="([^"]+)"', page)
    ]
    chosen = re.findall(r'<option value="([^"]*)" selected', page)
    found = {name: unescape(value) for name, value in (*inputs, *areas) if name != "csrf"}
    return found | ({"verdict": chosen[0]} if chosen else {})


@pytest.mark.parametrize("user", ["aigul", "bolat", "chris"])
def test_the_list_finds_by_words_verdict_and_state(browser: Open, tap: int, user: str) -> None:
    somebody = browser(user)
    page = somebody.get("/console/claims")
    assert page.count('class="row-link"') == len(load_examples()) + 1 or "data-next-page" in page
    page = somebody.get("/console/claims?q=ХЛОРКОЙ отравили")
    assert page.count('class="row-link"') == 1
    assert f"/console/claims/{tap}" in page
    assert somebody.get("/console/claims?q=100%25").count('class="row-link"') == 0
    scams = somebody.get("/console/claims?verdict=scam")
    assert f"/console/claims/{tap}" not in scams
    assert somebody.get("/console/claims?state=deleted").count('class="row-link"') == 0
    somebody.get("/console/claims?cursor=nonsense")
    assert somebody.address == "/console/claims"


def test_examples_go_with_one_click(browser: Open, tap: int) -> None:
    chris = browser()
    assert "examples" in chris.get("/console/claims")
    page = chris.post("/console/claims/examples/delete")
    assert "The examples are removed." in page
    assert page.count('class="row-link"') == 1
    assert "Remove the examples" not in page
    assert chris.get("/console/claims?state=deleted").count("row-link") > 0


def test_a_claim_is_entered_and_changed(browser: Open, house: House) -> None:
    chris = browser()
    chris.get("/console/claims/new")
    page = chris.post("/console/claims/new", **FORM)
    assert "Entered" in page
    held = fields_of(page)
    assert held["phrasings"].split("\n") == ["телефоны от мэра", "мэр дарит айфоны"]
    assert held["claim_id"].startswith("claim-")
    address = chris.address.partition("?")[0]
    changed = {**held, "verdict": "scam", "claim.kk": "Әкім телефон таратып жатыр"}
    assert "Changed" in chris.post(address, **changed)
    assert 'verdict-scam">Scam' in chris.get(address)
    assert chris.page.count('<span class="quiet">chris') == 2
    stale = chris.post(address, **changed)
    assert chris.status == 409
    assert "chris has changed this claim meanwhile" in stale
    assert "Әкім телефон таратып жатыр" in stale
    assert "Nothing was changed" in chris.post(address, **fields_of(stale))


FAULTS: list[tuple[dict[str, str], int, str]] = [
    ({"claim.ru": "", "phrasings": ""}, 422, "What people say is missing"),
    ({"claim.ru": "я" * 3_000}, 422, "Too long"),
    ({"phrasings": "a\n" * 51}, 422, "Too long"),
    ({"verdict": ""}, 422, "No verdict"),
    ({"url": "javascript:alert(1)"}, 422, "The link must begin with"),
    ({"published": "yesterday"}, 422, "This is no date"),
    ({"claim_id": "tap"}, 409, "A claim with this code is known"),
]


@pytest.mark.parametrize(("fault", "status", "words"), FAULTS)
def test_nothing_is_lost_by_a_fault(
    browser: Open, tap: int, fault: dict[str, str], status: int, words: str
) -> None:
    chris = browser()
    chris.get("/console/claims/new")
    page = chris.post("/console/claims/new", **{**FORM, **fault})
    assert chris.status == status
    assert words in page
    if "verdict" not in fault:
        assert 'aria-invalid="true"' in page or "claim.ru" in fault or "phrasings" in fault
    held = fields_of(page)
    sent = {**FORM, **fault}
    assert {name: held.get(name, "").strip() for name in sent} == {
        name: value.strip() for name, value in sent.items()
    }


def test_a_deleted_claim_can_be_looked_at_and_restored(browser: Open, tap: int, write: Any) -> None:
    write(SPREADS)
    chris = browser()
    address = f"/console/claims/{tap}"
    chris.get(address)
    assert "Deleted" in chris.post(f"{address}/delete")
    page = chris.get(address)
    assert "This claim has been deleted" in page
    assert SPREADS[:30] in page
    assert "readonly" in page
    assert "Restored" in chris.post(address, **fields_of(page))
    assert "readonly" not in chris.get(address)
    chris.post("/console/claims/999/delete")
    assert chris.status == 404
    chris.get("/console/claims/99999999999999999999999")
    assert chris.status == 404


def upload(somebody: Any, content: bytes, **fields: str) -> str:
    somebody.get("/console/claims/import")
    response = somebody.client.post(
        "/console/claims/import",
        data={"csrf": somebody.csrf, **fields},
        files={"file": ("claims.csv", content, "text/csv")},
    )
    return str(somebody._took(response))


def test_a_file_is_taken_in_and_its_faults_are_listed(browser: Open, tap: int) -> None:
    rows = [
        "claim_id,claim_ru,verdict,url",
        "a,Воды не будет,ложь,",
        f"b,{HOSTILE.replace(',', '')},ложь,javascript:x",
        "tap,Другое,ложь,",
        "c,,ложь,",
    ]
    chris = browser()
    page = upload(chris, "\n".join(rows).encode())
    assert chris.status == 200
    assert "1 claim is in" in page
    assert "3 things to put right" in page
    assert "Row <bdi>3</bdi>" in page
    assert "The link must begin with" in page
    assert "<script>alert" not in page
    page = upload(chris, "\n".join(rows[:4]).encode(), replace="yes")
    assert "changed: 1" in page
    assert "known already: 1" in page
    page = upload(chris, "claim_ru,verdict,note\nЛёд,ложь,x".encode())
    assert ("unknown and was left out" in page, "put right" in page) == (True, False)
    upload(chris, b"")
    assert "Please choose a file first." in chris.page
    upload(chris, b"PK\x03\x04...")
    assert (chris.status, "This is a workbook" in chris.page) == (422, True)
    kazakh = browser("aigul")
    assert "Сілтеме https://" in upload(kazakh, "\n".join(rows).encode())


def test_a_file_from_elsewhere_is_refused(browser: Open, app: FastAPI) -> None:
    chris = browser()
    content = {"file": ("a.csv", b"claim_ru,verdict\na,false", "text/csv")}
    answer = chris.client.post("/console/claims/import", data={"csrf": "0" * 64}, files=content)
    assert answer.status_code == 403
    headers = {"sec-fetch-site": "cross-site"}
    answer = chris.client.post(
        "/console/claims/import", data={"csrf": chris.csrf}, files=content, headers=headers
    )
    assert answer.status_code == 403


def test_who_may_only_read(browser: Open, house: House, tap: int) -> None:
    with house.sessions.writing() as session:
        create_user(session, "dana", "a password of the tests", house.now(), language="en")
        dana = session.query(User).filter_by(name="dana").one()
        dana.scopes = ["review", "claims:read"]
    reader = browser("dana")
    page = reader.get(f"/console/claims/{tap}")
    assert "readonly" in page
    assert ">Save<" not in page
    reader.post(f"/console/claims/{tap}", **FORM)
    assert reader.status == 403
    upload(reader, b"claim_ru,verdict\na,false")
    assert reader.status == 403


@pytest.mark.parametrize(
    ("user", "words"),
    [("aigul", "Пікір оны таратып отыр"), ("bolat", "распространяет"), ("chris", "spreads it")],
)
def test_a_comment_shows_the_claim_it_repeats(
    browser: Open, write: Any, tap: int, user: str, words: str
) -> None:
    somebody = browser(user)
    page = somebody.get(f"/console/comments/{write(SPREADS)}")
    assert words in page
    assert "Пробы воды в норме." in page
    assert 'href="https://astana.gov.kz/voda"' in page
    assert f'href="/console/claims/{tap}"' in page
    first = re.search(r'name="reply" value="([^"]+)" checked', page)
    assert first
    assert first[1] == "claim-refuted"
    assert "Подробнее: https://astana.gov.kz/voda" in page
    decided = somebody.decide("approve")
    assert somebody.status == 200, decided
    assert "done=approve" in somebody.address


def test_what_lacks_is_said(browser: Open, house: House, write: Any) -> None:
    enter(house, {**CLAIM, "refutation": {"kk": "Су таза."}})
    chris = browser()
    page = chris.get(f"/console/comments/{write(SPREADS)}")
    assert "Су таза." in page
    assert "There is no answer in the language of the reply (Русский) yet." in page


def test_an_example_asks_before_it_is_sent(browser: Open, house: House, write: Any) -> None:
    enter(house, {**CLAIM, "example": True})
    chris = browser()
    chris.get(f"/console/comments/{write(SPREADS)}")
    page = chris.decide("approve")
    assert chris.status == 422
    assert "The answer comes from an example" in page
    chris.decide("approve", confirm="yes")
    assert "done=approve" in chris.address


def test_saving_an_example_makes_it_ones_own(browser: Open, house: House) -> None:
    number = enter(house, {**CLAIM, "example": True})
    chris = browser()
    page = chris.get(f"/console/claims/{number}")
    assert "This is an example" in page
    page = chris.post(f"/console/claims/{number}", **fields_of(page))
    assert "This is an example" not in page


def test_hostile_words_stay_words(browser: Open, house: House, write: Any) -> None:
    hostile = HOSTILE.replace("\u202e", "")
    number = enter(
        house,
        {
            "claim_id": hostile,
            "claim": {"ru": f"Воду из крана отравили хлоркой {hostile}"},
            "phrasings": [hostile],
            "verdict": "false",
            "refutation": {"ru": hostile},
            "url": 'https://a.kz/"><script>',
        },
    )
    comment = write(SPREADS)
    chris = browser()
    for path in ("/claims", f"/claims/{number}", f"/comments/{comment}", "/claims?q=<script>"):
        page = chris.get(f"/console{path}")
        assert chris.status == 200
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert escape(hostile) in chris.get(f"/console/claims/{number}").replace(
        "&#34;", "&quot;"
    ).replace("&#39;", "&#x27;")
