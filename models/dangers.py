"""Dangers to life and health, found by rule, so that no model can overlook them.

The rules are data (`dangers.toml`). A rule that holds can only raise the
urgency; it does not hold when the danger is negated, over, or not meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from models.danger_rules import RULES_FILE, STEM, Rule, RuleBook, load_rules
from models.labels import URGENCIES
from models.text import skeleton

__all__ = ["RULES_FILE", "VERSION", "Danger", "find_danger", "load_rules"]

_WORD = re.compile(r"(?:(?<!\w)-(?=\d))?\w+(?:['’ʼ`´\-]\w+)*")
_LATIN = re.compile("[a-z]{3}")
_NEAR: Final = 6
"""Words to either side of a danger in which something can make it void."""
_AFTER: Final = 12
"""Words after a danger in which it may turn out to be over."""
_COMMA, _STOP = 1, 2
"""How strongly the characters between two words part them."""


@dataclass(frozen=True)
class Danger:
    """A rule that holds, with the stretch of the text (code points) that made it hold."""

    rule: str
    urgency: str
    start: int
    end: int


_BOOK: Final = load_rules()
VERSION: Final = _BOOK.version
CONFIDENCE: Final = _BOOK.confidence

_SOUNDS: Final = (
    *(
        ("shch", "щ"),
        ("sch", "щ"),
        ("iya", "ия"),
        ("sh", "ш"),
        ("zh", "ж"),
        ("ch", "ч"),
        ("kh", "х"),
    ),
    *(("gh", "г"), ("ts", "ц"), ("ya", "я"), ("yu", "ю"), ("uw", "у"), ("yi", "ый"), ("ng", "н")),
    *(("uys", "уыс"), ("uyp", "уып"), ("uyr", "уыр")),
    *(("ai", "ай"), ("ay", "ай"), ("ei", "ей"), ("ey", "ей"), ("oi", "ой"), ("oy", "ой")),
    *(("ui", "уй"), ("uy", "уй"), ("x", "кс")),
)
"""How Latin letters sound in Kazakh and Russian comments; what is left is letter by letter."""
_LETTERS: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwyzäáàóöúüūñńşšğǵçčíïýÿı",
    "абкдефгхижклмнопкрстувуызаааооууунншшггччиииыы",
)


class _Reading:
    """A comment as a row of folded words, with what parts them."""

    def __init__(self, plain: str, words: Sequence[str]) -> None:
        self.plain = plain
        self.words = _folded(words)
        self.heads = [word[:2] for word in self.words]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Start and end of every word, in code points."""
        return [match.span() for match in _WORD.finditer(self.plain)]

    @cached_property
    def parts(self) -> list[int]:
        """After every word but the last: 0, `_COMMA` or `_STOP`."""
        return [_parting(self.plain[a[1] : b[0]]) for a, b in pairwise(self.spans)]


def _words(plain: str, book: RuleBook) -> list[str]:
    """Return the words; Latin ones, save in English, as they sound ("jatyr" -> "жатыр")."""
    words: list[str] = _WORD.findall(plain)
    if not _LATIN.search(plain) or not book.english.whole.isdisjoint(words):
        return words
    spelled = "\n".join(words)
    for letters, sound in _SOUNDS:
        spelled = spelled.replace(letters, sound)
    return spelled.translate(_LETTERS).split("\n")


def _parting(between: str) -> int:
    """Say how strongly the characters between two words part them."""
    if not between or between == " ":
        return 0
    if any(mark in between for mark in ".!?;\n…"):
        return _STOP
    return _COMMA if between.strip() else 0


def find_danger(text: str, book: RuleBook = _BOOK) -> Danger | None:
    """Return the most urgent danger that is present in `text`, None without one."""
    plain = text.replace("İ", "i").lower()  # as long as `text`: İ alone would grow
    plain = plain.replace("−", "-").replace("ё", "е")
    words = _words(plain, book)
    anchors = _anchors(book, words)
    if not anchors:
        return None  # most comments end here
    reading = _Reading(plain, words)
    found: tuple[Rule, tuple[int, ...]] | None = None
    for anchor, rule in anchors:
        if found and found[0].urgency == rule.urgency:
            continue
        places = _complete(rule, reading, anchor)
        if places and not _void(book, rule, reading, places):
            found = (rule, places)
            if rule.urgency == URGENCIES[0]:
                break
    return _danger(reading, *found) if found else None


def _anchors(book: RuleBook, words: Sequence[str]) -> list[tuple[int, Rule]]:
    """Return where in unfolded `words` a rule may start, with the rule."""
    unfolded, index = book.unfolded, book.index
    hints = [i for i, word in enumerate(words) if word[:STEM] in unfolded]
    if not hints:
        return []
    return [
        (i, rule)
        for i, word in zip(hints, _folded([words[i] for i in hints]), strict=True)
        for rule in index.get(word[:STEM], ())
        if word in rule.groups[0]
    ]


def _folded(words: Sequence[str]) -> list[str]:
    """Fold all words at once, which is much faster than one by one."""
    return skeleton("\n".join(words)).split("\n")


def _danger(reading: _Reading, rule: Rule, places: Sequence[int]) -> Danger:
    """Return the danger with its stretch of the text."""
    start, end = reading.spans[min(places)][0], reading.spans[max(places)][1]
    return Danger(rule.name, rule.urgency, start, end)


