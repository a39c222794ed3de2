"""Headers that keep a browser from doing with our pages what we never asked it to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.guard import log_unexpected

FAILURE: Final = """<!doctype html>
<html lang="kk"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Qulaq</title><link rel="stylesheet" href="/console/static/console.css">
<main><div class="empty"><h1>Қателік шықты</h1><p>Сәл күтіп, бетті қайта ашып көріңізші.</p>
<p lang="ru">Произошла ошибка. Подождите немного и откройте страницу снова.</p>
<p lang="en">Something went wrong. Please wait a moment and open the page again.</p></div></main>
"""
"""In all languages and without anything that could fail once more."""

_SOURCES: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def _policy(sources: Mapping[str, str]) -> str:
    return "; ".join(f"{kind} {allowed}" for kind, allowed in sources.items())


POLICY_HEADER: Final = "content-security-policy"
LIVE_POLICY: Final = _policy(_SOURCES | {"connect-src": "'self'"})
"""For pages that fetch themselves anew, to count while one looks."""
INTERFACE_POLICY: Final = _policy(_SOURCES | {"connect-src": "'self'", "img-src": "'self' data:"})
"""For the one page that fetches something, and whose style sheet brings its icons along."""
HEADERS: Final = {
    POLICY_HEADER: _policy(_SOURCES),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Protection:
    """ASGI middleware around the whole console; pages are not kept by any cache."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers of this module, and with a page where everything failed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        answered = False

        async def protected(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self.app(scope, receive, protected)
        except ClientDisconnect:
            raise
        except Exception as error:
            if answered:
                raise
            log_unexpected(error)
            await HTMLResponse(FAILURE, status_code=500)(scope, receive, protected)


class Assets(StaticFiles):
    """Static files; their addresses carry a hash of the content, so browsers keep them."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        """Return the file, to be kept for a year."""
        response = super().file_response(*args, **options)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
