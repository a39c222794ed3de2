"""The queue: order, filters in the address, pages, and what is said when it is empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

Open = Callable[..., Any]


def listed(page: str) -> list[int]:
    return [
        int(found) for found in re.findall(r'class="row-link" href="/console/comments/(\d+)', page)
    ]


def test_most_pressing_first_and_overdue_marked(browser: Open, comments: Any) -> None:
    page = browser().get("/console/")
    order = listed(page)
    assert order[:3] == [comments["gas"], comments["manhole"], comments["cold"]]
    assert len(order) == len(comments)
    rows = page.split('<li class="row')[1:]
    assert "due overdue" in rows[0]
    assert "12 minutes overdue" in rows[0]
    assert "due soon" in rows[1]
    assert "18 minutes left" in rows[1]
    assert "Critical" in rows[0]
    assert all("overdue" not in row for row in rows[1:])
    assert "Likely false" in page
    assert "Toxic" in page


def test_how_it_stands(browser: Open, comments: Any) -> None:
    page = browser().get("/console/")
    figures = re.findall(r"<dt>(\w+)</dt><dd>(\d+)</dd>", page)
    assert figures == [("open", "12"), ("overdue", "1"), ("critical", "2")]
    assert "Critical · 2</option>" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("urgency=critical", {"gas", "manhole"}),
        ("topic=heating&language=kk-Latn", {"latin"}),
        ("flag=likely", {"rumour"}),
        ("topic=nonsense&flag=", set()),
        ("status=approved", None),
    ],
)
def test_filters(browser: Open, comments: Any, query: str, names: set[str] | None) -> None:
    page = browser().get(f"/console/?{query}")
    wanted = {comments[name] for name in names or ()} if names != set() else set(comments.values())
    assert set(listed(page)) == wanted


def test_filters_stay_in_the_address(browser: Open, comments: Any) -> None:
    chris = browser()
    page = chris.get("/console/?urgency=normal&topic=transport")
    links = [unescape(link) for link in re.findall(r'href="(/console/comments/[^"]+)"', page)]
    assert links
    assert all(link.endswith("?urgency=normal&topic=transport") for link in links)
    assert '<option value="transport" selected>' in page
    page = chris.get(links[0])
    assert 'leave?urgency=normal&amp;topic=transport"' in page
    assert 'review?urgency=normal&amp;topic=transport"' in page


def test_pages_follow_each_other(browser: Open, comments: Any, write: Open) -> None:
    for number in range(45):
        write(f"Комментарий номер {number}")
    chris = browser()
    found: list[int] = []
    page = chris.get("/console/")
    while True:
        found += listed(page)
        link = re.search(r'href="([^"]+)" rel="next"', page)
        if link is None:
            break
        page = chris.get(unescape(link[1]))
        assert "To the beginning" in page
    assert len(found) == len(set(found)) == 57


def test_a_broken_cursor_begins_at_the_beginning(browser: Open, comments: Any) -> None:
    chris = browser()
    chris.get("/console/?topic=heating&cursor=broken")
    assert chris.address == "/console/?topic=heating"
    assert chris.status == 200


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("aigul", "Барлығына жауап берілді"),
        ("bolat", "Всем ответили"),
        ("chris", "Everyone has been answered"),
    ],
)
def test_an_empty_queue_is_good_news(browser: Open, name: str, words: str) -> None:
    assert words in browser(name).get("/console/")


def test_nothing_under_these_filters(browser: Open, comments: Any) -> None:
    page = browser().get("/console/?topic=culture")
    assert "Nothing under these filters" in page


def test_next_leads_through_the_filter(browser: Open, comments: Any) -> None:
    chris = browser()
    browser("bolat").get(f"/console/comments/{comments['gas']}")
    chris.get("/console/next?topic=heating")
    assert chris.address == f"/console/comments/{comments['cold']}?topic=heating"
    chris.get("/console/next?topic=culture")
    assert chris.address == "/console/?topic=culture"


def test_a_comment_of_another_moderator_is_marked(browser: Open, comments: Any, clock: Any) -> None:
    bolat, chris = browser("bolat"), browser()
    bolat.get(f"/console/comments/{comments['gas']}")
    assert "with bolat" in chris.get("/console/")
    assert "with bolat" not in bolat.get("/console/")
    clock.forward(minutes=16)
    assert "with bolat" not in chris.get("/console/")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("БАТАРЕИ", {"cold"}),
        ("батареи ледяные", {"cold"}),
        ("Мама", {"cold"}),
        ("nurik.07", {"bus"}),
        ("%", set()),
        ("нет_такого", set()),
    ],
)
def test_looking_for_words(browser: Open, comments: Any, words: str, names: set[str]) -> None:
    page = browser().get(f"/console/?q={quote(words)}")
    assert set(listed(page)) == {comments[name] for name in names}
    assert f'value="{words}"' in page


def test_looking_for_a_number(browser: Open, comments: Any) -> None:
    for words in (f"%23{comments['cold']}", f"{comments['cold']}"):
        assert comments["cold"] in listed(browser().get(f"/console/?q={words}"))


def test_what_was_looked_for_stays_in_the_address(browser: Open, comments: Any) -> None:
    chris = browser()
    page = chris.get("/console/?topic=heating&q=%D0%B1%D0%B0%D1%82%D0%B0%D1%80%D0%B5%D0%B8")
    link = re.search(r'class="row-link" href="([^"]+)"', page)
    assert link is not None
    chris.get(unescape(link[1]))
    chris.decide("skip")
    assert "q=%D0%B1%D0%B0%D1%82%D0%B0%D1%80%D0%B5%D0%B8" in chris.address


def test_the_newest_decision_comes_first(browser: Open, comments: Any, clock: Any) -> None:
    chris = browser()
    order = ["thanks", "gas", "cold"]
    for name in order:
        chris.get(f"/console/comments/{comments[name]}")
        chris.decide("reject", reason="answered")
        clock.forward(minutes=1)
    page = chris.get("/console/?status=rejected")
    assert listed(page) == [comments[name] for name in reversed(order)]
    assert "1 minute ago" in page


def test_the_way_back_leads_to_the_same_page(browser: Open, comments: Any, write: Open) -> None:
    for number in range(30):
        write(f"Комментарий номер {number}")
    chris = browser()
    link = re.search(r'href="([^"]+)" rel="next"', chris.get("/console/"))
    assert link is not None
    second = unescape(link[1])
    page = chris.get(second)
    number = listed(page)[0]
    opened = re.search(r'class="row-link" href="([^"]+)"', page)
    assert opened is not None
    page = chris.get(unescape(opened[1]))
    leave = re.search(r'action="(/console/comments/\d+/leave[^"]*)"', page)
    assert leave is not None
    chris.post(unescape(leave[1]))
    assert chris.address == second
    assert listed(chris.page)[0] == number


def test_news_are_counted_in_the_filter(browser: Open, comments: Any, write: Open) -> None:
    chris = browser()
    address = re.search(r'data-news="([^"]+)"', chris.get("/console/?topic=other"))
    assert address is not None
    news = unescape(address[1])
    assert chris.client.get(news).json()["number"] == 0
    write("Новый комментарий")
    write("Ещё один")
    assert chris.client.get(news).json() == {"number": 2, "words": "2 new comments"}
    assert chris.client.get(news.replace("other", "roads")).json()["number"] == 0
    assert chris.client.get("/console/news?after=nonsense").json()["number"] == 0
    assert "data-news" not in chris.get("/console/?status=approved")


def test_a_tab_alone_is_no_filter_to_clear(browser: Open, comments: Any) -> None:
    chris = browser()
    assert 'class="clear" href' not in chris.get("/console/?status=rejected")
    assert "No comments here yet" in chris.page
    page = chris.get("/console/?status=open&topic=water")
    assert '<a class="clear" href="/console/">' in page
    page = chris.get("/console/?status=rejected&topic=water")
    assert '<a class="clear" href="/console/?status=rejected">' in page
