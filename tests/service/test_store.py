"""The database: durable, strict, and exactly as the tables say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, text
from sqlalchemy.exc import ArgumentError, IntegrityError, StatementError

from service.settings import Settings
from service.store import Sessions, upgrade
from service.store.tables import ApiKey, Opinion, Table, User
from service.store.upgrade import MIGRATIONS, revision

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'folder' / 'qulaq.db'}"


def key(name: str, **columns: object) -> ApiKey:
    return ApiKey(
        **{"name": name, "digest": name, "scopes": ["admin"], "created_at": NOW, **columns}
    )


def test_migrations_make_the_tables(url: str) -> None:
    sessions = Sessions(url)
    upgrade(sessions)
    with sessions.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    sessions.close()


def test_moderators_of_an_older_version_may_look_after_claims(url: str) -> None:
    sessions = Sessions(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    users = {"aigul": ["classify", "review"], "robot": ["classify"], "admin": ["admin", "review"]}
    with sessions.engine.execution_options(writing=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for name, scopes in users.items():
            connection.execute(
                insert(User).values(
                    name=name, password_hash="-", scopes=scopes, language="kk", created_at=NOW
                )
            )
    upgrade(sessions)
    added = ["claims:read", "claims:write"]
    with sessions.reading() as session:
        found = {user.name: user.scopes for user in session.query(User)}
    assert found == {
        name: [*scopes, *added] if "review" in scopes else scopes for name, scopes in users.items()
    }
    sessions.close()


def test_upgrading_twice_and_at_once(url: str) -> None:
    services = [Sessions(url) for _ in range(12)]
    together = Barrier(12)

    def start(sessions: Sessions) -> str:
        together.wait()  # a new file is turned to WAL while eleven others want the same
        return upgrade(sessions)

    with ThreadPoolExecutor(12) as pool:
        found = set(pool.map(start, services))
    assert found == {revision(services[0].engine)}
    for sessions in services:
        sessions.close()


def test_sqlite_is_durable_and_strict(url: str) -> None:
    sessions = Sessions(url)
    upgrade(sessions)
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with sessions.reading() as session:
        found = {name: session.scalar(text(f"PRAGMA {name}")) for name in expected}
    assert found == expected
    orphan = Opinion(
        comment_id=99, model_version="m", taxonomy_version="t", analysis={}, created_at=NOW
    )
    with pytest.raises(IntegrityError), sessions.writing() as session:
        session.add(orphan)
    sessions.close()


def test_reading_writes_nothing_and_an_error_takes_all_back(url: str) -> None:
    sessions = Sessions(url)
    upgrade(sessions)
    with sessions.reading() as session:
        session.add(key("read"))
        session.flush()
    with pytest.raises(IntegrityError), sessions.writing() as session:
        session.add_all([key("lost"), key("lost too", digest="lost")])
    with sessions.writing() as session:
        session.add(key("kept"))
    with sessions.reading() as session:
        assert [found.name for found in session.query(ApiKey)] == ["kept"]
    sessions.close()


def test_errors_do_not_repeat_values(url: str) -> None:
    sessions = Sessions(url)
    upgrade(sessions)
    with pytest.raises(IntegrityError) as caught, sessions.writing() as session:
        session.add_all([key("жылу жоқ"), key("жылу жоқ")])
    assert "жылу" not in str(caught.value)
    sessions.close()


def test_moments_keep_their_zone(url: str) -> None:
    sessions = Sessions(url)
    upgrade(sessions)
    local = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=5)))
    with sessions.writing() as session:
        session.add(key("local", created_at=local))
    with sessions.reading() as session:
        found = session.query(ApiKey).one().created_at
    assert found == local
    assert found.tzinfo is UTC
    with pytest.raises(StatementError), sessions.writing() as session:
        session.add(key("naive", created_at=NOW.replace(tzinfo=None)))
    sessions.close()


def test_many_writers_wait_for_each_other(url: str) -> None:
    sessions = Sessions(url)
    upgrade(sessions)

    def write(number: int) -> None:
        with sessions.writing() as session:
            session.scalar(text("SELECT count(*) FROM api_keys"))
            session.add(key(str(number)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with sessions.reading() as session:
        assert session.query(ApiKey).count() == 40
    sessions.close()


@pytest.mark.parametrize("memory", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_that_every_thread_would_have_its_own_of(memory: str) -> None:
    with pytest.raises(ArgumentError, match="needs a file"):
        Sessions(memory)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (None, "sqlite:///here/qulaq.db"),
        ("sqlite:////data/q.db", "sqlite:////data/q.db"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
    ],
)
def test_database_urls(given: str | None, used: str) -> None:
    assert Settings(_env_file=None, data_dir=Path("here"), database_url=given).database == used