def _complete(rule: Rule, reading: _Reading, anchor: int) -> tuple[int, ...]:
    """Return the anchor with the nearest word of every other group, () if one has none."""
    words, places = reading.words, [anchor]
    low, high = max(anchor - rule.window, 0), anchor + rule.window + 1
    nearby = list(enumerate(reading.heads[low:high], low))
    for group in rule.groups[1:]:
        listed = group.heads
        fit = [i for i, head in nearby if head in listed and i not in places and words[i] in group]
        if not fit:
            return ()
        places.append(min(fit, key=lambda i: abs(i - anchor)))
    return tuple(places)


def _void(book: RuleBook, rule: Rule, reading: _Reading, places: Sequence[int]) -> bool:
    """Say whether the danger at `places` is negated, over or not meant."""
    words, first, last = reading.words, min(places), max(places)
    low, high = max(first - _NEAR, 0), min(last + _NEAR + 1, len(words))
    around = [i for i in range(low, high) if i not in places]
    if rule.unless.heads and any(words[i] in rule.unless for i in around):
        return True
    marks = _marks(book, rule, words, around)
    afterwards = _marks(book, rule, words, range(high, min(last + _AFTER + 1, len(words))))
    if marks or afterwards:
        sentence = _sentence(reading, low, high, places)
        if any(i in sentence and _unreal(book, rule, words[i]) for i in marks):
            return True
        if _over(book, words, places, [*marks, *afterwards], sentence):
            return True
    if any(_asked(book, rule, reading, i) for i in places):
        return True
    deniable = [i for i in places if words[i] not in book.helpers] if rule.heeds_negation else []
    return any(_negated(book, rule, reading, i) for i in deniable)


def _marks(book: RuleBook, rule: Rule, words: Sequence[str], among: Sequence[int]) -> list[int]:
    """Return which words may make a danger void; who says farewell thanks everybody."""
    return [
        i
        for i in among
        if words[i] in book.marks and (rule.heeds_condition or words[i] not in book.thanks)
    ]


def _over(
    book: RuleBook,
    words: Sequence[str],
    places: Sequence[int],
    marks: Sequence[int],
    sentence: range,
) -> bool:
    """Say whether the marks around a danger tell that it is past or solved."""
    if any(words[i] in book.again for i in marks):
        return False
    if any(words[i] in book.solved or _paired(book, words, i) for i in marks):
        return True
    if any(words[i] in book.still for i in marks):
        return False
    near = range(min(places) - 2, max(places) + 3)
    return any(
        words[i] in book.thanks
        or (i in sentence and (_long_ago(book, words, i) or (i in near and _past(book, words, i))))
        for i in marks
    )


def _paired(book: RuleBook, words: Sequence[str], i: int) -> bool:
    """Say whether the words at `i` and after it together tell that a danger is over or untrue."""
    return i + 1 < len(words) and any(
        words[i] in first and words[i + 1] in second and (i == 0 or words[i - 1] not in other)
        for first, second, other in book.solved_pairs
    )


def _long_ago(book: RuleBook, words: Sequence[str], i: int) -> bool:
    """Say whether the word at `i` tells of another time ("20 minutes ago" does not)."""
    return words[i] in book.past and (i == 0 or words[i - 1] not in book.lately)


def _sentence(reading: _Reading, low: int, high: int, places: Sequence[int]) -> range:
    """Return the words from `low` to `high` that share a sentence with the danger."""
    first, last = min(places), max(places)
    while first > low and reading.parts[first - 1] < _STOP:
        first -= 1
    while last + 1 < high and reading.parts[last] < _STOP:
        last += 1
    return range(first, last + 1)


def _past(book: RuleBook, words: Sequence[str], i: int) -> bool:
    """Say whether the word at `i` puts the danger in the past ("an hour has passed" does not)."""
    return words[i] in book.past_near and (i == 0 or words[i - 1] not in book.durations)


def _following(reading: _Reading, i: int, count: int = 2) -> list[str]:
    """Return up to `count` words after the one at `i` in the same stretch between commas."""
    end = i
    while end < min(i + count, len(reading.words) - 1) and not reading.parts[end]:
        end += 1
    return reading.words[i + 1 : end + 1]


def _unreal(book: RuleBook, rule: Rule, word: str) -> bool:
    """Say whether a word near a danger tells that it is not meant."""
    meant = not rule.heeds_condition and word in book.conditions
    return word in book.unreal and not meant


def _asked(book: RuleBook, rule: Rule, reading: _Reading, i: int) -> bool:
    """Say whether the word at `i` stands in a question or a condition ("қауып алса")."""
    near = [reading.words[i], *_following(reading, i)]
    if any(word in book.question_after for word in near[1:]):
        return True
    return rule.heeds_condition and any(book.conditional_verb.search(word) for word in near)


def _negated(book: RuleBook, rule: Rule, reading: _Reading, i: int) -> bool:
    """Say whether the word at `i` is denied by its neighbours.

    A denying word that the rule itself listens for ("люк без крышки, нет") denies nothing.
    """
    before = reading.words[i - 1] if i and not reading.parts[i - 1] else ""
    if before in book.negation_before and not _heard(rule, before):
        return True
    following = [word for word in _following(reading, i) if not _heard(rule, word)]
    return any(word in book.negation_after or book.negated_verb.search(word) for word in following)


def _heard(rule: Rule, word: str) -> bool:
    """Say whether `word` is one the rule listens for."""
    return any(word in group for group in rule.groups)
