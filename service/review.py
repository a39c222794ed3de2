"""A moderator decides on a comment: send a reply, send none, or pass it up.

The decision and the moderator's labels are kept beside the model's opinion; the
opinion itself is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.labels import HEADS, REPLY_LANGUAGES, reply_language
from service.analyse import open_shelf, replies
from service.comments import CommentView, ReviewView, newest_opinion, no_such_comment, review_view
from service.errors import FieldError, Problem, field_problem
from service.hold import refuse_decided, refuse_held
from service.house import House
from service.replies import Reply, Template, check_outgoing, render
from service.settings import LOCAL_ZONE
from service.store.tables import Comment, Opinion, Review, TemplateOutcome

STATUS_AFTER: Final = {
    "approve": "approved",
    "edit": "approved",
    "reject": "rejected",
    "escalate": "escalated",
}
"""Decision → status of the comment from then on."""
DECISIONS: Final = tuple(STATUS_AFTER)
STATUSES: Final = ("open", "approved", "rejected", "escalated")

CORRECTABLE: Final = ("language", "topic", "urgency", "sentiment", "intent", "toxicity")
"""Heads whose label a moderator may put right; `misinformation` is true or false."""

_FORMS: Final = {"kk": "kk-Cyrl", "ru": "ru", "en": "en"}


@dataclass(frozen=True)
class ReviewInput:
    """What a moderator decided.

    approve: the template's reply goes out as it is (`reply_text` may be left out);
    edit: `reply_text` goes out; reject: no reply; escalate: somebody else decides.
    `corrections`: right label by head, and "misinformation": true or false.
    `confirm`: the moderator saw the faults that may be overruled, and overrules them.
    """

    decision: str
    template_id: str | None = None
    reply_text: str | None = None
    language: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, Any] = field(default_factory=dict)
    confirm: bool = False
