"""What pydantic finds, in words that suit whoever sent it: JSON and text, not Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "invalid_key": "is not a known field",
    "string_too_short": "needs {min_length} or more characters",
    "string_too_long": "has more than {max_length:,} characters",
    "string_pattern_mismatch": "should look like {pattern}",
    "string_type": "should be a string",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_parsing_size": "should be a smaller number",
    "int_from_float": "should be a whole number",
    "greater_than_equal": "should be {ge:,} or more",
    "less_than_equal": "should be {le:,} or less",
    "literal_error": "should be {expected}",
    "list_type": "should be a list",
    "tuple_type": "should be a list",
    "dict_type": "should be an object",
    "model_type": "should be an object",
    "date_type": "should be a date like 2026-11-23",
    "date_parsing": "should be a date like 2026-11-23",
    "date_from_datetime_parsing": "should be a date like 2026-11-23",
    "date_from_datetime_inexact": "should be a date like 2026-11-23",
    "path_type": "should be a path",
}
"""Pydantic's kind of fault → ours, with what it knows about it."""


def in_words(fault: Mapping[str, Any]) -> str:
    """Return one of pydantic's findings as the rest of a sentence that begins with the field."""
    kind, known = fault["type"], fault.get("ctx") or {}
    if kind == "string_too_short" and known["min_length"] == 1:
        return "is empty"
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**known)
    said: str = fault["msg"]
    return said.removeprefix("Value error, ").replace("Input should be", "should be")
