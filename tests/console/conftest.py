"""The console on a temporary SQLite file, with a scripted classifier and a dozen comments."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from analyses import build_analysis, with_claims
from fastapi import FastAPI
from plain_browser import PASSWORD, Browser
from served import served

from models.artifact import Manifest
from models.claims.index import ClaimIndex
from models.claims.meant import Meanings
from models.labels import HEADS, LABEL_HEADS
from models.model_store import Activation
from models.personal_data import find_personal_data
from service.accounts import create_user
from service.app import create_app
from service.house import House
from service.live_model import LiveModel
from service.receive import Incoming, Received, receive
from service.replies import Catalogue
from service.settings import Settings

OTHERS = ({"label": "housing", "confidence": 0.31}, {"label": "social", "confidence": 0.12})
NUMBERS = count(1_000)


@dataclass(frozen=True)
class Sample:
    """A comment with what the scripted classifier says about it."""

    text: str
    language: str
    topic: str
    urgency: str
    name: str = ""
    sentiment: str = "negative"
    intent: str = "problem"
    toxicity: str = "clean"
    flag: str = "none"
    unsure: Sequence[str] = ()
    rule: Sequence[str] | None = None
    """Danger rule, and the words it saw."""
    words: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Words that moved a head, with their weight."""
    minutes_ago: int = 5
    platform: str = "instagram"
    author: str | None = None
    parent: str | None = None
    url: str | None = None


SAMPLES = tuple(
    Sample(**entry)
    for entry in tomllib.loads(
        Path(__file__).with_name("samples.toml").read_text(encoding="utf-8")
    )["samples"]
)


FIGURES = {"macro_f1": 0.81, "accuracy": 0.86, "precision_when_sure": 0.93, "coverage": 0.78}
SINGLE_FIGURES = {"rows": 431, "critical_recall": 0.94, "false_flags_on_criticism": 0.012}
MANIFEST = Manifest(
    version="2026-11-20",
    created="2026-11-20T09:00:00+00:00",
    taxonomy_version="2026-11-20",
    features={},
    calibration={},
    decisions={},
    metrics={"test": {**SINGLE_FIGURES, **dict.fromkeys(HEADS, FIGURES)}},
    data={"rows": {"train": 3_214, "dev": 402, "test": 431}},
)


@dataclass
class ScriptedClassifier:
    """Says about a sample's text what the sample says, and something plain about any other."""

    version: str = "2026-11-20"
    manifest: Manifest = MANIFEST
    meanings: Meanings | None = None

    def analyse(
        self,
        texts: Sequence[str],
        parents: Sequence[str | None] | None = None,
        *,
        explain: bool = False,
        claims: ClaimIndex | None = None,
    ) -> list[dict[str, Any]]:
        return [with_claims(self._answer(text, explain), text, claims) for text in texts]

    def _answer(self, text: str, explain: bool) -> dict[str, Any]:
        plain = Sample(text, "ru", "other", "normal", sentiment="neutral")
        sample = next((one for one in SAMPLES if one.text == text), plain)

        seen = sample.rule[1] if sample.rule is not None else ""
        reason = {"kind": "rumour_style", "detail": "worded like a rumour", "score": 0.82}
        answer = build_analysis(
            **{head: getattr(sample, head) for head in LABEL_HEADS},
            flag=sample.flag,
            unsure=sample.unsure,
            danger=sample.rule[0] if sample.rule is not None else None,
            danger_at=(text.find(seen), text.find(seen) + len(seen)),
            alternatives=OTHERS if "topic" in sample.unsure else (),
            reasons=[reason] if sample.flag != "none" else [],
            personal_data=[asdict(found) for found in find_personal_data(text)],
            model_version=self.version,
        )
        if explain:
            answer["highlights"] = {
                head: [
                    {"start": text.index(word), "end": text.index(word) + len(word), "weight": w}
                    for word, w in words.items()
                ]
                for head, words in sample.words.items()
            }
        return answer


