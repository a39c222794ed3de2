"""From comments to answers: the one way in.

    >>> from models import Classifier
    >>> answer = Classifier.load().analyse(["Үшінші күн жылу жоқ"])[0]
    >>> answer["topic"]["label"]
    'heating'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from models.analysis import Analysis, LanguageOpinion, Opinion, TopicOpinion, UrgencyOpinion
from models.artifact import Manifest, load_artifact
from models.calibrate import Floats, softmax
from models.dangers import VERSION as DANGERS_VERSION
from models.dangers import find_danger
from models.fast import FastTier, head_slices
from models.highlights import highlight
from models.labels import HEADS, INTENTS_TO_ANSWER, URGENCIES, reply_language
from models.misinformation import judge
from models.model_store import ModelStore
from models.personal_data import find_personal_data
from models.taxonomy import Taxonomy, load_taxonomy
from models.text import check_text, normalise
from models.written_form import name_language, possible_forms

_BATCH: Final = 512
"""Texts scored together: large enough to vectorise, small enough to stay in cache."""

_SLICES: Final = head_slices()
_RUMOUR: Final = HEADS["misinformation"].index("rumour")


@dataclass(frozen=True)
class Classifier:
    """A loaded model with everything it needs to answer."""

    manifest: Manifest
    tier: FastTier
    taxonomy: Taxonomy

    @property
    def version(self) -> str:
        """The model version, as every answer carries it."""
        return self.manifest.version

    @classmethod
    def load(cls, path: Path | None = None) -> Classifier:
        """Load the artifact in `path`, by default the active shipped version.

        Raise `ArtifactError` when it is missing or damaged.
        """
        if path is None:
            store = ModelStore()
            path = store.path(store.active())
        manifest, tier = load_artifact(path)
        return cls(manifest, tier, load_taxonomy())

    def analyse(
        self,
        texts: Sequence[str],
        parents: Sequence[str | None] | None = None,
        *,
        explain: bool = False,
    ) -> list[Analysis]:
        """Return one answer a text, in order; equal texts get equal answers in any batch.

        `parents` are the posts the comments stand under, where known. Raise
        `TextError` for a text that `models.text.check_text` refuses.
        """
        if parents is not None and len(parents) != len(texts):
            raise ValueError(f"{len(parents)} parents for {len(texts)} texts")
        answers: list[Analysis] = []
        for start in range(0, len(texts), _BATCH):
            part = [check_text(text) for text in texts[start : start + _BATCH]]
            above = parents[start : start + _BATCH] if parents else [None] * len(part)
            scores = self.probabilities(part, above)
            answers += [self._answer(scores, row, text) for row, text in enumerate(part)]
            if explain:
                for answer, text, parent in zip(answers[start:], part, above, strict=True):
                    answer["highlights"] = highlight(
                        text, lambda variants, p=parent: self.probabilities(variants, [p] * len(variants))
                    )
        return answers

    def probabilities(
        self, texts: Sequence[str], parents: Sequence[str | None]
    ) -> dict[str, Floats]:
        """Return the calibrated probabilities of every head, shape (len(texts), labels) each."""
        logits = self.logits(texts, parents)
        return {
            head: softmax(logits[:, columns], self.manifest.temperatures[head])
            for head, columns in _SLICES.items()
        }

    def logits(self, texts: Sequence[str], parents: Sequence[str | None]) -> Floats:
        """Return uncalibrated scores, shape (len(texts), all labels), letters and parent heeded."""
        normalised = [normalise(text) for text in texts]
        logits = self.tier.logits(normalised)
        forms = np.stack([possible_forms(text) for text in normalised])
        logits[:, _SLICES["language"]] = np.where(forms, logits[:, _SLICES["language"]], -np.inf)
        decisions = self.manifest.decisions
        fragments = [
            row
            for row, text in enumerate(normalised)
            if parents[row] and text.count(" ") < decisions["fragment_words"]
        ]
        if fragments:
            above = self.tier.logits([normalise(parents[row] or "") for row in fragments])
            topic = _SLICES["topic"]
            logits[fragments, topic] += np.float32(decisions["parent_weight"]) * above[:, topic]
        return logits

    def _answer(self, scores: dict[str, Floats], row: int, text: str) -> Analysis:
        """Put the answer about one text together from its row of probabilities."""
        language = self._language(scores["language"][row], text)
        topic = self._topic(scores["topic"][row])
        urgency = self._urgency(scores["urgency"][row], text)
        intent = self._opinion("intent", scores["intent"][row])
        style = round(float(scores["misinformation"][row, _RUMOUR]), 4)
        misinformation = judge(
            style, intent["label"], text.count(" ") + 1, self.manifest.decisions["rumour_possible"]
        )
        entry = self.taxonomy.topics[topic["label"]]
        return {
            "language": language,
            "topic": topic,
            "urgency": urgency,
            "sentiment": self._opinion("sentiment", scores["sentiment"][row]),
            "intent": intent,
            "toxicity": self._opinion("toxicity", scores["toxicity"][row]),
            "misinformation": misinformation,
            "needs_answer": intent["label"] in INTENTS_TO_ANSWER
            or misinformation["flag"] != "none",
            "department": entry.department[reply_language(language["label"])],
            "department_code": entry.department_code,
            "answer_within_minutes": self.taxonomy.minutes[urgency["label"]],
            "personal_data": [
                {"kind": found.kind, "start": found.start, "end": found.end}
                for found in find_personal_data(text)
            ],
            "model_version": self.version,
            "taxonomy_version": self.taxonomy.version,
        }

    def _opinion(self, head: str, probabilities: Floats) -> Opinion:
        """Return the best label of one head and whether it is sure enough."""
        best = int(probabilities.argmax())
        confidence = round(float(probabilities[best]), 4)
        return {
            "label": HEADS[head][best],
            "confidence": confidence,
            "abstained": confidence < self.manifest.thresholds[head],
        }

    def _language(self, probabilities: Floats, text: str) -> LanguageOpinion:
        """Return the written form; a language that is none of ours is named where possible."""
        opinion: LanguageOpinion = {**self._opinion("language", probabilities)}
        if opinion["label"] == "other" and (named := name_language(text)):
            opinion["detected"] = named
        return opinion

    def _topic(self, probabilities: Floats) -> TopicOpinion:
        """Return the topic with the alternatives worth showing."""
        least = self.manifest.decisions["alternatives"]
        others = np.flatnonzero(probabilities >= least)[:8]
        best = int(probabilities.argmax())
        ranked = sorted((i for i in others if i != best), key=lambda i: -probabilities[i])
        return {
            **self._opinion("topic", probabilities),
            "alternatives": [
                {"label": HEADS["topic"][i], "confidence": round(float(probabilities[i]), 4)}
                for i in ranked
            ],
        }

    def _urgency(self, probabilities: Floats, text: str) -> UrgencyOpinion:
        """Return the urgency, raised (never lowered) by a danger that is present."""
        opinion: UrgencyOpinion = {**self._opinion("urgency", probabilities), "override": None}
        danger = find_danger(text)
        if danger is None:
            return opinion
        raised = URGENCIES.index(danger.urgency)
        if raised < URGENCIES.index(opinion["label"]):
            opinion["label"] = danger.urgency
            opinion["confidence"] = round(float(probabilities[raised]), 4)
            opinion["abstained"] = False
            opinion["override"] = {
                "rule": danger.rule,
                "start": danger.start,
                "end": danger.end,
                "version": DANGERS_VERSION,
            }
        return opinion
