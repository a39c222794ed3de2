"""Pages that are looked at all day do not read all comments there ever were."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from service import incidents
from service.compare_again import _behind
from service.house import House
from service.rumours import gaining

LARGE = r"SCAN (comments|claim_matches|text_members|text_groups|text_keys|incident_members)\b"


@pytest.mark.parametrize(
    "page",
    [
        lambda session, house: gaining(session, house, house.now(), limit=50),
        lambda session, house: incidents.newest(session, house, limit=50),
        lambda session, house: incidents.newest(session, house, limit=50, waiting=True),
        lambda session, house: _behind(session, house, 1),
    ],
    ids=["rumours", "incidents", "waiting", "behind"],
)
def test_no_table_that_grows_is_read_from_end_to_end(
    house: House, page: Callable[[Session, House], Any]
) -> None:
    engine = house.sessions.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("another database plans by how large its tables are")
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    with house.sessions.reading() as session:
        page(session, house)
    event.remove(engine, "before_cursor_execute", note)
    assert asked
    with engine.connect() as connection:
        for statement, given in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            steps = [row[-1] for row in plan]
            assert not [step for step in steps if re.match(LARGE, step)], statement
