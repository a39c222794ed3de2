"""What gains ground: claims and clusters, by growth, with their reach and their answers."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from service.api.rumours import RumoursAnswer
from service.compare_again import compare_piece
from service.house import House

RUMOUR = "Көрші ауылда түнде бөтен адамдар көше аралап жүр екен, барлығына таратыңыздар"
OTHER = "Жексенбіде базардың бәрі жабылады екен, қауесет дейді біреулер, барып көріңіздер"
CLAIM = "Ертең қалада барлық мектеп жабылады, балаларды үйде қалдырыңыздар"


@pytest.fixture
def write(api: TestClient) -> Any:
    """Return a function that stores comments of so many accounts."""
    numbers = iter(range(10_000))

    def write_comments(text: str, accounts: int, **fields: Any) -> None:
        for number in range(accounts):
            body = {"text": text, "author": str(number), "external_id": str(next(numbers))}
            assert api.post("/v1/comments", json={**body, **fields}).status_code == 201

    return write_comments


def rumours(api: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = api.get("/v1/rumours", params=query)
    TypeAdapter(RumoursAnswer).validate_json(answer.content)
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_nothing_spreads(api: TestClient, write: Any) -> None:
    write("люк ашық, балалар түсіп кетуі мүмкін, тез жабыңыздар көшеде", 5)
    write(RUMOUR, 1)
    assert rumours(api) == []


def test_a_cluster_that_no_claim_is_about(api: TestClient, clock: Any, write: Any) -> None:
    start = clock().isoformat().replace("+00:00", "Z")
    write(RUMOUR, 3, platform="telegram")
    write(RUMOUR, 1, platform="tiktok")
    (found,) = rumours(api)
    assert (found["kind"], found["claim_id"], found["answers"]) == ("cluster", None, [])
    assert found["texts"] == {"": RUMOUR}
    assert (found["comments"], found["accounts"], found["coordinated"]) == (4, 4, True)
    assert found["platforms"] == {"telegram": 3, "tiktok": 1}
    assert found["languages"] == {"kk-Cyrl": 4}
    assert found["first_seen"].replace("+00:00", "Z") == start


def test_the_fastest_first(api: TestClient, clock: Any, write: Any) -> None:
    write(OTHER, 5)
    clock.forward(hours=25)
    write(OTHER, 1)
    write(RUMOUR, 3)
    first, second = rumours(api)
    assert (first["texts"][""], first["growth"]) == (RUMOUR, 3)
    assert (second["recent"], second["before"], second["growth"]) == (1, 5, -4)
    assert rumours(api, limit=1) == [first]
    clock.forward(hours=49)
    assert rumours(api) == []


def test_a_claim_with_its_answer(api: TestClient, write: Any) -> None:
    claim = {
        "claim_id": "schools",
        "claim": {"kk": CLAIM},
        "verdict": "false",
        "refutation": {"kk": "Мектептер жұмыс істейді.", "ru": "Школы работают."},
    }
    assert api.post("/v1/claims", json=claim).status_code == 201
    write(CLAIM, 2)
    (found,) = rumours(api)
    assert (found["kind"], found["claim_id"], found["verdict"]) == ("claim", "schools", "false")
    assert (found["comments"], found["accounts"], found["growth"]) == (2, 2, 2)
    assert sorted(found["answers"]) == ["kk", "ru"]


def test_a_claim_made_of_a_cluster_answers_it(api: TestClient, write: Any) -> None:
    write(RUMOUR, 3)
    claim = {"claim_id": "strangers", "claim": {"kk": RUMOUR}, "verdict": "false"}
    api.post("/v1/claims", json={**claim, "refutation": {"kk": "Бұл рас емес."}})
    (found,) = rumours(api)
    assert (found["kind"], found["claim_id"], found["answers"]) == ("cluster", "strangers", ["kk"])


def test_a_claim_found_late_in_old_comments_spreads_no_more(
    api: TestClient, house: House, clock: Any, write: Any
) -> None:
    house.settings = house.settings.model_copy(update={"recheck_comments": 100})
    write(CLAIM, 3)
    clock.forward(hours=49)
    api.post("/v1/claims", json={"claim_id": "s", "claim": {"kk": CLAIM}, "verdict": "false"})
    assert compare_piece(house, "one") == 3
    assert api.get("/v1/claims/s").json()["flagged"] == 3
    assert rumours(api) == []
    write(CLAIM, 1)
    (found,) = rumours(api)
    assert (found["comments"], found["growth"]) == (4, 1)


def test_faulty_queries(api: TestClient) -> None:
    assert api.get("/v1/rumours", params={"limit": 0}).status_code == 422
    assert api.get("/v1/rumours", params={"colour": "red"}).status_code == 422
