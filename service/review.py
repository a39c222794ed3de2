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

from models.labels import HEADS, LABEL_HEADS, REPLY_LANGUAGES, reply_language
from service.comments import ReviewView, newest_opinion, no_such_comment, review_view
from service.errors import FieldError, Problem, field_problem
from service.hold import refuse_decided, refuse_held
from service.house import House
from service.replies import (
    OVERRULABLE,
    Fault,
    Template,
    check_outgoing,
    matched_claim,
    render,
    reply_context,
)
from service.store.tables import Comment, Opinion, Review
from service.suggestions import corrected
from service.templates import count_outcome, refuse_unknown_slots

STATUS_AFTER: Final = {
    "approve": "approved",
    "edit": "approved",
    "reject": "rejected",
    "escalate": "escalated",
    "return": "open",
}
"""Decision → status of the comment from then on."""
DECISIONS: Final = tuple(STATUS_AFTER)
STATUSES: Final = ("open", "approved", "rejected", "escalated")


@dataclass(frozen=True)
class ReviewInput:
    """What a moderator decided.

    approve: the template's reply goes out as it is (`reply_text` may be left out; one that
    says something else than the template makes it an edit);
    edit: `reply_text` goes out; reject: no reply; escalate: somebody else decides;
    return: what was passed up goes back into the queue.
    `corrections`: right label by head, and "misinformation": true or false.
    `confirm`: the moderator saw the faults that may be overruled, and overrules them.
    `reason`: why the comment gets no reply, is passed up or put back; a code or a sentence.
    """

    decision: str
    template_id: str | None = None
    reply_text: str | None = None
    language: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, Any] = field(default_factory=dict)
    confirm: bool = False
    reason: str | None = None


def review(  # noqa: PLR0917  (who decides what about which comment, and when)
    session: Session,
    house: House,
    comment_id: int,
    moderator: str,
    given: ReviewInput,
    now: datetime,
) -> ReviewView:
    """Record the decision and return it.

    What was passed up may be decided like what is open. Raise the problems
    `comment-not-found`, `already-decided`, `not-escalated`, `held-by-another`,
    `template-not-found`, `unknown-slot`, one naming a faulty field, and `reply-refused`, whose
    `faults` say why the reply must not be sent.
    """
    comment, opinion = _load(session, comment_id)
    house.claims.current(session)  # what is quoted is what the registry says now
    refuse_decided(comment)
    refuse_held(comment, moderator, now)
    _check_input(given)
    _refuse_no_change(comment, given.decision)
    template = _template(session, house, given)
    analysis = corrected(opinion.analysis, given.corrections, house.taxonomy)
    language = given.language or reply_language(opinion.analysis["language"]["label"])
    reply, decision = None, given.decision
    if STATUS_AFTER[given.decision] == "approved":
        reply = _reply(house, comment, analysis, given, template=template, language=language)
        if decision == "approve" and template is not None:
            texts = {
                text
                for labels in (analysis, opinion.analysis)
                for text in wordings(house, labels, template, language, comment.author, given.slots)
            }
            decision = "approve" if reply.strip() in texts else "edit"
    decided = Review(
        comment_id=comment.id,
        opinion_id=opinion.id,
        moderator=moderator,
        decision=decision,
        template_id=given.template_id,
        language=language if reply is not None else None,
        reply_text=reply,
        reason=given.reason,
        corrections=dict(given.corrections),
        decided_at=now,
        seconds=max(0, round((now - comment.received_at).total_seconds())),
    )
    _move(session, comment, STATUS_AFTER[given.decision], now)
    session.add(decided)
    if template is not None:
        count_outcome(session, template.id, decision)
    session.flush()
    house.metrics.reviews.labels(decision).inc()
    return review_view(decided)


def wordings(  # noqa: PLR0917  (what fills which template)
    house: House,
    analysis: Mapping[str, Any],
    template: Template,
    language: str,
    author: str | None,
    slots: Mapping[str, str],
) -> set[str]:
    """Return the texts, without blank edges, that the template suggests for one comment.

    There are two: where a network is short of room, the reader's name is left out.
    """
    context = reply_context(
        analysis, house.taxonomy, language=language, author=author, claim_of=house.claims.get
    )
    nameless = {name: value for name, value in context.items() if name != "author"}
    return {
        render(template, language, values, slots).text.strip() for values in (context, nameless)
    }


def _load(session: Session, comment_id: int) -> tuple[Comment, Opinion]:
    """Return the comment with its newest opinion, the row locked where rows can be."""
    found = session.execute(
        select(Comment, Opinion)
        .join(Opinion, Opinion.id == newest_opinion())
        .where(Comment.id == comment_id)
        .with_for_update(of=Comment)
    ).one_or_none()
    if found is None:
        raise no_such_comment(comment_id)
    return found[0], found[1]


