"""Who looks at a page: the session cookie, the language, and the token of every form."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from models.labels import REPLY_LANGUAGES
from service import auth
from service.api.access import HouseHere
from service.console.forms import Form, read_draft, read_form
from service.console.links import ROOT
from service.console.messages import Messages, load_messages
from service.errors import Problem
from service.house import House
from service.principal import Principal

SESSION_COOKIE: Final = "qulaq_session"
GUEST_COOKIE: Final = "qulaq_guest"
"""A random value that ties the log-in form to the browser it was shown to."""
LANGUAGE_COOKIE: Final = "qulaq_language"
_YEAR: Final = 365 * 24 * 3600


class LogInNeeded(Exception):  # noqa: N818 - not an error but a turn to take
    """The session is missing or over; `draft` is the reply that was being sent."""

    def __init__(self, draft: str = "") -> None:
        super().__init__()
        self.draft = draft


class FormRefused(Exception):  # noqa: N818
    """A form that did not come from a page of this session; `draft` is the reply in it."""

    def __init__(self, draft: str = "") -> None:
        super().__init__()
        self.draft = draft


@dataclass(frozen=True)
class Visitor:
    """Somebody looking at a page; without a principal, somebody who still has to log in."""

    messages: Messages
    csrf: str
    """Goes into every form of the page and has to come back with it."""
    principal: Principal | None = None
    token: str = ""

    @property
    def name(self) -> str:
        """The name under which this visitor's deeds are recorded."""
        return self.principal.actor if self.principal is not None else ""


def form_token(secret: str) -> str:
    """Return the token that only a page shown with this session's (or guest's) cookie knows."""
    return hmac.new(secret.encode("utf-8", "replace"), b"console form", hashlib.sha256).hexdigest()


def moderator(request: Request, house: HouseHere) -> Visitor:
    """Return the logged-in visitor; raise `LogInNeeded`, or `scope-missing` for no moderator."""
    found = current(request, house)
    if found is None or found.principal is None:
        raise LogInNeeded
    if not found.principal.may("review"):
        raise Problem("scope-missing", "this user is no moderator")
    return found


def current(request: Request, house: House) -> Visitor | None:
    """Return the visitor of the session cookie, or None without a session that holds."""
    token = request.cookies.get(SESSION_COOKIE, "")
    if not token:
        return None
    with house.sessions.reading() as session:
        principal = auth.session_principal(session, token, house.now())
    if principal is None:
        return None
    return Visitor(load_messages(_known(principal.language)), form_token(token), principal, token)


def guest(request: Request) -> Visitor:
    """Return a visitor who has not logged in; their language is the cookie's or the browser's."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    language = chosen if chosen in REPLY_LANGUAGES else _accepted(request)
    secret = request.cookies.get(GUEST_COOKIE) or secrets.token_urlsafe(32)
    return Visitor(load_messages(language), form_token(secret), token=secret)


FormHere = Annotated[Form, Depends(read_form)]


def sender(request: Request, house: HouseHere, form: FormHere) -> Visitor:
    """Return the moderator who sent this form; raise `LogInNeeded` or `FormRefused`."""
    refuse_foreign(request)
    draft = read_draft(form).text
    try:
        visitor = moderator(request, house)
    except LogInNeeded:
        raise LogInNeeded(draft) from None
    if not same_token(visitor, form):
        raise FormRefused(draft)
    return visitor


Moderator = Annotated[Visitor, Depends(moderator)]
Sender = Annotated[Visitor, Depends(sender)]


def same_token(visitor: Visitor, form: Form) -> bool:
    """Say whether `form` carries the token of the visitor's pages."""
    return hmac.compare_digest(form.get("csrf", "").encode(), visitor.csrf.encode())


def refuse_foreign(request: Request) -> None:
    """Raise `FormRefused` for a form that a page of another site has sent.

    Browsers say where a request comes from; what says nothing is judged by the
    token alone.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        raise FormRefused
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if site is None and foreign:
        raise FormRefused


def keep_session(response: Response, token: str, *, secure: bool, seconds: int) -> None:
    """Give the browser the session of somebody who has just logged in."""
    _keep(response, SESSION_COOKIE, token, secure=secure, seconds=seconds)


def end_session(response: Response, *, secure: bool) -> None:
    """Let the browser forget the session."""
    _keep(response, SESSION_COOKIE, "", secure=secure, seconds=0)


def keep_guest(response: Response, visitor: Visitor, *, secure: bool) -> None:
    """Let the browser remember the language, and what ties the log-in form to it."""
    _keep(response, GUEST_COOKIE, visitor.token, secure=secure)
    keep_language(response, visitor.messages.language, secure=secure)


def keep_language(response: Response, language: str, *, secure: bool) -> None:
    """Let the browser remember the language for the next log-in."""
    _keep(response, LANGUAGE_COOKIE, language, secure=secure, seconds=_YEAR)


def _keep(
    response: Response, name: str, value: str, *, secure: bool, seconds: int | None = None
) -> None:
    """Set a cookie that only the console gets, and no script; by default until the browser ends."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=ROOT,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def _known(language: str) -> str:
    return language if language in REPLY_LANGUAGES else REPLY_LANGUAGES[0]


def _accepted(request: Request) -> str:
    """Return the first of our languages that the browser asks for, else Kazakh."""
    for part in request.headers.get("accept-language", "")[:500].split(","):
        language = part.partition(";")[0].strip().lower().partition("-")[0]
        if language in REPLY_LANGUAGES:
            return language
    return REPLY_LANGUAGES[0]
