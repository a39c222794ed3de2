"""Which addresses a page may link to, and where a visitor may be sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

from models.labels import FLAGS, LANGUAGES, TOPICS, URGENCIES
from service.queue import QueueFilters
from service.review import STATUSES

ROOT: Final = "/console"
"""Where the console is mounted."""

FILTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "status": STATUSES,
    "urgency": URGENCIES,
    "topic": TOPICS,
    "language": LANGUAGES,
    "flag": FLAGS,
}
"""What the queue can be filtered by, and the codes of each."""
WORDS_LENGTH: Final = 200
"""Characters of what is looked for."""


def web_link(url: str | None) -> str | None:
    """Return `url` if it is an absolute http or https address, else None.

    Addresses come with comments, hence from anybody: what a browser might run
    (`javascript:`) or misread (spaces, control characters, user names) is no link.
    """
    if not url or len(url) > 2_048 or not url.isprintable() or any(map(str.isspace, url)):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or "\\" in url:
        return None
    return url


def own_path(path: str | None) -> str:
    """Return `path` if it leads to a page of the console, else the queue: no open redirect."""
    if not path or not path.isascii() or not path.isprintable() or "\\" in path:
        return f"{ROOT}/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return f"{ROOT}/"
    inside = parts.path.startswith(f"{ROOT}/") and "//" not in parts.path and ".." not in parts.path
    if parts.scheme or parts.netloc or not inside or parts.path.endswith("/log-in"):
        return f"{ROOT}/"
    return path


def read_filters(query: Mapping[str, str]) -> QueueFilters:
    """Return the filters of a query string; a code nobody knows lets everything pass."""
    known = {name: query[name] for name, codes in FILTERS.items() if query.get(name, "") in codes}
    return QueueFilters(
        status=known.get("status", "open"),
        topic=known.get("topic"),
        urgency=known.get("urgency"),
        language=known.get("language"),
        flag=known.get("flag"),
        words=" ".join(query.get("q", "").replace("\x00", "")[:WORDS_LENGTH].split()) or None,
    )


def number_in(query: Mapping[str, str], name: str) -> int:
    """Return a number that an address or a form gives, 0 where no number of ours can be that."""
    given = query.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


def way_back(query: Mapping[str, str], **changes: object) -> str:
    """Return the query string that leads on from an address: its filters, and the page."""
    cursor = query.get("cursor", "")
    known = cursor and len(cursor) <= WORDS_LENGTH and cursor.isascii()
    return filter_query(read_filters(query), cursor=cursor if known else None, **changes)


def filter_query(filters: QueueFilters, **changes: object) -> str:
    """Return the query string of `filters` with `changes`, "" or "?…"; None takes one away."""
    values = {name: getattr(filters, name) for name in FILTERS} | {"q": filters.words} | changes
    if values["status"] == "open":
        values["status"] = None
    given = {name: value for name, value in values.items() if value is not None}
    return "?" + urlencode(given) if given else ""
