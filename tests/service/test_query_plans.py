"""Pages that are looked at all day do not read all comments there ever were."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from service import incidents, queue
from service.compare_again import _behind
from service.house import House
from service.queue import QueueFilters
from service.rumours import gaining

LARGE = r"SCAN (comments|claim_matches|text_members|text_groups|text_keys|incident_members)\b"


@pytest.mark.parametrize(
    "page",
    [
        lambda session, house: gaining(session, house, house.now(), limit=50),
        lambda session, house: incidents.newest(session, house, limit=50),
        lambda session, house: incidents.newest(session, house, limit=50, waiting=True),
        lambda session, house: _behind(session, house, 1),
        lambda session, house: queue.page(session, QueueFilters(), limit=5),
        lambda session, house: queue.page(session, QueueFilters(words="су"), limit=5),
        lambda session, house: queue.page(
            session, QueueFilters("approved"), limit=5, order="decided"
        ),
        lambda session, house: queue.arrived(session, QueueFilters(), after=5),
        lambda session, house: incidents.of_comments(session, house, [1, 2]),
    ],
    ids=[
        *("rumours", "incidents", "waiting", "behind"),
        *("queue", "words", "decided", "news", "links"),
    ],
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
            if re.search(r"ORDER BY comments\.(due|decided)_at", statement):
                assert not [step for step in steps if "TEMP B-TREE" in step], statement
