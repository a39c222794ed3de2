"""The shipped templates, and analyses as the classifier gives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from analyses import build_analysis

from models.claims.claim import Claim
from models.taxonomy import Taxonomy, load_taxonomy
from service.replies import Catalogue, Outcome, Reply, Template, suggest
from service.replies.render import no_claim


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
        text: str = "Мәтін",
        platform: str | None = None,
        author: str | None = None,
        shelf: Catalogue = catalogue,
        outcomes: dict[str, Outcome] | None = None,
        day: date = today,
        limit: int = 3,
        reply_in: str | None = None,
        claim_of: Callable[[str], Claim | None] = no_claim,
        **labels: Any,
    ) -> list[Reply]:
        return suggest(
            analysis(**labels),
            shelf,
            text=text,
            platform=platform,
            author=author,
            today=day,
            outcomes=outcomes,
            limit=limit,
            language=reply_in,
            claim_of=claim_of,
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
