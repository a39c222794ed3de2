"""What surrounds every request: clients that hang up, answers that break off, endless bodies."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.guard import Guard
from service.metrics import Metrics

SCOPE: Scope = {"type": "http", "method": "POST", "path": "/x", "headers": []}


def ask(app: ASGIApp, incoming: list[Message], *, limit: int = 10) -> list[Message]:
    """Send one request through the guard and return what it sent, then what was left unread."""
    sent: list[Message] = []

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    guard = Guard(app, metrics=Metrics(), body_limit=limit)
    asyncio.run(guard(dict(SCOPE), receive, send))
    return sent


def part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def read_all(_scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    ("sizes", "status"), [([10], 200), ([5, 5], 200), ([11], 500), ([5, 5, 1], 500)]
)
def test_a_body_has_an_end(sizes: list[int], status: int) -> None:
    parts = [part(b"x" * size, more=True) for size in sizes] + [part(b"", more=False)]
    # Without the application around it nobody turns the 413 into an answer.
    assert ask(read_all, parts)[0]["status"] == status


def test_the_rest_of_a_large_body_is_dropped_up_to_a_point() -> None:
    parts = [part(b"x" * 5, more=True) for _ in range(100)]
    ask(read_all, parts)
    assert len(parts) == 96


def test_nobody_left_to_answer(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()

    assert ask(app, [part(b"x", more=True), {"type": "http.disconnect"}]) == []
    assert caplog.text == ""


def test_an_answer_that_breaks_off(caplog: pytest.LogCaptureFixture) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    with pytest.raises(ConnectionError) as caught:
        ask(app, [])
    assert caught.value.__suppress_context__
    assert "RuntimeError" in caplog.text


def test_what_is_no_request_passes() -> None:
    seen: list[Any] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    guard = Guard(app, metrics=Metrics(), body_limit=1)
    asyncio.run(guard({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]
