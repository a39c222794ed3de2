"""A comment that was passed up: somebody else decides on it, or puts it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy import text

from service.store import Sessions, upgrade
from service.store.upgrade import MIGRATIONS

NOTE = "Баспасөз қызметі шешсін"
KAZAKH = "Сәлеметсіз бе! Хабарламаңызды мамандарға жеткіздік, олар тексеріп жатыр."


@pytest.fixture
def path(api: TestClient) -> str:
    """The address of a comment that was passed up, with a label put right."""
    sent = api.post("/v1/comments", json={"text": "Үйде жылу жоқ", "external_id": "up"})
    made = f"/v1/comments/{sent.json()['id']}"
    given = {"decision": "escalate", "reason": NOTE, "corrections": {"topic": "housing"}}
    assert api.post(f"{made}/review", json=given).status_code == 200
    return made


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"decision": "edit", "reply_text": KAZAKH}, "approved"),
        ({"decision": "approve", "reply_text": KAZAKH}, "approved"),
        ({"decision": "reject", "reason": "spam"}, "rejected"),
    ],
)
def test_somebody_else_decides(
    api: TestClient, path: str, given: dict[str, Any], status: str
) -> None:
    assert api.post(f"{path}/claim").status_code == 200
    assert api.post(f"{path}/review", json=given).status_code == 200
    found = api.get(path).json()
    assert found["status"] == status
    assert found["review"]["reply_text"] == given.get("reply_text")
    assert [(one["decision"], one["reason"]) for one in found["history"]] == [("escalate", NOTE)]
    for decision in ("reject", "escalate", "return"):
        refused = api.post(f"{path}/review", json={"decision": decision})
        assert refused.status_code == 409
        assert refused.json()["type"].endswith("already-decided")


def test_it_goes_back_into_the_queue(api: TestClient, path: str) -> None:
    waiting = {"open": [], "escalated": [api.get(path).json()["id"]]}
    again = api.post(f"{path}/review", json={"decision": "escalate"})
    assert again.json()["type"].endswith("already-decided")
    for status, ids in waiting.items():
        items = api.get(f"/v1/queue?status={status}").json()["items"]
        assert [one["id"] for one in items] == ids
    assert api.post(f"{path}/review", json={"decision": "return"}).status_code == 200
    found = api.get(path).json()
    assert (found["status"], found["review"]) == ("open", None)
    assert [one["decision"] for one in found["history"]] == ["escalate", "return"]
    refused = api.post(f"{path}/review", json={"decision": "return"})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (
        409,
        "not-escalated",
    )
    api.post(f"{path}/review", json={"decision": "escalate", "reason": "Тағы да"})
    assert api.post(f"{path}/review", json={"decision": "reject"}).status_code == 200
    decided = api.get("/v1/stats").json()["decided"]
    assert decided == 3, "putting back decides nothing"


def test_what_is_learned_from_it_is_the_last_decision(api: TestClient, path: str) -> None:
    def rows() -> list[dict[str, Any]]:
        lines = api.get("/v1/annotations").text.splitlines()
        return [line for line in lines if line]

    assert len(rows()) == 1
    assert '"housing"' in rows()[0]
    api.post(f"{path}/review", json={"decision": "return"})
    assert len(rows()) == 1
    right = {"topic": "heating", "intent": "question"}
    given = {"decision": "edit", "reply_text": KAZAKH, "corrections": right}
    api.post(f"{path}/review", json=given)
    assert len(rows()) == 1
    assert '"heating"' in rows()[0]


def test_an_older_database_keeps_its_decisions(tmp_path: Path) -> None:
    sessions = Sessions(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with sessions.engine.execution_options(writing=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        connection.execute(
            text(
                "INSERT INTO comments (id, platform, external_id, text, received_at, due_at, "
                "status, language, topic, urgency, urgency_rank, sentiment, flag, needs_answer) "
                "VALUES (1, 'vk', '1', 't', :now, :now, 'escalated', 'ru', 'other', 'low', 3, "
                "'neutral', 'none', 1)"
            ),
            {"now": "2026-11-23 04:00:00"},
        )
        connection.execute(
            text("INSERT INTO opinions VALUES (1, 1, 'm', 't', '{}', :now);"),
            {"now": "2026-11-23 04:00:00"},
        )
        connection.execute(
            text(
                "INSERT INTO reviews (id, comment_id, opinion_id, moderator, decision, "
                "corrections, decided_at, seconds) VALUES (1, 1, 1, 'dana', 'escalate', '{}', "
                ":now, 60)"
            ),
            {"now": "2026-11-23 04:01:00"},
        )
    upgrade(sessions)
    with sessions.reading() as session:
        found = session.execute(text("SELECT decided_at FROM comments")).scalar_one()
        kept = session.execute(text("SELECT decision FROM reviews")).scalars().all()
    assert str(found).startswith("2026-11-23 04:01:00")
    assert kept == ["escalate"]
    sessions.close()
