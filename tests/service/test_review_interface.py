"""A decision by way of the REST interface, from the queue to the stored review."""

from __future__ import annotations

from fastapi.testclient import TestClient

KAZAKH = "Сәлеметсіз бе! Хабарламаңызды мамандарға жеткіздік, олар тексеріп жатыр."


def test_the_way_through_the_interface(api: TestClient) -> None:
    stored = api.post("/v1/comments", json={"text": "Үйде жылу жоқ", "external_id": "1"}).json()
    url = f"/v1/comments/{stored['id']}"
    assert [item["id"] for item in api.get("/v1/queue").json()["items"]] == [stored["id"]]
    held = api.post(f"{url}/claim")
    assert held.status_code == 200
    assert held.json()["held_by"] == "key:bootstrap"
    body = {
        "decision": "edit",
        "reply_text": KAZAKH,
        "corrections": {"urgency": "critical", "misinformation": False},
    }
    assert api.post(f"{url}/review", json=body).status_code == 200
    again = api.post(f"{url}/review", json=body)
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/already-decided"
    assert api.get("/v1/queue").json()["items"] == []
    assert len(api.get("/v1/queue?status=approved").json()["items"]) == 1
    found = api.get(url).json()
    assert found["review"]["reply_text"] == KAZAKH
    assert found["analysis"]["urgency"]["label"] == "high"
