"""The classifier in use: follows the store's pointer, and never leaves the service without one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from models import ArtifactError, Classifier, ModelStore

logger: Final = logging.getLogger(__name__)

Stamp = tuple[int, int, int] | None
"""Inode, time of change and size of the pointer file: what tells one state from another."""


class LiveModel:
    """Hands out the active classifier, loading another one when the pointer has changed.

    One thread loads. The others wait for it, so that whoever asks after a
    promotion is answered by the new version; a load that takes longer than
    `patience` seconds holds nobody up any more, they go on with the version they
    have. An artifact that cannot be loaded is logged and kept in `fault`; the
    version in use stays.
    """

    def __init__(
        self,
        store: ModelStore,
        *,
        version: str | None = None,
        load: Callable[[Path], Classifier] = Classifier.load,
        patience: float = 2.0,
    ) -> None:
        """Load the active version, or `version` to hold on to; raise `ArtifactError` if neither."""
        self.store = store
        self.fault: str | None = None
        """Why the active version is not the one in use, if so."""
        self._held_version = version
        self._load = load
        self._patience = patience
        self._loading = threading.Lock()
        self._patient_until = 0.0
        """Until when it is worth waiting for the thread that loads, on the monotonic clock."""
        self._stamp = self._read_stamp()
        self._classifier = load(store.path(version or store.active()))

    def current(self) -> Classifier:
        """Return the classifier to use now."""
        if self._held_version is None and self._read_stamp() != self._stamp:
            self._follow()
        return self._classifier

    def _follow(self) -> None:
        """Load what the pointer names, or wait while another thread is at it."""
        if not self._loading.acquire(blocking=False):
            left = self._patient_until - time.monotonic()
            if left <= 0 or not self._loading.acquire(timeout=left):
                return
        try:
            self._patient_until = time.monotonic() + self._patience
            stamp = self._read_stamp()
            if stamp == self._stamp:
                return
            try:
                version = self.store.active()
                if version != self._classifier.version:
                    self._classifier = self._load(self.store.path(version))
                    logger.info("model version %s is in use", version)
                self.fault = None
            except Exception as error:  # whatever it is, the version in use still answers
                known = isinstance(error, ArtifactError | OSError)
                self.fault = str(error) if known else f"{type(error).__name__}: {error}"
                logger.error(
                    "staying with model version %s: %s", self._classifier.version, self.fault
                )
            self._stamp = stamp
        finally:
            self._loading.release()

    def _read_stamp(self) -> Stamp:
        try:
            status = self.store.pointer.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size
