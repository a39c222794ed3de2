"""The known claims that comments are compared with: follows the registry, whoever changes it."""

from __future__ import annotations

import threading

from sqlalchemy.orm import Session

from models.claims.claim import Claim
from models.claims.index import ClaimIndex
from service.claim_registry import changed_since, version


class LiveClaims:
    """Hands out the index as the registry stands, taking in what other processes changed.

    Asking costs one row. One thread takes changes in, the others wait for it, so that
    whoever asks after a change is answered with it.
    """

    def __init__(self, index: ClaimIndex) -> None:
        self._index = index
        self._seen = 0
        self._following = threading.Lock()

    def current(self, session: Session) -> ClaimIndex:
        """Return the index with everything that `session` sees."""
        if version(session) > self._seen:
            with self._following:
                self._follow(session)
        return self._index

    @property
    def seen(self) -> int:
        """The version of the registry that the index is not behind."""
        return self._seen

    def get(self, claim_id: str) -> Claim | None:
        """Return a claim by its id, as of the last look at the registry."""
        return self._index.get(claim_id)

    def _follow(self, session: Session) -> None:
        newest = version(session)
        if newest <= self._seen:
            return
        changed = changed_since(session, self._seen)
        self._index.remove(one.claim.claim_id for one in changed if one.deleted_at is not None)
        self._index.put(one.claim for one in changed if one.deleted_at is None)
        self._seen = newest
