"""Keys, passwords and sessions: who gets in, and how often one may try."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from service import accounts, auth
from service.app import create_app
from service.errors import Problem
from service.house import House
from service.live_model import LiveModel
from service.principal import SCOPES
from service.settings import Settings
from service.store import Sessions, upgrade
from service.store.log_in_tables import LogIn, LogInAttempt
from service.store.tables import ApiKey, User

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
KEY = "a-key-of-the-tests-with-every-scope"
PASSWORD = "a password of the tests"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Sessions]:
    sessions = Sessions(f"sqlite:///{tmp_path / 'empty.db'}")
    upgrade(sessions)
    yield sessions
    sessions.close()


def log_in(house: House, name: str, password: str, now: datetime = NOW, address: str = "a") -> str:
    with house.sessions.writing() as session:
        return auth.log_in(session, house.settings, name, password, now, address=address)


def refusal(house: House, *args: Any, **more: Any) -> str:
    with pytest.raises(Problem) as caught:
        log_in(house, *args, **more)
    return caught.value.code


def test_only_hashes_are_kept(house: House) -> None:
    token = log_in(house, "admin", PASSWORD)
    with house.sessions.reading() as session:
        key = session.scalars(select(ApiKey)).one()
        user = session.scalars(select(User)).one()
        kept = session.scalars(select(LogIn)).one()
    assert KEY not in repr(vars(key))
    assert len(key.digest) == 64
    assert user.password_hash.startswith("$argon2id$")
    assert token not in repr(vars(kept))
    database = house.settings.data_dir / "qulaq.db"
    whole = b"".join(path.read_bytes() for path in database.parent.glob("qulaq.db*"))
    for secret in (KEY, PASSWORD, token):
        assert secret.encode() not in whole


@pytest.mark.parametrize(
    ("scope", "request_line", "body"),
    [
        ("classify", "POST /v1/classify", {"text": "люк"}),
        ("classify", "POST /v1/classify/batch", {"items": [{"text": "люк"}]}),
        ("comments:write", "POST /v1/comments", {"text": "люк", "external_id": "1"}),
        ("comments:write", "POST /v1/comments/batch", {"items": [{"text": "люк"}]}),
        ("comments:read", "GET /v1/comments/1", None),
        ("comments:read", "GET /v1/queue", None),
        ("comments:read", "GET /v1/stats", None),
        ("review", "POST /v1/comments/1/claim", None),
        ("review", "POST /v1/comments/1/review", {"decision": "reject"}),
        ("templates:read", "GET /v1/templates", None),
        ("templates:write", "PUT /v1/templates", {"items": [{}]}),
        ("annotations:read", "GET /v1/annotations", None),
        ("models:read", "GET /v1/models", None),
        ("models:write", "POST /v1/models/none/activate", None),
    ],
)
def test_every_endpoint_asks_for_its_scope(
    api: TestClient, house: House, scope: str, request_line: str, body: Any
) -> None:
    others = [other for other in SCOPES if other not in {scope, "admin"}]
    with house.sessions.writing() as session:
        right = accounts.create_key(session, "right", [scope], NOW)
        wrong = accounts.create_key(session, "wrong", others, NOW)
        admin = accounts.create_key(session, "admin", ["admin"], NOW)

    def ask(key: str | None) -> Any:
        header = {"Authorization": f"Bearer {key}" if key else ""}
        return api.request(*request_line.split(), json=body, headers=header)

    assert ask(None).status_code == 401
    refused = ask(wrong)
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/scope-missing"
    assert f'scope="{scope}"' in refused.headers["www-authenticate"]
    assert ask(right).status_code not in {401, 403}
    assert ask(admin).status_code not in {401, 403}


def test_nothing_but_health_is_open(api: TestClient) -> None:
    document = api.get("/openapi.json").json()
    open_paths = set()
    for path, operations in document["paths"].items():
        for method in operations:
            url = path.replace("{comment_id}", "1").replace("{version}", "x")
            answer = api.request(method, url, headers={"Authorization": ""})
            if answer.status_code != 401:
                open_paths.add(path)
    assert open_paths == {"/health/live", "/health/ready"}


def test_the_document_is_for_any_valid_key(api: TestClient, house: House) -> None:
    with house.sessions.writing() as session:
        narrow = accounts.create_key(session, "narrow", ["models:read"], NOW)
    for header, code in (("", "key-missing"), ("Bearer no", "key-invalid")):
        answer = api.get("/openapi.json", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.json()["type"] == f"/problems/{code}"
    answer = api.get("/openapi.json", headers={"Authorization": f"Bearer {narrow}"})
    assert "/v1/classify" in answer.json()["paths"]


def test_a_key_is_checked_before_the_body_is_read(api: TestClient) -> None:
    def never() -> Any:
        raise AssertionError("the body was read")
        yield b""

    answer = api.post("/v1/classify", content=never(), headers={"Authorization": "Bearer no"})
    assert answer.status_code == 401


def test_a_revoked_key_is_no_key(api: TestClient, house: House) -> None:
    assert api.get("/v1/queue").status_code == 200
    with house.sessions.writing() as session:
        accounts.revoke_key(session, accounts.FIRST_KEY, NOW)
    assert api.get("/v1/queue").status_code == 401


def test_a_session_from_log_in_to_log_out(house: House) -> None:
    token = log_in(house, "admin", PASSWORD)
    late = NOW + timedelta(hours=house.settings.session_hours)
    with house.sessions.writing() as session:
        principal = auth.session_principal(session, token, NOW)
        assert principal is not None
        assert (principal.name, principal.kind, principal.actor) == ("admin", "user", "admin")
        assert principal.may("review")
        assert auth.session_principal(session, token, late) is None
        assert auth.session_principal(session, "other", NOW) is None
        assert auth.session_principal(session, "\udcff", NOW) is None
        auth.log_out(session, token)
        assert auth.session_principal(session, token, NOW) is None


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("admin", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("admin", "\ud800"),
        ("adm\x00in", PASSWORD),
        ("\ud800", PASSWORD),
        ("x" * 100_000, PASSWORD),
        ("admin", "x" * 1_000_000),
    ],
)
def test_wrong_log_ins_all_sound_the_same(house: House, name: str, password: str) -> None:
    with pytest.raises(Problem) as caught:
        log_in(house, name, password)
    assert caught.value.code == "log-in-failed"
    assert caught.value.detail == "user name or password is wrong"


def test_attempts_of_one_user_from_one_address(house: House) -> None:
    for _ in range(house.settings.log_in_attempts):
        assert refusal(house, "admin", "wrong") == "log-in-failed"
    assert refusal(house, "admin", PASSWORD) == "too-many-attempts"
    assert log_in(house, "admin", PASSWORD, address="another")
    later = NOW + timedelta(minutes=house.settings.log_in_window_minutes)
    assert log_in(house, "admin", PASSWORD, now=later)


def test_attempts_of_one_address_over_many_users(house: House) -> None:
    for number in range(house.settings.log_in_attempts * 4):
        assert refusal(house, f"user{number}", "wrong") == "log-in-failed"
    assert refusal(house, "admin", PASSWORD) == "too-many-attempts"


def test_a_log_in_forgets_the_failures_before_it(house: House) -> None:
    for _ in range(house.settings.log_in_attempts - 1):
        refusal(house, "admin", "wrong")
    log_in(house, "admin", PASSWORD)
    assert refusal(house, "admin", "wrong") == "log-in-failed"
    with house.sessions.reading() as session:
        assert session.scalar(select(func.count()).select_from(LogInAttempt)) == 1


def test_the_wait_is_told(house: House) -> None:
    for _ in range(house.settings.log_in_attempts):
        refusal(house, "admin", "wrong")
    with pytest.raises(Problem) as caught:
        log_in(house, "admin", PASSWORD, now=NOW + timedelta(minutes=5))
    assert caught.value.headers == {"Retry-After": "600"}


def test_the_very_first_start_makes_its_own_secrets(empty: Sessions) -> None:
    bare = Settings(_env_file=None)
    with empty.writing() as session:
        made = accounts.bootstrap(session, bare, NOW, invent=True)
    assert made.key is not None
    assert made.password is not None
    with empty.writing() as session:
        assert accounts.bootstrap(session, bare, NOW, invent=True) == accounts.Credentials()
        assert auth.authenticate_key(session, made.key).may("admin")
        assert auth.log_in(session, bare, "admin", made.password, NOW)


def test_a_short_bootstrap_password_is_taken_with_a_warning(
    empty: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    short = Settings(_env_file=None, bootstrap_password="x" * 7)
    with empty.writing() as session:
        accounts.bootstrap(session, short, NOW, invent=True)
        assert auth.log_in(session, short, "admin", "x" * 7, NOW)
    assert "QULAQ_BOOTSTRAP_PASSWORD is short" in caplog.text
    assert "x" * 7 not in caplog.text


def test_a_worker_invents_nothing(empty: Sessions) -> None:
    with empty.writing() as session:
        bare = Settings(_env_file=None)
        assert accounts.bootstrap(session, bare, NOW, invent=False) == accounts.Credentials()
        assert accounts.list_keys(session) == []


def test_a_new_bootstrap_key_is_added(
    settings: Settings, live_model: LiveModel, house: House
) -> None:
    changed = Settings(
        _env_file=None,
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        bootstrap_key="another-key-of-the-tests",
    )
    for _ in range(2):
        other = create_app(changed, live_model=live_model).state.house
        with other.sessions.reading() as session:
            assert auth.authenticate_key(session, "another-key-of-the-tests").may("admin")
            assert auth.authenticate_key(session, KEY).may("admin")
            assert len(accounts.list_keys(session)) == 2
        other.sessions.close()


@pytest.mark.parametrize("name", ["", " ", "a\x00", "\ud800", "x" * 121, "a\nb"])
def test_names_that_do_not_read_well(house: House, name: str) -> None:
    with house.sessions.writing() as session, pytest.raises(Problem) as caught:
        accounts.create_user(session, name, "a password", NOW)
    assert caught.value.code == "invalid-value"


def test_names_are_taken_once(house: House) -> None:
    with house.sessions.writing() as session:
        accounts.create_user(session, "dana", "a password", NOW, language="ru")
    with house.sessions.writing() as session, pytest.raises(Problem) as user:
        accounts.create_user(session, "dana", "a password", NOW)
    with house.sessions.writing() as session, pytest.raises(Problem) as key:
        accounts.create_key(session, "bootstrap", ["review"], NOW)
    assert user.value.code == key.value.code == "name-taken"


def test_a_moderator_is_no_administrator(house: House) -> None:
    with house.sessions.writing() as session:
        accounts.create_user(session, "dana", "a password", NOW, language="ru")
    token = log_in(house, "dana", "a password")
    with house.sessions.reading() as session:
        principal = auth.session_principal(session, token, NOW)
    assert principal is not None
    assert principal.language == "ru"
    assert principal.may("review")
    assert not principal.may("models:write")
    assert not principal.may("admin")
