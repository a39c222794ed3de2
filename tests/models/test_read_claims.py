"""Files of claims: what can be read is read, and everything else is named with its place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.claims.claim import ClaimError, as_json
from models.claims.examples import load_examples
from models.claims.read import COLUMNS, Fault, read_claims

GOOD = {"claim_id": "a", "claim": {"ru": "Воду отравили"}, "verdict": "false"}
REVIEW = {
    "@type": "ClaimReview",
    "claimReviewed": "Воду отравили",
    "reviewRating": {"alternateName": "Ложь"},
}


def line(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}, ensure_ascii=False).encode() + b"\n"


def test_a_claims_file_and_what_is_wrong_in_it() -> None:
    content = b"".join(
        (
            b"\xef\xbb\xbf" + line(),
            b"\n",
            line(claim_id="b", verdict="maybe"),
            b"\xd0\xff{}\n",
            b"{broken\n",
            b"[1]\n",
            line(claim_id="c", url="javascript:x"),
            line(),
            line(claim_id="d", phrasings=["Line\u2028separator"]),
            json.dumps(REVIEW).encode(),
        )
    )
    claims, faults = read_claims(content)
    assert [claim.claim_id for claim in claims][:2] == ["a", "d"]
    assert len(claims) == 3
    assert [fault.position for fault in faults] == [f"line {n}" for n in (3, 4, 5, 6, 7, 8)]
    assert "UTF-8" in faults[1].detail
    assert faults[-1].detail == "claim_id was given before, at line 1"


@pytest.mark.parametrize(
    "document",
    [
        REVIEW,
        [REVIEW],
        {"@graph": [{"@type": "WebPage"}, REVIEW]},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": REVIEW}]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": REVIEW}]},
        {"items": [GOOD]},
        [GOOD],
        GOOD,
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_documents(document: object, indent: int | None) -> None:
    claims, faults = read_claims(json.dumps(document, indent=indent).encode())
    assert (len(claims), faults) == (1, [])


def test_one_broken_among_a_thousand() -> None:
    reviews = [{**REVIEW, "identifier": str(number)} for number in range(1_000)]
    reviews[500] = {**reviews[500], "@type": "Recipe"}
    claims, faults = read_claims(
        json.dumps({"dataFeedElement": reviews, "@type": "DataFeed"}).encode()
    )
    assert len(claims) == 999
    assert faults == [Fault("item 501", "@type must be ClaimReview, not Recipe")]


def test_a_table_as_a_spreadsheet_saves_it() -> None:
    content = (
        "claim_kk;claim_ru;phrasings;verdict;refutation_ru;url;published;expires;note;\r\n"
        'Су жоқ;"Воды; не будет";нет воды | без воды;ЛОЖЬ;Будет.;https://a.kz;25.11.2026;;x;\r\n'
        ";Проезд бесплатный;;misleading;;;2026-11-01;31.02.2026;;\r\n"
        ";;;false;;;;;;\r\n"
        ";Другое;;не подтверждено;;;;;;\r\n"
    )
    claims, faults = read_claims(b"\xef\xbb\xbf" + content.encode())
    assert len(claims) == 1
    assert claims[0].text == {"kk": "Су жоқ", "ru": "Воды; не будет"}
    assert claims[0].phrasings == ("нет воды", "без воды")
    assert (claims[0].verdict, claims[0].published) == ("false", date(2026, 11, 25))
    assert claims[0].claim_id == read_claims(content.encode())[0][0].claim_id
    assert [fault.position for fault in faults] == ["row 1", "row 3", "row 4", "row 5"]
    assert "'note'" in faults[0].detail
    assert "expires must be a date" in faults[1].detail
    assert "verdict must be one of" in faults[3].detail


def test_a_table_in_another_encoding() -> None:
    content = "claim_ru,verdict\nВоды не будет,ложь\n"
    for encoding in ("cp1251", "utf-16"):
        claims, (fault,) = read_claims(content.encode(encoding))
        assert not claims
        assert "save it as UTF-8" in fault.detail
        assert encoding != "cp1251" or "claim_ru: is not UTF-8 (0xC2 at byte 0)" in fault.detail
        assert fault.position == ("row 2" if encoding == "cp1251" else "file")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"PK\x03\x04rest", "is a workbook"),
        (b"hello", "neither JSON nor CSV"),
        (b"claim_ru,verdict,verdict\na,false,true", "each once"),
        (b'"claim_ru', "neither JSON nor CSV"),
        (b"[1,", "not valid JSON"),
        (b'{\n"a": 1,\n}', "line 3"),
        (b"[" * 100_000, "not JSON that can be read"),
        (b'{"a": ' * 100_000, "not JSON that can be read"),
    ],
)
def test_files_that_are_none(content: bytes, words: str) -> None:
    claims, (fault,) = read_claims(content)
    assert not claims
    assert words in fault.detail


@given(
    st.binary(max_size=200) | st.text(st.sampled_from(',;"\n{}[]:1a|'), max_size=80).map(str.encode)
)
def test_no_content_breaks_the_reader(content: bytes) -> None:
    for start in (b"", b"claim_ru,verdict\n", b'{"claim_id": "a"'):
        claims, faults = read_claims(start + content)
        assert claims or faults


def test_the_examples(tmp_path: Path) -> None:
    examples = load_examples()
    assert examples
    for claim in examples:
        assert claim.example
        assert set(claim.text) == set(claim.refutation) == {"kk", "ru", "en"}
        assert claim.url
        assert "example" in claim.url
    broken = tmp_path / "examples.jsonl"
    broken.write_bytes(line() + line(claim_id="b", verdict="odd"))
    with pytest.raises(ClaimError, match=r"examples\.jsonl, line 2: verdict"):
        load_examples(broken)


def test_columns_cover_what_a_claim_has() -> None:
    (claim,) = read_claims(json.dumps({**GOOD, "url": "https://a.kz"}).encode())[0]
    assert {name.partition("_")[0] for name in as_json(claim)} - {"claim"} <= {
        name.partition("_")[0] for name in COLUMNS
    }
