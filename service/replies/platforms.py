"""How long a comment each network takes."""

from __future__ import annotations

from typing import Final

PLATFORM_LIMITS: Final = {
    "instagram": 2_200,
    "tiktok": 150,
    "youtube": 10_000,
    "telegram": 4_096,
    "vk": 4_096,
    "facebook": 8_000,
}
"""In UTF-16 units; "other" has no limit of ours."""


def written_length(text: str) -> int:
    """Return how many UTF-16 units `text` has, which is what the networks count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
