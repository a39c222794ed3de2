"""Holding a comment and deciding on it; the model's opinion stays what it was."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from service import comments, hold
from service.errors import Problem
from service.house import House
from service.receive import Incoming, Received, receive
from service.review import ReviewInput, review
from service.store.tables import Opinion, Review, TemplateOutcome
from service.suggestions import suggestions

KAZAKH = "Сәлеметсіз бе! Хабарламаңызды мамандарға жеткіздік, олар тексеріп жатыр."


@pytest.fixture
def comment_id(house: House, clock: Any) -> int:
    with house.sessions.writing() as session:
        item = Incoming(text="Үйде жылу жоқ", external_id="1", platform="instagram")
        received = receive(session, house, [item], clock())[0]
    assert isinstance(received, Received)
    return received.id


def decide(house: House, comment_id: int, who: str = "dana", **given: Any) -> Any:
    with house.sessions.writing() as session:
        return review(session, house, comment_id, who, ReviewInput(**given), house.now())


def refusal(house: House, comment_id: int, who: str = "dana", **given: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        decide(house, comment_id, who, **given)
    return caught.value


def claim(house: House, comment_id: int, who: str) -> Any:
    with house.sessions.writing() as session:
        return hold.claim(session, house, comment_id, who, house.now())


def view(house: House, comment_id: int) -> comments.CommentView:
    with house.sessions.reading() as session:
        return comments.get(session, comment_id)


def sendable_template(house: House, comment_id: int) -> str:
    """Return a suggested template that needs nothing filled in."""
    with house.sessions.reading() as session:
        found = suggestions(session, house, comments.get(session, comment_id))
    return next(reply["template_id"] for reply in found if not reply["missing_slots"])


def test_a_hold_keeps_others_out_for_a_while(house: House, clock: Any, comment_id: int) -> None:
    until = claim(house, comment_id, "dana")
    assert view(house, comment_id).held_by == "dana"
    assert claim(house, comment_id, "dana") == until
    with pytest.raises(Problem) as caught:
        claim(house, comment_id, "aigul")
    assert caught.value.code == "held-by-another"
    assert caught.value.extra["held_by"] == "dana"
    assert refusal(house, comment_id, "aigul", decision="reject").code == "held-by-another"
    clock.forward(minutes=house.settings.hold_minutes)
    claim(house, comment_id, "aigul")
    assert view(house, comment_id).held_by == "aigul"


def test_letting_go(house: House, comment_id: int) -> None:
    claim(house, comment_id, "dana")
    with house.sessions.writing() as session:
        hold.release(session, comment_id, "aigul")
    assert view(house, comment_id).held_by == "dana"
    with house.sessions.writing() as session:
        hold.release(session, comment_id, "dana")
    assert view(house, comment_id).held_by is None


def test_one_of_many_gets_it(house: House, comment_id: int) -> None:
    barrier = Barrier(6)

    def ask(number: int) -> bool:
        barrier.wait()
        try:
            claim(house, comment_id, f"moderator {number}")
        except Problem:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(ask, range(6))) == 1


@pytest.mark.parametrize(
    "step",
    [
        lambda house: claim(house, 99, "dana"),
        lambda house: decide(house, 99, decision="reject"),
        lambda house: view(house, 99),
    ],
)
def test_no_such_comment(house: House, step: Any) -> None:
    with pytest.raises(Problem) as caught:
        step(house)
    assert caught.value.code == "comment-not-found"


def test_an_approved_template(house: House, clock: Any, comment_id: int) -> None:
    template_id = sendable_template(house, comment_id)
    clock.forward(minutes=7)
    decided = decide(house, comment_id, decision="approve", template_id=template_id)
    assert decided.decision == "approve"
    assert decided.language == "kk"
    assert "{" not in decided.reply_text
    found = view(house, comment_id)
    assert found.status == "approved"
    assert found.review == decided
    with house.sessions.reading() as session:
        outcome = session.get(TemplateOutcome, template_id)
        assert outcome is not None
        assert (outcome.accepted, outcome.edited, outcome.rejected) == (1, 0, 0)
        assert session.scalars(select(Review.seconds)).one() == 420


@pytest.mark.parametrize(
    ("change", "decision", "counted"),
    [
        (lambda text: f" {text}\n", "approve", (1, 0, 0)),
        (lambda text: KAZAKH, "edit", (0, 1, 0)),
    ],
)
def test_an_approval_of_other_words_is_an_edit(
    house: House, comment_id: int, change: Any, decision: str, counted: tuple[int, int, int]
) -> None:
    with house.sessions.reading() as session:
        offered = suggestions(session, house, comments.get(session, comment_id))
    reply = next(reply for reply in offered if not reply["missing_slots"])
    given = {"template_id": reply["template_id"], "reply_text": change(reply["text"])}
    decided = decide(house, comment_id, decision="approve", **given)
    assert decided.decision == decision
    assert decided.reply_text == given["reply_text"]
    with house.sessions.reading() as session:
        outcome = session.get(TemplateOutcome, reply["template_id"])
        assert outcome is not None
        assert (outcome.accepted, outcome.edited, outcome.rejected) == counted


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"decision": "edit", "reply_text": KAZAKH}, "approved"),
        ({"decision": "approve", "reply_text": KAZAKH}, "approved"),
        ({"decision": "reject"}, "rejected"),
        ({"decision": "escalate"}, "escalated"),
    ],
)
def test_decisions(house: House, comment_id: int, given: dict[str, Any], status: str) -> None:
    before = view(house, comment_id).analysis
    decided = decide(house, comment_id, **given, corrections={"topic": "housing"})
    assert decided.reply_text == given.get("reply_text")
    found = view(house, comment_id)
    assert found.status == status
    assert found.held_by is None
    assert found.analysis == before
    assert found.review is not None
    assert found.review.corrections == {"topic": "housing"}
    assert refusal(house, comment_id, decision="escalate").code == "already-decided"
    if status == "escalated":
        return
    assert refusal(house, comment_id, decision="reject").code == "already-decided"
    assert refusal(house, comment_id, decision="return").code == "already-decided"
    with pytest.raises(Problem) as caught:
        claim(house, comment_id, "dana")
    assert caught.value.code == "already-decided"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"decision": "publish"}, "invalid-value", "decision"),
        ({"decision": "approve"}, "missing-field", "reply_text"),
        ({"decision": "edit", "template_id": "thanks"}, "template-not-found", "template_id"),
        ({"decision": "edit"}, "missing-field", "reply_text"),
        ({"decision": "reject", "language": "de"}, "invalid-value", "language"),
        (
            {"decision": "reject", "corrections": {"topic": "weather"}},
            "unknown-label",
            "corrections.topic",
        ),
        (
            {"decision": "reject", "corrections": {"mood": "bad"}},
            "unknown-field",
            "corrections.mood",
        ),
        (
            {"decision": "reject", "corrections": {"misinformation": "yes"}},
            "wrong-type",
            "corrections.misinformation",
        ),
    ],
)
def test_faulty_decisions(
    house: House, comment_id: int, given: dict[str, Any], code: str, field: str
) -> None:
    problem = refusal(house, comment_id, **given)
    assert problem.code == code
    assert [error.field for error in problem.errors] == [field]
    assert view(house, comment_id).status == "open"


def test_a_reply_that_must_not_go_out(house: House, comment_id: int) -> None:
    text = f"{KAZAKH} Телефоныңыз: +7 701 123 45 67"
    problem = refusal(house, comment_id, decision="edit", reply_text=text)
    assert problem.code == "reply-refused"
    assert [fault["code"] for fault in problem.extra["faults"]] == ["personal-data"]
    assert refusal(house, comment_id, decision="edit", reply_text=text, confirm=True).code == (
        "reply-refused"
    )


def test_doubts_can_be_overruled(house: House, comment_id: int) -> None:
    russian = "Здравствуйте! Сообщение передали специалистам, они уже проверяют отопление."
    problem = refusal(house, comment_id, decision="edit", reply_text=russian)
    assert problem.extra["faults"] == [
        {"code": "wrong-language", "detail": problem.detail, "overrulable": True}
    ]
    decided = decide(house, comment_id, decision="edit", reply_text=russian, confirm=True)
    assert decided.reply_text == russian


def test_a_reply_in_another_language(house: House, comment_id: int) -> None:
    russian = "Здравствуйте! Сообщение передали специалистам, они уже проверяют отопление."
    decided = decide(house, comment_id, decision="edit", reply_text=russian, language="ru")
    assert decided.language == "ru"


def test_suggestions_in_each_language(house: House, comment_id: int) -> None:
    found = view(house, comment_id)
    for language in (None, "kk", "ru", "en"):
        with house.sessions.reading() as session:
            replies = suggestions(session, house, found, language)
        assert replies
        assert {reply["language"] for reply in replies} == {language or "kk"}


def test_the_reply_is_that_of_the_corrected_labels(house: House, comment_id: int) -> None:
    found = view(house, comment_id)
    right = {"topic": "roads", "intent": "problem", "misinformation": True}
    with house.sessions.reading() as session:
        replies = suggestions(session, house, found, "ru", {"topic": "roads", "intent": "problem"})
        rumour = suggestions(session, house, found, "ru", right)
    assert replies[0]["template_id"] == "roads-received"
    assert "refute-with-link" in [reply["template_id"] for reply in rumour]
    assert view(house, comment_id).analysis == found.analysis


def test_of_two_decisions_one_counts(house: House, comment_id: int) -> None:
    barrier = Barrier(4)

    def attempt(number: int) -> str:
        barrier.wait()
        try:
            decide(house, comment_id, f"moderator {number}", decision="reject")
        except Problem as problem:
            return problem.code
        return "decided"

    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(attempt, range(4)))
    assert results == ["already-decided"] * 3 + ["decided"]
    with house.sessions.reading() as session:
        assert len(session.scalars(select(Review)).all()) == 1
        assert len(session.scalars(select(Opinion)).all()) == 1