def _refuse_no_change(comment: Comment, decision: str) -> None:
    """Raise a problem when the comment has been passed up, or put back, already."""
    if STATUS_AFTER[decision] == comment.status == "escalated":
        raise Problem("already-decided", f"comment {comment.id} is already escalated")
    if STATUS_AFTER[decision] == comment.status:
        raise Problem("not-escalated", f"comment {comment.id} is in the queue")


def _check_input(given: ReviewInput) -> None:
    """Raise a problem naming the fields that are no decision, language or label."""
    errors = []
    if given.decision not in STATUS_AFTER:
        detail = f"decision: is none of {', '.join(DECISIONS)}"
        errors.append(FieldError("decision", "invalid-value", detail))
    if given.language is not None and given.language not in REPLY_LANGUAGES:
        detail = f"language: is none of {', '.join(REPLY_LANGUAGES)}"
        errors.append(FieldError("language", "invalid-value", detail))
    sent = STATUS_AFTER.get(given.decision, "approved") == "approved"
    if not sent and (given.reply_text or "").strip():
        detail = (
            f"reply_text: nothing is sent by {given.decision}; words for colleagues go in reason"
        )
        errors.append(FieldError("reply_text", "invalid-value", detail))
    for head, label in given.corrections.items():
        field_name = f"corrections.{head}"
        if head == "misinformation":
            if not isinstance(label, bool):
                detail = f"{field_name}: is neither true nor false"
                errors.append(FieldError(field_name, "wrong-type", detail))
        elif head not in LABEL_HEADS:
            errors.append(FieldError(field_name, "unknown-field", f"{field_name}: is unknown"))
        elif label not in HEADS[head]:
            detail = f"{field_name}: is none of {', '.join(HEADS[head])}"
            errors.append(FieldError(field_name, "unknown-label", detail))
    if errors:
        raise field_problem(errors)


def _template(session: Session, house: House, given: ReviewInput) -> Template | None:
    """Return the template, None without one; raise `template-not-found`, `unknown-slot`."""
    template = None
    if given.template_id is not None:
        template = house.catalogue(session).templates.get(given.template_id)
        if template is None:
            detail = "there is no template of this id"
            error = FieldError("template_id", "template-not-found", detail)
            raise Problem("template-not-found", detail, errors=[error])
    refuse_unknown_slots(template, given.slots)
    return template


def _reply(
    house: House,
    comment: Comment,
    analysis: Mapping[str, Any],
    given: ReviewInput,
    *,
    template: Template | None,
    language: str,
) -> str:
    """Return the text that goes out; raise `reply-refused` with every reason why it must not."""
    text = given.reply_text
    faults: list[Fault] = []
    context = reply_context(
        analysis,
        house.taxonomy,
        language=language,
        author=comment.author,
        claim_of=house.claims.get,
    )
    if text is None:
        if template is None or given.decision != "approve":
            error = FieldError("reply_text", "missing-field", "reply_text: is required")
            raise field_problem([error])
        rendered = render(template, language, context, given.slots)
        text, faults = rendered.text, rendered.faults
    if template is not None and not template.in_force(house.today()):
        faults.append(
            Fault("template-not-in-force", "the template is not approved, or has expired")
        )
    faults += check_outgoing(
        text,
        template=template,
        language=language,
        platform=comment.platform,
        slots=given.slots,
        quoted=context.get("refutation_text", ""),
    )
    claim = matched_claim(analysis, house.claims.get)
    if claim is not None and claim.example and _quotes(text, context):
        faults.append(Fault("example-claim", "quotes an example; nothing of it has happened"))
    if any(not given.confirm or fault.code not in OVERRULABLE for fault in faults):
        raise refusal(faults)
    return text


def _quotes(text: str, context: Mapping[str, str]) -> bool:
    """Say whether a reply repeats what the registry says about the claim."""
    quotes = (context.get(name, "") for name in ("refutation", "refutation_text"))
    return any(quote and quote in text for quote in quotes)


def refusal(faults: list[Fault]) -> Problem:
    """Return the problem of a reply with these faults; `confirm` overrules some of them."""
    return Problem(
        "reply-refused",
        "; ".join(fault.detail for fault in faults),
        errors=[FieldError("reply_text", "reply-refused", fault.detail) for fault in faults],
        faults=[
            {
                "code": fault.code,
                "detail": fault.detail,
                "overrulable": fault.code in OVERRULABLE,
            }
            for fault in faults
        ],
    )


def _move(session: Session, comment: Comment, status: str, now: datetime) -> None:
    """Give the comment its new status; of two decisions at once only one gets this far."""
    decided_at = None if status == "open" else now
    moved = session.execute(
        update(Comment)
        .where(Comment.id == comment.id, Comment.status == comment.status)
        .values(status=status, decided_at=decided_at, held_by=None, held_until=None)
        .returning(Comment.id)
    ).scalar_one_or_none()
    if moved is None:
        raise Problem("already-decided", f"comment {comment.id} was decided a moment ago")
