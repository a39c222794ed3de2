"""What many people write at once: reports of one outage, a rumour from several accounts."""

from __future__ import annotations

from typing import Any

import pytest

from service.house import House
from service.receive import Incoming, receive

REPORTS = (
    "Срочно, нет воды на улице Абая",
    "на абая вторые сутки нет воды",
    "Когда дадут воду на Абая?",
)
RUMOUR = "Сегодня ночью весь рынок закрывают навсегда, забирайте товар, передайте соседям"


def label_all(house: House, patch: pytest.MonkeyPatch, **labels: str) -> None:
    """Let the classifier say these labels of every comment from now on."""
    classifier = house.live_model.current()
    analyse = classifier.analyse

    def labelled(*given: Any, **named: Any) -> list[dict[str, Any]]:
        return [
            {**one, **{head: {**one[head], "label": label} for head, label in labels.items()}}
            for one in analyse(*given, **named)
        ]

    patch.setattr(classifier, "analyse", labelled)


def spread(house: House, text: str, accounts: int = 3) -> None:
    """Store the text from so many accounts."""
    for number in range(accounts):
        item = Incoming(text=text, external_id=f"spread-{number}", author=str(number))
        with house.sessions.writing() as session:
            receive(session, house, [item], house.now())
