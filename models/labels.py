"""The label codes of every head, in the order the weights store them.

The codes are the values kept in data and returned by the API; what each one
means is written in the labelling guide. Appending a code is a new weight
layout: a model trained on other lists is refused when it is loaded.
"""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("kk-Cyrl", "kk-Latn", "ru", "en", "mixed", "other")
TOPICS: Final = (
    "heating",
    "electricity",
    "water",
    "housing",
    "roads",
    "transport",
    "parking",
    "cleaning",
    "amenities",
    "ecology",
    "animals",
    "education",
    "health",
    "social",
    "construction",
    "safety",
    "emergency",
    "services",
    "economy",
    "culture",
    "governance",
    "other",
)
URGENCIES: Final = ("critical", "high", "normal", "low")
SENTIMENTS: Final = ("negative", "neutral", "positive")
INTENTS: Final = ("problem", "question", "suggestion", "gratitude", "opinion", "claim", "spam")
TOXICITIES: Final = ("clean", "toxic")
RUMOUR_STYLES: Final = ("plain", "rumour")
"""Style only: what a comment is flagged with is decided in `models.misinformation`."""

HEADS: Final[dict[str, tuple[str, ...]]] = {
    "language": LANGUAGES,
    "topic": TOPICS,
    "urgency": URGENCIES,
    "sentiment": SENTIMENTS,
    "intent": INTENTS,
    "toxicity": TOXICITIES,
    "misinformation": RUMOUR_STYLES,
}
"""Every head with its codes; the order of both is the column order of the weights."""

LABEL_HEADS: Final = tuple(head for head in HEADS if head != "misinformation")
"""Heads whose answer is a label; that about misinformation is a flag."""
ANNOTATED_HEADS: Final = ("language", "topic", "urgency", "sentiment", "intent")
"""Heads an annotated row names by code; it says `toxic` and `misinformation` by true or false."""

FLAGS: Final = ("none", "possible", "likely")
"""Values of `misinformation.flag`, weakest first."""

INTENTS_TO_ANSWER: Final = frozenset({"problem", "question", "suggestion"})
"""Intents somebody has to answer."""

URGENCY_TRAPS: Final = ("past-danger", "danger-metaphor", "danger-denied", "danger-question")
"""What makes a comment that nobody has to hurry for look like one."""
RUMOUR_TRAPS: Final = (
    "criticism",
    "sarcasm",
    "rumour-question",
    "rumour-denial",
    "alarming-experience",
)
"""What makes a comment that spreads nothing false look like a rumour."""
TOXICITY_TRAPS: Final = ("sharp-criticism",)
"""What makes a clean comment look toxic."""
TRAPS: Final = (*URGENCY_TRAPS, *RUMOUR_TRAPS, *TOXICITY_TRAPS)
"""What an annotated row may name in `traps`: why a model could take it for something else."""

PLATFORMS: Final = ("instagram", "facebook", "tiktok", "telegram", "youtube", "vk", "other")
REPLY_LANGUAGES: Final = ("kk", "ru", "en")


def needs_answer(intent: str, flag: str) -> bool:
    """Say whether somebody has to answer: what is flagged must not stand alone."""
    return intent in INTENTS_TO_ANSWER or flag != "none"


def reply_language(written_form: str) -> str:
    """Return the language a reply is due in: the appeal's own, else the state language."""
    return written_form if written_form in {"ru", "en"} else "kk"
