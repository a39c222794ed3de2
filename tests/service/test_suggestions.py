"""Which replies are suggested once a moderator has put labels or the language right."""

from __future__ import annotations

import pytest
from analyses import build_analysis

from service import comments
from service.house import House
from service.receive import Incoming, Received, receive
from service.suggestions import corrected, suggestions


@pytest.mark.parametrize(("urgency", "danger"), [("high", "gas-smell"), ("low", None)])
def test_who_says_it_is_not_pressing_says_there_is_no_danger(
    house: House, urgency: str, danger: str | None
) -> None:
    analysis = build_analysis(urgency="critical", danger="gas-smell", unsure=["urgency"])
    right = corrected(analysis, {"urgency": urgency}, house.taxonomy)
    assert right["answer_within_minutes"] == house.taxonomy.minutes[urgency]
    assert right["urgency"]["abstained"] is False
    assert (right["urgency"]["override"] or {}).get("rule") == danger
    assert analysis["urgency"]["override"]["rule"] == "gas-smell"


def test_the_language_of_the_reply_does_not_change_the_comment(house: House) -> None:
    with house.sessions.writing() as session:
        foreign = Incoming(text="où est le bus", external_id="foreign")
        received = receive(session, house, [foreign], house.now())[0]
    assert isinstance(received, Received)
    with house.sessions.reading() as session:
        found = comments.get(session, received.id)
    for language in (None, "ru"):
        with house.sessions.reading() as session:
            offered = suggestions(session, house, found, language)
        assert "other-language" in [reply["template_id"] for reply in offered]
