"""Database sessions: SQLite that survives a power cut, or PostgreSQL by URL."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

_PATIENCE: Final = 30.0
"""Seconds a writer waits for the others."""
_TURN: Final = "qulaq has the turn"


class Sessions:
    """Hands out one session per transaction; the `with` block is the transaction.

    The transaction itself begins with the first statement, so work done before
    it (a classification) keeps nobody waiting.
    """

    def __init__(self, url: str, *, connections: int = 20) -> None:
        self.engine = _engine(url, connections)
        self._reading = sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self._writing = sessionmaker(
            self.engine.execution_options(writing=True), expire_on_commit=False
        )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for reading; whatever was changed in it is rolled back."""
        with self._reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that is committed at the end of the block, or rolled back on error."""
        with self._writing() as session:
            yield session
            session.commit()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _engine(url: str, connections: int) -> Engine:
    """Return an engine whose errors never repeat the values (that is: texts) of a statement."""
    parsed = make_url(url)
    try:
        parsed.get_dialect().import_dbapi()
    except ModuleNotFoundError as error:
        raise ArgumentError(f"the package '{error.name}' is needed and not installed") from error
    options: dict[str, Any] = {
        "hide_parameters": True,
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        "pool_size": connections,
        "max_overflow": 0,
    }
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ArgumentError("SQLite needs a file: every worker thread has its own connection")
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": _PATIENCE}, **options)
        event.listen(engine, "connect", _Preparation(Path(f"{parsed.database}.lock")).prepare)
        turns = _Turns()
        event.listen(engine, "begin", turns.begin)
        event.listen(engine, "checkin", turns.end)
        return engine
    return create_engine(parsed, pool_pre_ping=True, **options)


class _Preparation:
    """Makes fresh SQLite connections durable and strict, one at a time.

    Turning a new database to WAL needs it alone, and SQLite gives up at once
    where two try; whoever comes second finds it turned.
    """

    def __init__(self, lock: Path) -> None:
        self._lock = lock

    def prepare(self, connection: Any, _record: object) -> None:
        """Set up a connection that was just opened."""
        connection.isolation_level = None  # else the driver begins transactions when it pleases
        with self._lock.open("a") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")


class _Turns:
    """Lets the writers of one process take turns.

    SQLite has one writer at a time and lets others ask again and again, at ever
    longer intervals; under load some would ask for seconds. Between processes
    it stays at that.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def begin(self, connection: Connection) -> None:
        """Begin; a writer locks at once, since SQLite never lets a reader become one later."""
        if not connection.get_execution_options().get("writing", False):
            connection.exec_driver_sql("BEGIN")
            return
        if self._turn.acquire(timeout=_PATIENCE):
            connection.info[_TURN] = True
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            self._release(connection.info)
            raise

    def end(self, _connection: Any, record: Any) -> None:
        """Give the next one its turn: the transaction is over, its connection back in the pool."""
        self._release(record.info)

    def _release(self, info: dict[str, Any]) -> None:
        if info.pop(_TURN, False):
            self._turn.release()
