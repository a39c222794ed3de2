"""Two processes that receive the same at the same moment: one group, one incident, no failure.

On SQLite these run one after the other by themselves; set QULAQ_TEST_DATABASE_URL to see
them on PostgreSQL, where they would not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event, func, select

from service.app import create_app
from service.house import House
from service.live_model import LiveModel
from service.receive import Incoming, receive
from service.replies import Catalogue
from service.review import ReviewInput, review
from service.settings import Settings
from service.store.group_tables import IncidentMember, TextMember
from service.store.tables import Comment, TemplateOutcome

TEXTS = (
    "Көрші ауылда түнде бөтен адамдар көше аралап жүр екен, барлығына таратыңыздар",
    "Ертең қалада барлық мектеп жабылады екен, балаларды үйде қалдырыңыздар, таратыңыздар",
    "Жексенбіде орталық базардың бәрі өртеніп кетіпті, таратыңыздар, барып көріңіздер",
)
REPORT = "Абай көшесінде жылу жоқ, бүкіл үй тоңып отыр, көмектесіңіздер"
WRITERS = 6
_TURNING_POINTS = (
    "BEGIN IMMEDIATE",
    "SELECT pg_advisory",
    "INSERT INTO text_groups",
    "DELETE FROM text_groups",
)


@pytest.fixture
def houses(
    app: FastAPI, settings: Settings, live_model: LiveModel, clock: Any
) -> Iterator[list[House]]:
    """Two processes on one database, each with connections of its own."""
    other: House = create_app(settings, live_model=live_model).state.house
    other.now = clock
    yield [app.state.house, other]
    other.sessions.close()


def take_in(house: House, items: Sequence[Incoming]) -> None:
    with house.sessions.writing() as session:
        receive(session, house, items, house.now())


def at_once(houses: Sequence[House], batches: Sequence[Sequence[Incoming]]) -> None:
    """Receive every batch in a transaction of its own, beginning all at the same moment."""
    together = Barrier(len(batches))

    def send(number: int) -> None:
        together.wait(60)
        take_in(houses[number % len(houses)], batches[number])

    with ThreadPoolExecutor(len(batches)) as pool:
        list(pool.map(send, range(len(batches))))


def from_all(*texts: str) -> list[list[Incoming]]:
    """Return one batch a writer, half of them in the opposite order, each of its own account."""
    return [
        [
            Incoming(text=text, external_id=f"{writer} {row}", author=str(writer))
            for row, text in list(enumerate(texts))[:: 1 if writer % 2 else -1]
        ]
        for writer in range(WRITERS)
    ]


def sizes(house: House, member: type[TextMember] | type[IncidentMember], key: Any) -> list[int]:
    with house.sessions.reading() as session:
        return list(session.scalars(select(func.count()).select_from(member).group_by(key)))


def test_one_text_is_one_group_and_none_is_overlooked(houses: list[House]) -> None:
    at_once(houses, from_all(*TEXTS))
    assert sizes(houses[0], TextMember, TextMember.group_id) == [WRITERS] * len(TEXTS)
    with houses[0].sessions.reading() as session:
        assert set(session.scalars(select(Comment.flag))) == {"possible"}


def test_one_outage_is_one_incident(houses: list[House]) -> None:
    at_once(houses, from_all(REPORT))
    assert sizes(houses[0], IncidentMember, IncidentMember.incident_id) == [WRITERS]


def test_a_template_is_used_for_the_first_time_by_all_at_once(houses: list[House]) -> None:
    for turn, template_id in enumerate(sorted(Catalogue.shipped().templates)[:5]):
        first = turn * WRITERS
        items = [Incoming(text="рахмет", external_id=str(first + n)) for n in range(WRITERS)]
        take_in(houses[0], items)
        together = Barrier(WRITERS)

        def reject(
            number: int, together: Barrier = together, template_id: str = template_id
        ) -> None:
            house = houses[number % len(houses)]
            given = ReviewInput("reject", template_id)
            together.wait(60)
            with house.sessions.writing() as session:
                review(session, house, number, "aigul", given, house.now())

        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(reject, range(first + 1, first + 1 + WRITERS)))
        with houses[0].sessions.reading() as session:
            outcome = session.get(TemplateOutcome, template_id)
        assert outcome is not None
        assert (outcome.accepted, outcome.rejected) == (0, WRITERS)


def meanwhile(first: House, item: Incoming, second: House, other: Incoming) -> None:
    """Receive `item`, and `other` in a second transaction before the first one ends.

    It ends when the second has to wait, or is about to change groups without having waited.
    """
    far_enough = Event()

    def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(_TURNING_POINTS):
            far_enough.set()

    event.listen(second.sessions.engine, "before_cursor_execute", look)
    with ThreadPoolExecutor(1) as pool:
        with first.sessions.writing() as session:
            receive(session, first, [item], first.now())
            waiting = pool.submit(take_in, second, [other])
            assert far_enough.wait(60)
        waiting.result(60)


def test_who_comes_second_sees_what_the_first_has_stored(houses: list[House]) -> None:
    one, other = (Incoming(text=TEXTS[0], external_id=name, author=name) for name in "ab")
    meanwhile(houses[0], one, houses[1], other)
    assert sizes(houses[0], TextMember, TextMember.group_id) == [2]


def test_what_one_joins_another_does_not_take_away(houses: list[House], clock: Any) -> None:
    """Clocks differ: to one process a group is open, to the next one it is to be pruned."""
    first, second = houses
    take_in(first, [Incoming(text=TEXTS[0], external_id="old")])
    later = type(clock)()
    later.forward(hours=48, seconds=1)
    clock.forward(hours=47)
    second.now = later
    meanwhile(
        first,
        Incoming(text=TEXTS[0], external_id="joins"),
        second,
        Incoming(text=TEXTS[1], external_id="prunes"),
    )
    assert sorted(sizes(first, TextMember, TextMember.group_id)) == [1, 2]
