"""Topics, the body that answers for each, and how soon: the words of `taxonomy.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.labels import FLAGS, HEADS, LABEL_HEADS, REPLY_LANGUAGES, URGENCIES

TAXONOMY_FILE = Path(__file__).with_name("taxonomy.toml")
Names = Mapping[str, str]
"""A name in every reply language: {"kk": …, "ru": …, "en": …}."""


class TaxonomyError(ValueError):
    """The taxonomy file lacks a code or a name; the message says which."""


@dataclass(frozen=True)
class Topic:
    """One topic: its names and the department that answers for it, in every reply language."""

    names: Names
    department_code: str
    department: Names


@dataclass(frozen=True)
class Taxonomy:
    """Everything a label code stands for."""

    version: str
    topics: Mapping[str, Topic]
    minutes: Mapping[str, int]
    """Answer within so many minutes, by urgency."""
    names: Mapping[str, Mapping[str, Names]]
    """Names of the codes of the other heads: names["urgency"]["high"]["kk"]."""

    def name(self, head: str, code: str, language: str) -> str:
        """Return what `code` of `head` is called in `language` (kk, ru or en)."""
        if head == "topic":
            return self.topics[code].names[language]
        return self.names[head][code][language]


def load_taxonomy(path: Path = TAXONOMY_FILE) -> Taxonomy:
    """Read the taxonomy; raise `TaxonomyError` naming any code or language that is missing."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    named = {head: HEADS[head] for head in LABEL_HEADS if head != "topic"} | {"flag": FLAGS}
    for head, codes in named.items():
        _require(raw["names"].get(head, {}), codes, f"names.{head}")
    _require(raw["topics"], HEADS["topic"], "topics")
    for urgency in URGENCIES:
        if not isinstance(raw["minutes"].get(urgency), int):
            raise TaxonomyError(f"minutes: no whole number for urgency '{urgency}'")
    departments = raw["departments"]
    _require(
        departments, tuple(topic["department"] for topic in raw["topics"].values()), "departments"
    )
    topics = {
        code: Topic(
            names={language: entry[language] for language in REPLY_LANGUAGES},
            department_code=entry["department"],
            department=departments[entry["department"]],
        )
        for code, entry in raw["topics"].items()
    }
    return Taxonomy(raw["version"], topics, raw["minutes"], raw["names"])


def _require(entries: Mapping[str, Names], codes: tuple[str, ...], where: str) -> None:
    """Raise unless `entries` names every one of `codes` in every reply language."""
    for code in codes:
        if code not in entries:
            raise TaxonomyError(f"{where}: '{code}' is missing")
        for language in REPLY_LANGUAGES:
            if not entries[code].get(language):
                raise TaxonomyError(f"{where}.{code}: no name in '{language}'")
