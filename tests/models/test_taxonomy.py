"""The taxonomy: complete in three languages, and refused when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.labels import HEADS, REPLY_LANGUAGES, reply_language
from models.taxonomy import TAXONOMY_FILE, TaxonomyError, load_taxonomy


def test_every_topic_has_names_and_a_body_in_every_language() -> None:
    taxonomy = load_taxonomy()
    assert tuple(taxonomy.topics) == HEADS["topic"]
    for topic in taxonomy.topics.values():
        assert all(topic.names[language] for language in REPLY_LANGUAGES)
        assert all(topic.department[language] for language in REPLY_LANGUAGES)
    assert taxonomy.minutes == {"critical": 30, "high": 240, "normal": 1440, "low": 4320}
    assert taxonomy.name("topic", "heating", "ru") == "Отопление, горячая вода, газ"
    assert taxonomy.name("urgency", "low", "en") == "Low"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[topics.water]", "[topics.vodka]", "topics: 'water' is missing"),
        ('kk = "Жол"', 'kk = ""', "topics.roads: no name in 'kk'"),
        ("high = 240", 'high = "soon"', "minutes: no whole number for urgency 'high'"),
        ('department = "health"', 'department = "magic"', "departments: 'magic' is missing"),
    ],
)
def test_a_gap_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "taxonomy.toml"
    path.write_text(TAXONOMY_FILE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(TaxonomyError, match=message):
        load_taxonomy(path)


@pytest.mark.parametrize(
    ("form", "language"),
    [
        ("kk-Cyrl", "kk"),
        ("kk-Latn", "kk"),
        ("mixed", "kk"),
        ("other", "kk"),
        ("ru", "ru"),
        ("en", "en"),
    ],
)
def test_language_of_the_reply(form: str, language: str) -> None:
    assert reply_language(form) == language
