"""What a single word, or hardly a letter, may say about urgency."""

from __future__ import annotations

import numpy as np
import pytest

from models.classifier import Classifier
from models.labels import URGENCIES
from models.lone_words import quieten

CLASSIFIER = Classifier.load()


@pytest.mark.parametrize(
    ("text", "critical", "high"),
    [
        ("люк", -1.0, 1.0),  # a single word: less is made of it
        ("ашық люк", 1.0, 1.0),
        ("112", -1.0, 1.0),
        ("hi", -np.inf, -np.inf),  # two letters tell of nothing
        ("🔥❓😱", -np.inf, -np.inf),
        ("а б", -np.inf, -np.inf),
        ("", -np.inf, -np.inf),
    ],
)
def test_a_lone_word_alarms_less(text: str, critical: float, high: float) -> None:
    scores = np.ones((1, len(URGENCIES)), dtype=np.float32)
    quieten(scores, [text], 2.0)
    assert scores[0].tolist() == [critical, high, 1.0, 1.0]


@pytest.mark.parametrize("text", ["hi", "ок", "қ", "+", "👍", "ия", "да"])
def test_nobody_is_sent_for_a_greeting(text: str) -> None:
    assert CLASSIFIER.analyse([text])[0]["urgency"]["label"] in {"normal", "low"}


@pytest.mark.parametrize("text", ["пожар", "помогите", "көмектесіңіздер", "газ шығып жатыр"])
def test_a_cry_for_help_stays_one(text: str) -> None:
    assert CLASSIFIER.analyse([text])[0]["urgency"]["label"] == "critical"
