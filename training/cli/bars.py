"""Progress on a terminal: what is being learned, how far it is, how long it will take."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from models.labels import HEADS

Step = Callable[[int, int, float], None]


def pace() -> dict[str, Any]:
    """Return how often a bar is drawn: in a file, where each stays, once a minute of long work."""
    return {} if sys.stderr.isatty() else {"delay": 60, "mininterval": 60}


@contextmanager
def bars() -> Iterator[tuple[Callable[[str], None], Step]]:
    """Yield what to call for each label of the fast tier, and each step of the encoder."""
    labels = sum(len(codes) for codes in HEADS.values())
    with (
        tqdm(total=labels, unit="label", **pace()) as fast,
        tqdm(unit="step", **pace()) as encoder,
    ):

        def label(name: str) -> None:
            fast.set_description(name)
            fast.update()

        def step(done: int, total: int, loss: float) -> None:
            encoder.set_description(f"encoder, loss {loss:.2f}", refresh=False)
            if encoder.total is None:
                encoder.unpause()  # the fast tier's minutes are none of its own
            encoder.total = total
            encoder.update(done - encoder.n)

        yield label, step
