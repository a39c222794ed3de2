"""One decision for several comments: each is decided for itself, and recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from service.comments import ReviewView
from service.errors import Problem
from service.house import House
from service.review import ReviewInput, review

_OF_ONE: Final = frozenset({"already-decided", "held-by-another", "reply-refused"})
"""Problems of one comment; others would be the same for all."""


@dataclass
class Answered:
    """What became of one answer for all: the decisions, and why some comments got none."""

    decided: dict[int, ReviewView] = field(default_factory=dict)
    refused: dict[int, Problem] = field(default_factory=dict)


def answer_all(
    house: House, comment_ids: Sequence[int], moderator: str, given: ReviewInput, now: datetime
) -> Answered:
    """Decide on every one of these comments.

    A comment that cannot be decided like this (held, reply in another language) stays as
    it is. Raise what would be wrong for all.
    """
    answered = Answered()
    for comment_id in comment_ids:
        try:
            with house.sessions.writing() as session:
                decided = review(session, house, comment_id, moderator, given, now)
        except Problem as problem:
            if problem.code not in _OF_ONE:
                raise
            answered.refused[comment_id] = problem
        else:
            answered.decided[comment_id] = decided
    return answered
