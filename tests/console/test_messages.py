"""The catalogues: the same keys in all languages, and a message for every code there is."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from models.claims.claim import VERDICTS
from models.claims.links import SIGNS
from models.claims.stance import STANCES
from models.dangers import load_rules
from models.labels import FLAGS, HEADS, PLATFORMS, REPLY_LANGUAGES
from service.console.claim_faults import CODES as FAULT_CODES
from service.console.claim_form import FIELDS
from service.console.claims import DONE as CLAIM_DONE
from service.console.claims import STATES
from service.console.comment import REASONS
from service.console.links import FILTERS
from service.console.messages import PLURALS, MessageError, load_messages
from service.console.model import FIGURES
from service.console.page import PAGES
from service.console.queue import DONE
from service.replies import OVERRULABLE, Catalogue
from service.replies.slots import OWN_SLOTS, SLOT_TYPE_NAMES
from service.review import DECISIONS, STATUSES

LANGUAGES = REPLY_LANGUAGES
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.html"))}
_REST = ("not-accepted", "reason-missing")
_KEYS = (
    *("move", "open", "filter", "choose", "own", "edit", "approve", "alike", "send", "reject"),
    *("escalate", "next", "leave", "help"),
)
CODES: dict[str, Iterable[str]] = {
    "nav": ("queue", "incidents", "rumours", "claims", "templates", "model"),
    "status": STATUSES,
    "head": (*HEADS, *[name for name in FILTERS if name != "status"]),
    "flag": FLAGS,
    "platform": PLATFORMS,
    "personal": ("iin", "phone", "card", "email", "iban", "plate"),
    "decision": DECISIONS,
    "done": DONE,
    "reason": REASONS,
    "rule": [rule.name for rule in load_rules().rules],
    "evidence": ("claim_match", "rumour_style", "impersonation", "scam_link", "coordinated"),
    "sign": SIGNS,
    "why": (
        *("danger", "evidence", "topic", "intent", "urgency", "sentiment", "toxicity", "language"),
        *("platform", "flag", "personal-data", "general", "accepted-before"),
    ),
    "fault": (
        *OVERRULABLE,
        *("blank", "unfilled-slot", "too-long", "personal-data", "bad-slot-value"),
        *("template-not-in-force", "names-author"),
    ),
    "verdict": VERDICTS,
    "stance": STANCES,
    "claim_state": STATES,
    "claim_done": CLAIM_DONE,
    "claim_count": ("created", "changed", "unchanged"),
    "claim_field": ("claim", "refutation", "phrasings", *FIELDS),
    "claim_place": ("file", "line", "row", "item", "claim"),
    "claim_fault": FAULT_CODES,
    "slot": {*OWN_SLOTS, *(n for t in Catalogue.shipped().templates.values() for n in t.slots)},
    "slot_rule": SLOT_TYPE_NAMES,
    "model.figure": FIGURES,
    "log_in.fault": ("log-in-failed", "too-many-attempts", "expired"),
    "notice": (
        "already-decided",
        "held-by-another",
        "reply-refused",
        "template-not-found",
        "template-changed",
        *_REST,
    ),
    "keys": (*_KEYS, "show", "title", "on", "close"),
    "month": [str(month) for month in range(1, 13)],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_keys_in_all_languages(language: str) -> None:
    assert set(load_messages(language).catalogue) == set(load_messages("en").catalogue)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_and_every_placeholder(language: str) -> None:
    reference = load_messages("en").catalogue
    for key, value in load_messages(language).catalogue.items():
        if isinstance(value, str):
            assert isinstance(reference[key], str), key
            assert value.strip(), key
            wanted = set(re.findall(r"\{(\w+)", str(reference[key])))
            assert set(re.findall(r"\{(\w+)", value)) == wanted, key
        else:
            assert set(value) == PLURALS[language][1], key
            assert all("{n}" in form for form in value.values()), key


@pytest.mark.parametrize("page", SOURCES)
def test_pages_use_messages_that_exist(page: str) -> None:
    messages = load_messages("kk").catalogue
    for name, key in re.findall(r'\b([tn])\("([\w.-]+)"[,)]', SOURCES[page]):
        known = key in messages and isinstance(messages[key], str) == (name == "t")
        assert known or key in CODES, f"{page}: {key}"
    for prefix in re.findall(r'\bsaid\("([\w.-]+)"', SOURCES[page]):
        assert prefix in {*CODES, "problem"}, f"{page}: {prefix}"


def test_every_message_is_used() -> None:
    everything = "\n".join(SOURCES.values())
    everything += "\n".join(path.read_text(encoding="utf-8") for path in PAGES.parent.glob("*.py"))
    for key in load_messages("en").catalogue:
        prefix, _, last = key.rpartition(".")
        used = f'"{key}"' in everything or f'"{prefix}", "{last}"' in everything
        by_code = f'"{prefix}", ' in everything or prefix in {"time", "problem", "notice"}
        assert used or by_code, key


@pytest.mark.parametrize("prefix", CODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_message(language: str, prefix: str) -> None:
    messages = load_messages(language)
    missing = [code for code in CODES[prefix] if not messages.has(prefix, code)]
    assert not missing


def test_no_words_stand_in_the_pages() -> None:
    for page, source in SOURCES.items():
        page_text = re.sub(r"\{% block body %\}.*?\{% endblock %\}", "", source)
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", page_text, flags=re.DOTALL)
        bare = re.sub(r"<[^>]*>", " ", bare.replace("Qulaq", ""))
        assert not re.search(r"[A-Za-zА-Яа-яӘ-ӿ]{2,}", bare), page


def test_unknown_message_is_an_error() -> None:
    messages = load_messages("ru")
    with pytest.raises(MessageError):
        messages.text("queue.nothing-like-this")
    with pytest.raises(MessageError):
        messages.count("queue.title", 2)


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("kk", 1, "1 үлгі"),
        ("kk", 5, "5 үлгі"),
        ("ru", 1, "1 шаблон"),
        ("ru", 3, "3 шаблона"),
        ("ru", 5, "5 шаблонов"),
        ("ru", 11, "11 шаблонов"),
        ("ru", 12, "12 шаблонов"),
        ("ru", 21, "21 шаблон"),
        ("ru", 22, "22 шаблона"),
        ("ru", 111, "111 шаблонов"),
        ("ru", 1_002, "1\u00a0002 шаблона"),
        ("en", 1, "1 template"),
        ("en", 0, "0 templates"),
        ("en", 1_000, "1,000 templates"),
    ],
)
def test_plurals(language: str, number: int, words: str) -> None:
    assert load_messages(language).count("template.shown", number) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0%"), (0.004, "1%"), (0.5, "50%"), (0.999, "99%"), (1, "100%")],
)
def test_percent_keeps_certainty_for_certainty(share: float, words: str) -> None:
    assert load_messages("en").percent(share) == words
    assert load_messages("kk").percent(share) == words.replace("%", "\u00a0%")
