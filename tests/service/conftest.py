"""A service on a temporary SQLite file, with a tiny classifier in the model's place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from analyses import build_analysis, with_claims
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from models import ArtifactError
from models.claims.index import ClaimIndex
from models.claims.meant import Meanings
from models.text import check_text
from service.app import create_app
from service.live_model import LiveModel
from service.replies import Catalogue
from service.settings import Settings
from service.store import Sessions

KEY = "a-key-of-the-tests-with-every-scope"
PASSWORD = "a password of the tests"
WORDS = {
    "language": {"открыт": "ru", "что": "ru", "où": "other"},
    "topic": {"жылу": "heating", "люк": "roads", "автобус": "transport"},
    "urgency": {"шұғыл": "critical", "люк": "critical", "рахмет": "low", "жылу": "high"},
    "intent": {"рахмет": "gratitude", "қашан": "question", "таратыңыз": "claim"},
    "flag": {"қауесет": "likely"},
}


@dataclass
class FakeClassifier:
    """Labels a text by single words, in the shape of the real answer."""

    version: str = "fake-1"
    meanings: Meanings | None = None

    def analyse(
        self,
        texts: Sequence[str],
        parents: Sequence[str | None] | None = None,
        *,
        explain: bool = False,
        claims: ClaimIndex | None = None,
    ) -> list[dict[str, Any]]:
        return [
            with_claims(self._answer(check_text(text), explain), text, claims) for text in texts
        ]

    def _answer(self, text: str, explain: bool) -> dict[str, Any]:
        def label(head: str, default: str) -> str:
            found = (code for word, code in WORDS[head].items() if word in text.lower())
            return next(found, default)

        answer = build_analysis(
            language=label("language", "kk-Cyrl"),
            topic=label("topic", "other"),
            urgency=label("urgency", "normal"),
            sentiment="neutral",
            intent=label("intent", "problem"),
            flag=label("flag", "none"),
            model_version=self.version,
        )
        if explain:
            answer["highlights"] = {"topic": [{"start": 0, "end": 1, "weight": 1.0}]}
        return answer


class FakeStore:
    """A model store whose versions are empty folders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pointer = root / "active"
        root.mkdir(parents=True, exist_ok=True)
        self.add("fake-1")
        if not self.pointer.exists():
            self.pointer.write_text("fake-1")

    def add(self, version: str) -> None:
        (self.root / version).mkdir(exist_ok=True)

    def path(self, version: str) -> Path:
        if not version.replace("-", "").isalnum() or not (self.root / version).is_dir():
            raise ArtifactError(f"there is no model version '{version}'")
        return self.root / version

    def active(self) -> str:
        return self.pointer.read_text()

    def load(self, path: Path) -> FakeClassifier:
        if (path / "damaged").exists():
            raise ArtifactError(f"{path.name}: is damaged")
        return FakeClassifier(path.name)


@pytest.fixture(autouse=True)
def _templates_are_read_once(shipped: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare every test the same tenth of a second."""
    monkeypatch.setattr(Catalogue, "shipped", lambda: shipped)


@pytest.fixture
def database_url() -> str | None:
    """SQLite in the test's own folder; with QULAQ_TEST_DATABASE_URL, an emptied PostgreSQL."""
    url = os.environ.get("QULAQ_TEST_DATABASE_URL")
    if url is not None:
        sessions = Sessions(Settings(_env_file=None, database_url=url).database)
        with sessions.writing() as session:
            session.execute(text("DROP SCHEMA public CASCADE"))
            session.execute(text("CREATE SCHEMA public"))
        sessions.close()
    return url


@pytest.fixture
def settings(tmp_path: Path, database_url: str | None) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=database_url,
        bootstrap_key=KEY,
        bootstrap_password=PASSWORD,
        body_limit=4 * 1024 * 1024,
        recheck_comments=0,  # nothing changes behind a test's back
    )


@pytest.fixture
def fake_store(tmp_path: Path) -> FakeStore:
    return FakeStore(tmp_path / "models")


@pytest.fixture
def live_model(fake_store: FakeStore) -> LiveModel:
    return LiveModel(fake_store, load=fake_store.load)


@pytest.fixture
def app(settings: Settings, live_model: LiveModel) -> Iterator[FastAPI]:
    app = create_app(settings, live_model=live_model)
    yield app
    app.state.house.sessions.close()


@pytest.fixture
def api(app: FastAPI) -> Iterator[TestClient]:
    """The interface, with the key of every scope."""
    with TestClient(app, headers={"Authorization": f"Bearer {KEY}"}) as client:
        yield client


@pytest.fixture
def annotated_row() -> dict[str, Any]:
    """A row of `data/annotated` from another installation."""
    return {
        "id": "elsewhere-1",
        "text": "Автобус кешікті",
        "language": "kk-Cyrl",
        "topic": "transport",
        "urgency": "normal",
        "sentiment": "negative",
        "intent": "problem",
        "misinformation": False,
        "toxic": False,
        "source": "moderator",
        "annotator": "aigul",
    }
