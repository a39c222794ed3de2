"""Which replies are offered for which comment, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models.claims.claim import parse_claim
from models.labels import INTENTS, TOPICS
from service.replies import Catalogue, Outcome, Reply, Template


@pytest.mark.parametrize(
    ("labels", "first"),
    [
        ({"urgency": "high"}, "heating-outage-received"),
        ({"urgency": "critical"}, "heating-critical"),
        ({"urgency": "critical", "danger": "gas-smell"}, "gas-smell-leave-now"),
        ({"topic": "roads", "urgency": "critical", "danger": "open-manhole"},
         "open-manhole-keep-away"),
        ({"topic": "roads"}, "roads-received"),
        ({"topic": "roads", "intent": "question", "sentiment": "neutral"}, "roads-question"),
        ({"intent": "gratitude", "sentiment": "positive", "urgency": "low"},
         "gratitude-kind-words"),
        ({"intent": "gratitude", "sentiment": "negative", "urgency": "low"},
         "gratitude-or-not"),
        ({"intent": "suggestion", "topic": "culture", "sentiment": "neutral"},
         "culture-received"),
        ({"intent": "claim", "flag": "likely", "sentiment": "neutral"}, "refute-with-link"),
        ({"intent": "spam", "topic": "other", "urgency": "low", "sentiment": "neutral"},
         "spam-no-adverts"),
        ({"language": "other", "topic": "other", "intent": "question"}, "other-language"),
        ({"intent": "opinion", "topic": "transport", "toxicity": "toxic", "urgency": "low"},
         "toxic-opinion"),
        ({"topic": "emergency", "urgency": "critical", "flag": "likely"}, "emergency-critical"),
    ],
)  # fmt: skip
def test_what_comes_first(
    offered: Callable[..., list[Reply]], labels: dict[str, Any], first: str
) -> None:
    assert offered(**labels)[0]["template_id"] == first


@pytest.mark.parametrize(
    ("danger", "reply", "short"),
    [
        ("self-harm", "self-harm-not-alone", "short-self-harm"),
        ("threat", "threat-to-police", "short-threat"),
    ],
)
def test_a_threat_gets_one_reply_and_no_other(
    offered: Callable[..., list[Reply]], danger: str, reply: str, short: str
) -> None:
    labels = {"topic": "other", "urgency": "critical", "danger": danger, "intent": "opinion"}
    for toxicity in ("clean", "toxic"):
        found = offered(**labels, toxicity=toxicity)
        assert [one["template_id"] for one in found] == [reply]
    found = offered(**labels, platform="tiktok")
    assert [one["template_id"] for one in found] == [short]


def test_no_heating_template_for_a_gas_smell_but_the_one_about_gas(
    offered: Callable[..., list[Reply]],
) -> None:
    replies = offered(urgency="critical", danger="gas-smell", limit=10)
    assert "heating-outage-received" not in {reply["template_id"] for reply in replies}


def test_an_unsure_topic_gets_general_templates_only(
    catalogue: Catalogue, offered: Callable[..., list[Reply]]
) -> None:
    for reply in offered(topic="heating", urgency="critical", unsure=["topic"], limit=20):
        assert catalogue.templates[reply["template_id"]].topics == ()


def test_the_three_every_press_service_needs_are_on_offer(
    offered: Callable[..., list[Reply]],
) -> None:
    ids = {
        reply["template_id"]
        for sentiment in ("neutral", "negative")
        for reply in offered(unsure=["topic"], sentiment=sentiment, limit=20)
    }
    assert {"received-passed-on", "thanks-looking-into-it", "details-needed-eotinish"} <= ids


@pytest.mark.parametrize(
    ("language", "reply_in", "expected"),
    [
        ("kk-Cyrl", None, "kk"),
        ("kk-Latn", None, "kk"),
        ("mixed", None, "kk"),
        ("other", None, "kk"),
        ("ru", None, "ru"),
        ("en", None, "en"),
        ("ru", "kk", "kk"),
        ("kk-Cyrl", "en", "en"),
    ],
)
def test_language_of_the_reply(
    catalogue: Catalogue,
    offered: Callable[..., list[Reply]],
    language: str,
    reply_in: str | None,
    expected: str,
) -> None:
    for reply in offered(language=language, reply_in=reply_in):
        assert reply["language"] == expected
        assert reply["title"] == catalogue.templates[reply["template_id"]].title[expected]


def test_a_long_name_gives_way_on_a_short_network(offered: Callable[..., list[Reply]]) -> None:
    name = "Гүлбаршын Нұрсейітқызы Ахметжанова"
    labels = {"language": "kk-Cyrl", "topic": "water"}
    assert all(name in reply["text"] for reply in offered(**labels, author=name))
    short = offered(**labels, author=name, platform="tiktok")
    assert short
    assert all(len(reply["text"]) <= 150 for reply in short)
    assert not all(name in reply["text"] for reply in short)


def test_personal_data_in_the_comment_is_pointed_out(
    offered: Callable[..., list[Reply]],
) -> None:
    phone = {"kind": "phone", "start": 0, "end": 11}
    ids = [reply["template_id"] for reply in offered(topic="water", personal_data=[phone])]
    assert ids[0] == "personal-data-hide"
    assert "personal-data-hide" not in [one["template_id"] for one in offered(limit=20)]


def test_a_scam_is_called_one_only_on_evidence(offered: Callable[..., list[Reply]]) -> None:
    labels = {"intent": "claim", "flag": "likely"}
    scam = [{"kind": "scam_link", "detail": "", "score": 0.9}]
    assert "refute-scam" in [one["template_id"] for one in offered(**labels, reasons=scam)]
    assert "refute-scam" not in [one["template_id"] for one in offered(**labels, limit=20)]


@pytest.mark.parametrize(
    "change", [{"expires": date(2026, 11, 30)}, {"approved": None}, {"approved": date(2027, 1, 1)}]
)
def test_out_of_force_is_never_suggested(
    catalogue: Catalogue, offered: Callable[..., list[Reply]], change: dict[str, Any]
) -> None:
    old = catalogue.templates["roads-received"].model_copy(update=change)
    ids = [
        one["template_id"] for one in offered(topic="roads", shelf=catalogue.with_overrides([old]))
    ]
    assert ids
    assert "roads-received" not in ids


def test_own_templates_stand_beside_and_instead(
    catalogue: Catalogue, make_template: Callable[..., Template]
) -> None:
    own = make_template(id="own")
    other = make_template(id="roads-received")
    changed = catalogue.with_overrides([own, other])
    assert len(changed.templates) == len(catalogue.templates) + 1
    assert changed.templates["roads-received"] is other
    assert catalogue.templates["roads-received"] is not other


def test_past_outcomes_move_the_order(offered: Callable[..., list[Reply]]) -> None:
    plain = offered(topic="roads")
    liked = offered(topic="roads", outcomes={"roads-where": Outcome(40, 2, 1)})
    disliked = offered(topic="roads", outcomes={"roads-received": Outcome(0, 3, 60)}, limit=10)
    assert [one["template_id"] for one in plain][:2] == ["roads-received", "roads-where"]
    assert liked[0]["template_id"] == "roads-where"
    assert "accepted-before" in liked[0]["reasons"]
    assert "accepted-before" not in plain[0]["reasons"]
    assert disliked[0]["template_id"] != "roads-received"


@pytest.mark.parametrize(
    ("outcome", "low", "high"),
    [
        (Outcome(0, 0, 0), 0.6, 0.6),
        (Outcome(1, 0, 0), 0.6, 0.7),
        (Outcome(0, 0, 1), 0.5, 0.6),
        (Outcome(0, 1, 0), 0.55, 0.6),
        (Outcome(990, 0, 0), 0.99, 1.0),
    ],
)
def test_acceptance_starts_from_a_prior(outcome: Outcome, low: float, high: float) -> None:
    assert low <= outcome.acceptance <= high


@pytest.mark.parametrize(
    ("labels", "template_id", "reasons"),
    [
        ({"urgency": "high"}, "heating-outage-received", {"topic", "intent", "urgency"}),
        ({"urgency": "critical", "danger": "gas-smell"}, "gas-smell-leave-now", {"danger"}),
        ({"intent": "gratitude", "sentiment": "positive"}, "gratitude-kind-words",
         {"intent", "sentiment"}),
        ({"intent": "claim", "flag": "likely"}, "refute-with-link", {"flag"}),
        ({"toxicity": "toxic", "intent": "opinion"}, "toxic-opinion", {"intent", "toxicity"}),
    ],
)  # fmt: skip
def test_reasons(
    offered: Callable[..., list[Reply]],
    labels: dict[str, Any],
    template_id: str,
    reasons: set[str],
) -> None:
    by_id = {reply["template_id"]: reply for reply in offered(**labels, limit=10)}
    assert set(by_id[template_id]["reasons"]) == reasons


def test_limit(offered: Callable[..., list[Reply]]) -> None:
    assert offered(limit=0) == []
    assert len(offered(limit=1)) == 1


CLAIM = parse_claim(
    {
        "claim_id": "tap",
        "claim": {"ru": "Воду отравили"},
        "verdict": "false",
        "refutation": {"ru": "Вода в порядке."},
    }
)
MATCH = [{"kind": "claim_match", "detail": "", "score": 0.9, "claim_id": "tap"}]


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("flag", ["possible", "likely"])
def test_what_is_known_about_a_claim_comes_first(
    offered: Callable[..., list[Reply]], intent: str, flag: str
) -> None:
    unloved = {"claim-refuted": Outcome(0, 0, 50), "refute-with-link": Outcome(50, 0, 0)}
    for topic in TOPICS:
        first = offered(
            topic=topic,
            intent=intent,
            flag=flag,
            reasons=MATCH,
            claim_of={"tap": CLAIM}.get,
            outcomes=unloved,
        )[0]
        assert first["template_id"] == "claim-refuted"
        assert "Вода в порядке." in first["text"]


def test_a_danger_that_may_be_real_comes_before_it(offered: Callable[..., list[Reply]]) -> None:
    labels = {"danger": "poisoned-water", "urgency": "critical", "topic": "water"}
    found = offered(flag="possible", reasons=MATCH, claim_of={"tap": CLAIM}.get, **labels)
    assert [one["template_id"] for one in found][1] == "claim-refuted"
    found = offered(flag="likely", reasons=MATCH, claim_of={"tap": CLAIM}.get, **labels)
    assert found[0]["template_id"] == "claim-refuted"


@pytest.mark.parametrize("danger", [None, "explosion"])
@pytest.mark.parametrize("platform", ["instagram", "tiktok"])
@pytest.mark.parametrize("language", ["kk-Cyrl", "ru", "en"])
def test_hearsay_of_a_danger_is_not_confirmed_by_help(
    catalogue: Catalogue,
    offered: Callable[..., list[Reply]],
    danger: str | None,
    platform: str,
    language: str,
) -> None:
    def kinds(**labels: Any) -> list[str]:
        found = offered(
            urgency="critical", danger=danger, platform=platform, language=language, **labels
        )
        return [catalogue.templates[one["template_id"]].kind for one in found]

    for unsure in ([], ["urgency"], ["topic"]):
        for flag in ("possible", "likely"):
            assert kinds(intent="claim", flag=flag, unsure=unsure)[0] == "refute"
        assert "urgent" in kinds(intent="claim", flag="possible", unsure=unsure)
    assert kinds(intent="problem", flag="possible")[0] == "urgent"
    assert kinds(intent="claim")[0] == "urgent"
    liked = {"danger-call-112": Outcome(50, 0, 0), "short-critical": Outcome(50, 0, 0)}
    assert kinds(intent="claim", flag="possible", outcomes=liked)[0] == "refute"


def test_hearsay_of_a_known_claim_is_refuted(offered: Callable[..., list[Reply]]) -> None:
    labels = {"danger": "poisoned-water", "urgency": "critical", "topic": "water"}
    known = {"reasons": MATCH, "claim_of": {"tap": CLAIM}.get}
    found = offered(intent="claim", flag="possible", **known, **labels)
    assert found[0]["template_id"] == "claim-refuted"


def test_a_question_about_a_claim_is_answered(offered: Callable[..., list[Reply]]) -> None:
    labels = {"intent": "question", "reasons": MATCH, "claim_of": {"tap": CLAIM}.get}
    assert offered(**labels)[0]["template_id"] == "claim-asked"
    labels["claim_of"] = {}.get
    assert "claim-asked" not in [one["template_id"] for one in offered(**labels)]
