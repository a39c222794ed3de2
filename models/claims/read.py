"""Claims from a file, as many as can be read, and what is wrong with each of the others.

JSON Lines (one claim or ClaimReview a line), a JSON document (one of them, a list,
an `@graph`, a `DataFeed`), or CSV as a spreadsheet saves it. Which of them it is
shows in the content.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from models.claims.claim import CLAIM_LANGUAGES, VERDICTS, Claim, ClaimError, parse_claim
from models.claims.claim_review import derived_id, parse_claim_review
from models.claims.documents import Item, is_json_ld, refuse_document, unfold
from models.claims.verdicts import verdict_in_words
from models.csv_rows import RowFault, csv_rows
from models.json_names import names_twice, read_object
from models.text import foreign_bytes

COLUMNS: Final = (
    "claim_id",
    *(f"claim_{code}" for code in CLAIM_LANGUAGES),
    "phrasings",
    "verdict",
    *(f"refutation_{code}" for code in CLAIM_LANGUAGES),
    "url",
    "published",
    "expires",
)
"""Columns of a CSV file; phrasings are set apart by `|`, any column may be missing but verdict."""

_ARCHIVE: Final = b"PK\x03\x04"
"""How a workbook of a spreadsheet begins."""
_BYTE_ORDER_MARKS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_FOREIGN: Final = re.compile("[\udc80-\udcff]")
"""What a byte that is no UTF-8 is read as."""
_NAME_SHOWN: Final = 60
_LOCAL_DATE: Final = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")


class FileFault(ClaimError):  # noqa: N818 - said of the whole file, in one of four kinds
    """What keeps a whole file from being read."""

    def __init__(self, kind: Literal["empty", "encoding", "json", "other"], detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class LeftOut(ClaimError):  # noqa: N818 - nothing is wrong with any claim
    """Something beside the claims that is not taken in; no claim is lost by it."""


@dataclass(frozen=True)
class Fault:
    """Something in a file that is no claim: where it stands, and what is wrong with it.

    With `warning` it was left out without harm to any claim.
    """

    position: str
    detail: str
    warning: bool = False


def read_claims(source: Path | bytes) -> tuple[list[Claim], list[Fault]]:
    """Return the claims of a file (or its content) and every fault with its position.

    An id given twice is a fault of the second. Raise `OSError` when the file cannot be read.
    """
    claims: dict[str, Claim] = {}
    first: dict[str, str] = {}
    faults: list[Fault] = []
    for position, found in read_each(source.read_bytes() if isinstance(source, Path) else source):
        if isinstance(found, ClaimError):
            faults.append(Fault(position, str(found), isinstance(found, LeftOut)))
        elif found.claim_id in claims:
            detail = f"claim_id was given before, at {first[found.claim_id]}"
            faults.append(Fault(position, detail))
        else:
            claims[found.claim_id] = found
            first[found.claim_id] = position
    return list(claims.values()), faults


def read_each(content: bytes) -> Iterator[tuple[str, Claim | ClaimError]]:
    """Yield whatever stands in a file, in order: where, and the claim or why it is none."""
    none = True
    for position, found in _items(content):
        none = none and isinstance(found, LeftOut)
        if isinstance(found, Claim | ClaimError):
            yield position, found
            continue
        try:
            refuse_twice(found)
            yield position, claim_of(found)
        except ClaimError as error:
            yield position, error
    if none:
        yield "file", FileFault("empty", "holds no claim")


def refuse_twice(found: object) -> None:
    """Raise `ClaimError` if a name in it was given twice: which value counts is a guess."""
    for name in names_twice(found):
        shown = name[:_NAME_SHOWN].encode("utf-8", "replace").decode()
        raise ClaimError(f"{shown}: is given twice")


def claim_of(raw: object) -> Claim:
    """Return the claim in one JSON object, ours or a ClaimReview; raise `ClaimError`."""
    if isinstance(raw, Mapping) and is_json_ld(raw):
        return parse_claim_review(raw)
    if isinstance(raw, Mapping) and raw.get("claim_id") is None:
        own = derived_id(raw.get("claim"), raw.get("phrasings"))
        return parse_claim({**raw, "claim_id": own})
    return parse_claim(raw)


def _items(content: bytes) -> Iterator[Item]:
    """Yield what stands in a file, one thing after another."""
    if mark := _BYTE_ORDER_MARKS.get(content[:2]):
        yield "file", FileFault("encoding", f"is {mark}; save it as UTF-8")
        return
    if content.startswith(_ARCHIVE):
        yield "file", FileFault("other", "is a workbook or an archive; save it as CSV UTF-8")
        return
    text = content.decode("utf-8-sig", "surrogateescape")
    start = text.lstrip()[:1]
    if not start:
        yield "file", FileFault("empty", "is empty")
    elif start not in "{[":
        yield from _csv(text)
    elif _FOREIGN.search(text) is None and (whole := _whole(text)) is not None:
        yield from _document(whole[0])
    else:
        yield from _lines(text)


def _document(document: object) -> Iterator[Item]:
    try:
        refuse_document(document)
    except ClaimError as error:
        yield "file", FileFault("other", str(error))
    else:
        yield from unfold(document)


def _whole(text: str) -> tuple[object] | None:
    """Return the JSON document that the text is, None for one that is none (or too deep)."""
    try:
        return (_loads(text),)
    except (ValueError, RecursionError):
        return None


def _lines(text: str) -> Iterator[Item]:
    """Yield the objects of JSON Lines; a document that is broken is one faulty item."""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if lines[0][1].strip() in {"{", "["} or text.lstrip()[0] == "[":
        broken = _json_fault(text) or "is not valid JSON"
        yield "file", FileFault("encoding" if foreign_bytes(text) else "json", broken)
        return
    for number, line in lines:
        if fault := _json_fault(line):
            yield f"line {number}", ClaimError(fault)
        else:
            yield f"line {number}", _loads(line)


def _loads(text: str) -> object:
    return json.loads(text, object_pairs_hook=read_object)


def _json_fault(text: str) -> str | None:
    if fault := foreign_bytes(text):
        return fault
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"is not valid JSON: {error.msg}, line {error.lineno} column {error.colno}"
    except (RecursionError, ValueError):
        return "is not JSON that can be read"
    return None


def _csv(text: str) -> Iterator[Item]:
    """Yield the claims of a CSV file; rows are counted as a spreadsheet does, the header first."""
    rows = csv_rows(io.StringIO(text, newline=""))
    header = next(rows)
    names = [] if isinstance(header, RowFault) else [name.strip().lower() for name in header]
    missing = "verdict" not in names or not {*COLUMNS[1:5]} & {*names}
    if missing or any(names.count(name) > 1 for name in COLUMNS):
        wanted = ", ".join(COLUMNS)
        detail = f"is neither JSON nor CSV with the columns {wanted}, each once"
        yield "file", FileFault("other", detail)
        return
    for name in names:
        if name and name not in COLUMNS:
            yield "row 1", LeftOut(f"column '{name[:60]}' is unknown and was left out")
    for number, cells in enumerate(rows, start=2):
        if isinstance(cells, RowFault):
            yield f"row {number}", ClaimError(cells.detail)
        else:
            yield f"row {number}", _row(dict(zip(names, cells, strict=False)))


def _row(cells: Mapping[str, str]) -> object:
    """Return the claim of one row, or what is wrong with it."""
    for name, cell in cells.items():
        if fault := foreign_bytes(cell):
            return ClaimError(f"{name}: {fault}")
    given = {name: cell.strip() for name, cell in cells.items() if name in COLUMNS}
    phrasings = [one.strip() for one in given.get("phrasings", "").split("|") if one.strip()]
    verdict = given.get("verdict", "")
    if verdict.lower() not in VERDICTS:
        verdict = verdict_in_words(verdict) or verdict
    raw = {
        "claim_id": given.get("claim_id") or None,
        "claim": _of_languages(given, "claim"),
        "phrasings": phrasings,
        "verdict": verdict.lower(),
        "refutation": _of_languages(given, "refutation"),
        "url": given.get("url"),
        "published": _day(given.get("published", "")),
        "expires": _day(given.get("expires", "")),
    }
    try:
        return claim_of(raw)
    except ClaimError as error:
        return error


def _of_languages(given: Mapping[str, str], field: str) -> dict[str, str]:
    texts = {code: given.get(f"{field}_{code}", "") for code in CLAIM_LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def _day(cell: str) -> str:
    """Return a date as ISO has it; spreadsheets here write 25.11.2026."""
    if _LOCAL_DATE.fullmatch(cell):
        try:
            return datetime.strptime(cell, "%d.%m.%Y").date().isoformat()  # noqa: DTZ007 - a day
        except ValueError:
            return cell
    return cell
