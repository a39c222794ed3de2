"""What a comment does with a claim: spread it, ask about it, deny it, joke about it.

Only spreading can be flagged, with laughter or without; the rest gets the claim shown to the
moderator. The rules are
phrases (`stance.toml`), folded like everything here, so one entry serves all written forms.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.claims.concepts import LEXICON, sense
from models.claims.folding import fold
from models.claims.reading import Reading, Word, read

RULES_FILE: Final = Path(__file__).with_name("stance.toml")
LAUGHTER: Final = "😂"
STANCES: Final = ("spreads", "asks", "denies", "jokes")
SPREADS, ASKS, DENIES, JOKES = STANCES
_BRACKETS: Final = re.compile(r"\){3,}|(?<!\w)xd+\b|(?<!\w)/s\b", re.IGNORECASE)
_DID_NOT: Final = re.compile(
    r"(?<![a-z])(?!ait|jaz|kor|degen)[a-z]{2,}(?:gan|gen|kan|ken) (?:jok|joq)(?![a-z])"
)
"""A Kazakh past that did not happen ("құлаған жоқ"); that nobody said so denies nothing."""
_PARTICLE_LAST: Final = re.compile(r"(?<!sin) (?:ma|me|ba|be|pa|pe)(?: [?.!]|$)")
"""A question's last word; "let them freeze, then?" ("тоңып өлсін бе") is none."""
_ENDS: Final = frozenset(("cancel", "shut", "cutoff", "stop", "shortage", "take_away"))
"""What claims say of something that is to be no more."""
_TAKES_AWAY: Final = _ENDS | {"ban", "refuse", "without", "without_consent"}
"""What claims say that deny something themselves."""


@dataclass(frozen=True)
class Stance:
    """What a comment does with a claim."""

    kind: str
    """One of `STANCES`."""
    because: str
    """The words that show it, folded; "" for spreading, which is what is left."""

    @property
    def may_spread(self) -> bool:
        """Whether nothing but laughter speaks against it: people laugh at what they believe."""
        return self.kind == SPREADS or (self.kind == JOKES and self.because == LAUGHTER)


class Phrases:
    """Phrases looked for in a text as `Reading.marked` has it."""

    def __init__(self, listed: str) -> None:
        folded = {_pattern(phrase) for phrase in listed.split(",") if phrase.strip()}
        ordered = "|".join(sorted(folded, key=lambda one: (-len(one), one)))
        self._found: Final = re.compile(f"(?<![a-z0-9])(?:{ordered})(?![a-z0-9])")

    def find(self, marked: str) -> str:
        """Return the first phrase found, "" for none."""
        found = self._found.search(marked)
        return found.group() if found else ""


def _pattern(phrase: str) -> str:
    """Return a phrase as a pattern over folded words."""
    return " ".join(map(_word_pattern, phrase.lower().split()))


def _word_pattern(word: str) -> str:
    """Return a word as a pattern: a star ends a stem, and alone stands for any word."""
    if word == "*":
        return "[^ ]+"
    key = re.escape(fold(word.rstrip("*")) or word.rstrip("*"))
    return f"{key}[a-z]*" if word.endswith("*") else key


_RULES: Final[dict[str, Any]] = tomllib.loads(RULES_FILE.read_text(encoding="utf-8"))
_PHRASES: Final = {
    name: Phrases(_RULES[name])
    for name in (
        *("asks", "passes_on", "rhetorical", "denies", "denies_being", "believes", "jokes"),
        *("laughs", "own", "hearsay", "sourced"),
    )
}
_LAUGHING: Final = frozenset(_RULES["laughter"])


def take_stance(text: str, wording: str) -> Stance:
    """Say what a comment does with the claim that is put as `wording`."""
    comment, claim = read(text), read(wording)
    marked = comment.marked
    if phrase := _PHRASES["asks"].find(marked):
        return Stance(ASKS, phrase)
    if phrase := _PHRASES["jokes"].find(marked):
        return Stance(JOKES, phrase)
    if phrase := _denies(comment, claim):
        return Stance(DENIES, phrase)
    tells = passes_on(comment) or _PHRASES["rhetorical"].find(marked)
    if not tells and (phrase := _asked(comment, claim)):
        return Stance(ASKS, phrase)
    if phrase := _turned(comment, claim):
        return Stance(DENIES, phrase)
    return Stance(JOKES, LAUGHTER) if laughs(text) else Stance(SPREADS, "")


def own_experience(comment: Reading) -> bool:
    """Say whether a comment tells what its writer lives through, not what others say."""
    own = _PHRASES["own"].find(comment.marked)
    return bool(own) and not hearsay(comment) and not passes_on(comment)


def hearsay(comment: Reading) -> bool:
    """Say whether a comment tells what others say."""
    return bool(_PHRASES["hearsay"].find(comment.marked))


def passes_on(comment: Reading) -> bool:
    """Say whether a comment wants to be passed on, warns, or says that something is hushed up."""
    return bool(_PHRASES["passes_on"].find(comment.marked))


