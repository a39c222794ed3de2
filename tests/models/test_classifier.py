"""The shipped model answering, from the outside."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import Classifier, TextError
from models.analysis import UrgencyOpinion
from models.labels import HEADS, URGENCIES

CLASSIFIER = Classifier.load()
COMMENTS = [
    "Үшінші күн жылу жоқ, балалар тоңып отыр",
    "когда починят светофор на Кабанбай батыра?",
    "bizdin auylda zharyk zhok keshe kunnen beri",
    "Рахмет әкімге, ауламыз керемет болды!",
    "thank you for the new park",
    "автобус 46 опять опоздал, сколько можно күтеміз",
    "😀😀😀",
    "12345",
    "?",
]
ODD = st.text(min_size=1, max_size=120).filter(lambda text: bool(text.strip()))


def analyse(text: str, **options: bool) -> dict[str, object]:
    return dict(CLASSIFIER.analyse([text], **options)[0])


def test_the_answer_is_json_with_the_keys_of_the_contract() -> None:
    answer = analyse(COMMENTS[0])
    assert json.loads(json.dumps(answer)) == answer
    assert list(answer) == [
        "language",
        "topic",
        "urgency",
        "sentiment",
        "intent",
        "toxicity",
        "misinformation",
        "needs_answer",
        "department",
        "department_code",
        "answer_within_minutes",
        "personal_data",
        "model_version",
        "taxonomy_version",
    ]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Үшінші күн жылу жоқ, балалар тоңып отыр", "kk-Cyrl"),
        ("ушинши кун жылу жок балалар тонып отыр", "kk-Cyrl"),
        ("ushinshi kun zhylu zhok balalar tonyp otyr", "kk-Latn"),
        ("третий день нет отопления, дети мерзнут", "ru"),
        ("no heating for three days, the children are freezing", "en"),
        ("😀😀😀", "other"),
        ("12345 !!!", "other"),
    ],
)
def test_written_forms(text: str, form: str) -> None:
    answer = CLASSIFIER.analyse([text])[0]
    assert answer["language"]["label"] == form


def test_a_language_that_is_none_of_ours_is_named() -> None:
    text = "Der Bus kommt heute wieder viel zu spät und niemand sagt uns etwas darüber"
    language = CLASSIFIER.analyse([text])[0]["language"]
    assert language["label"] == "other"
    assert language["detected"] == "de"


def test_topic_and_department_in_the_language_of_the_reply() -> None:
    kazakh, russian = CLASSIFIER.analyse(
        ["Үшінші күн жылу жоқ, батарея мұздай", "третий день нет отопления, батареи ледяные"]
    )
    assert kazakh["topic"]["label"] == russian["topic"]["label"] == "heating"
    assert kazakh["department"] != russian["department"]
    assert kazakh["department_code"] == russian["department_code"] == "energy"


def test_a_danger_raises_the_urgency_and_says_why() -> None:
    text = "добрый день, просто к сведению: в подъезде пахнет газом"
    urgency = CLASSIFIER.analyse([text])[0]["urgency"]
    assert urgency["label"] == "critical"
    assert not urgency["abstained"]
    override = urgency["override"]
    assert override
    assert override["rule"] == "gas-smell"
    assert text[override["start"] : override["end"]] == "пахнет газом"


def test_an_unsure_urgency_gets_the_time_of_its_worst_likely_case() -> None:
    minutes = {code: CLASSIFIER.taxonomy.minutes[code] for code in URGENCIES}
    probabilities = np.array([0.05, 0.3, 0.25, 0.4], dtype=np.float32)
    unsure: UrgencyOpinion = {
        "label": "low",
        "confidence": 0.4,
        "abstained": True,
        "override": None,
    }
    assert CLASSIFIER._minutes(unsure, probabilities, "none") == minutes["high"]
    sure: UrgencyOpinion = {**unsure, "abstained": False}
    assert CLASSIFIER._minutes(sure, probabilities, "possible") == minutes["low"]
    assert CLASSIFIER._minutes(sure, probabilities, "likely") == minutes["high"]
    assert CLASSIFIER._minutes({**sure, "label": "critical"}, probabilities, "likely") == 30


def test_the_parent_post_decides_the_topic_of_a_fragment() -> None:
    text = "и у нас тоже"
    posts = ["Отключение отопления на Иманова", "Автобус 12 отменён, новые маршруты автобусов"]
    answers = CLASSIFIER.analyse([text, text], posts)
    assert [answer["topic"]["label"] for answer in answers] == ["heating", "transport"]


def test_highlights_point_at_words() -> None:
    text = "😀 Сәлем! Үйде жылу жоқ, батарея мұздай"
    answer = CLASSIFIER.analyse([text], explain=True)[0]
    marked = {text[item["start"] : item["end"]] for item in answer["highlights"]["topic"]}
    assert marked & {"жылу", "батарея"}
    assert set(answer["highlights"]) == set(HEADS)
    assert all(0 < item["weight"] <= 1 for item in answer["highlights"]["topic"])


@settings(max_examples=40, deadline=None)
@given(st.lists(ODD, min_size=1, max_size=8))
def test_same_text_same_answer_in_any_batch(texts: list[str]) -> None:
    texts = [text.replace("\x00", " ") + "а" for text in texts]
    mixed = CLASSIFIER.analyse([*texts, *COMMENTS])
    for text, answer in zip([*texts, *COMMENTS], mixed, strict=True):
        assert CLASSIFIER.analyse([text])[0] == answer


@settings(max_examples=100, deadline=None)
@given(ODD)
def test_every_text_gets_a_whole_answer(text: str) -> None:
    answer = CLASSIFIER.analyse([text.replace("\x00", " ") + "."])[0]
    for head in ("language", "topic", "urgency", "sentiment", "intent", "toxicity"):
        assert answer[head]["label"] in HEADS[head]
        assert 0 <= answer[head]["confidence"] <= 1


@pytest.mark.parametrize(
    "text",
    ["ж" * 10_000, "жылу " * 2_000, "а\u0301\u0316" * 3_333, "а" * 9_999 + "?", "@" * 10_000],
)
def test_long_and_piled_up_texts(text: str) -> None:
    answer = CLASSIFIER.analyse([text], explain=True)[0]
    assert answer["urgency"]["label"] in URGENCIES


def test_a_text_that_cannot_be_one_is_named() -> None:
    with pytest.raises(TextError, match="empty"):
        CLASSIFIER.analyse(["су жоқ", " "])


def test_no_texts_no_answers() -> None:
    assert CLASSIFIER.analyse([]) == []
