"""What moderators decided goes out as annotated comments, and comes in again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.errors import Problem
from service.export import annotated_comments, annotation_id
from service.house import House
from service.import_annotations import import_annotations
from service.receive import Incoming, receive
from service.review import ReviewInput, review


def reviewed(house: House, text: str, number: int = 1, **corrections: Any) -> None:
    decide(house, text, number, corrections or {"urgency": "high"})


def decide(house: House, text: str, number: int, corrections: dict[str, Any]) -> None:
    with house.sessions.writing() as session:
        item = Incoming(
            text=text,
            external_id=str(number),
            platform="vk",
            parent_text="Қоңырау шалыңыз: +7 701 123 45 67",
            author="somebody",
        )
        received = receive(session, house, [item], house.now())[0]
        given = ReviewInput("reject", corrections=corrections)
        review(session, house, received.id, "dana", given, house.now())


def exported(house: House, since: Any = None) -> list[dict[str, Any]]:
    with house.sessions.reading() as session:
        return list(annotated_comments(session, since))


def test_a_rejection_without_a_correction_confirms_nothing(house: House) -> None:
    decide(house, "люк ашық", 1, {})
    assert exported(house) == []
    decide(house, "люк ашық", 2, {"topic": "roads"})
    assert [row["topic"] for row in exported(house)] == ["roads"]


def test_corrections_win_and_personal_data_stay_in(house: House) -> None:
    reviewed(
        house,
        "жылу жоқ, хабарласыңыз +7 701 123 45 67",
        topic="housing",
        toxicity="toxic",
        misinformation=True,
    )
    assert exported(house) == [
        {
            "id": annotation_id("vk", "1"),
            "text": "жылу жоқ, хабарласыңыз [phone]",
            "language": "kk-Cyrl",
            "topic": "housing",
            "urgency": "high",
            "sentiment": "neutral",
            "intent": "problem",
            "misinformation": True,
            "toxic": True,
            "parent_text": "Қоңырау шалыңыз: [phone]",
            "platform": "vk",
            "source": "moderator",
            "annotator": "dana",
        }
    ]


def test_only_decided_comments_go_out(api: TestClient) -> None:
    api.post("/v1/comments", json={"text": "люк ашық", "external_id": "1"})
    answer = api.get("/v1/annotations")
    assert answer.headers["content-type"].startswith("application/jsonl")
    assert answer.content == b""


def test_a_long_export_has_every_row_once(house: House, clock: Any) -> None:
    for number in range(23):
        reviewed(house, f"люк {number}", number)
        clock.forward(seconds=number % 3)
    texts = [row["text"] for row in exported(house)]
    assert texts == [f"люк {number}" for number in range(23)]


def test_pages_of_the_export(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.export._PAGE", 4)
    for number in range(11):
        reviewed(house, f"люк {number}", number)
    assert len({row["id"] for row in exported(house)}) == 11


def test_since(api: TestClient, house: House, clock: Any) -> None:
    reviewed(house, "люк ескі", 1)
    clock.forward(hours=1)
    reviewed(house, "люк жаңа", 2)
    answer = api.get("/v1/annotations", params={"since": clock().isoformat()})
    assert [json.loads(line)["text"] for line in answer.content.splitlines()] == ["люк жаңа"]


def test_since_lets_no_copy_of_an_older_decision_pass(
    house: House, clock: Any, annotated_row: dict[str, Any]
) -> None:
    reviewed(house, "люк ашық")
    (ours,) = exported(house)
    clock.forward(hours=1)
    copy = json.dumps({**ours, "topic": "other"})
    with house.sessions.writing() as session:
        import_annotations(session, [copy, json.dumps(annotated_row)], clock())
    assert exported(house, since=clock()) == [annotated_row]


def test_what_came_in_goes_out_again(
    house: House, clock: Any, annotated_row: dict[str, Any]
) -> None:
    reviewed(house, "люк ашық")
    ours = exported(house)[0]
    annotated_row |= {"traps": ["criticism", "past-danger"], "keyboard": "russian"}
    lines = [json.dumps(annotated_row), "", json.dumps({**ours, "topic": "other"})]
    with house.sessions.writing() as session:
        assert import_annotations(session, lines, clock()) == 2
    assert exported(house) == [ours, annotated_row]
    with house.sessions.writing() as session:
        import_annotations(session, [json.dumps({**annotated_row, "topic": "roads"})], clock())
    assert exported(house) == [ours, {**annotated_row, "topic": "roads"}]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"topic": "weather"}, "topic: 'weather' is none of"),
        ({"platform": "myspace"}, "platform"),
        ({"toxic": "no"}, "toxic"),
        ({"mood": "bad"}, "mood"),
        ({"id": ""}, "id"),
        ({"id": "a\u0000"}, "id"),
        ({"annotator": "\ud800"}, "surrogates"),
        ({"text": " "}, "empty"),
        ({"source": "robot"}, "source"),
        ({"traps": ["trapdoor"]}, "traps: 'trapdoor' is none of past-danger"),
        ({"keyboard": "french"}, "keyboard"),
    ],
)
def test_faulty_rows_are_named_and_nothing_is_kept(
    house: House, annotated_row: dict[str, Any], fault: dict[str, Any], words: str
) -> None:
    lines = [json.dumps(annotated_row), json.dumps({**annotated_row, "id": "2", **fault}), "{"]
    with house.sessions.writing() as session, pytest.raises(Problem) as caught:
        import_annotations(session, lines, house.now())
    second, third = caught.value.errors
    assert (second.field, third.field) == ("line 2", "line 3")
    assert words in second.detail
    assert exported(house) == []
