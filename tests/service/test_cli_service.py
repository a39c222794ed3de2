"""The commands around the database: what they do, and what they say when they cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from service import auth, cli
from service.accounts import Credentials
from service.cli.serve import _show, serve
from service.house import utc_now
from service.settings import Settings
from service.store import Sessions

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command in an empty installation; return (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("QULAQ_"):
            monkeypatch.delenv(name)

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["qulaq", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        written = capsys.readouterr()
        return int(ended.value.code or 0), written.out, written.err

    return command


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a line on standard input."""

    def line(text: str) -> None:
        monkeypatch.setattr(
            sys, "stdin", SimpleNamespace(isatty=lambda: False, readline=lambda: text)
        )

    return line


def test_keys_from_making_to_revoking(run: Run) -> None:
    status, secret, _ = run("keys", "create", "crm", "--scope", "classify", "-s", "comments:write")
    assert status == 0
    sessions = Sessions(Settings(_env_file=None).database)
    with sessions.reading() as session:
        principal = auth.authenticate_key(session, secret.strip())
    sessions.close()
    assert principal.scopes == {"classify", "comments:write"}
    assert "crm" in run("keys", "list")[1]
    assert run("keys", "create", "crm", "-s", "review")[0] == 1
    assert run("keys", "revoke", "crm")[0] == 0
    assert "revoked" in run("keys", "list")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("keys", "revoke", "nobody"), "no key named 'nobody'"),
        (("keys", "create", "crm", "--scope", "everything"), "scopes are classify"),
        (("annotations", "import", "faulty.jsonl"), "line 1"),
    ],
)
def test_what_goes_wrong_is_a_sentence(run: Run, arguments: tuple[str, ...], words: str) -> None:
    Path("faulty.jsonl").write_text('{"text": "құпия"}\n', encoding="utf-8")
    status, _, errors = run(*arguments)
    assert status == 1
    assert errors.count(words) == 1
    assert "Traceback" not in errors
    assert "құпия" not in errors


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("QULAQ_PORT", "many", "QULAQ_PORT: "),
        ("QULAQ_TEXT_LIMIT", "1000000", "QULAQ_TEXT_LIMIT: "),
        ("QULAQ_DATABASE_URL", "sqlite:////proc/none/q.db", "No such file"),
        ("QULAQ_DATABASE_URL", "sqlite://", "SQLite needs a file"),
        ("QULAQ_DATABASE_URL", "nonsense", "the database cannot be used"),
        ("QULAQ_WEBHOOK_URL", "http://x", "qulaq: QULAQ_WEBHOOK_URL needs QULAQ_WEBHOOK_SECRET"),
        ("QULAQ_WORKERS", "0", "qulaq: QULAQ_WORKERS: should be 1 or more"),
    ],
)
def test_settings_that_cannot_be(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    status, _, errors = run("keys", "list")
    assert status == 1
    assert words in errors
    assert "Traceback" not in errors


def test_a_user_logs_in(run: Run, typed: Callable[[str], None]) -> None:
    typed("a long password\n")
    assert run("users", "create", "dana", "--admin", "--language", "ru")[0] == 0
    settings = Settings(_env_file=None)
    sessions = Sessions(settings.database)
    with sessions.writing() as session:
        token = auth.log_in(session, settings, "dana", "a long password", utc_now())
        principal = auth.session_principal(session, token, utc_now())
    sessions.close()
    assert principal is not None
    assert principal.may("admin")
    assert principal.language == "ru"


def test_a_user_needs_a_password(run: Run, typed: Callable[[str], None]) -> None:
    for password, length in (
        ("", "0 characters"),
        ("x", "1 character;"),
        ("x" * 7, "7 characters"),
    ):
        typed(f"{password}\n")
        status, _, errors = run("users", "create", "dana")
        assert status == 1
        assert f"password has {length}" in errors
        assert "at least 8" in errors
    typed("x" * 8 + "\n")
    assert run("users", "create", "dana")[0] == 0


def test_annotations_in_and_out(run: Run, annotated_row: dict[str, Any]) -> None:
    Path("in.jsonl").write_text(json.dumps(annotated_row) + "\n", encoding="utf-8")
    assert run("annotations", "import", "in.jsonl")[:2] == (0, "1 annotated comments are in\n")
    assert run("annotations", "export", "--out", "out.jsonl")[0] == 0
    assert json.loads(Path("out.jsonl").read_text(encoding="utf-8")) == annotated_row
    assert run("annotations", "export", "--since", "2999-01-01", "--out", "none.jsonl")[0] == 0
    assert Path("none.jsonl").read_bytes() == b""


def test_annotations_that_are_not_utf8(run: Run, annotated_row: dict[str, Any]) -> None:
    line = json.dumps({**annotated_row, "text": "су"}, ensure_ascii=False).encode("cp1251")
    Path("in.jsonl").write_bytes(line + b"\n")
    status, _, errors = run("annotations", "import", "in.jsonl")
    assert status == 1
    assert f"line 1: is not UTF-8 (0xF1 at byte {line.index(0xF1)}); save it as UTF-8" in errors


def test_the_shipped_templates_have_no_faults(run: Run) -> None:
    status, said, _ = run("templates", "check")
    assert status == 0
    assert said.endswith("templates, no faults\n")


def test_a_file_without_templates_is_faulty(run: Run) -> None:
    Path("mine.toml").write_text('[[template]]\nid = "x"\n', encoding="utf-8")
    status, said, errors = run("templates", "check", "mine.toml")
    assert (status, said) == (1, "")
    assert "there is no [[templates]] table" in errors


def test_a_faulty_file_of_templates(run: Run) -> None:
    Path("mine.toml").write_text('[[templates]]\nid = "x"\n', encoding="utf-8")
    status, _, errors = run("templates", "check", "mine.toml")
    assert status == 1
    assert "mine.toml" in errors


def test_the_database_is_upgraded(run: Run) -> None:
    first = run("db", "upgrade")
    assert first == run("db", "upgrade")
    assert first[1].startswith("the database is at revision ")


def test_serve_shows_its_secrets_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "uvicorn.run", lambda app, **options: started.append({"app": app, **options})
    )
    serve(port=8123)
    first = capsys.readouterr().out
    serve(port=8123)
    second = capsys.readouterr().out
    assert "API key:" in first
    assert "Password:" in first
    assert "http://127.0.0.1:8123" in first
    assert second == "Console:      http://127.0.0.1:8123/console\n"
    assert started[0]["factory"] is True
    assert started[0]["access_log"] is False


def test_several_workers_share_their_counters(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uvicorn.run", lambda app, **options: None)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    leftover = Path(".qulaq/metrics/counter_1.db")
    leftover.parent.mkdir(parents=True)
    leftover.touch()
    serve(workers=2)
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(leftover.parent)
    assert not leftover.exists()


def test_secrets_that_were_given_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    _show(Credentials())
    assert capsys.readouterr().out == ""


def test_no_heavy_library_is_imported() -> None:
    program = (
        "import sys, service.cli, service.app; "
        "print([name for name in ('torch', 'sklearn', 'transformers') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root
    )
    assert found.stdout == "[]\n"
