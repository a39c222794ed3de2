"""One comment: what is shown of it, and that nothing in it can do harm."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from service.house import House
from service.receive import Incoming, receive

Open = Callable[..., Any]


def show(browser: Open, comments: Any, name: str, user: str = "chris") -> str:
    return str(browser(user).get(f"/console/comments/{comments[name]}"))


def test_text_with_marks_for_each_head(browser: Open, comments: Any) -> None:
    page = show(browser, comments, "gas")
    assert '<mark class="topic-3 danger">газдың</mark>' in page
    assert '<mark class="topic-2 urgency-2 danger">иісі</mark>' in page
    assert 'id="why-sentiment"' in page
    assert 'id="why-misinformation"' not in page
    text = re.search(r'<p class="said" dir="auto">(.*?)</p>', page, re.DOTALL)
    assert text is not None
    assert re.sub("<[^>]+>", "", text[1]).startswith("Подъездте газдың иісі шығып тұр, 104")


def test_rule_deadline_and_link(browser: Open, comments: Any) -> None:
    page = show(browser, comments, "gas", "aigul")
    assert "газ иісі" in page
    assert "12 минутқа кешікті" in page
    assert 'href="https://www.instagram.com/p/astana/c/1"' in page
    assert 'rel="noopener noreferrer nofollow"' in page


def test_parent_post_and_personal_data(browser: Open, comments: Any) -> None:
    assert "Отопительный сезон в столице" in show(browser, comments, "cold")
    page = show(browser, comments, "manhole", "bolat")
    assert '<span class="personal" title="Номер телефона">8 701 555 01 23</span>' in page


def test_reasons_of_a_flag_and_doubts(browser: Open, comments: Any) -> None:
    page = show(browser, comments, "rumour")
    assert "Worded like a rumour" in page
    assert 'id="why-misinformation"' in page
    page = show(browser, comments, "latin")
    assert "not sure" in page
    assert "Or: " in page
    assert "31%" in page


def test_three_replies_with_reasons_and_one_by_hand(browser: Open, comments: Any) -> None:
    page = show(browser, comments, "cold")
    assert page.count('type="radio" name="reply"') == 4
    assert page.count('type="radio" name="reply" value="own"') == 1
    assert "fits the topic" in page
    assert re.search(r"<span data-length>\d+</span> / 8,000", page)


def test_labels_can_be_corrected(browser: Open, comments: Any) -> None:
    page = show(browser, comments, "cold")
    for head in (
        "language",
        "topic",
        "urgency",
        "sentiment",
        "intent",
        "toxicity",
        "misinformation",
    ):
        assert f'<select id="label-{head}" name="label.{head}" form="review"' in page
    assert '<option value="heating" selected data-model>' in page


HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7 * 7 }} \u202egnp.exe'


def test_replies_follow_the_labels_put_right(at: Open) -> None:
    page = at("thanks")
    before = page.review_form()["reply"]
    page.decide("stay", label__topic="heating", label__intent="problem", label__urgency="high")
    assert page.review_form()["reply"] == "heating-outage-received" != before
    assert page.review_form()["label.topic"] == "heating"
    page.decide("stay", label__topic="roads")
    assert page.review_form()["reply"] == "roads-received"


def test_what_the_moderator_chose_does_not_follow(at: Open) -> None:
    page = at("cold")
    second = re.findall(r'name="reply" value="([^"]+)"', page.page)[1]
    page.decide("stay", reply=second, label__urgency="normal")
    assert page.review_form()["reply"] == second
    first = page.review_form()["first"]
    page.decide("stay", reply=first, **{f"text.ru.{first}": "Своими словами"}, label__topic="roads")
    assert page.review_form()["reply"] == "own"
    assert page.review_form()["text.own"] == "Своими словами"


def test_the_language_of_the_reply_follows_unless_it_was_chosen(at: Open) -> None:
    page = at("cold")
    page.decide("stay", label__language="en")
    assert page.review_form()["language"] == "en"
    page.decide("language.kk")
    page.decide("stay", label__topic="roads")
    assert page.review_form()["language"] == "kk"
    page.decide("stay", label__language="ru")
    assert page.review_form()["language"] == "kk"


def test_nothing_in_a_comment_is_markup(browser: Open, write: Open) -> None:
    number = write(
        HOSTILE, author='"><svg onload=alert(2)>', parent=HOSTILE, url="javascript:alert(3)"
    )
    chris = browser()
    for path in (f"/console/comments/{number}", "/console/"):
        page = chris.get(path)
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<svg onload" not in page
        assert "javascript:" not in page
        assert "{{ 7 * 7 }}" in page
        assert '<bdi class="author" dir="auto">&#34;&gt;&lt;svg' in page


def test_hostile_words_in_the_form_come_back_as_text(browser: Open, write: Open) -> None:
    chris = browser()
    chris.get(f"/console/comments/{write('Как дела?')}")
    chris.decide("stay", reply="own", text__own="</textarea><script>alert(1)</script>")
    assert chris.status == 200
    assert "<script>alert" not in chris.page
    assert chris.review_form()["text.own"] == "</textarea><script>alert(1)</script>"


@pytest.mark.parametrize(
    "text", ["a" + "\u0301" * 9_000, "ы" * 10_000, "\u202e" * 50 + "!", "\n\n x"]
)
def test_odd_texts_are_shown(browser: Open, write: Open, text: str) -> None:
    chris = browser()
    number = write(text)
    assert chris.get(f"/console/comments/{number}")
    assert chris.status == 200
    chris.get("/console/")
    assert chris.status == 200


def test_a_held_comment_can_be_read_but_not_decided(browser: Open, comments: Any) -> None:
    path = f"/console/comments/{comments['gas']}"
    browser("bolat").get(path)
    chris = browser()
    page = chris.get(path)
    assert "bolat is working on this comment" in page
    assert "09:15" in page
    assert 'value="approve"' not in page
    assert re.search(r'value="own"[^>]* disabled', page)
    chris.get(re.search(r'href="(/console/next[^"]*)"', page)[1])  # type: ignore[index]
    assert chris.address.startswith(f"/console/comments/{comments['manhole']}")


def test_prefetching_holds_nothing(browser: Open, comments: Any) -> None:
    path = f"/console/comments/{comments['gas']}"
    browser("bolat").client.get(path, headers={"Sec-Purpose": "prefetch"})
    assert "working on this" not in browser().get(path)


@pytest.mark.parametrize("number", ["999", "0", "-1", "x", "9" * 30, str(2**63)])
def test_no_such_comment(browser: Open, number: str) -> None:
    chris = browser()
    chris.get(f"/console/comments/{number}")
    assert chris.status == 404
    assert "There is no such" in chris.page


def test_two_ages_are_said_apart(browser: Open, house: House, clock: Any) -> None:
    now = house.now()
    ids = {}
    for minutes in (4, 180):
        written = now - timedelta(minutes=minutes)
        item = Incoming(text="Когда?", external_id=f"age-{minutes}", posted_at=written)
        with house.sessions.writing() as session:
            (one,) = receive(session, house, [item], now)
        ids[minutes] = one.id
    aigul = browser("aigul")
    page = re.sub("<[^>]+>", "", aigul.get(f"/console/comments/{ids[180]}"))
    assert "3 сағат бұрын жазылған · жаңа ғана келді" in page
    assert "жазылған ·" not in aigul.get(f"/console/comments/{ids[4]}")
