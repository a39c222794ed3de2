"""Around every request: a limit for its body, a count of it, and a net under it."""

from __future__ import annotations

import logging
import time
import traceback
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem_response
from service.errors import Problem
from service.metrics import Metrics

logger: Final = logging.getLogger(__name__)


class Guard:
    """ASGI middleware; the outermost one, so that nothing escapes it.

    An error nobody foresaw is logged by its type and place alone: its message
    may repeat a comment.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, body_limit: int) -> None:
        self.app = app
        self._metrics = metrics
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens behind."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500
        answered = False

        async def watched_send(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], True
            await send(message)

        try:
            await self.app(scope, self._limited(scope, receive), watched_send)
        except ClientDisconnect:
            status = 499  # nobody is left to answer
        except Exception as error:
            log_unexpected(error)
            if answered:
                raise ConnectionError("the answer broke off") from None
            problem = Problem("internal-error", "the service failed; the error is in its log")
            await problem_response(problem)(scope, receive, watched_send)
        finally:
            self._count(scope, status, time.perf_counter() - started)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Return `receive` with an end to its patience: a body may come without its length.

        The rest of a body that is too large is read and dropped (up to the limit once
        more), since a client that is still sending would not see the answer.
        """
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        refused = len(declared) > 15 or (declared.isdigit() and int(declared) > self._body_limit)
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if not refused and seen <= self._body_limit:
                return message
            while message.get("more_body") and seen < 2 * self._body_limit:
                message = await receive()
                seen += len(message.get("body", b""))
            # FastAPI lets this kind of exception alone pass wherever it reads a body.
            raise HTTPException(413, f"the limit for a body is {self._body_limit:,} bytes")

        return limited

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        """Count the request under its route, not its path: ids would make endless series."""
        route = getattr(scope.get("route"), "path", "unknown")
        method = scope["method"] if route != "unknown" else "unknown"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(method, route).observe(seconds)


def log_unexpected(error: Exception) -> None:
    """Log where an error happened, without the values it happened with."""
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("unexpected %s\n%s", type(error).__name__, place)
