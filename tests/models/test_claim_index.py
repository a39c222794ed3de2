"""Claims found in comments: across wording, spelling, alphabet and language; while they change."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.claims.claim import Claim
from models.claims.concepts import load_lexicon
from models.claims.folding import fold, stem
from models.claims.index import ClaimIndex
from models.claims.reading import read
from models.claims.scoring import MEANING, SIGNALS
from models.claims.segments import add, best, segment_of
from models.features import Floats

DAY = date(2026, 11, 25)


def claim(claim_id: str, *phrasings: str, verdict: str = "false", **text: str) -> Claim:
    return Claim(claim_id, text, phrasings, verdict, {})


TAP = claim("tap", kk="Кран суына улы зат қосылған", ru="В водопроводную воду добавили яд")
DOGS = claim("dogs", ru="С января владельцы собак платят налог 20 000 тенге")
SCHOOLS = claim("schools", kk="Мектептер жаңа жылға дейін онлайн оқуға көшеді")
INDEX = ClaimIndex([TAP, DOGS, SCHOOLS])


@pytest.mark.parametrize(
    ("text", "claim_id"),
    [
        ("Не пейте воду из крана, туда добавляют яд!", "tap"),
        ("Кранның суына у қосып қойды, ішпеңіздер", "tap"),
        ("крандагы суга у косып койды", "tap"),
        ("krannyn suyna uly zat qosylypty", "tap"),
        ("водопроводную вуду отравии ядом", "tap"),
        ("they added poison to the tap water", "tap"),
        ("қаңтардан ит иелері 20 мың теңге салық төлейді", "dogs"),
        ("школы до нового года переводят на онлайн обучение", "schools"),
    ],
)
def test_the_right_claim_comes_first(text: str, claim_id: str) -> None:
    found = INDEX.match([text], DAY)[0]
    assert found[0].claim.claim_id == claim_id


@pytest.mark.parametrize("text", ["Мэр раздаёт телефоны", "мэр телефоны раздает всем!!"])
def test_a_short_claim_is_known_word_for_word(text: str) -> None:
    short = Claim("short", {"ru": "Мэр раздаёт телефоны"}, (), "false", {})
    assert ClaimIndex([short, TAP]).match([text], DAY)[0][0].score >= 0.9
    other = "мэр подарил школе компьютеры, телефоны детям запретили"
    assert all(one.score < 0.9 for one in ClaimIndex([short]).match([other], DAY)[0])


def test_a_match_says_why() -> None:
    match = INDEX.match(["В водопроводную воду добавили яд, не пейте"], DAY)[0][0]
    assert match.language == "ru"
    assert match.wording == TAP.text["ru"]
    assert match.score > 0.6
    assert tuple(match.signals) == SIGNALS
    assert all(0 <= value <= 1 for value in match.signals.values())


def test_what_is_nearest_by_its_words_is_compared_by_meaning_too() -> None:
    """An encoder that knows only one thing: whether a text is about dogs."""
    asked: list[str] = []

    def meanings(texts: Sequence[str]) -> Floats:
        asked.extend(texts)
        dogs = np.array(["собак" in text or "псов" in text for text in texts], dtype=np.float32)
        return np.stack([dogs, 1 - dogs], axis=1)

    texts = ["С января хозяева собак платят 20 000 тенге", "С января платят 20 000 тенге", "ок"]
    found = INDEX.match(texts, DAY, meanings)
    assert [one[0].signals[MEANING] for one in found[:2]] == [1.0, 0.0]
    assert found[2] == []
    assert set(asked) == {*texts[:2], *DOGS.wordings()} | {
        match.wording for one in found for match in one
    }
    assert len(asked) == len(set(asked)), "a text is read once, however often it is compared"
    assert MEANING not in INDEX.match(texts[:1], DAY)[0][0].signals


def test_meanings_of_wordings_are_read_ahead_once_and_change_no_answer() -> None:
    asked: list[str] = []

    class Encoder:
        def __call__(self, texts: Sequence[str]) -> Floats:
            asked.extend(texts)
            dogs = np.array(["собак" in text for text in texts], dtype=np.float32)
            return np.stack([dogs, 1 - dogs], axis=1)

    encoder, text = Encoder(), "С января хозяева собак платят 20 000 тенге"
    index = ClaimIndex([TAP, DOGS])
    unread = index.match([text], DAY, encoder)
    wordings = [*TAP.wordings(), *DOGS.wordings()]
    asked.clear()
    assert index.read_ahead(encoder, most=1) == len(wordings) - 1
    assert index.read_ahead(encoder) == 0
    assert asked == wordings
    asked.clear()
    assert index.match([text], DAY, encoder) == unread
    assert asked == [text]

    index.remove([DOGS.claim_id])
    assert index.read_ahead(encoder) == 0
    index.put([DOGS])
    asked.clear()
    assert index.read_ahead(encoder) == 0
    assert asked == [*DOGS.wordings()], "those of a claim that was gone are read anew"

    other = Encoder()
    asked.clear()
    index.match([text], DAY, other)
    assert asked[1:] == [unread[0][0].wording], "vectors of one encoder say nothing to another"
    assert index.read_ahead(other) == 0
    index.remove([TAP.claim_id, DOGS.claim_id])
    assert index.read_ahead(other) == 0


def test_another_number_of_the_same_thing_speaks_against() -> None:
    same, other = INDEX.match(
        [
            "С января владельцы собак будут платить налог 20 000 тенге",
            "С января владельцы собак будут платить налог 3 000 тенге",
        ],
        DAY,
    )
    assert other[0].signals["numbers_clash"] == 1
    assert same[0].score > other[0].score


def test_what_is_about_nothing_known_matches_nothing_well() -> None:
    for text in ("Рахмет, ауламыз керемет болды!", "когда починят светофор", "😀", "12345"):
        assert all(match.score < 0.3 for match in INDEX.match([text], DAY)[0])


def test_claims_are_added_replaced_and_removed_at_run_time() -> None:
    index = ClaimIndex()
    assert index.match(["В водопроводную воду добавили яд"], DAY) == [[]]
    index.put([TAP])
    assert index.match(["В водопроводную воду добавили яд"], DAY)[0][0].claim is TAP
    newer = claim("tap", ru="В городе закрывают все детские сады")
    index.put([newer])
    assert len(index) == 1
    assert index.get("tap") is newer
    assert not index.match(["яд в водопроводной воде"], DAY)[0]
    assert index.match(["детские сады в городе закрывают все"], DAY)[0][0].claim is newer
    index.remove(["tap", "unknown"])
    assert "tap" not in index
    assert index.match(["детские сады в городе закрывают все"], DAY) == [[]]


def test_an_expired_claim_is_not_looked_for() -> None:
    old = Claim("old", {"ru": "Завтра отключат свет"}, (), "false", {}, expires=date(2026, 1, 1))
    index = ClaimIndex([old])
    assert index.match(["Завтра отключат свет"], date(2026, 1, 1))[0]
    assert not index.match(["Завтра отключат свет"], date(2026, 1, 2))[0]


def test_however_claims_arrive_the_matches_are_the_same() -> None:
    claims = [claim(f"c{number}", f"{number} улица перекрыта навсегда") for number in range(40)]
    at_once, one_by_one = ClaimIndex(claims), ClaimIndex()
    for one in claims:
        one_by_one.put([one])
    text = ["17 улица перекрыта навсегда"]
    assert at_once.match(text, DAY)[0] == one_by_one.match(text, DAY)[0]
    assert at_once.match(text, DAY)[0][0].claim.claim_id == "c17"


def test_readers_go_on_while_a_writer_changes_everything() -> None:
    index = ClaimIndex([TAP])
    failures: list[BaseException] = []
    done = threading.Event()

    def look() -> None:
        try:
            while not done.is_set():
                index.match(["яд в воде", "новая улица перекрыта"], DAY)
        except BaseException as error:
            failures.append(error)

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(60):
        index.put([claim(f"n{number}", f"новая улица {number} перекрыта")])
        index.remove([f"n{number - 3}"])
    done.set()
    reader.join()
    assert not failures
    assert len(index) == 4


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=4, unique=True),
    st.lists(st.text(max_size=200), max_size=3),
)
def test_any_claims_and_texts_are_borne(wordings: list[str], texts: list[str]) -> None:
    index = ClaimIndex(claim(f"c{i}", text) for i, text in enumerate(wordings))
    found = index.match([*texts, *wordings], DAY)
    assert len(found) == len(texts) + len(wordings)
    assert all(0 <= match.score <= 1 for matches in found for match in matches)
    index.remove([f"c{i}" for i in range(len(wordings))])
    assert index.match(wordings, DAY) == [[] for _ in wordings]


@pytest.mark.parametrize(
    "spellings",
    [
        ("қысқартады", "кыскартады", "qysqartady", "qısqartadı"),
        ("жабылды", "jabyldy", "zhabyldy"),
        ("шөп", "шоп", "shop", "şöp"),
        ("әкімдік", "акимдик", "akimdik", "äkımdık"),
        ("вода", "вoдa"),
    ],
)
def test_one_word_in_every_spelling_is_folded_alike(spellings: tuple[str, ...]) -> None:
    assert len({fold(word) for word in spellings}) == 1


@given(st.text(alphabet="abdeiklmnorstu", max_size=20))
def test_a_stem_begins_its_word(key: str) -> None:
    assert key.startswith(stem(key))
    assert len(stem(key)) <= 7


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("150 000 теңге", 150_000, "tenge"),
        ("150 мың тг", 150_000, "tenge"),
        ("150 тыс. тенге", 150_000, "tenge"),
        ("үш күн", 3, "day"),
        ("5%", 5, "percent"),
        ("желтоқсанның 1-інен", 1, "december"),
        ("с 1 декабря", 1, "december"),
    ],
)
def test_numbers_are_read_with_what_they_count(text: str, value: float, unit: str) -> None:
    assert [(number.value, number.unit) for number in read(text).numbers] == [(value, unit)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("балабақша жабылды", "kk"),
        ("бала бакшалар жабылды", "kk"),
        ("balabaqsha jabyldy", "kk"),
        ("садики закроют", "ru"),
        ("they close the school", "en"),
    ],
)
def test_the_language_of_a_wording(text: str, language: str) -> None:
    assert read(text).language == language


def test_segments_merge_and_rank() -> None:
    pieces = add((), segment_of([[1, 2], [2, 3]], [0, 1]))
    pieces = add(pieces, segment_of([[3], [1, 3]], [2, 3]))
    assert len(pieces) == 1
    assert [number for number, _ in best(pieces, {1: 1.0, 3: 2.0}, 2)] == [3, 2]


def test_a_faulty_lexicon_names_its_entry(tmp_path) -> None:
    path = tmp_path / "concepts.toml"
    path.write_text(
        'version = "1"\n[concepts]\nwater = "су | вода"\n[numbers]\n[places]\n', encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"concepts\.water"):
        load_lexicon(path)
