"""The same text from several accounts: noticed, shown, kept, not held against honest people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from service.app import create_app
from service.house import House
from service.live_model import LiveModel
from service.settings import Settings
from service.store.group_tables import TextGroup, TextKey, TextMember
from service.store.tables import Opinion

RUMOUR = "Көрші ауылда түнде бөтен адамдар көше аралап жүр екен, барлығына таратыңыздар"
VARIANTS = (
    RUMOUR,
    "Корши ауылда тунде ботен адамдар коше аралап жур екен, барлыгына таратыңыздар!!!",
    "Назар аударыңыздар! " + RUMOUR,
)
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def send(api: TestClient) -> Send:
    """Return a function that stores a comment and returns the answer."""
    sent: list[int] = []

    def send_comment(text: str, author: str | None, **fields: Any) -> dict[str, Any]:
        sent.append(1)
        body = {"text": text, "author": author, "external_id": str(len(sent)), **fields}
        answer = api.post("/v1/comments", json={"platform": "instagram", **body})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return send_comment


def test_one_decision_for_all_who_wrote_the_same(api: TestClient, send: Send) -> None:
    ids = [send(text, name)["id"] for text, name in zip(VARIANTS, "abc", strict=True)]
    alone = send("Жарық жоқ", "d")["id"]
    api.post(f"/v1/comments/{ids[2]}/review", json={"decision": "reject", "reason": "spam"})
    given = {
        "decision": "edit",
        "reply_text": "Сәлеметсіз бе! Хабарламаңызды алдық.",
        "language": "kk",
    }
    answer = api.post(f"/v1/comments/{ids[1]}/group/review", json=given).json()
    assert (answer["decided"], answer["refused"]) == (2, 0)
    assert {one["comment_id"] for one in answer["results"]} == set(ids[:2])
    assert [look(api, number)["status"] for number in (*ids, alone)] == [
        *("approved", "approved", "rejected", "open")
    ]
    again = api.post(f"/v1/comments/{ids[1]}/group/review", json=given)
    assert again.status_code == 409
    assert again.json()["type"].endswith("already-decided")
    assert api.post("/v1/comments/999/group/review", json=given).status_code == 404
    wrong = api.post(f"/v1/comments/{alone}/group/review", json={"decision": "maybe"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("author", "reply", "refused"),
    [
        ("Анна Петрова", "Здравствуйте, анна! Проверили.", True),
        ("@anna_p", "Здравствуйте, Anna! Проверили.", True),
        ("Ян", "Здравствуйте! Январь проверили.", False),
        ("Анна", "Здравствуйте! Проверили.", False),
        (None, "Здравствуйте, Анна! Проверили.", False),
    ],
)
def test_a_reply_for_several_names_nobody(
    api: TestClient, send: Send, author: str | None, reply: str, refused: bool
) -> None:
    first = send(RUMOUR, author)["id"]
    copy = send(RUMOUR, "another")["id"]
    given = {"decision": "edit", "reply_text": reply, "language": "ru"}
    answer = api.post(f"/v1/comments/{first}/group/review", json=given)
    codes = {one["code"] for one in answer.json().get("faults", ())}
    assert ("names-author" in codes) is refused
    assert (look(api, first)["status"], look(api, copy)["status"]) == (
        ("open", "open") if refused else ("approved", "approved")
    )


def look(api: TestClient, number: int) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/v1/comments/{number}").json()
    return found


def kinds(answer: dict[str, Any]) -> list[str]:
    return [reason["kind"] for reason in answer["analysis"]["misinformation"]["reasons"]]


def test_the_third_account_gives_all_of_them_the_reason(api: TestClient, send: Send) -> None:
    first, second = (send(text, name) for text, name in zip(VARIANTS, "ab", strict=False))
    assert kinds(first) == kinds(second) == []
    third = send(VARIANTS[2], "c", platform="telegram")
    assert kinds(third) == ["coordinated"]
    assert third["analysis"]["misinformation"]["flag"] == "possible"
    assert third["analysis"]["needs_answer"]
    seen = look(api, first["id"])
    assert kinds(seen) == ["coordinated"]
    assert "3 accounts" in seen["analysis"]["misinformation"]["reasons"][0]["detail"]
    group = seen["group"]
    assert (group["comments"], group["accounts"], group["coordinated"]) == (3, 3, True)
    assert [one["id"] for one in group["members"]] == [third["id"], second["id"]]
    queued = api.get("/v1/queue", params={"flag": "possible"}).json()["items"]
    assert {one["id"] for one in queued} == {first["id"], second["id"], third["id"]}


def test_the_model_is_not_overwritten(house: House, send: Send) -> None:
    ids = [send(RUMOUR, name)["id"] for name in "abcd"]
    with house.sessions.reading() as session:
        first = session.scalars(
            select(Opinion).where(Opinion.comment_id == ids[0]).order_by(Opinion.id)
        ).all()
    assert [one.analysis["misinformation"]["flag"] for one in first] == ["none", "possible"]


def test_one_account_many_times_is_no_group_of_accounts(api: TestClient, send: Send) -> None:
    answers = [send(RUMOUR, name) for name in ("a", "@A", "a ", None, None)]
    assert not any(kinds(one) for one in answers)
    assert look(api, 1)["group"]["accounts"] == 1
    assert not look(api, 1)["group"]["coordinated"]


@pytest.mark.parametrize(
    "text",
    ["рахмет", "жарық жоқ", "су жоқ бізде", "+++", "👍", "нет света", "рахмет таратыңыздар"],
)
def test_ordinary_short_texts_never_form_a_group(api: TestClient, send: Send, text: str) -> None:
    answers = [send(text, str(number)) for number in range(6)]
    assert not any(kinds(one) for one in answers)
    assert all(look(api, one["id"])["group"] is None for one in answers)


@pytest.mark.parametrize("asks", ["", ", қашан береді"])
def test_honest_reports_that_are_copied_stay_plain(api: TestClient, send: Send, asks: str) -> None:
    text = f"Абай көшесінде үшінші күн жылу жоқ, балалар тоңып отыр, көмектесіңіздер{asks}"
    answers = [send(text, str(number)) for number in range(5)]
    assert not any(kinds(one) for one in answers)
    seen = look(api, 1)
    assert seen["analysis"]["misinformation"]["flag"] == "none"
    assert seen["group"]["accounts"] == 5


def test_what_is_flagged_otherwise_keeps_its_flag(send: Send) -> None:
    answers = [send(f"қауесет: {RUMOUR}", name) for name in "abc"]
    assert answers[-1]["analysis"]["misinformation"]["flag"] == "likely"
    assert kinds(answers[-1]) == ["coordinated"]


def test_days_apart_is_no_campaign(clock: Any, send: Send) -> None:
    for name in "abcd":
        assert kinds(send(RUMOUR, name)) == []
        clock.forward(hours=13)


def test_it_is_the_moment_of_writing_that_counts(clock: Any, send: Send) -> None:
    for day, name in enumerate("abc", start=10):
        answer = send(RUMOUR, name, posted_at=f"2026-11-{day}T09:00:00+05:00")
        assert kinds(answer) == []


def test_a_batch_of_copies(api: TestClient) -> None:
    items = [
        {"text": RUMOUR, "author": str(number), "external_id": str(number)} for number in range(40)
    ]
    results = api.post("/v1/comments/batch", json={"items": items}).json()["results"]
    assert all(kinds(one) == ["coordinated"] for one in results)
    again = api.post("/v1/comments/batch", json={"items": items}).json()["results"]
    assert all(kinds(one) == ["coordinated"] for one in again)
    assert look(api, 1)["group"]["comments"] == 40


def test_a_restart_forgets_nothing(
    settings: Settings, live_model: LiveModel, api: TestClient, send: Send
) -> None:
    send(RUMOUR, "a")
    send(RUMOUR, "b")
    restarted = create_app(settings, live_model=live_model)
    with TestClient(restarted, headers=dict(api.headers)) as client:
        body = {"text": RUMOUR, "author": "c", "platform": "instagram", "external_id": "later"}
        assert kinds(client.post("/v1/comments", json=body).json()) == ["coordinated"]


def test_the_store_stays_small(house: House, clock: Any, send: Send) -> None:
    for number in range(3):
        send(f"{RUMOUR} {number}", str(number))
    send("Бүгін алаңда мереке болды, барлығымыз бірге тамашаладық, балалар қуанды", "x")
    clock.forward(hours=49)
    send("Ертең саябақта сенбілік болады, келіңіздер, құрал-сайман сол жерде беріледі", "y")
    with house.sessions.reading() as session:
        groups = session.scalars(select(TextGroup).order_by(TextGroup.id)).all()
        keyed = set(session.scalars(select(TextKey.group_id)))
        members = session.scalar(select(func.count()).select_from(TextMember))
    assert [(group.open, group.coordinated_at is None) for group in groups] == [
        (False, False),
        (True, True),
    ]
    assert keyed == {groups[1].id}
    assert members == 4


def test_coordinated_groups_are_forgotten_after_a_year(
    api: TestClient, house: House, clock: Any, send: Send
) -> None:
    first = send(RUMOUR, "0")["id"]
    for number in range(1, 3):
        send(RUMOUR, str(number))
    other = "Бүгін алаңда мереке болды, барлығымыз бірге тамашаладық, балалар қуанды"
    for days in (364, 3):
        clock.forward(days=days)
        send(other, "x")
        assert (look(api, first)["group"] is None) is (days == 3)
    assert kinds(look(api, first)) == ["coordinated"]
    with house.sessions.reading() as session:
        assert session.scalar(select(func.count()).select_from(TextMember)) == 1
