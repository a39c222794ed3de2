"""The claim registry over HTTP: put in, looked through, changed, taken out, exchanged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.claims.examples import load_examples

CLAIM: dict[str, Any] = {
    "claim_id": "tap",
    "claim": {"ru": "Воду из крана отравили хлоркой"},
    "phrasings": ["Не пейте из-под крана, там хлорка"],
    "verdict": "false",
    "refutation": {"ru": "Пробы воды в норме."},
    "url": "https://astana.gov.kz/voda",
    "published": "2026-11-02",
}
REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "identifier": "review-1",
    "claimReviewed": "Школы закрывают",
    "reviewRating": {"@type": "Rating", "alternateName": "Ложь"},
    "author": {"@type": "Organization", "name": "Factcheck.kz"},
}


def own(api: TestClient, **params: Any) -> list[dict[str, Any]]:
    """Return the claims that are no examples."""
    answer = api.get("/v1/claims", params={"example": False, **params})
    assert answer.status_code == 200
    return list(answer.json()["items"])


def ids(api: TestClient, **params: Any) -> list[str]:
    return [item["claim_id"] for item in own(api, **params)]


def test_the_examples_are_there_until_they_are_removed(api: TestClient) -> None:
    api.post("/v1/claims", json=CLAIM)
    number = len(load_examples())
    assert len(api.get("/v1/claims?example=true&limit=200").json()["items"]) == min(number, 200)
    assert api.delete("/v1/claims?example=true").json() == {"deleted": number}
    assert [item["claim_id"] for item in api.get("/v1/claims").json()["items"]] == ["tap"]
    assert api.delete("/v1/claims?example=true").json() == {"deleted": 0}
    assert api.delete("/v1/claims").status_code == 422


def test_one_claim_from_making_to_deleting(api: TestClient) -> None:
    made = api.post("/v1/claims", json=CLAIM)
    assert made.status_code == 201
    assert made.json()["entered_by"] == "key:bootstrap"
    assert {name: made.json()[name] for name in CLAIM} == CLAIM
    again = api.post("/v1/claims", json=CLAIM)
    assert (again.status_code, again.json()["revision"]) == (200, 1)
    other = api.post("/v1/claims", json={**CLAIM, "verdict": "scam"})
    assert other.status_code == 409
    assert other.json()["type"] == "/problems/claim-conflict"
    shown = api.get("/v1/claims/tap").json()
    changed = api.put("/v1/claims/tap", json={**shown, "verdict": "scam"})
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    assert changed.json()["verdict"] == "scam"
    assert api.delete("/v1/claims/tap").status_code == 204
    assert api.get("/v1/claims/tap").status_code == 404
    assert api.delete("/v1/claims/tap").status_code == 404
    history = api.get("/v1/claims/tap/history").json()
    assert history["deleted_at"]
    assert [edit["deed"] for edit in history["edits"]] == ["deleted", "changed", "created"]
    assert history["edits"][-1]["claim"]["verdict"] == "false"
    assert api.post("/v1/claims", json=CLAIM).status_code == 201
    assert api.get("/v1/claims/tap/history").json()["edits"][0]["deed"] == "restored"


def test_put_makes_one_too_and_holds_to_its_path(api: TestClient) -> None:
    body = {name: value for name, value in CLAIM.items() if name != "claim_id"}
    assert api.put("/v1/claims/news%2F2026/1", json=body).status_code == 201
    assert api.get("/v1/claims/news/2026/1").json()["claim_id"] == "news/2026/1"
    assert api.put("/v1/claims/x", json=CLAIM).json()["type"] == "/problems/invalid-value"
    assert api.put("/v1/claims/x", json=[CLAIM]).json()["type"] == "/problems/wrong-type"
    review = {name: value for name, value in REVIEW.items() if name != "identifier"}
    assert api.put("/v1/claims/x", json=review).json()["claim_id"] == "x"
    assert api.get("/v1/claims/x/history").json()["edits"][0]["revision"] == 1


def test_an_id_is_made_where_there_is_none(api: TestClient) -> None:
    body = {name: value for name, value in CLAIM.items() if name != "claim_id"}
    first = api.post("/v1/claims", json=body)
    assert first.status_code == 201
    assert api.post("/v1/claims", json=body).json()["claim_id"] == first.json()["claim_id"]


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"claim": {}, "phrasings": []}, "claim", "a text in kk, ru or en"),
    ({"claim": {"ru": " "}}, "claim.ru", "empty"),
    ({"claim": {"ru": "я" * 1_000_000}}, "claim.ru", "1,000,000"),
    ({"claim": {"de": "x"}}, "claim", "kk, ru, en"),
    ({"phrasings": ["a"] * 51}, "phrasings", "50"),
    ({"phrasings": [1]}, "phrasings[0]", "string"),
    ({"verdict": "maybe"}, "verdict", "one of"),
    ({"url": "javascript:alert(1)"}, "url", "http"),
    ({"expires": "soon"}, "expires", "date"),
    ({"mood": 1}, "claim", "unknown fields: mood"),
]


@pytest.mark.parametrize(("fault", "field", "words"), FAULTS)
def test_a_faulty_claim_is_named(
    api: TestClient, fault: dict[str, Any], field: str, words: str
) -> None:
    answer = api.post("/v1/claims", json={**CLAIM, **fault})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert answer.json()["type"] == "/problems/claim-faulty"
    assert error["field"] == field
    assert words in error["detail"]
    assert own(api) == []


def test_one_broken_among_a_thousand_leaves_the_rest(api: TestClient) -> None:
    items: list[Any] = [{**CLAIM, "claim_id": str(number)} for number in range(1_000)]
    items[7] = {**items[7], "url": "javascript:x"}
    items[8] = {**items[8], "claim_id": "6", "verdict": "scam"}
    items[9] = "text"
    answer = api.post("/v1/claims", json={"items": items})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["created"], body["faulty"]) == (997, 3)
    faulty = [result for result in body["results"] if "error" in result]
    assert [result["position"] for result in faulty] == ["item 8", "item 9", "item 10"]
    assert faulty[1]["error"]["type"] == "/problems/claim-conflict"
    assert api.post("/v1/claims", json=items).json()["unchanged"] == 997


def test_a_batch_may_replace(api: TestClient) -> None:
    api.post("/v1/claims", json=CLAIM)
    changed = [{**CLAIM, "verdict": "outdated"}]
    assert api.post("/v1/claims", json=changed).json()["faulty"] == 1
    assert api.post("/v1/claims?replace=true", json=changed).json()["changed"] == 1
    assert own(api)[0]["verdict"] == "outdated"


def test_what_json_can_carry_but_no_database(api: TestClient) -> None:
    items = [
        '{"claim": {"ru": "a\\ud800"}, "verdict": "false"}',
        '{"claim": {"ru": "a\\u0000"}, "verdict": "false"}',
        '{"claim": {"ru": NaN}, "verdict": "false"}',
        '{"claim": {"ru": "a"}, "verdict": "false", "verdict": "true"}',
        '{"@type": "ClaimReview", "claimReviewed": "a", "author": "\\ud800"}',
        json.dumps(CLAIM),
    ]
    content = f"[{','.join(items)}]".encode()
    answer = api.post("/v1/claims", content=content, headers={"content-type": "application/json"})
    codes = [
        result["error"]["type"].rpartition("/")[2] if "error" in result else result["status"]
        for result in answer.json()["results"]
    ]
    wanted = ["lone-surrogate", "nul-byte", "invalid-json", "duplicate-field", "lone-surrogate"]
    assert codes == [*wanted, "created"]


def test_claim_reviews_in_and_out(api: TestClient) -> None:
    sent = {"content-type": "application/ld+json"}
    assert api.post("/v1/claims", content=json.dumps(REVIEW), headers=sent).status_code == 201
    feed = {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": REVIEW}]}
    assert api.post("/v1/claims", json=feed).json()["unchanged"] == 1
    api.post("/v1/claims", json=CLAIM)
    for answer in (
        api.get("/v1/claims?format=claimreview"),
        api.get("/v1/claims", headers={"accept": "application/ld+json"}),
    ):
        assert answer.headers["content-type"].startswith("application/ld+json")
        elements = answer.json()["dataFeedElement"]
        assert [one["item"]["identifier"] for one in elements] == ["review-1", "tap"]
        assert elements[0]["item"]["author"] == REVIEW["author"]
    single = api.get("/v1/claims/tap", headers={"accept": "application/ld+json"}).json()
    assert single["@type"] == "ClaimReview"
    before = own(api)
    for name in ("tap", "review-1"):
        api.delete(f"/v1/claims/{name}")
    assert api.post("/v1/claims", json=answer.json()).json()["created"] == 2
    same = ("claim_id", "claim", "phrasings", "verdict", "refutation", "url", "published")
    assert [[one.get(name) for name in same] for one in own(api)] == [
        [one.get(name) for name in same] for one in before
    ]


def test_an_export_leaves_examples_out_unless_asked(api: TestClient) -> None:
    assert api.get("/v1/claims?format=claimreview").json()["dataFeedElement"] == []
    asked = api.get("/v1/claims?format=claimreview&example=true").json()
    assert len(asked["dataFeedElement"]) == len(load_examples())
    api.post("/v1/claims", json=CLAIM)
    (line,) = api.get("/v1/claims?format=jsonl").text.splitlines()
    assert json.loads(line)["claim_id"] == "tap"


def test_a_table(api: TestClient) -> None:
    content = "claim_ru;verdict;url\nВоды не будет;ложь;\nОтравили;ложь;javascript:x\n"
    answer = api.post(
        "/v1/claims", content=content.encode(), headers={"content-type": "text/csv; charset=utf-8"}
    )
    results = answer.json()["results"]
    assert [result["position"] for result in results] == ["row 2", "row 3"]
    assert results[0]["status"] == "created"
    assert "url must begin" in results[1]["error"]["detail"]


@pytest.mark.parametrize("media_type", ["text/plain", "", "multipart/form-data"])
def test_other_content_is_refused(api: TestClient, media_type: str) -> None:
    answer = api.post("/v1/claims", content=b"x", headers={"content-type": media_type})
    assert answer.json()["type"] == "/problems/unsupported-media-type"


def test_looking_through_page_by_page(api: TestClient) -> None:
    verdicts = ("false", "scam", "outdated")
    items = [
        {**CLAIM, "claim_id": f"c{n}", "verdict": verdicts[n % 3], "claim": {"kk": f"Өтірік {n}"}}
        for n in range(7)
    ]
    items[3]["expires"] = "2020-01-01"
    api.post("/v1/claims", json=items)
    assert ids(api) == [f"c{n}" for n in range(6, -1, -1)]
    assert ids(api, verdict="scam") == ["c4", "c1"]
    assert ids(api, expired=True) == ["c3"]
    assert "c3" not in ids(api, expired=False)
    assert ids(api, q="отирик 5") == ids(api, q="ӨТІРІК 5") == ["c5"]
    assert ids(api, q="хлорка 2") == ["c2"]
    assert ids(api, q="100%") == ids(api, q="_") == []
    found: list[str] = []
    cursor = None
    while cursor is not None or not found:
        params = {"example": False, "limit": 3, **({"cursor": cursor} if cursor else {})}
        page = api.get("/v1/claims", params=params).json()
        found += [item["claim_id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert found == ids(api)


def test_scopes(app: Any, api: TestClient) -> None:
    from service.accounts import create_key

    house = app.state.house
    with house.sessions.writing() as session:
        reader = create_key(session, "reader", ["claims:read"], house.now())
    headers = {"authorization": f"Bearer {reader}"}
    assert api.get("/v1/claims", headers=headers).status_code == 200
    for method, path in (
        ("post", ""),
        ("put", "/a"),
        ("delete", "/a"),
        ("delete", "?example=true"),
    ):
        answer = api.request(method, f"/v1/claims{path}", headers=headers, content=b"{}")
        assert answer.json()["type"] == "/problems/scope-missing"
    answer = api.get("/v1/claims/example-white-van/comments", headers=headers)
    assert answer.status_code == 403