class ScriptedStore:
    """A model store with one version."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pointer = root / "active.json"

    def path(self, version: str) -> Path:
        return self.root / version

    def active(self) -> str:
        return "2026-11-20"

    def history(self) -> list[Activation]:
        return [
            Activation("2026-11-02", "2026-11-02T10:00:00+00:00", "qulaq", "shipped"),
            Activation(
                version="2026-11-20",
                at="2026-11-20T10:00:00+00:00",
                by="madina",
                reason="better on dev",
                forced=True,
                overridden=("topic in en: macro-F1 0.700 → 0.600 (-0.150 to -0.050)",),
            ),
        ]


def build_app(folder: Path, **settings: Any) -> FastAPI:
    """Return the service with the users aigul, bolat (ru) and chris (en), all moderators."""
    live_model = LiveModel(ScriptedStore(folder / "models"), load=lambda path: ScriptedClassifier())
    app = create_app(Settings(_env_file=None, data_dir=folder, **settings), live_model=live_model)
    house: House = app.state.house
    with house.sessions.writing() as session:
        for name, language in (("aigul", "kk"), ("bolat", "ru"), ("chris", "en")):
            create_user(session, name, PASSWORD, house.now(), language=language)
    return app


def put(house: House, *samples: Sample) -> list[int]:
    """Store the comments, each as many minutes ago as it says; return their ids."""
    ids: list[int] = []
    for sample in samples:
        moment = house.now() - timedelta(minutes=sample.minutes_ago)
        item = Incoming(
            text=sample.text,
            external_id=f"{sample.platform}-{next(NUMBERS)}",
            platform=sample.platform,
            parent_text=sample.parent,
            author=sample.author,
            url=sample.url,
            posted_at=moment,
        )
        with house.sessions.writing() as session:
            (received,) = receive(session, house, [item], moment)
        assert isinstance(received, Received)
        ids.append(received.id)
    return ids


@pytest.fixture
def make_app(
    tmp_path: Path, shipped: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., FastAPI]]:
    """Return a function that builds the service with any settings."""
    monkeypatch.setattr(Catalogue, "shipped", lambda: shipped)
    made: list[FastAPI] = []

    def make(**settings: Any) -> FastAPI:
        made.append(build_app(tmp_path, **settings))
        return made[-1]

    yield make
    for app in made:
        app.state.house.sessions.close()


@pytest.fixture
def app(make_app: Callable[..., FastAPI]) -> FastAPI:
    return make_app()


@pytest.fixture
def comments(house: House, clock: Any) -> dict[str, int]:
    """The ids of the samples, by name."""
    return dict(zip((sample.name for sample in SAMPLES), put(house, *SAMPLES), strict=True))


@pytest.fixture
def write(house: House, clock: Any) -> Callable[..., int]:
    """Return a function that stores one more comment and returns its id."""

    def write_comment(text: str, **fields: Any) -> int:
        sample = Sample(text, "ru", "other", "normal", minutes_ago=1, **fields)
        return put(house, sample)[0]

    return write_comment


@pytest.fixture
def browser(app: FastAPI) -> Callable[[str], Browser]:
    """Return a function that gives a browser in which somebody has logged in."""

    def open_browser(name: str = "chris") -> Browser:
        made = Browser(app)
        made.log_in(name)
        assert made.status == 200, made.page
        return made

    return open_browser


@pytest.fixture
def guest(app: FastAPI) -> Browser:
    """A browser in which nobody has logged in."""
    return Browser(app)


@pytest.fixture
def at(browser: Callable[..., Browser], comments: dict[str, int]) -> Callable[..., Browser]:
    """Return a function that opens the page of a sample."""

    def open_page(name: str, user: str = "chris", query: str = "") -> Browser:
        opened = browser(user)
        opened.get(f"/console/comments/{comments[name]}{query}")
        assert opened.status == 200
        return opened

    return open_page


@pytest.fixture
def address(app: FastAPI, comments: dict[str, int]) -> Iterator[str]:
    """Serve the console on a free port."""
    with served(app) as host:
        yield f"{host}/console"


@pytest.fixture
def open_page(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a window in which somebody has logged in."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_one(name: str = "chris", width: int = 1280, **options: Any) -> Any:
        phone = {"has_touch": True, "is_mobile": True} if width < 600 else {}
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, base_url=address, **phone, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
        )
        page.goto(f"{address}/log-in")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints
