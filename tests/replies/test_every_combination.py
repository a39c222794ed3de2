"""Every combination of labels gets a reply, and never a wrong fit."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from models.labels import (
    FLAGS,
    INTENTS,
    LANGUAGES,
    PLATFORMS,
    SENTIMENTS,
    TOPICS,
    TOXICITIES,
    URGENCIES,
)
from service.replies import PLATFORM_LIMITS, Catalogue, Reply, Template
from service.replies.platforms import written_length

UNSURE = "unsure"


def every_combination() -> Iterator[dict[str, Any]]:
    """Yield every combination of labels, languages and platforms taking turns."""
    languages = itertools.cycle(LANGUAGES)
    platforms = itertools.cycle(("tiktok", "tiktok", *PLATFORMS, None))
    for topic, urgency, sentiment, intent, toxicity, flag in itertools.product(
        (*TOPICS, UNSURE),
        URGENCIES,
        (*SENTIMENTS, UNSURE),
        (*INTENTS, UNSURE),
        TOXICITIES,
        FLAGS,
    ):
        labels = {"topic": topic, "sentiment": sentiment, "intent": intent}
        unsure = [head for head, label in labels.items() if label == UNSURE]
        guesses = {"topic": "other", "sentiment": "neutral", "intent": "problem"}
        yield {
            **{head: guesses[head] if head in unsure else label for head, label in labels.items()},
            "unsure": unsure,
            "urgency": urgency,
            "toxicity": toxicity,
            "flag": flag,
            "language": next(languages),
            "platform": next(platforms),
        }


def test_every_combination_of_labels_gets_a_reply(
    catalogue: Catalogue, offered: Callable[..., list[Reply]]
) -> None:
    for labels in every_combination():
        replies = offered(**labels, author="Айгүл Серікқызы")
        assert 1 <= len(replies) <= 3, labels
        templates = [catalogue.templates[reply["template_id"]] for reply in replies]
        assert len({template.kind for template in templates}) == len(templates), labels
        scores = [reply["score"] for reply in replies]
        assert scores == sorted(scores, reverse=True), labels
        assert 0 <= scores[-1] <= scores[0] <= 1, labels
        limit = PLATFORM_LIMITS.get(labels["platform"], 10_000)
        for reply, template in zip(replies, templates, strict=True):
            assert reply["reasons"], labels
            assert fits(template, labels), (template.id, labels)
            if not reply["missing_slots"]:
                assert written_length(reply["text"]) <= limit, (template.id, labels)


def fits(template: Template, labels: dict[str, Any]) -> bool:
    """Say, in another way than the code, whether the template is no wrong fit."""
    unsure = labels["unsure"]
    topic = None if "topic" in unsure else labels["topic"]
    thanks = "gratitude" in template.intents
    return (
        (topic in template.topics if template.topics else True)
        and not (thanks and len(template.intents) == 1 and labels["intent"] != "gratitude")
        and not (thanks and len(template.intents) == 1 and "intent" in unsure)
        and not (template.kind == "thanks" and labels["toxicity"] == "toxic")
        and not (template.kind == "refute" and labels["flag"] == "none")
        and (labels["flag"] != "likely" or template.kind not in {"passed-on", "thanks", "idea"})
        and not (template.kind in {"appeal", "idea"} and labels["urgency"] == "critical"
                 and labels["intent"] == "problem")
        and not template.dangers
        and not template.personal_data
    )  # fmt: skip
