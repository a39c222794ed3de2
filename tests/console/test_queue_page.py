"""The queue: order, filters in the address, pages, and what is said when it is empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

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


def test_a_tab_alone_is_no_filter_to_clear(browser: Open, comments: Any) -> None:
    chris = browser()
    assert 'class="clear" href' not in chris.get("/console/?status=rejected")
    assert "No comments here yet" in chris.page
    page = chris.get("/console/?status=open&topic=water")
    assert '<a class="clear" href="/console/">' in page
    page = chris.get("/console/?status=rejected&topic=water")
    assert '<a class="clear" href="/console/?status=rejected">' in page
