"""The shipped templates, and analyses as the classifier gives them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

import pytest

from models.taxonomy import Taxonomy, load_taxonomy
from service.replies import Catalogue, Outcome, Reply, Template, suggest

MINUTES = {"critical": 30, "high": 240, "normal": 1440, "low": 4320}


@pytest.fixture(scope="session")
def catalogue(shipped: Catalogue) -> Catalogue:
    return shipped


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture(scope="session")
def today() -> date:
    """A day on which every shipped template is in force."""
    return date(2026, 12, 1)


@pytest.fixture(scope="session")
def analysis() -> Callable[..., dict[str, Any]]:
    """Build an analysis from the labels a test cares about."""
    return build_analysis


@pytest.fixture(scope="session")
def make_template() -> Callable[..., Template]:
    """Build a faultless template, with the fields a test wants otherwise."""
    return build_template


@pytest.fixture
def offered(
    catalogue: Catalogue, analysis: Callable[..., dict[str, Any]], today: date
) -> Callable[..., list[Reply]]:
    """Suggest replies to a comment with these labels."""

    def suggested(
        *,
        platform: str | None = None,
        author: str | None = None,
        shelf: Catalogue = catalogue,
        outcomes: dict[str, Outcome] | None = None,
        day: date = today,
        limit: int = 3,
        reply_in: str | None = None,
        **labels: Any,
    ) -> list[Reply]:
        return suggest(
            analysis(**labels),
            shelf,
            platform=platform,
            author=author,
            today=day,
            outcomes=outcomes,
            limit=limit,
            language=reply_in,
        )

    return suggested


def build_template(**fields: Any) -> Template:
    return Template.model_validate(
        {
            "id": "toy",
            "kind": "passed-on",
            "owner": "press",
            "approved": date(2026, 1, 1),
            "title": {"kk": "Алдық", "ru": "Получили", "en": "Received"},
            "text": {
                "kk": "Хабарыңызды алдық, рақмет.",
                "ru": "Получили ваше сообщение, спасибо.",
                "en": "We have your message, thank you.",
            },
            **fields,
        }
    )


def build_analysis(
    *,
    language: str = "ru",
    topic: str = "heating",
    urgency: str = "normal",
    sentiment: str = "negative",
    intent: str = "problem",
    toxicity: str = "clean",
    flag: str = "none",
    unsure: Collection[str] = (),
    danger: str | None = None,
    reasons: Sequence[dict[str, Any]] = (),
    personal_data: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return an analysis; `unsure` names the heads that abstain."""

    def opinion(head: str, label: str) -> dict[str, Any]:
        return {"label": label, "confidence": 0.9, "abstained": head in unsure}

    override = danger and {"rule": danger, "start": 0, "end": 1, "version": "1"}
    return {
        "language": opinion("language", language),
        "topic": {**opinion("topic", topic), "alternatives": []},
        "urgency": {**opinion("urgency", urgency), "override": override},
        "sentiment": opinion("sentiment", sentiment),
        "intent": opinion("intent", intent),
        "toxicity": opinion("toxicity", toxicity),
        "misinformation": {"flag": flag, "confidence": 0.1, "reasons": list(reasons)},
        "needs_answer": True,
        "department": "",
        "department_code": "",
        "answer_within_minutes": MINUTES[urgency],
        "personal_data": list(personal_data),
        "model_version": "1",
        "taxonomy_version": "1",
    }
