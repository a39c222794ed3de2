"""Text as it arrives, and the two shapes the classifier reads it in.

`check_text` refuses what cannot be a comment at all. `skeleton` keeps the
length, so that whatever is found in it has the same offsets in the text as
sent. `normalise` does not: it is what the n-grams are taken from.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TEXT_LIMIT: Final = 10_000
"""Longest text that is analysed, in Unicode code points."""

_WORD = re.compile(r"\w+(?:['’ʼ\-]\w+)*")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


class TextError(ValueError):
    """A text that cannot be analysed; `code` is stable, `detail` says why in words."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def check_text(text: object, limit: int = TEXT_LIMIT) -> str:
    """Return `text` if it can be analysed, else raise `TextError` naming what is wrong."""
    if not isinstance(text, str):
        raise TextError("not-a-string", f"text must be a string, not {type(text).__name__}")
    if len(text) > limit:
        raise TextError(
            "text-too-long", f"text has {len(text):,} characters; the limit is {limit:,}"
        )
    check_characters(text)
    if not text or text.isspace() or not _has_content(text):
        raise TextError("blank-text", "text is empty or holds nothing but white space")
    return text


def check_characters(text: str) -> str:
    """Return `text` if UTF-8 and every database can carry it, else raise `TextError`."""
    if "\x00" in text:
        raise TextError("nul-byte", f"text has a NUL byte at position {text.index(chr(0))}")
    if not text.isascii() and (surrogate := _SURROGATE.search(text)):
        raise TextError(
            "lone-surrogate", f"text has a lone surrogate at position {surrogate.start()}"
        )
    return text


def not_utf8(error: UnicodeDecodeError) -> str:
    """Return what is wrong with bytes that are no UTF-8, and what to do, in words."""
    byte = error.object[error.start]
    return (
        f"is not UTF-8 (0x{byte:02X} at byte {error.start}); "
        "save it as UTF-8 (in Excel: “CSV UTF-8”)"
    )


def foreign_bytes(text: str) -> str | None:
    """Return the same of text read from a file with `surrogateescape`, None if it is UTF-8.

    Bytes are counted from the start of `text`.
    """
    if text.isascii():
        return None
    try:
        text.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError as error:
        return not_utf8(error)
    except UnicodeEncodeError:  # a surrogate that no byte is read as: `check_characters` names it
        return None
    return None


def _has_content(text: str) -> bool:
    """Say whether any character is more than a space, control or invisible one."""
    return any(unicodedata.category(character) not in _INVISIBLE for character in text)


KAZAKH_LETTERS: Final = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
"""Cyrillic letters that Russian lacks; a text without them may be Kazakh all the same."""

_FOLD_TABLE: Final = str.maketrans(
    "әғқңөұүһіёґїєўӘҒҚҢӨҰҮҺІЁҐЇЄЎİ’ʼ`´",
    "агкноуухиегиеуагкноуухиегиеуi''''",
)


def skeleton(text: str) -> str:
    """Return `text` in lower case with Kazakh letters as people type them without a keyboard.

    The result has exactly as many code points as `text`. Latin letters stay.
    """
    return text.translate(_FOLD_TABLE).lower()


def words(text: str) -> list[tuple[int, int]]:
    """Return the spans (start, end) of the words of `text`, in code points."""
    return [match.span() for match in _WORD.finditer(text)]


URL_MARK: Final = "\ue000"
MENTION_MARK: Final = "\ue001"
CAPITALS_MARK: Final = "\ue002"
_URL = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w\-]+\.(?:kz|ru|com|org|net|me|info|top|xyz|site)\b\S*"
)
_MENTION = re.compile(r"(?<!\w)@[\w.]+|\[id\d+\|[^\]]*\]")
_STRETCH = re.compile(r"(.)\1{2,}", re.DOTALL)
_MARK_PILE = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")
_DROPPED = re.compile(  # controls, soft hyphen, joiners, marks piled on letters, emoji variants
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff]+"
)


def normalise(text: str) -> str:
    """Return `text` as the n-grams see it: lower case, one space, no ornament.

    Compatibility forms are unified (NFKC), invisible and combining characters
    dropped, links and mentions become one private-use character each, letters
    stretched over three or more become two; SHOUTING leaves a mark at the end.
    """
    if not text.isascii():
        text = _MARK_PILE.sub(r"\1", text)  # else NFKC sorts the pile in quadratic time
        text = _DROPPED.sub("", unicodedata.normalize("NFKC", text))
    shouting = text.isupper() and len(text) > 3
    text = text.lower()
    if "." in text or "/" in text:
        text = _URL.sub(URL_MARK, text)
    if "@" in text or "|" in text:
        text = _MENTION.sub(MENTION_MARK, text)
    if _STRETCH.search(text):  # a template to fill in costs more than looking for nothing
        text = _STRETCH.sub(r"\1\1", text)
    text = " ".join(text.split())
    return f"{text} {CAPITALS_MARK}" if shouting else text
