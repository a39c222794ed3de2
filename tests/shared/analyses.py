"""An analysis as the classifier gives it, from the labels a test cares about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from models import load_taxonomy
from models.analysis import Opinion
from models.claims.index import ClaimIndex
from models.labels import FLAGS, needs_answer
from models.misinformation import judge_all

TAXONOMY = load_taxonomy()


def with_claims(answer: dict[str, Any], text: str, claims: ClaimIndex | None) -> dict[str, Any]:
    """Return an analysis with what the classifier would say about known claims in `text`."""
    claiming: Opinion = {"label": "claim", "confidence": 0.9, "abstained": False}
    judged = judge_all([text], [0.6], [claiming], claims, 1.1)[0]
    found = [reason for reason in judged["reasons"] if reason["kind"] == "claim_match"]
    rumour = answer["misinformation"]
    if found:
        flag = max(rumour["flag"], judged["flag"], key=FLAGS.index)
        rumour |= {"flag": flag, "confidence": max(rumour["confidence"], judged["confidence"])}
        rumour["reasons"] = [*found, *rumour["reasons"]]
    return answer


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
    danger_at: tuple[int, int] = (0, 1),
    alternatives: Sequence[Mapping[str, Any]] = (),
    reasons: Sequence[Mapping[str, Any]] = (),
    personal_data: Sequence[Mapping[str, Any]] = (),
    model_version: str = "1",
) -> dict[str, Any]:
    """Return an analysis; `unsure` names the heads that abstain, `danger` the rule that held."""

    def opinion(head: str, label: str) -> dict[str, Any]:
        abstained = head in unsure
        return {"label": label, "confidence": 0.41 if abstained else 0.93, "abstained": abstained}

    override = danger and {
        "rule": danger,
        "start": danger_at[0],
        "end": danger_at[1],
        "version": "1",
    }
    body = TAXONOMY.topics[topic]
    flagged = flag != "none"
    return {
        "language": opinion("language", language),
        "topic": {**opinion("topic", topic), "alternatives": list(alternatives)},
        "urgency": {**opinion("urgency", urgency), "override": override},
        "sentiment": opinion("sentiment", sentiment),
        "intent": opinion("intent", intent),
        "toxicity": opinion("toxicity", toxicity),
        "misinformation": {
            "flag": flag,
            "confidence": 0.82 if flagged else 0.04,
            "reasons": list(reasons),
        },
        "needs_answer": needs_answer(intent, flag),
        "department": body.department["kk"],
        "department_code": body.department_code,
        "answer_within_minutes": TAXONOMY.minutes[urgency],
        "personal_data": list(personal_data),
        "model_version": model_version,
        "taxonomy_version": TAXONOMY.version,
    }
