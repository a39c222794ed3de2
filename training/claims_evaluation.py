"""How well comments find their claims, and who is flagged for them: `qulaq-train claims-evaluate`.

Comments are JSONL: {"text", "claim_id" or null, "spreads", "kind", "language"}; a kind is one
of `KINDS`, a language a written form as in the corpus.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from models.analysis import Misinformation
from models.claims.claim import Claim, ClaimError, parse_claim
from models.claims.index import ClaimIndex
from models.claims.meant import Meanings
from models.claims.reading import read
from models.classifier import Classifier
from models.labels import LANGUAGES
from models.text import TextError, check_text
from training.corpus import ANNOTATED

KINDS: Final = (
    *("paraphrase", "cross", "look-alike", "criticism"),
    *("question", "denial", "joke", "report", "unrelated"),
)
CLAIMS: Final = ANNOTATED / "claims" / "test_claims.jsonl"
COMMENTS: Final = ANNOTATED / "claims" / "test_comments.jsonl"
_SAME: Final = frozenset({"paraphrase", "cross"})
_NO_SPREADING: Final = frozenset({"question", "denial", "joke"})
_SPOKEN: Final = {"kk-Cyrl": "kk", "kk-Latn": "kk", "ru": "ru"}
"""Written forms whose claims are also looked for in the other language alone."""


@dataclass(frozen=True)
class Commented:
    """A comment with what is known about it."""

    text: str
    claim_id: str | None
    spreads: bool
    kind: str
    language: str


def load_set(
    claims: Path = CLAIMS, comments: Path = COMMENTS
) -> tuple[list[Claim], list[Commented]]:
    """Read claims and comments about them; raise `ValueError` naming the line that is faulty."""
    known = load_claims(claims)
    return known, load_comments(comments, (claim.claim_id for claim in known))


def load_claims(path: Path) -> list[Claim]:
    """Read a claims file; raise `ValueError` naming the line that is faulty."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(parse_claim(json.loads(line)))
        except (ClaimError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from None
    return found


def load_comments(path: Path, claim_ids: Iterable[str]) -> list[Commented]:
    """Read comments; raise `ValueError` naming the line that is faulty."""
    known, found = set(claim_ids), []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            raw = json.loads(line)
            row = Commented(**raw)
            check_text(row.text)
        except (TypeError, ValueError, TextError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from None
        if row.kind not in KINDS or row.language not in LANGUAGES:
            raise ValueError(f"{path.name}, line {number}: no such kind or language")
        if row.claim_id is not None and row.claim_id not in known:
            raise ValueError(f"{path.name}, line {number}: no claim {row.claim_id}")
        found.append(row)
    return found


def evaluate(
    claims: Sequence[Claim], rows: Sequence[Commented], classifier: Classifier
) -> dict[str, Any]:
    """Return every figure as plain JSON types; shares are 0 to 1, null of nothing."""
    index, meanings = ClaimIndex(claims), classifier.meanings
    answers = classifier.analyse([row.text for row in rows], claims=index)
    judged = [answer["misinformation"] for answer in answers]
    pairs = list(zip(rows, judged, strict=True))
    same = [row for row in rows if row.kind in _SAME and row.claim_id]
    return {
        "claims": len(claims),
        "comments": len(rows),
        "right_first": {
            "within": _by_form(same, lambda row: _first(index, row, meanings)),
            "across": _by_form(*_across(claims, same, meanings)),
        },
        "flags": _flags(pairs),
        "flags_by_form": {
            form: _flags([pair for pair in pairs if pair[0].language == form])
            for form in LANGUAGES
            if any(row.language == form for row in rows)
        },
        "flagged_by_kind": {
            kind: _share([flag["flag"] != "none" for row, flag in pairs if row.kind == kind])
            for kind in KINDS
        },
        "claim_shown": _share(
            [_shown(row, flag) for row, flag in pairs if row.claim_id and row.kind in _NO_SPREADING]
        ),
    }


def _first(index: ClaimIndex, row: Commented, meanings: Meanings | None) -> bool:
    """Say whether the right claim is the surest match."""
    found = index.match([row.text], meanings=meanings)[0]
    return bool(found) and found[0].claim.claim_id == row.claim_id


def _across(
    claims: Sequence[Claim], rows: Sequence[Commented], meanings: Meanings | None
) -> tuple[list[Commented], Callable[[Commented], bool]]:
    """Return the comments whose claim is known in the other language, and how to judge them.

    Their claims are looked for among claims that have no wording in the comment's language.
    """
    indexes = {}
    for spoken, other in (("kk", "ru"), ("ru", "kk")):
        only = [replace(claim, **_only(claim, other)) for claim in claims]
        indexes[spoken] = ClaimIndex(claim for claim in only if claim.wordings())
    asked = [
        row
        for row in rows
        if row.language in _SPOKEN and row.claim_id in indexes[_SPOKEN[row.language]]
    ]
    return asked, lambda row: _first(indexes[_SPOKEN[row.language]], row, meanings)


def _only(claim: Claim, language: str) -> dict[str, Any]:
    """Return the wordings of one language, as fields of a claim."""
    text = {language: claim.text[language]} if language in claim.text else {}
    return {
        "text": text,
        "phrasings": tuple(one for one in claim.phrasings if read(one).language == language),
    }


def _by_form(rows: Sequence[Commented], right: Callable[[Commented], bool]) -> dict[str, Any]:
    found: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        found[row.language].append(right(row))
    everything = [one for form in found.values() for one in form]
    return {"all": _share(everything), **{form: _share(ones) for form, ones in found.items()}}


def _flags(pairs: Sequence[tuple[Commented, Misinformation]]) -> dict[str, Any]:
    """Return how right the flags are, whatever gave them."""
    flagged = [row.spreads for row, flag in pairs if flag["flag"] != "none"]
    spread = [flag["flag"] for row, flag in pairs if row.spreads]
    return {
        "precision": _share(flagged),
        "recall": _share([flag != "none" for flag in spread]),
        "likely": _share([flag == "likely" for flag in spread]),
        "right_claim": _share([_shown(row, flag) for row, flag in pairs if row.spreads]),
        "false": _share([flag["flag"] != "none" for row, flag in pairs if not row.spreads]),
    }


def _shown(row: Commented, flag: Misinformation) -> bool:
    """Say whether the moderator is shown the right claim."""
    return any(reason.get("claim_id") == row.claim_id for reason in flag["reasons"])


def _share(found: Sequence[bool]) -> dict[str, Any]:
    share = round(sum(found) / len(found), 4) if found else None
    return {"share": share, "of": len(found)}


def as_table(found: dict[str, Any]) -> str:
    """Return the figures as Markdown tables."""
    lines = [f"{found['claims']} claims, {found['comments']} comments", ""]
    lines += ["| right claim first | within all languages | in the other language alone |"]
    lines += ["|---|---|---|"]
    within, across = found["right_first"]["within"], found["right_first"]["across"]
    lines += [f"| {form} | {_cell(within[form])} | {_cell(across.get(form))} |" for form in within]
    columns = ("precision", "recall", "likely", "right_claim", "false")
    lines += ["", f"| flags | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for form, flags in (("all", found["flags"]), *found["flags_by_form"].items()):
        lines.append(f"| {form} | {' | '.join(_cell(flags[name]) for name in columns)} |")
    lines += ["", "| kind | flagged |", "|---|---|"]
    lines += [f"| {kind} | {_cell(share)} |" for kind, share in found["flagged_by_kind"].items()]
    lines += ["", f"claim shown beside a question, denial or joke: {_cell(found['claim_shown'])}"]
    return "\n".join(lines)


def _cell(share: dict[str, Any] | None) -> str:
    if share is None or share["share"] is None:
        return "–"
    return f"{share['share']:.1%} of {share['of']}"
