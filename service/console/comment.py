"""One comment on a page of its own: what it says, what the model thinks, what to answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from models.labels import HEADS, reply_language
from models.personal_data import find_personal_data
from service import comments, hold, incidents, queue
from service.analyse import highlights
from service.api.access import HouseHere
from service.comments import CommentView, no_such_comment
from service.console.claim_cards import claim_cards
from service.console.forms import Draft, filled
from service.console.links import way_back
from service.console.marks import MARKED_HEADS, Piece, cut
from service.console.messages import Messages
from service.console.moments import Moment, deadline, past
from service.console.offers import NOTHING_OFFERED, offers
from service.console.page import render
from service.console.queue import done
from service.console.reply_cards import ReplyCard, cards, choose_card, put_aside
from service.console.visitor import Moderator, Visitor
from service.errors import Problem
from service.house import House
from service.replies import OVERRULABLE, PLATFORM_LIMITS, Fault
from service.settings import LOCAL_ZONE
from service.store.tables import LARGEST_ID
from service.text_groups import alike

router: Final = APIRouter()

REASONS: Final = ("no-answer-needed", "spam", "abuse", "off-topic", "duplicate", "answered")
"""Why a comment gets no reply; a moderator chooses one."""

_QUOTED: Final = re.compile("'(.+?)'")
_KIND: Final = re.compile(r"\((\w+)\)")
"""The kind of personal data, in what the outgoing check says of it."""
_SAME_MOMENT: Final = timedelta(minutes=5)
"""A comment that came in so soon after it was written has one age on its page."""

CORRECTED_HEADS: Final = ("topic", "urgency", "intent", "sentiment", "language", "toxicity")


@dataclass(frozen=True)
class Notice:
    """Something that came up when the form was sent; the form stays as it was."""

    kind: str
    """Last part of a message key under `notice`."""
    status: int
    faults: Sequence[Fault] = ()
    detail: str = ""

    @property
    def confirmable(self) -> bool:
        """Whether a person who has looked may send the reply all the same."""
        return bool(self.faults) and all(fault.code in OVERRULABLE for fault in self.faults)


@dataclass(frozen=True)
class ShownFault:
    """A fault as the page says it."""

    code: str
    words: str
    """What it is about: a slot by its name on the page, or words of the reply."""
    kind: str | None
    """The type of the slot whose value is wrong."""
    personal: str | None = None
    """The kind of personal data that is to be taken out."""


@router.get("/comments/{comment_id}")
def show_comment(
    request: Request, house: HouseHere, visitor: Moderator, comment_id: int
) -> Response:
    """Show the comment and keep it for this moderator, unless another one has it."""
    check_id(comment_id)
    if "prefetch" not in request.headers.get("sec-purpose", ""):
        take(house, visitor, comment_id)
    return comment_page(request, house, visitor, comment_id)


def check_id(comment_id: int) -> None:
    """Raise `comment-not-found` for a number that no database could look for."""
    if not 0 < comment_id <= LARGEST_ID:
        raise no_such_comment(comment_id)


def take(house: House, visitor: Visitor, comment_id: int) -> None:
    """Keep the comment for this moderator; whoever has it instead is seen on the page."""
    try:
        with house.sessions.writing() as session:
            hold.claim(session, house, comment_id, visitor.name, house.now())
    except Problem as problem:
        if problem.code == "comment-not-found":
            raise


def comment_page(
    request: Request,
    house: House,
    visitor: Visitor,
    comment_id: int,
    draft: Draft | None = None,
    *,
    notice: Notice | None = None,
) -> Response:
    """Return the page with everything of `draft` filled in, and `notice` if there is one.

    Without a draft it begins with the labels of whoever passed the comment up.
    """
    with house.sessions.reading() as session:
        comment = comments.get(session, comment_id)
        draft = draft or _begun(comment)
        standing = queue.counts(session, house.now())
        catalogue = house.catalogue(session)
        written = draft.labels.get("language", comment.analysis["language"]["label"])
        language = draft.language or reply_language(written)
        offered = NOTHING_OFFERED
        if comment.status in hold.WAITING:
            offered = offers(session, house, comment, draft, language)
        incident = incidents.of_comments(session, house, [comment_id]).get(comment_id)
        like_it = alike(session, comment_id, comment.status) if comment.group is not None else ()
        known = claim_cards(session, comment.analysis, visitor.messages, language)
    limit = PLATFORM_LIMITS.get(comment.platform)
    shown = cards(offered.suggested, catalogue, draft, limit, visitor.messages, found=offered.found)
    chosen = choose_card(draft, shown)
    return render(
        request,
        visitor,
        "comment.html",
        status=notice.status if notice is not None else 200,
        **_about(house, visitor, comment),
        **_where(request),
        standing=standing,
        claim_cards=known,
        incident=incident,
        like_it=like_it,
        reply_title=_reply_title(comment, catalogue.templates, visitor.messages.language),
        draft=draft,
        cards=shown,
        aside=put_aside(draft, shown),
        chosen=chosen,
        offered=offered,
        reply_language=language,
        usual_language=reply_language(written),
        limit=limit,
        reasons=REASONS,
        notice=notice,
        faults=shown_faults(notice, shown, chosen),
    )


def _begun(comment: CommentView) -> Draft:
    """Return the form as it stands before anybody has touched it."""
    decided = [*comment.history, *([comment.review] if comment.review is not None else [])]
    passed_up = [one for one in decided if one.decision == "escalate"]
    labels = passed_up[-1].corrections if passed_up else {}
    words = {True: "true", False: "false"}
    return Draft(labels={head: words.get(label, label) for head, label in labels.items()})


def _about(house: House, visitor: Visitor, comment: CommentView) -> dict[str, Any]:
    """Return what the page shows of the comment itself, its moments in words."""
    messages, now = visitor.messages, house.now()
    held = comment.held_until if comment.held_until and comment.held_until > now else None
    topic = house.taxonomy.topics[comment.analysis["topic"]["label"]]
    flagged = comment.analysis["misinformation"]["flag"] != "none"
    members = comment.group.members if comment.group is not None else []
    waiting = comment.status in hold.WAITING
    earlier = [*comment.history, *([comment.review] if waiting and comment.review else [])]
    return {
        "comment": comment,
        "waiting": waiting,
        "earlier": [(one, past(messages, one.decided_at, now)) for one in earlier],
        "group": comment.group,
        "group_members": [(one, past(messages, one.received_at, now)) for one in members],
        "analysis": comment.analysis,
        "pieces": marked(house, comment),
        "marked_heads": MARKED_HEADS if flagged else MARKED_HEADS[:-1],
        "heads": CORRECTED_HEADS,
        "codes": HEADS,
        "department": topic.department[messages.language],
        "due": deadline(messages, comment.due_at, now),
        "received": past(messages, comment.received_at, now),
        "posted": _posted_before(messages, comment, now),
        "decided": comment.review and past(messages, comment.review.decided_at, now),
        "held_by_other": held is not None and comment.held_by != visitor.name,
        "held_until": held and f"{held.astimezone(LOCAL_ZONE):%H:%M}",
    }


def _posted_before(messages: Messages, comment: CommentView, now: datetime) -> Moment | None:
    """Return when it was written, where that is another moment than when it came in."""
    written = comment.posted_at
    if written is None or abs(comment.received_at - written) < _SAME_MOMENT:
        return None
    return past(messages, written, now)


def _where(request: Request) -> dict[str, Any]:
    """Return the filters that lead on from this page, and what led to it."""
    return {
        "query": way_back(request.query_params),
        **done(request),
    }


def marked(house: House, comment: CommentView) -> list[Piece]:
    """Return the text cut where the model, as it is now, saw reasons for its labels."""
    analysis = comment.analysis
    return cut(
        comment.text,
        highlights(house, comment.text, comment.parent_text),
        analysis["personal_data"],
        analysis["urgency"]["override"],
    )


def shown_faults(
    notice: Notice | None, shown: Sequence[ReplyCard], chosen: str
) -> list[ShownFault]:
    """Return what is wrong with the chosen reply, with its slots as the page calls them."""
    slots = {slot.name: slot for card in shown if card.key == chosen for slot in card.slots}
    faults = notice.faults if notice is not None else ()
    found: list[ShownFault] = []
    wrong: set[str] = set()
    for fault in faults:
        if fault.code == "personal-data":
            continue
        quoted = _QUOTED.search(fault.detail)
        words = quoted[1] if quoted is not None else ""
        slot = slots.get(words)
        if fault.code == "bad-slot-value":
            wrong.add(words)
        elif fault.code == "unfilled-slot" and words in wrong:
            continue  # a value that cannot stand there was left out: that has been said
        kind = slot.kind if slot is not None and fault.code == "bad-slot-value" else None
        found.append(ShownFault(fault.code, slot.label if slot is not None else words, kind))
    text = next((_as_sent(card) for card in shown if card.key == chosen), "")
    return [*_personal(faults, text), *found]


def _as_sent(card: ReplyCard) -> str:
    return filled(card.text, {slot.name: slot.value for slot in card.slots})


def _personal(faults: Sequence[Fault], text: str) -> list[ShownFault]:
    """Return which personal data stands in the reply, in its words where that is certain.

    What the outgoing check says goes into logs, so it has the kind alone; of a kind that
    an office's own numbers are of too, it may mean only some of those in `text`.
    """
    kinds = [
        m[1] for one in faults if one.code == "personal-data" if (m := _KIND.search(one.detail))
    ]
    there = [(one.kind, text[one.start : one.end]) for one in find_personal_data(text)]
    counted, meant = Counter(kind for kind, _ in there), Counter(kinds)
    quoted = [
        ShownFault("personal-data", words, None, kind)
        for kind, words in there
        if kind in meant and counted[kind] == meant[kind]
    ]
    rest = [
        ShownFault("personal-data", "", None, kind)
        for kind in meant
        if counted[kind] != meant[kind]
    ]
    return [*quoted, *rest]


def _reply_title(comment: CommentView, templates: Mapping[str, Any], language: str) -> str | None:
    """Return the title of the template that the reply was made from."""
    template_id = comment.review.template_id if comment.review is not None else None
    if template_id is None:
        return None
    template = templates.get(template_id)
    return template.title[language] if template is not None else template_id
