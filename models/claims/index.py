"""Finding the known claims that a comment is about.

>>> index = ClaimIndex()
>>> index.put([parse_claim({"claim_id": "tap", "verdict": "false",
...                         "claim": {"ru": "В водопроводную воду добавили яд"}})])
>>> [match.claim.claim_id for match in index.match(["Кранның суына у қосып қойды"])[0]]
['tap']
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime

import numpy as np

from models.claims import ranking, segments
from models.claims.claim import Claim
from models.claims.claim import parse_claim as parse_claim  # noqa: PLC0414 - for the example
from models.claims.meant import Meanings, Meant
from models.claims.ranking import Match, Wording
from models.claims.rarity import weight
from models.claims.reading import Reading, read
from models.claims.scoring import Scorer, load_scorer
from models.claims.segments import Segment

CANDIDATES = 12
"""Wordings that are looked at closely for one comment."""
_RETRIEVED = 40
_FAR = 0.5
"""What shares so much less with a comment than the nearest wording is not looked at."""
_OF_ONE_CLAIM = 3
"""So that one claim with fifty phrasings does not fill the list."""
_LONGEST = 1_500
"""Characters of a comment that are compared; a rumour comes to the point earlier."""


class _Weights(dict[str, float]):
    """What terms count, each worked out once for a comment."""

    def __init__(self, weigh: Callable[[str], float]) -> None:
        self._weigh = weigh

    def __missing__(self, term: str) -> float:
        found = self[term] = self._weigh(term)
        return found


def _utc_day() -> date:
    return datetime.now(UTC).date()


class ClaimIndex:
    """Known claims, ready to be found. Many may read while one writes.

    Writers wait for each other; readers never wait: what they look at does not change.
    """

    def __init__(
        self,
        claims: Iterable[Claim] = (),
        scorer: Scorer | None = None,
        *,
        today: Callable[[], date] = _utc_day,
    ) -> None:
        """Hold `claims`; `today` says by which day they have run out."""
        self._scorer = scorer or load_scorer()
        self._today = today
        self._write = threading.Lock()
        self._segments: tuple[Segment, ...] = ()
        self._wordings: dict[int, Wording] = {}
        self._claims: dict[str, tuple[Claim, range]] = {}
        self._terms: dict[str, int] = {}
        self._among: list[int] = []
        self._next = 0
        self._meant = Meant()
        self._read_up_to = 0
        self.put(claims)

    def __len__(self) -> int:
        return len(self._claims)

    def __contains__(self, claim_id: object) -> bool:
        return claim_id in self._claims

    def get(self, claim_id: str) -> Claim | None:
        """Return a claim by its id."""
        held = self._claims.get(claim_id)
        return held[0] if held else None

    def put(self, claims: Iterable[Claim]) -> None:
        """Add claims; one whose id is known replaces the one known so far."""
        latest = {claim.claim_id: claim for claim in claims}
        if not latest:
            return
        with self._write:
            old = [self._claims[name][1] for name in latest if name in self._claims]
            rows, numbers = [], []
            for claim in latest.values():
                first = self._next
                for wording in _wordings(claim):
                    self._wordings[self._next] = wording
                    rows.append(self._numbered(read(wording.text).terms))
                    numbers.append(self._next)
                    self._next += 1
                self._claims[claim.claim_id] = (claim, range(first, self._next))
            kept = self._without(old)
            self._segments = segments.add(kept, segments.segment_of(rows, numbers))
            self._forget(old)

    def remove(self, claim_ids: Iterable[str]) -> None:
        """Take claims out; unknown ids are none of our business."""
        with self._write:
            held = [self._claims.pop(name, None) for name in set(claim_ids)]
            old = [numbers for _, numbers in filter(None, held)]
            self._segments = self._without(old)
            self._forget(old)

    def _without(self, old: Sequence[range]) -> tuple[Segment, ...]:
        dead = [number for numbers in old for number in numbers]
        if not dead:
            return self._segments
        return segments.without(self._segments, np.array(dead, dtype=np.int32))

    def _forget(self, old: Sequence[range]) -> None:
        gone = [self._wordings.pop(number) for numbers in old for number in numbers]
        for wording in gone:
            for term in read(wording.text).terms:
                self._among[self._terms[term]] -= 1
        self._meant.forget(wording.text for wording in gone)

    def _numbered(self, terms: Sequence[str]) -> list[int]:
        found = []
        for term in terms:
            number = self._terms.setdefault(term, len(self._among))
            if number == len(self._among):
                self._among.append(0)
            self._among[number] += 1
            found.append(number)
        return found

    def weigh(self, term: str) -> float:
        """Return what a term counts in this index."""
        number = self._terms.get(term)
        return weight(term, self._among[number] if number is not None else 0, len(self._wordings))

    def match(
        self, texts: Sequence[str], day: date | None = None, meanings: Meanings | None = None
    ) -> list[list[Match]]:
        """Return, for every text, the claims it seems to be about, the likeliest first.

        Claims that are not looked for on `day` (default: today) are left out. With `meanings`
        what is nearest by its words is also compared by what an encoder takes it to mean.
        """
        today, near = day or self._today(), []
        for text in texts:
            comment = read(text[:_LONGEST])
            weigh = _Weights(self.weigh).__getitem__
            wordings = self.candidates(comment, today)
            near.append(ranking.compare_words(comment, wordings, weigh, self._scorer))
        if meanings is not None:
            known = self._meant.of(meanings)
            near = ranking.compare_meanings(texts, near, meanings, known, self._scorer)
        return [ranking.matches(some) for some in near]

    def read_ahead(self, meanings: Meanings, most: int = 64) -> int:
        """Let an encoder read wordings it has not read; return how many are left to read.

        So that no comment has to wait for it: about a millisecond a wording, `most` at a time.
        For one thread; others may match and change the claims meanwhile.
        """
        start = self._read_up_to if self._meant.is_by(meanings) else 0
        stop = min(start + most, self._next)
        ahead = [self._wordings.get(number) for number in range(start, stop)]
        self._meant.read([one.text for one in ahead if one is not None], meanings)
        self._read_up_to = stop
        return self._next - stop

    def candidates(self, comment: Reading, day: date) -> list[tuple[Wording, Reading]]:
        """Return the wordings that share most with a comment, at most `CANDIDATES`.

        Half of them by all terms, half by meanings and numbers alone, which do not favour the
        comment's own language.
        """
        known = ((self._terms.get(term), term) for term in comment.terms)
        weights, meant = {}, {}
        for number, term in known:
            if number is not None:
                full = self.weigh(term)
                weights[number] = full / 2 if term[0] in "@~" else full
                if term[0] in "@#":
                    meant[number] = full
        found: dict[int, Wording] = {}
        for wanted in (weights, meant):
            self._collect(found, wanted, day)
        return [(wording, read(wording.text)) for wording in found.values()]

    def _collect(self, found: dict[int, Wording], weights: dict[int, float], day: date) -> None:
        """Add the wordings that share most of the weighted terms, those still looked for."""
        of_claim: dict[str, int] = {}
        near = segments.best(self._segments, weights, _RETRIEVED)
        for number, shared in near:
            wording = self._wordings.get(number)
            if wording is None or not wording.claim.looked_for(day):  # removed meanwhile; expired
                continue
            name = wording.claim.claim_id
            of_claim[name] = of_claim.get(name, 0) + 1
            if sum(of_claim.values()) > CANDIDATES // 2 or shared < _FAR * near[0][1]:
                break
            if of_claim[name] <= _OF_ONE_CLAIM:
                found[number] = wording


def _wordings(claim: Claim) -> list[Wording]:
    """Return every way a claim is put with its language, the same text once."""
    by_text = {text: language for language, text in claim.text.items()}
    for text in claim.phrasings:
        by_text.setdefault(text, read(text).language)
    return [Wording(claim, text, language) for text, language in by_text.items()]
