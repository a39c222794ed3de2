"""`qulaq claims` and `qulaq classify --claims`: what is faulty is named, the rest is used."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.claims.read import read_claims
from service import cli

Run = Callable[..., tuple[int, str, str]]
CLAIM = {
    "claim_id": "tap",
    "claim": {"ru": "Воду из крана отравили хлоркой"},
    "verdict": "false",
    "refutation": {"ru": "Пробы воды в норме."},
    "url": "https://astana.gov.kz/voda",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run one command in an empty installation; return (status, output, errors)."""
    monkeypatch.setenv("QULAQ_DATA_DIR", str(tmp_path / "data"))

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["qulaq", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        written = capfd.readouterr()
        return int(ended.value.code or 0), written.out, written.err

    return command


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    """A claims file of three lines, the second of them broken."""
    path = tmp_path / "claims.jsonl"
    lines = [CLAIM, {**CLAIM, "claim_id": "b", "url": "javascript:x"}, {**CLAIM, "claim_id": "c"}]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def test_claims_come_in_and_go_out(run: Run, claims: Path, tmp_path: Path) -> None:
    status, said, faults = run("claims", "import", claims)
    assert (status, said) == (1, "claims added: 2\n")
    assert faults.startswith("line 2: url must begin with")
    assert run("claims", "import", claims)[1] == "claims known: 2\n"
    out = tmp_path / "out.jsonl"
    assert run("claims", "export", "--out", out)[0] == 0
    found, broken = read_claims(out)
    assert [claim.claim_id for claim in found] == ["tap", "c"]
    assert broken == []
    assert run("claims", "export")[1] == out.read_text(encoding="utf-8")
    out.write_text(json.dumps({**CLAIM, "verdict": "scam"}), encoding="utf-8")
    status, said, faults = run("claims", "import", out)
    assert (status, said, faults) == (1, "", "tap: is known with other content\n")
    assert run("claims", "import", out, "--replace")[:2] == (0, "claims changed: 1\n")


def test_of_very_many_faults_the_first_are_shown(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("claim_ru,verdict\n" + ",ложь\n" * 70, encoding="utf-8")
    status, _, faults = run("claims", "import", path)
    assert status == 1
    assert faults.splitlines()[-1] == "… and 20 more faults"


def test_a_column_nobody_knows_is_named_but_no_fault(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("claim_ru,verdict,note\nЛёд,ложь,x\n", encoding="utf-8")
    status, said, named = run("claims", "import", path)
    assert (status, said) == (0, "claims added: 1\n")
    assert named == "row 1: column 'note' is unknown and was left out\n"


def test_claims_are_looked_for_in_one_run(run: Run, claims: Path, tmp_path: Path) -> None:
    comments = tmp_path / "comments.csv"
    comments.write_text(
        "id,text\n1,Соседи! Воду из крана отравили хлоркой! Не пейте и перешлите всем знакомым\n"
        "2,Рахмет сіздерге\n",
        encoding="utf-8",
    )
    arguments: list[Any] = ["classify", comments, "--workers", 1, "--replies"]
    status, out, faults = run(*arguments, "--claims", claims)
    assert status == 0
    assert faults.startswith("line 2: url must begin with")
    first, second = map(json.loads, out.splitlines())
    assert first["misinformation"]["reasons"][0]["claim_id"] in {"tap", "c"}
    assert first["misinformation"]["flag"] != "none"
    assert first["replies"][0]["template_id"] == "claim-refuted"
    assert "https://astana.gov.kz/voda" in first["replies"][0]["text"]
    assert second["misinformation"]["flag"] == "none"
    without = json.loads(run(*arguments)[1].splitlines()[0])
    assert "claim_match" not in [one["kind"] for one in without["misinformation"]["reasons"]]
