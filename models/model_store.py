"""The versions of the model on disk, which of them is live, and which was live when.

A store is a folder of artifacts with a pointer file beside them. The pointer is
replaced by an atomic rename, so a reader sees the old version or the new one,
never half of either.
"""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from models.artifact import (
    MANIFEST,
    ArtifactError,
    Manifest,
    check_version_name,
    load_artifact,
    load_manifest,
)

SHIPPED: Final = Path(__file__).with_name("weights")
POINTER: Final = "active.json"
CARD: Final = "MODEL_CARD.md"
"""Written for people from the manifest, which does not vouch for it."""


@dataclass(frozen=True)
class Activation:
    """One entry of the history: which version went live when, by whom and why."""

    version: str
    at: str
    by: str
    reason: str
    forced: bool = False
    """Somebody put it live in spite of what spoke against it."""
    overridden: tuple[str, ...] = ()
    """What spoke against it, a short sentence each."""


def who_runs_this() -> str:
    """Return the name of the user at the command line, for the history."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return str(os.getuid())


class ModelStore:
    """A folder of model versions; see the module."""

    def __init__(self, root: Path = SHIPPED) -> None:
        self.root = root

    @property
    def pointer(self) -> Path:
        """The file whose content says what is live; its change is the signal to reload."""
        return self.root / POINTER

    def versions(self) -> list[Manifest]:
        """Return the manifests of all readable versions, oldest first."""
        found = []
        for folder in sorted(self.root.iterdir()) if self.root.is_dir() else []:
            if folder.is_dir() and not folder.name.startswith("."):
                try:
                    found.append(load_manifest(folder))
                except ArtifactError:
                    continue  # `activate` says what is wrong with it when it is asked for
        return sorted(found, key=lambda manifest: manifest.created)

    def path(self, version: str) -> Path:
        """Return the folder of `version`; raise `ArtifactError` when there is none."""
        folder = self.root / check_version_name(version)
        if not folder.is_dir():
            raise ArtifactError(f"there is no model version '{version}' in {self.root}")
        return folder

    def active(self) -> str:
        """Return the live version; raise `ArtifactError` when none is."""
        history = self.history()
        if not history:
            raise ArtifactError(f"no model version is active in {self.root}")
        return history[-1].version

    def history(self) -> list[Activation]:
        """Return every activation, oldest first; the last one is live."""
        try:
            raw = json.loads(self.pointer.read_text(encoding="utf-8"))
            history = [
                Activation(**{**entry, "overridden": tuple(entry.get("overridden", ()))})
                for entry in raw["history"]
            ]
            for entry in history:
                check_version_name(entry.version)
            return history
        except FileNotFoundError:
            return []
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ArtifactError(f"{self.pointer}: is damaged ({error})") from error

    def add(self, folder: Path) -> str:
        """Copy a checked artifact into the store and return its version; nothing goes live.

        Whatever else lies in `folder`, such as the records of a training run, stays there.
        Raise `ArtifactError` when it is damaged or the version is already taken.
        """
        manifest, _ = load_artifact(folder)
        target = self.root / check_version_name(manifest.version)
        with self._locked():
            if target.exists():
                raise ArtifactError(f"model version '{manifest.version}' is already in {self.root}")
            staging = Path(tempfile.mkdtemp(prefix=".adding-", dir=self.root))
            try:
                for name in (MANIFEST, *manifest.files):
                    shutil.copy2(folder / name, staging / name)
                if (folder / CARD).is_file():
                    shutil.copy2(folder / CARD, staging / CARD)
                staging.chmod(0o755)
                staging.rename(target)
            except BaseException:
                shutil.rmtree(staging, ignore_errors=True)
                raise
        return manifest.version

    def activate(
        self, version: str, *, by: str, reason: str = "", overridden: Sequence[str] = ()
    ) -> Activation:
        """Make `version` live, after checking that it can be loaded; return the entry.

        `overridden` is what spoke against it, for the history.
        """
        manifest, _ = load_artifact(self.path(version))
        if manifest.version != version:
            raise ArtifactError(f"{self.path(version)}: is version '{manifest.version}'")
        with self._locked():
            entry = Activation(
                version,
                datetime.now(UTC).isoformat(),
                by,
                reason,
                forced=bool(overridden),
                overridden=tuple(overridden),
            )
            self._write([*self.history(), entry])
        return entry

    def rollback(self, *, by: str, reason: str = "rollback") -> Activation:
        """Make the version live that was live before the present one first went live.

        So each rollback leads further back, and never to a version rolled back from.
        Versions that somebody has removed from the store are passed over. Return the
        entry; raise `ArtifactError` when no earlier version is left.
        """
        gone = []
        for version in _earlier(self.history()):
            if (self.root / version).is_dir():
                return self.activate(version, by=by, reason=reason)
            gone.append(version)
        fault = f"there is no earlier version to roll back to in {self.root}"
        if gone:
            fault += f"; the history names {', '.join(gone)}, which it no longer holds"
        raise ArtifactError(fault)

    def seed(self, source: ModelStore) -> None:
        """Fill an empty store with the version that is live in `source`; else do nothing."""
        if self.root == source.root or self.pointer.exists():
            return
        version = source.active()
        if not (self.root / version).exists():
            self.add(source.path(version))
        self.activate(version, by="qulaq", reason="shipped with the program")

    def _write(self, history: list[Activation]) -> None:
        """Replace the pointer file atomically and durably."""
        text = json.dumps(
            {"active": history[-1].version, "history": [asdict(entry) for entry in history]},
            ensure_ascii=False,
            indent=1,
        )
        handle, name = tempfile.mkstemp(prefix=".active-", dir=self.root)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(self.pointer)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the store against other processes that change it."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _earlier(history: Sequence[Activation]) -> Iterator[str]:
    """Yield the version before the live one, the one before that, and so on.

    What was live before a version is what was when it first went live: that it came back
    by a rollback changes nothing about it.
    """
    versions = [entry.version for entry in history]
    first = versions.index(versions[-1]) if versions else 0
    while first:
        version = versions[first - 1]
        yield version
        first = versions.index(version)
