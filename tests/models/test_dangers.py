"""Dangers: what raises urgency, and the traps that must not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.danger_rules import Words, load_rules
from models.dangers import RULES_FILE, find_danger

CASES = tomllib.loads(Path(__file__).with_name("danger_cases.toml").read_text(encoding="utf-8"))
FOUND = [(text, rule) for rule, texts in CASES["dangers"].items() for text in texts]
TRAPS = [text for texts in CASES["traps"].values() for text in texts]


@pytest.mark.parametrize(("text", "rule"), FOUND)
def test_danger_is_found(text: str, rule: str) -> None:
    danger = find_danger(text)
    assert danger is not None
    assert danger.rule == rule
    assert 0 <= danger.start < danger.end <= len(text)


@pytest.mark.parametrize("text", ["", "🔥🔥🔥", *TRAPS])
def test_no_danger_in(text: str) -> None:
    assert find_danger(text) is None


def test_every_rule_has_a_case() -> None:
    assert {rule.name for rule in load_rules().rules} <= set(CASES["dangers"])


def test_the_most_urgent_danger_is_named() -> None:
    danger = find_danger("собаки покусали школьника, а рядом в подвале запах газа")
    assert danger is not None
    assert (danger.rule, danger.urgency) == ("gas-smell", "critical")


def test_over_but_back_again() -> None:
    assert find_danger("запах газа в подъезде устранили") is None
    assert find_danger("запах газа в подъезде устранили, и опять пахнет") is not None


def test_the_stretch_is_the_text_as_sent() -> None:
    text = "ҚАУІПТІ: İШТЕ ГАЗ ИІСІ БАР"
    danger = find_danger(text)
    assert danger is not None
    assert text[danger.start : danger.end] == "ГАЗ ИІСІ"


@given(st.text(max_size=300))
def test_any_text_is_bearable(text: str) -> None:
    danger = find_danger(text)
    assert danger is None or 0 <= danger.start < danger.end <= len(text)


@given(st.lists(st.sampled_from(("газ", "иісі", "люк", "люк’ашық", "gaz", "жоқ", "İ", ".", "?"))))
def test_any_row_of_danger_words_is_bearable(words: list[str]) -> None:
    text = " ".join(words)
    danger = find_danger(text)
    assert danger is None or 0 <= danger.start < danger.end <= len(text)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('urgency = "critical"', 'urgency = "low"', "must raise urgency"),
        ("@child", "@nobody", "no list"),
        ('"люк ', '"лю* люк ', "too short"),
    ],
)
def test_faulty_rules_are_refused(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = RULES_FILE.read_text(encoding="utf-8").replace('"лук люк ', '"люк лук ')
    path = tmp_path / "dangers.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=fault):
        load_rules(path)


def test_words_and_stems() -> None:
    words = Words("люк крышк*")
    assert "люк" in words
    assert "крышками" in words
    assert "люков" not in words
