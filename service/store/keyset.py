"""Paging by key: the page after a given row begins right behind it, whatever came in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Tuple, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute


def behind(
    columns: Sequence[InstrumentedAttribute[Any]], values: Sequence[Any]
) -> ColumnElement[bool]:
    """Return the condition for a row to come after `values` in the order of `columns`."""
    return tuple_(*columns) > _bounds(columns, values)


def ahead(
    columns: Sequence[InstrumentedAttribute[Any]], values: Sequence[Any]
) -> ColumnElement[bool]:
    """Return the condition for a row to come before `values` in the order of `columns`."""
    return tuple_(*columns) < _bounds(columns, values)


def _bounds(columns: Sequence[InstrumentedAttribute[Any]], values: Sequence[Any]) -> Tuple:
    pairs = zip(columns, values, strict=True)
    return tuple_(*(literal(value, column.type) for column, value in pairs))
