"""What comes from outside: texts to mark, addresses to link to, ways to be sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.labels import TOPICS
from service.console.links import ROOT, filter_query, own_path, read_filters, web_link
from service.console.marks import MARKED_HEADS, cut, excerpt, without_direction
from service.queue import QueueFilters

SPAN = st.fixed_dictionaries(
    {
        "start": st.integers(-3, 60),
        "end": st.integers(-3, 60),
        "weight": st.floats(0, 1),
        "kind": st.just("phone"),
    }
)


@given(
    text=st.text(max_size=50),
    topic=st.lists(SPAN, max_size=4),
    urgency=st.lists(SPAN, max_size=4),
    personal=st.lists(SPAN, max_size=3),
    override=st.none() | SPAN,
)
def test_pieces_give_the_text_back(
    text: str,
    topic: list[Any],
    urgency: list[Any],
    personal: list[Any],
    override: dict[str, Any] | None,
) -> None:
    pieces = cut(text, {"topic": topic, "urgency": urgency}, personal, override)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


def test_marks_say_head_and_weight() -> None:
    text = "Люк 👍 открыт"
    pieces = cut(
        text,
        {
            "topic": [{"start": 0, "end": 3, "weight": 0.7}],
            "urgency": [{"start": 6, "end": 12, "weight": 0.25}],
            "intent": [{"start": 0, "end": 12, "weight": 1.0}],
        },
        [{"kind": "phone", "start": 4, "end": 5}],
        {"start": 0, "end": 3},
    )
    assert [(piece.text, piece.marks, piece.personal) for piece in pieces] == [
        ("Люк", ("topic-3", "danger"), None),
        (" ", (), None),
        ("👍", (), "phone"),
        (" ", (), None),
        ("открыт", ("urgency-2",), None),
    ]
    assert "intent" not in MARKED_HEADS


@given(st.text(max_size=700))
def test_excerpt_is_short_and_on_one_line(text: str) -> None:
    shown = excerpt(text)
    assert len(shown) <= 281
    assert "\n" not in shown


def test_direction_marks_are_taken_out() -> None:
    assert without_direction("a\u202eb\u2066c") == "abc"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.instagram.com/p/x/?a=1&b=2#c",
        "http://example.kz/жол",
    ],
)
def test_web_addresses_are_links(url: str) -> None:
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "//example.com/x",
        "https:",
        "https://",
        "https:///path",
        "https://user@example.com/",
        "https://example.com\\@evil.com/",
        "https://example.com/ x",
        "https://example.com/\u202e",
        "https://[broken/",
        "vbscript:x",
        "https://e.kz/" + "a" * 3_000,
    ],
)
def test_other_addresses_are_no_links(url: str | None) -> None:
    assert web_link(url) is None


@given(st.text(max_size=60))
def test_link_or_nothing(url: str) -> None:
    assert (web_link(url) or "https://").lower().startswith(("http://", "https://"))


@pytest.mark.parametrize("path", [f"{ROOT}/", f"{ROOT}/comments/7?topic=heating", f"{ROOT}/model"])
def test_own_paths_are_kept(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "https://evil.example/console/",
        "//evil.example/console/",
        "/\\evil.example/console/",
        f"{ROOT}//evil.example",
        f"{ROOT}/../admin",
        f"{ROOT}/\r\nset-cookie: a=b",
        "/consolething/",
        f"{ROOT}/log-in",
        "http://[",
        "javascript:alert(1)",
    ],
)
def test_no_other_path_is_followed(path: str | None) -> None:
    assert own_path(path) == f"{ROOT}/"


@given(st.text(max_size=60))
def test_own_path_stays_in_the_console(path: str) -> None:
    assert own_path(path).startswith(f"{ROOT}/")
    assert own_path(ROOT + path).startswith(f"{ROOT}/")


def test_filters_go_into_the_address_and_come_back() -> None:
    filters = QueueFilters(status="approved", topic="heating", language="kk-Cyrl", flag="likely")
    query = filter_query(filters)
    assert query == "?status=approved&topic=heating&language=kk-Cyrl&flag=likely"
    assert (
        read_filters(
            {"status": "approved", "topic": "heating", "language": "kk-Cyrl", "flag": "likely"}
        )
        == filters
    )
    assert filter_query(QueueFilters()) == ""
    assert filter_query(QueueFilters(topic="water"), topic=None, after=3) == "?after=3"


@given(st.dictionaries(st.sampled_from(["status", "topic", "urgency", "flag", "x"]), st.text()))
def test_unknown_codes_filter_nothing(query: dict[str, str]) -> None:
    filters = read_filters(query)
    assert filters.status in {"open", "approved", "rejected", "escalated"}
    assert filters.topic is None or filters.topic in TOPICS
