"""A comment without words is written in no language, so nobody is asked for another one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.labels import INTENTS
from service.replies import Reply


@pytest.mark.parametrize(
    "text",
    ["👍", "❤️❤️", "🇰🇿", "+", "???", "109", "12:30", "😡 5 000", "@akimat 👍", "https://t.me/a"],
)
def test_without_words_nobody_is_asked_for_another_language(
    offered: Callable[..., list[Reply]], text: str
) -> None:
    for intent in INTENTS:
        labels = {"language": "other", "topic": "other", "intent": intent, "limit": 20}
        found = {reply["template_id"] for reply in offered(text=text, **labels)}
        assert found
        assert "other-language" not in found


@pytest.mark.parametrize("text", ["جىلۋ جوق، بالالار توڭىپ وتىر", "Il fait froid ici", "没有暖气"])
def test_a_language_we_cannot_answer_is_asked_for_another(
    offered: Callable[..., list[Reply]], text: str
) -> None:
    labels = {"language": "other", "topic": "other", "intent": "problem"}
    assert offered(text=text, **labels)[0]["template_id"] == "other-language"
