"""What was learned at length, kept in a folder: an interrupted run goes on from it.

A file is named after all that its content depends on, so that nothing stale is ever read.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]


def kept(
    folder: Path | None, causes: Sequence[npt.NDArray[Any] | str], learn: Callable[[], Arrays]
) -> Arrays:
    """Return what `learn` returns for these causes, from the folder if it is there already.

    Among the causes is always our own code. A damaged file is replaced. Without a folder
    nothing is kept. Raise `OSError` where the folder cannot be written to.
    """
    if folder is None:
        return learn()
    path = folder / f"{_name(causes)}.npz"
    if path.is_file():
        try:
            with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
                return dict(file)
        except (ValueError, EOFError, zipfile.BadZipFile):
            path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    found = learn()
    part = path.with_suffix(".part")  # a run that is killed here leaves no half of a file
    with part.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **found)
    part.replace(path)
    return found


def _name(causes: Sequence[npt.NDArray[Any] | str]) -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for cause in causes:
        if isinstance(cause, str):
            digest.update(cause.encode() + b"\0")
        else:
            digest.update(f"{cause.dtype} {cause.shape}".encode() + cause.tobytes())
    return digest.hexdigest()[:32]
