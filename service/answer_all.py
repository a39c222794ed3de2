"""One decision for several comments: each is decided for itself, and recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from models.labels import reply_language
from service import comments, text_groups
from service.comments import CommentView, ReviewView
from service.errors import Problem
from service.house import House
from service.replies import Fault, form_of_address
from service.review import ReviewInput, refusal, review

_OF_ONE: Final = frozenset({"already-decided", "not-escalated", "held-by-another", "reply-refused"})
"""Problems of one comment; others would be the same for all."""
_AT_ONCE: Final = 500
"""So many comments are decided in one go: somebody waits."""
_SHORTEST_NAME: Final = 3
"""Letters; shorter ones are words of every text."""
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass
class Answered:
    """What became of one answer for all: the decisions, and why some comments got none."""

    decided: dict[int, ReviewView] = field(default_factory=dict)
    refused: dict[int, Problem] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """How many comments still wait, though they were to be decided."""
        return sum(problem.code != "already-decided" for problem in self.refused.values())


def answer_all(
    house: House, comment_ids: Sequence[int], moderator: str, given: ReviewInput, now: datetime
) -> Answered:
    """Decide on every one of these comments.

    A comment that cannot be decided like this (held, reply in another language) stays as
    it is. Raise what would be wrong for all, unless it comes up when some are decided.
    """
    answered = Answered()
    for comment_id in comment_ids:
        try:
            with house.sessions.writing() as session:
                decided = review(session, house, comment_id, moderator, given, now)
        except Problem as problem:
            if problem.code not in _OF_ONE and not answered.decided:
                raise
            answered.refused[comment_id] = problem
        else:
            answered.decided[comment_id] = decided
    return answered


def answer_alike(  # noqa: PLR0917  (who decides what about which comment, and when)
    house: House,
    comment_id: int,
    moderator: str,
    given: ReviewInput,
    now: datetime,
    newest: int | None = None,
) -> tuple[ReviewView, Answered]:
    """Decide on a comment, then alike on those that say nearly the same and wait as it does.

    A template speaks to each by their name and, unless a language was chosen against the
    model's, in theirs; `reply_text` goes to all as it is. `newest` is the last comment whoever
    decides has heard of. Raise the problems of `review` about the first comment, before
    anything is recorded: `reply-refused` also where a reply for several names one of them.
    """
    with house.sessions.reading() as session:
        first = comments.get(session, comment_id)
        others = text_groups.alike(session, comment_id, first.status, newest)[:_AT_ONCE]
    if others and _names(first, given):
        raise refusal([Fault("names-author", "a reply for several calls one of them by name")])
    with house.sessions.writing() as session:
        decided = review(session, house, comment_id, moderator, given, now)
    return decided, _copied(house, first, others, moderator, given, now)


def _copied(  # noqa: PLR0917  (the same)
    house: House,
    first: CommentView,
    others: Sequence[int],
    moderator: str,
    given: ReviewInput,
    now: datetime,
) -> Answered:
    """Decide on the others, without what was said of the first comment alone."""
    as_usual = given.language == reply_language(first.analysis["language"]["label"])
    in_words = given.reply_text is not None
    same = replace(
        given,
        language=None if as_usual and not in_words else given.language,
        # Copies may be typed in other letters; what was overruled was one rendering's faults.
        corrections={k: v for k, v in given.corrections.items() if k != "language"},
        confirm=given.confirm and in_words,
    )
    return answer_all(house, others, moderator, same, now)


def _names(comment: CommentView, given: ReviewInput) -> bool:
    """Say whether words written for the reply call the author by a name."""
    name = (form_of_address(comment.author) or "").casefold()
    called = {word for word in _WORD.findall(name) if len(word) >= _SHORTEST_NAME}
    written = " ".join([given.reply_text or "", *given.slots.values()]).casefold()
    return not called.isdisjoint(_WORD.findall(written))
