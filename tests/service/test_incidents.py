"""Many reports, one outage: joined by topic, place and time, answered at once."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

REPORTS = (
    "Абай көшесінде жылу жоқ",
    "Абайда үшінші күн жылу жоқ, балалар тоңып отыр",
    "жылу на абая когда дадут, қашан",
    "No жылу on Abai street",
)


@pytest.fixture
def send(api: TestClient) -> Any:
    """Return a function that stores comments, each of another account, and returns their ids."""
    numbers = iter(range(10_000))

    def send_comments(*texts: str, **fields: Any) -> list[int]:
        ids = []
        for text in texts:
            number = str(next(numbers))
            body = {"text": text, "external_id": number, "author": number, **fields}
            ids.append(api.post("/v1/comments", json=body).json()["id"])
        return ids

    return send_comments


def incidents(api: TestClient, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get("/v1/incidents", params=query).json()["items"]
    return found


def test_reports_of_one_outage_are_one_incident(api: TestClient, send: Any) -> None:
    ids = send(*REPORTS, platform="telegram")
    send("Кенесары көшесінде жылу жоқ", "жылу жоқ", "Абай көшесінде автобус жоқ")
    (found,) = incidents(api)
    assert (found["topic"], found["place"]) == ("heating", "Абай")
    assert (found["comments"], found["accounts"], found["waiting"]) == (4, 4, 4)
    assert found["platforms"] == {"telegram": 4}
    assert found["current"]
    shown = api.get(f"/v1/incidents/{found['id']}").json()
    assert [one["id"] for one in shown["sample"]] == ids[::-1]
    assert len(found["sample"]) == 3


def test_streets_with_one_title_are_incidents_of_their_own(api: TestClient, send: Any) -> None:
    for name in ("Қабанбай", "Бөгенбай", "Райымбек"):
        send(*(f"{name} батыр көшесі {house} үй, жылу жоқ" for house in (46, 12, 5)))
    found = {one["place"]: one["comments"] for one in incidents(api)}
    assert found == {"Қабанбай батыр": 3, "Бөгенбай батыр": 3, "Райымбек батыр": 3}


def test_a_street_is_one_incident_however_it_is_written(api: TestClient, send: Any) -> None:
    send(
        "кабанбай 46 жылу жок",
        "Қабанбай батыр 46 үйде жылу жоқ",
        "На Кабанбай батыра 12 жылу жоқ, батареи холодные",
        "Qabanbai batyr 3 jylu joq, жылу жоқ",
    )
    (found,) = incidents(api)
    assert found["comments"] == 4


def test_the_count_rises(api: TestClient, clock: Any, send: Any) -> None:
    send(*REPORTS)
    first = incidents(api)[0]
    clock.forward(hours=3)
    send(REPORTS[0])
    second = incidents(api)[0]
    assert second["comments"] == 5
    assert second["first_seen"] == first["first_seen"]
    assert second["last_seen"] > first["last_seen"]


def test_the_next_outage_is_another_one(api: TestClient, clock: Any, send: Any) -> None:
    send(*REPORTS)
    clock.forward(hours=13)
    send(*REPORTS)
    later, earlier = incidents(api)
    assert (later["comments"], earlier["comments"]) == (4, 4)
    assert (later["current"], earlier["current"]) == (True, False)


def test_incidents_are_forgotten_after_a_year(api: TestClient, clock: Any, send: Any) -> None:
    ids = send(*REPORTS)
    for days, left in ((364, 1), (2, 0)):
        clock.forward(days=days)
        send("рахмет")
        assert len(incidents(api)) == left
    assert api.get("/v1/incidents/1").status_code == 404
    assert api.get(f"/v1/comments/{ids[0]}").status_code == 200


def test_one_person_is_no_incident(api: TestClient, send: Any) -> None:
    send(*REPORTS, author="same")
    assert incidents(api) == []


def test_the_place_may_stand_in_the_post(api: TestClient, send: Any) -> None:
    send("жылу жоқ", "бізде де жылу жоқ", "жылу қашан", parent_text="Самал ықшамауданы")
    assert incidents(api)[0]["place"] == "Самал"


@pytest.mark.parametrize(
    "text", ["Абай көшесінде жылу бар, рахмет", "Абай көшесінде жылу, қауесет"]
)
def test_thanks_and_rumours_are_no_reports(api: TestClient, send: Any, text: str) -> None:
    send(text, text, text)
    assert incidents(api) == []


def test_one_answer_for_all(api: TestClient, send: Any) -> None:
    ids = send(*REPORTS)
    api.post(f"/v1/comments/{ids[0]}/review", json={"decision": "reject"})
    number = incidents(api)[0]["id"]
    done = api.post(
        f"/v1/incidents/{number}/review",
        json={"decision": "escalate", "corrections": {"urgency": "critical"}},
    ).json()
    assert (done["decided"], done["refused"]) == (3, 0)
    assert [one["comment_id"] for one in done["results"]] == ids[1:]
    for one in ids[1:]:
        review = api.get(f"/v1/comments/{one}").json()["review"]
        assert review["decision"] == "escalate"
        assert review["corrections"] == {"urgency": "critical"}
    assert incidents(api)[0]["waiting"] == 0
    assert incidents(api, waiting=True) == []
    assert 'qulaq_reviews_total{decision="escalate"} 3.0' in api.get("/metrics").text


def test_who_cannot_be_answered_like_this_is_named(api: TestClient, send: Any) -> None:
    ids = send(*REPORTS[:2], "Что с отоплением (жылу) на улице Абая?")
    number = incidents(api)[0]["id"]
    reply = "Сәлеметсіз бе! Хабарламаңызды мамандарға жеткіздік, тексеріп жатыр."
    done = api.post(
        f"/v1/incidents/{number}/review", json={"decision": "edit", "reply_text": reply}
    ).json()
    assert (done["decided"], done["refused"]) == (2, 1)
    assert done["results"][-1]["comment_id"] == ids[2]
    assert done["results"][-1]["error"]["type"] == "/problems/reply-refused"
    assert incidents(api)[0]["waiting"] == 1


def test_a_faulty_decision_decides_nothing(api: TestClient, send: Any) -> None:
    send(*REPORTS)
    answer = api.post("/v1/incidents/1/review", json={"decision": "edit"})
    assert answer.json()["type"] == "/problems/missing-field"
    assert incidents(api)[0]["waiting"] == 4
