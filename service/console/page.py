"""Turning a page's data into HTML: one Jinja environment that escapes everything."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import fastapi_offline
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.labels import REPLY_LANGUAGES
from service.console.links import ROOT, web_link
from service.console.marks import excerpt, without_direction
from service.console.messages import OWN_NAMES
from service.console.visitor import Visitor

PAGES: Final = Path(__file__).with_name("pages")
STATIC: Final = Path(__file__).with_name("static")
FOLDERS: Final = {
    "static": STATIC,
    "swagger-ui": Path(fastapi_offline.__file__).with_name("static"),
}
"""Under which name of the console which folder of files is served."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the environment of all pages; a name that a page misspells is an error."""
    made = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["excerpt"] = excerpt
    made.filters["plain"] = without_direction
    made.filters["web_link"] = web_link
    made.globals.update(
        root=ROOT, asset=asset, own_names=OWN_NAMES, reply_languages=REPLY_LANGUAGES
    )
    return made


@lru_cache(maxsize=32)
def asset(name: str, folder: str = "static") -> str:
    """Return the address of a static file; it changes with the content, so it can be cached."""
    content = (FOLDERS[folder] / name).read_bytes()
    return f"{ROOT}/{folder}/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def render(
    request: Request, visitor: Visitor, page: str, /, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Return the page in the file `page` for `visitor`, in their language."""
    messages = visitor.messages
    taxonomy = request.app.state.house.taxonomy

    def label(head: str, code: str) -> str:
        """Return what a label code is called; one that a later version knew stays as it is."""
        try:
            return str(taxonomy.name(head, code, messages.language))
        except KeyError:
            return code

    def said(prefix: str, code: str) -> str:
        """Return the message for a code that comes from another part, else the code."""
        return messages.text(prefix, code) if messages.has(prefix, code) else code

    template = environment().get_template(page)
    html = template.render(
        t=messages.text,
        n=messages.count,
        said=said,
        number=messages.number,
        percent=messages.percent,
        label=label,
        lang=messages.language,
        visitor=visitor,
        here=_here(request),
        **values,
    )
    return HTMLResponse(html, status_code=status)


def _here(request: Request) -> str:
    """Return the address of this page, for coming back to it; only of one that was asked for."""
    if request.method != "GET":
        return f"{ROOT}/"
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
