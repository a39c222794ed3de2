"""The review form comes back: record the decision, or show the page again with nothing lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from models.labels import REPLY_LANGUAGES
from service import comments, hold
from service.answer_all import Answered, answer_alike
from service.api.access import HouseHere
from service.comments import CommentView
from service.console.accounts import see_other
from service.console.comment import REASONS, Notice, check_id, comment_page, take
from service.console.forms import Draft, read_draft
from service.console.links import ROOT, way_back
from service.console.queue import next_path
from service.console.visitor import FormHere, Sender, Visitor
from service.errors import Problem
from service.house import House
from service.replies import Fault
from service.review import ReviewInput, review, wordings
from service.suggestions import corrected

router: Final = APIRouter()


class TemplateChangedError(Exception):
    """The template says something else now than what the moderator has read."""


@router.post("/comments/{comment_id}/leave")
def leave(request: Request, house: HouseHere, visitor: Sender, comment_id: int) -> Response:
    """Let go of the comment and go back to the queue, where anybody may take it at once."""
    check_id(comment_id)
    with house.sessions.writing() as session:
        hold.release(session, comment_id, visitor.name)
    return see_other(f"{ROOT}/{way_back(request.query_params)}")


@router.post("/comments/{comment_id}/review")
def decide(
    request: Request, house: HouseHere, visitor: Sender, form: FormHere, comment_id: int
) -> Response:
    """Do what the button says; after a decision go on to the most pressing comment."""
    check_id(comment_id)
    draft = read_draft(form)
    action, _, language = form.get("action", "").partition(".")
    if action == "skip":
        return _skip(request, house, visitor, comment_id)
    if action not in {"approve", "reject", "escalate", "return"}:
        take(house, visitor, comment_id)
        draft = draft.relabelled()
        draft = replace(draft, language=language) if language in REPLY_LANGUAGES else draft
        return comment_page(request, house, visitor, comment_id, draft)
    if action == "reject" and draft.reason not in REASONS:
        notice = Notice("reason-missing", 422)
        return comment_page(request, house, visitor, comment_id, draft, notice=notice)
    decision = "edit" if action == "approve" and draft.edited else action
    alike: Answered | None = None
    try:
        alike = _record(house, visitor, comment_id, decision, draft)
    except TemplateChangedError:
        notice = Notice("template-changed", 409)
        return comment_page(request, house, visitor, comment_id, draft, notice=notice)
    except Problem as problem:
        if problem.code == "comment-not-found":
            raise
        if problem.code != "not-escalated":  # else somebody has put it back already
            notice = notice_of(problem)
            return comment_page(request, house, visitor, comment_id, draft, notice=notice)
    query = request.query_params
    return see_other(next_path(house, visitor, query, did=decision, alike=alike))


def _record(
    house: House, visitor: Visitor, comment_id: int, decision: str, draft: Draft
) -> Answered | None:
    """Hand the decision to the use case; return what became of those like it, if they are meant."""
    replying = decision in {"approve", "edit"}
    with house.sessions.reading() as session:
        comment = comments.get(session, comment_id)
        if decision == "approve":
            _refuse_unseen(session, house, comment, draft)
    given = ReviewInput(
        decision,
        template_id=draft.template_id if replying else None,
        reply_text=draft.text if decision == "edit" else None,
        language=draft.language if replying else None,
        slots=draft.chosen_slots if replying else {},
        corrections=draft.corrections(comment.analysis),
        confirm=draft.confirm,
        reason=_reason(decision, draft),
    )
    if draft.alike:
        return answer_alike(house, comment_id, visitor.name, given, house.now(), draft.alike)[1]
    with house.sessions.writing() as session:
        review(session, house, comment_id, visitor.name, given, house.now())
    return None


def _refuse_unseen(session: Session, house: House, comment: CommentView, draft: Draft) -> None:
    """Raise `TemplateChangedError` unless the template still says what the moderator has read."""
    house.claims.current(session)
    template = house.catalogue(session).templates.get(draft.template_id or "")
    if template is None or draft.language is None:
        return  # the use case says what is wrong with that
    right = draft.corrections(comment.analysis)
    analysis = corrected(comment.analysis, right, house.taxonomy)
    texts = wordings(house, analysis, template, draft.language, comment.author, {})
    if draft.original.strip() not in texts:
        raise TemplateChangedError


def _reason(decision: str, draft: Draft) -> str | None:
    """Return why there is no reply: the code chosen, or the words written."""
    if decision == "reject":
        return draft.reason
    return draft.note or None if decision == "escalate" else None


def _skip(request: Request, house: House, visitor: Visitor, comment_id: int) -> Response:
    """Let go of the comment and go on to the one behind it."""
    with house.sessions.writing() as session:
        hold.release(session, comment_id, visitor.name)
    query = request.query_params
    return see_other(next_path(house, visitor, query, skipped=comment_id, did="skip"))


def notice_of(problem: Problem) -> Notice:
    """Return what the page says about why nothing was recorded."""
    if problem.code == "reply-refused":
        faults = [Fault(fault["code"], fault["detail"]) for fault in problem.extra["faults"]]
        return Notice("reply-refused", problem.status, faults)
    known = {"already-decided", "held-by-another", "template-not-found"}
    kind = problem.code if problem.code in known else "not-accepted"
    return Notice(kind, problem.status, detail=problem.detail)
