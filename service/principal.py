"""Who is asking, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

SCOPES: Final = (
    "classify",
    "comments:write",
    "comments:read",
    "review",
    "templates:read",
    "templates:write",
    "claims:read",
    "claims:write",
    "annotations:read",
    "models:read",
    "models:write",
    "admin",
)
"""What a key or a user can be allowed; `admin` includes all the others."""

MODERATOR_SCOPES: Final = frozenset(
    {
        "classify",
        "comments:read",
        "review",
        "templates:read",
        "claims:read",
        "claims:write",
        "models:read",
    }
)
"""What a console user who is no administrator may do: claims too, whose edits are all kept."""


@dataclass(frozen=True)
class Principal:
    """A key or a console user that has proved who it is."""

    name: str
    kind: Literal["key", "user"]
    scopes: frozenset[str]
    language: str = "kk"
    """The language the console speaks to this user: kk, ru or en."""

    @property
    def actor(self) -> str:
        """The name under which deeds are recorded; a key never passes for a user."""
        return self.name if self.kind == "user" else f"key:{self.name}"

    def may(self, scope: str) -> bool:
        """Say whether this principal has `scope`."""
        return scope in self.scopes or "admin" in self.scopes
