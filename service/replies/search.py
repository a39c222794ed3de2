"""Replies found by words: for a comment that none of the suggested ones suits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from models.labels import reply_language
from models.text import skeleton, words
from service.replies.catalogue import Catalogue
from service.replies.pieces import pieces
from service.replies.platforms import PLATFORM_LIMITS
from service.replies.rank import Reply, fitted, reply_of
from service.replies.render import ClaimOf, no_claim, reply_context
from service.replies.template import Template


def find_templates(sought: str, templates: Iterable[Template]) -> list[Template]:
    """Return the templates in which something begins with each word sought, best first.

    A word may be in the title or the text of any language, typed with Kazakh letters or without.
    Who has more of them in a title comes first. Without a word nothing is found.
    """
    parts = _words(sought)
    found: list[tuple[int, Template]] = []
    for template in templates if parts else ():
        titles = _words(" ".join(template.title.values()))
        everything = titles | _words(" ".join(_plain(text) for text in template.text.values()))
        if all(_begins(part, everything) for part in parts):
            elsewhere = sum(not _begins(part, titles) for part in parts)
            found.append((elsewhere, template))
    return [template for _, template in sorted(found, key=lambda one: one[0])]


def _plain(text: str) -> str:
    """Return a template text without the names of its slots."""
    return " ".join(f"{piece.before} {piece.after}" for piece in pieces(text))


def _words(text: str) -> set[str]:
    folded = skeleton(text)
    return {folded[start:end] for start, end in words(folded)}


def _begins(part: str, among: Collection[str]) -> bool:
    return any(word.startswith(part) for word in among)


def replies_from(
    templates: Iterable[Template],
    analysis: Mapping[str, Any],
    catalogue: Catalogue,
    *,
    platform: str | None,
    author: str | None,
    today: date,
    limit: int,
    language: str | None = None,
    claim_of: ClaimOf = no_claim,
) -> list[Reply]:
    """Return up to `limit` replies to the comment from templates that a person asked for.

    What the analysis says excludes none, but those for other networks, too long, not in force,
    or without what there is to say against a claim cannot be sent.
    """
    language = language or reply_language(analysis["language"]["label"])
    context = reply_context(
        analysis, catalogue.taxonomy, language=language, author=author, claim_of=claim_of
    )
    room = PLATFORM_LIMITS.get(platform or "")
    replies: list[Reply] = []
    for template in templates:
        if len(replies) >= limit:
            break
        if not template.in_force(today) or (
            template.platforms and platform not in template.platforms
        ):
            continue
        rendered = fitted(template, language, context, room)
        if rendered is None or "refutation_text" in rendered.missing_slots:
            continue
        replies.append(reply_of(template, rendered, language))
    return replies
