"""Read what the known claims mean before a comment asks, outside any request.

After a claim has been added, and after another model has gone live, the encoder reads the
claims' wordings piece by piece. Until it has, a comment near a wording reads it itself.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from service.house import House

logger: Final = logging.getLogger(__name__)

EVERY_SECONDS: Final = 2.0
"""Between two looks at whether there is anything new."""
_BREATH: Final = 0.05
"""Seconds between two pieces, about as long as one takes: comments have the processor too."""


async def keep_reading(house: House, stop: asyncio.Event, pause: float = EVERY_SECONDS) -> None:
    """Read what is new, piece by piece, until `stop` is set."""
    left = 0
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), _BREATH if left else pause)
        except TimeoutError:
            pass
        else:
            return
        try:
            left = await asyncio.to_thread(read_piece, house)
        except Exception as error:  # whatever it is, the next round tries again
            left = 0
            logger.warning("the claims' meanings wait to be read: %s", type(error).__name__)


def read_piece(house: House) -> int:
    """Read some wordings that are new to the encoder in use; return how many are left."""
    meanings = house.live_model.current().meanings
    if meanings is None:
        return 0
    with house.sessions.reading() as session:
        index = house.claims.current(session)
    return index.read_ahead(meanings)
