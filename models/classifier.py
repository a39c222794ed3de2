"""From comments to answers: the one way in.

>>> from models import Classifier
>>> answer = Classifier.load().analyse(["Үшінші күн жылу жоқ"])[0]
>>> answer["topic"]["label"]
'heating'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from models.analysis import (
    Alternative,
    Analysis,
    LanguageOpinion,
    Opinion,
    TopicOpinion,
    UrgencyOpinion,
)
from models.artifact import Manifest, Tiers, load_artifact
from models.calibrate import Calibration, best_label
from models.claims.index import ClaimIndex
from models.claims.meant import Meanings
from models.dangers import CONFIDENCE as DANGER_CONFIDENCE
from models.dangers import VERSION as DANGERS_VERSION
from models.dangers import find_danger
from models.encoder_tier import EncoderTier
from models.fast import head_slices
from models.features import Floats
from models.highlights import highlight
from models.labels import FLAGS, HEADS, URGENCIES, needs_answer, reply_language
from models.lone_words import quieten
from models.misinformation import judge_all
from models.mixture import MIXED, mixture
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
class _Meanings:
    """Tells the meaning of texts as they were written."""

    encoder: EncoderTier

    def __call__(self, texts: Sequence[str]) -> Floats:
        return self.encoder.meanings([normalise(text) for text in texts])


@dataclass(frozen=True)
class Classifier:
    """A loaded model with everything it needs to answer."""

    manifest: Manifest
    tiers: Tiers
    taxonomy: Taxonomy
    calibration: Calibration

    @property
    def version(self) -> str:
        """The model version, as every answer carries it."""
        return self.manifest.version

    @classmethod
    def load(cls, path: Path | None = None, *, encoder: bool = True) -> Classifier:
        """Load the artifact in `path`, by default the active shipped version.

        Without `encoder`, the fast tier answers alone. Raise `ArtifactError` when the
        artifact is missing or damaged.
        """
        if path is None:
            store = ModelStore()
            path = store.path(store.active())
        manifest, tiers = load_artifact(path, encoder=encoder)
        return cls.of(manifest, tiers)

    @classmethod
    def of(cls, manifest: Manifest, tiers: Tiers) -> Classifier:
        """Return the classifier of tiers already loaded."""
        calibration = Calibration(**manifest.calibration["blended" if tiers.encoder else "fast"])
        return cls(manifest, tiers, load_taxonomy(), calibration)

    def analyse(
        self,
        texts: Sequence[str],
        parents: Sequence[str | None] | None = None,
        *,
        explain: bool = False,
        claims: ClaimIndex | None = None,
    ) -> list[Analysis]:
        """Return one answer a text, in order; equal texts get equal answers in any batch.

        `parents` are the posts the comments stand under, where known; with `claims`, comments
        are compared with these. Raise `TextError` for a text that `check_text` refuses.
        """
        if parents is not None and len(parents) != len(texts):
            raise ValueError(f"{len(parents)} parents for {len(texts)} texts")
        answers: list[Analysis] = []
        for start in range(0, len(texts), _BATCH):
            part = [check_text(text) for text in texts[start : start + _BATCH]]
            above = parents[start : start + _BATCH] if parents else [None] * len(part)
            answers += self._answers(part, self.probabilities(part, above), claims)
            if explain:
                for answer, text, parent in zip(answers[start:], part, above, strict=True):
                    answer["highlights"] = highlight(text, partial(self._under, parent))
        return answers

    def _under(self, parent: str | None, texts: Sequence[str]) -> dict[str, Floats]:
        """Return the probabilities of texts that all stand under one post."""
        return self.probabilities(texts, [parent] * len(texts))

    def probabilities(
        self, texts: Sequence[str], parents: Sequence[str | None]
    ) -> dict[str, Floats]:
        """Return the calibrated probabilities of every head, shape (len(texts), labels) each."""
        logits = self.logits(texts, parents)
        forms = logits[:, _SLICES["language"]]
        return {
            head: self.calibration.probabilities(head, logits[:, columns], forms)
            for head, columns in _SLICES.items()
        }

    def logits(self, texts: Sequence[str], parents: Sequence[str | None]) -> Floats:
        """Return uncalibrated scores, shape (len(texts), all labels), letters and parent heeded."""
        normalised = [normalise(text) for text in texts]
        logits = self._blended(normalised)
        language = _SLICES["language"]
        forms = np.stack([possible_forms(text) for text in normalised])
        logits[:, language] = np.where(forms, logits[:, language], -np.inf)
        decisions = self.manifest.decisions
        both = mixture(normalised, self.tiers.fast, decisions["sure_word"])
        both -= self.calibration.mixed_offset
        logits[:, language.start + MIXED] += self.calibration.mixed_gain * both
        quieten(logits[:, _SLICES["urgency"]], normalised, decisions["lone_word"])
        fragments = [
            row
            for row, text in enumerate(normalised)
            if parents[row] and text.count(" ") < decisions["fragment_words"]
        ]
        if fragments:
            above = self._blended([normalise(parents[row] or "") for row in fragments])
            topic = _SLICES["topic"]
            logits[fragments, topic] += np.float32(decisions["parent_weight"]) * above[:, topic]
        return logits

    @property
    def meanings(self) -> Meanings | None:
        """What tells the meaning of texts, for claims to be found by; None in the fast tier."""
        encoder = self.tiers.encoder
        if encoder is None or not encoder.tells_meaning:
            return None
        return _Meanings(encoder)

    def _blended(self, texts: Sequence[str]) -> Floats:
        """Return the weighted sum of both tiers' scores, shape (len(texts), all labels)."""
        fast, encoder = self.tiers.fast.logits(texts), self.tiers.encoder
        encoded = encoder.logits(texts) if encoder else None
        for head, columns in _SLICES.items():
            of_fast, of_encoder = self.calibration.weights[head]
            fast[:, columns] *= np.float32(of_fast)
            if encoded is not None:
                fast[:, columns] += np.float32(of_encoder) * encoded[:, columns]
        return fast

    def _answers(
        self, texts: Sequence[str], scores: dict[str, Floats], claims: ClaimIndex | None
    ) -> list[Analysis]:
        """Put the answers about a batch together from the probabilities of its heads."""
        forms = scores["language"]
        opinions = {
            head: self._opinions(head, scores[head], self.calibration.least(head, forms))
            for head in HEADS
        }
        alternatives = self._alternatives(scores["topic"])
        styles = np.round(scores["misinformation"][:, _RUMOUR].astype(np.float64), 4).tolist()
        possible = self.manifest.decisions["rumour_possible"]
        judged = judge_all(
            texts, styles, opinions["intent"], claims, possible, meanings=self.meanings
        )
        answers: list[Analysis] = []
        for row, text in enumerate(texts):
            language = self._language(opinions["language"][row], text)
            topic: TopicOpinion = {**opinions["topic"][row], "alternatives": alternatives[row]}
            urgency = self._urgency(opinions["urgency"][row], scores["urgency"][row], text)
            intent = opinions["intent"][row]
            misinformation = judged[row]
            minutes = self._minutes(urgency, scores["urgency"][row], misinformation["flag"])
            entry = self.taxonomy.topics[topic["label"]]
            answers.append(
                {
                    "language": language,
                    "topic": topic,
                    "urgency": urgency,
                    "sentiment": opinions["sentiment"][row],
                    "intent": intent,
                    "toxicity": opinions["toxicity"][row],
                    "misinformation": misinformation,
                    "needs_answer": needs_answer(intent["label"], misinformation["flag"]),
                    "department": entry.department[reply_language(language["label"])],
                    "department_code": entry.department_code,
                    "answer_within_minutes": minutes,
                    "personal_data": [
                        {"kind": found.kind, "start": found.start, "end": found.end}
                        for found in find_personal_data(text)
                    ],
                    "model_version": self.version,
                    "taxonomy_version": self.taxonomy.version,
                }
            )
        return answers

    def _opinions(
        self, head: str, probabilities: Floats, least: npt.NDArray[np.float64]
    ) -> list[Opinion]:
        """Return the best label of one head for every row, and whether it is sure enough."""
        codes = HEADS[head]
        places = best_label(head, probabilities, self.manifest.decisions["critical_from"])
        best = places.tolist()
        chosen = probabilities[np.arange(len(best)), places]
        confidence = np.round(chosen.astype(np.float64), 4).tolist()
        return [
            {"label": codes[place], "confidence": sure, "abstained": sure < threshold}
            for place, sure, threshold in zip(best, confidence, least.tolist(), strict=True)
        ]

    def _alternatives(self, probabilities: Floats) -> list[list[Alternative]]:
        """Return, for every row, the topics beside the best one worth showing, likeliest first."""
        found: list[list[Alternative]] = [[] for _ in probabilities]
        best = probabilities.argmax(axis=1)
        worth = probabilities >= self.manifest.decisions["alternatives"]
        worth[np.arange(len(best)), best] = False
        rows, places = worth.nonzero()
        confidence = np.round(probabilities[rows, places].astype(np.float64), 4)
        order = np.lexsort((places, -confidence))
        for row, place, sure in zip(
            rows[order].tolist(), places[order].tolist(), confidence[order].tolist(), strict=True
        ):
            found[row].append({"label": HEADS["topic"][place], "confidence": sure})
        return found

    def _language(self, opinion: Opinion, text: str) -> LanguageOpinion:
        """Return the written form; a language that is none of ours is named where possible."""
        answer: LanguageOpinion = {
            "label": opinion["label"],
            "confidence": opinion["confidence"],
            "abstained": opinion["abstained"],
        }
        if answer["label"] == "other" and (detected := name_language(text)):
            answer["detected"] = detected
        return answer

    def _minutes(self, urgency: UrgencyOpinion, probabilities: Floats, flag: str) -> int:
        """Return how soon to answer; an unsure urgency gets the time of its worst likely case.

        What likely spreads something false waits no longer than what is high: it goes on spreading.
        """
        code = urgency["label"]
        if urgency["abstained"]:
            least = min(self.manifest.decisions["likely_urgency"], float(probabilities.max()))
            likely = probabilities >= least
            worst = URGENCIES[int(likely.argmax())]
            code = min(code, worst, key=URGENCIES.index)
        if flag == FLAGS[-1]:
            code = min(code, "high", key=URGENCIES.index)
        return self.taxonomy.minutes[code]

    def _urgency(self, opinion: Opinion, probabilities: Floats, text: str) -> UrgencyOpinion:
        """Return the urgency, raised or confirmed (never lowered) by a danger that is present."""
        danger = find_danger(text)
        vouched = URGENCIES.index(danger.urgency) if danger else len(URGENCIES)
        if danger is None or vouched > URGENCIES.index(opinion["label"]):
            return {**opinion, "override": None}
        return {
            "label": danger.urgency,
            "confidence": max(DANGER_CONFIDENCE, round(float(probabilities[vouched]), 4)),
            "abstained": False,
            "override": {
                "rule": danger.rule,
                "start": danger.start,
                "end": danger.end,
                "version": DANGERS_VERSION,
            },
        }
