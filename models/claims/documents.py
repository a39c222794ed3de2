"""JSON documents that hold claims: which objects are meant, and where each of them stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from models.claims.claim import ClaimError
from models.claims.claim_review import types_of
from models.json_names import JsonObject

_DEEPEST: Final = 6
_OURS: Final = ("items", "claims")
"""What a list of claims is called that is no JSON-LD."""

Item = tuple[str, object]
"""Where it stands ("item 3", "line 3", "row 3"), and what does: a claim, or a `ClaimError`."""


def is_json_ld(raw: Mapping[str, Any]) -> bool:
    """Say whether an object is meant as schema.org has it, well or badly."""
    return not raw.keys().isdisjoint(("@type", "@context", "@graph", "claimReviewed"))


def unfold(document: object) -> list[Item]:
    """Return the single objects of a document: its list's, `@graph`'s or feed's, or itself.

    What stands in a graph beside the reviews (pages, authors) is left out.
    """
    found = list(_unfold(document, (), _DEEPEST))
    if not found and isinstance(document, Mapping) and _members(document):
        return [("item 1", document)]  # a graph of nothing but pages and authors
    return [(f"item {'.'.join(map(str, path)) or '1'}", item) for path, item in found]


def holds_several(document: object) -> bool:
    """Say whether a document is a list, a graph or a feed rather than one claim."""
    return isinstance(document, list) or (
        isinstance(document, Mapping) and _members(document) is not None
    )


def refuse_document(document: object) -> None:
    """Raise `ClaimError` for what is meant to hold several claims, and cannot."""
    if not isinstance(document, Mapping):
        return
    for name in _OURS:
        if document.keys() == {name} and not isinstance(document[name], list):
            raise ClaimError(f"{name} must be a list of claims")
    if isinstance(document, JsonObject) and document.twice and holds_several(document):
        raise ClaimError(f"{document.twice[0]}: is given twice")


def _unfold(
    value: object, path: tuple[int, ...], depth: int
) -> Iterator[tuple[tuple[int, ...], object]]:
    members = value if isinstance(value, list) else None
    if isinstance(value, Mapping):
        members = _members(value)
    if members is None or not depth:
        yield path, value
        return
    for number, member in enumerate(members, start=1):
        if isinstance(value, Mapping) and "@graph" in value and _is_furniture(member):
            continue
        inner = member
        if isinstance(member, Mapping) and not {"DataFeedItem", "ListItem"}.isdisjoint(
            types_of(member)
        ):
            inner = member.get("item", member)
            if isinstance(inner, list) and len(inner) == 1:
                inner = inner[0]
        yield from _unfold(inner, (*path, number), depth - 1)


def _members(node: Mapping[str, Any]) -> list[object] | None:
    """Return what stands in a container, None for an object that is none."""
    for name in ("@graph", "dataFeedElement", "itemListElement"):
        if name in node:
            return node[name] if isinstance(node[name], list) else [node[name]]
    for name in _OURS:
        if isinstance(node.get(name), list) and len(node) == 1:
            return list(node[name])
    return None


def _is_furniture(node: object) -> bool:
    return (
        isinstance(node, Mapping)
        and bool(types_of(node))
        and "ClaimReview" not in types_of(node)
        and "claimReviewed" not in node
        and _members(node) is None
    )