def names_source(text: str) -> bool:
    """Say whether a text tells like a notice who says so."""
    return bool(_PHRASES["sourced"].find(read(text).marked))


def is_denial(text: str) -> bool:
    """Say whether a text has words that deny or warn."""
    return bool(_denial(read(text).marked))


def is_question(text: str) -> bool:
    """Say whether a text asks whether something is so."""
    marked = read(text).marked
    return bool(_PHRASES["asks"].find(marked)) or marked.rstrip().endswith("?")


def laughs(text: str) -> bool:
    """Say whether a text laughs, in words or signs."""
    if not _LAUGHING.isdisjoint(text) or _BRACKETS.search(text):
        return True
    return bool(_PHRASES["laughs"].find(read(text).marked))


def _denial(marked: str) -> str:
    """Return the words that deny, "" when they are denied themselves ("бұл өтірік емес")."""
    phrase = _PHRASES["denies"].find(marked)
    if not phrase and (found := _DID_NOT.search(marked)):
        phrase = found.group()
    return "" if phrase and _PHRASES["believes"].find(marked) else phrase


def _denies(comment: Reading, claim: Reading) -> str:
    """Return the words that deny this claim, "" for none."""
    phrase, about_it = _denial(comment.marked), _denies_some_of(comment, claim)
    did_not = _DID_NOT.fullmatch(phrase) and not phrase.startswith("bol")
    if phrase and not _told_by(phrase, claim) and (about_it or not did_not):
        return phrase
    takes_away = not _TAKES_AWAY.isdisjoint(claim.concepts) or any(w.negated for w in claim.words)
    if takes_away or passes_on(comment) or not about_it:  # "nobody asked us" is about the askers
        return ""
    return _PHRASES["denies_being"].find(comment.marked)


def _denies_some_of(comment: Reading, claim: Reading) -> bool:
    """Say whether the comment denies something of the claim's: a word, or what one does with it."""
    words = comment.words
    for place, word in enumerate(words):
        # The verb is last in Kazakh: "суға ешкім у қосқан жоқ", but "не собирается сносить".
        first, last = (place - 2, place) if comment.language == "kk" else (place, place + 1)
        beside = words[max(first, 0) : last + 1]
        if word.negated and any(
            _is_of(one, claim) for one in beside if one.sentence == word.sentence
        ):
            return True
    return False


def _is_of(word: Word, claim: Reading) -> bool:
    """Say whether a word is one of the claim's, by its stem or by what it stands for."""
    return word.stem in claim.stems or not word.sense.concepts.isdisjoint(claim.concepts)


def _told_by(phrase: str, claim: Reading) -> bool:
    """Say whether the claim itself speaks of fakes, so that the word denies nothing."""
    return not sense(phrase.split(maxsplit=1)[0]).concepts.isdisjoint(claim.concepts)


def _asked(comment: Reading, claim: Reading) -> str:
    """Return what shows that the claim is asked rather than told, "" where it is not.

    What is told beside the question outweighs it: "Who ate there? It was dog meat, from strays".
    """
    sentences = _sentences(comment.marked)
    if not sentences:
        return ""
    of_claim = [0] * len(sentences)
    for word in comment.words:
        of_claim[min(word.sentence, len(sentences) - 1)] += _is_of(word, claim)
    asking = [_question(sentence) for sentence in sentences]
    asked = sum(count for count, by in zip(of_claim, asking, strict=True) if by)
    if asked < sum(of_claim) - asked or not any(asking):
        return ""
    return max(zip(of_claim, asking, strict=True), key=lambda one: (bool(one[1]), one[0]))[1]


def _question(sentence: str) -> str:
    """Return what shows a sentence to be a question, "" for none."""
    if sentence.rstrip().endswith("?"):
        return "?"
    found = _PARTICLE_LAST.search(sentence)
    return found.group().strip() if found else ""


def _sentences(marked: str) -> list[str]:
    """Return the sentences, each with the mark that ends it, numbered as `Word.sentence` is."""
    found, start = [], 0
    for place, letter in enumerate(marked):
        if letter in "?!.":
            found.append(marked[start : place + 1])
            start = place + 1
    return [*found, marked[start:]] if marked[start:].strip() else found


def _turned(comment: Reading, claim: Reading) -> str:
    """Return a word that the claim affirms and the comment denies, or the other way round."""
    said, denied = _by_polarity(comment.words)
    claimed, refused = _by_polarity(claim.words)
    gone = denied & claimed - refused - said
    if claimed & _ENDS - denied:  # "no free rides any more": that is what was claimed
        gone &= _TAKES_AWAY
    deeds = (gone | said & refused - claimed - denied) & LEXICON.deeds
    # "Cancelled, expect no festival" turns nothing round where the claim cancels or denies too.
    taken = said & _TAKES_AWAY
    if not deeds or taken & claimed or (taken and refused):
        return ""
    return min(deeds)


def _by_polarity(words: Sequence[Word]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the concepts that are affirmed and those that are denied."""
    said = frozenset(name for word in words if not word.negated for name in word.sense.concepts)
    denied = frozenset(name for word in words if word.negated for name in word.sense.concepts)
    return said, denied
