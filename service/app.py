"""Where the service is put together: `uvicorn --factory service.app:create_app`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError

from models import Classifier, load_taxonomy
from models.claims.examples import load_examples
from models.claims.index import ClaimIndex
from service.accounts import bootstrap
from service.alerts import keep_alerting
from service.api import routes
from service.api.guard import Guard
from service.claim_registry import enter_examples
from service.claims import LiveClaims
from service.compare_again import keep_comparing
from service.console import site
from service.console.links import ROOT
from service.house import House, utc_now
from service.live_model import LiveModel
from service.metrics import Metrics
from service.model_choice import open_store
from service.read_ahead import keep_reading
from service.replies import Catalogue
from service.settings import Settings
from service.store import Sessions, upgrade
from service.templates import LiveCatalogue

logger: Final = logging.getLogger(__name__)

PROGRAM: Final = "qulaq"
"""Who has entered the examples."""


def create_app(settings: Settings | None = None, *, live_model: LiveModel | None = None) -> FastAPI:
    """Return the whole service, with its database at the newest schema.

    `settings` come from the environment where none are given. Raise `ArtifactError`
    when there is no model that can be loaded.
    """
    house = open_house(settings or Settings(), live_model)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        tasks = [
            asyncio.create_task(keep_alerting(house, stop)),
            asyncio.create_task(keep_comparing(house, stop)),
            asyncio.create_task(keep_reading(house, stop)),
        ]
        yield
        stop.set()
        await asyncio.gather(*tasks)
        house.sessions.close()

    app = FastAPI(
        title="Qulaq",
        version=_version(),
        lifespan=lifespan,
        redirect_slashes=False,
        openapi_url=None,  # neither the document nor a page about it is open to everybody
    )
    app.state.house = house
    app.add_middleware(Guard, metrics=house.metrics, body_limit=house.settings.body_limit)
    routes.install(app)
    app.include_router(site.entrance)
    app.mount(ROOT, site.build_console(house, app.openapi))
    return app


def open_house(settings: Settings, live_model: LiveModel | None = None) -> House:
    """Open the store and the model and return what the use cases need."""
    sessions = Sessions(settings.database, connections=settings.database_connections)
    upgrade(sessions)
    try:
        with sessions.writing() as session:
            bootstrap(session, settings, utc_now(), invent=False)
    except IntegrityError:
        logger.info("another worker made the first key and user")
    claims = LiveClaims(ClaimIndex(today=lambda: house.today()))  # noqa: PLW0108 - built below
    if settings.example_claims:
        with sessions.writing() as session:
            enter_examples(session, load_examples(), PROGRAM, utc_now())
    with sessions.reading() as session:
        claims.current(session)  # here, or the first comment would wait for it
    house = House(
        settings=settings,
        sessions=sessions,
        live_model=live_model
        or LiveModel(
            open_store(settings),
            version=settings.model,
            load=partial(Classifier.load, encoder=settings.tier != "fast"),
        ),
        taxonomy=load_taxonomy(),
        catalogue=LiveCatalogue(Catalogue.shipped()).current,
        claims=claims,
        metrics=Metrics(),
    )
    return house


def _version() -> str:
    try:
        return version("qulaq")
    except PackageNotFoundError:
        return "0"
