"""What was learned at length, kept in a folder: an interrupted run goes on from it.

A file is named after all that its content depends on, so that nothing stale is read.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]

_DAMAGED: Final = (
    ValueError, KeyError, EOFError, OSError, NotImplementedError, zipfile.BadZipFile, zlib.error
)  # fmt: skip
"""What is raised for an archive some of whose bytes are wrong."""


def kept(
    folder: Path | None, causes: Sequence[npt.NDArray[Any] | str], learn: Callable[[], Arrays]
) -> Arrays:
    """Return what `learn` returns for these causes, from the folder if it is there already.

    The code of this package is always among the causes. A damaged file is replaced. Without a
    folder nothing is kept. Raise `OSError` where the folder cannot be written to.
    """
    if folder is None:
        return learn()
    path = folder / f"{_name(causes)}.npz"
    if path.is_file() and (found := _read(path)) is not None:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")  # a run that is killed leaves no half of a file
    part.touch()  # whether that is possible is better known now than after an hour
    try:
        found = learn()
        with part.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **found)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return found


def _read(path: Path) -> Arrays | None:
    try:
        with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
            return dict(file)
    except _DAMAGED:
        return None


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
