"""What shows that a claim is spread, and what words mean while it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.analysis import Opinion
from models.claims.concepts import load_lexicon, sense
from models.claims.folding import fold
from models.claims.reading import Number, read
from models.claims.scoring import SIGNALS, compare
from models.claims.spreading import AGAINST, EVIDENCE, evidence, spreads
from models.claims.stance import passes_on, take_stance

HALF = dict.fromkeys(SIGNALS, 0.5)


def opinion(label: str = "claim") -> Opinion:
    return {"label": label, "confidence": 0.9, "abstained": False}


def sure(text: str, style: float = 0.1, intent: str = "claim") -> float:
    return spreads(evidence(text, 0.5, HALF, style, opinion(intent)))


def test_who_passes_a_claim_on_spreads_it_more_surely() -> None:
    told = sure("завтра весь район без света три дня")
    assert sure("завтра весь район без света три дня, передайте всем") > told
    assert sure("завтра весь район без света три дня, знакомая сказала") > told


@pytest.mark.parametrize("intent", ["problem", "question", "gratitude", "opinion", "suggestion"])
def test_an_intent_speaks_against_and_forbids_nothing(intent: str) -> None:
    text = "завтра весь район без света три дня, передайте всем"
    assert 0.2 < sure(text, 0.5, intent) < sure(text, 0.5)


def test_every_piece_of_evidence_has_its_sign() -> None:
    usual = evidence("завтра света не будет", 0.5, HALF, 0.1, opinion())
    assert tuple(usual) == EVIDENCE
    for name in EVIDENCE:
        more = spreads({**usual, name: usual[name] + 1})
        assert more <= spreads(usual) if name in AGAINST else more >= spreads(usual)


def test_style_and_score_beyond_doubt_count_no_more_than_much() -> None:
    low, high = (evidence("су", s, HALF, s, opinion()) for s in (0.0, 1.0))
    assert (low["match"], low["style"]) == (-6, -6)
    assert (high["match"], high["style"]) == (4, 2.5)


@pytest.mark.parametrize(
    ("text", "wording", "kind"),
    [
        ("никакого праздника в этом году, деньги ушли", "Праздник отменили", "spreads"),
        ("никаких платных парковок нет и не было", "Парковки станут платными", "denies"),
        ("никто не собирается сносить дома", "Дома снесут", "denies"),
        ("в аптеках таблетки жалған екен, алмаңыздар", "В аптеках поддельные таблетки", "spreads"),
        ("фейк про воду, не верьте", "Вода отравлена", "denies"),
        ("запретят резать скот, представляете? штраф миллион", "Запретят резать скот", "spreads"),
        ("скот резать запретят? штраф миллион?", "Запретят резать скот", "asks"),
        ("көмір жағуға болмайды, жұрт тоңып өлсін бе", "Көмір жағуға тыйым салынды", "spreads"),
        ("это старое фото из другой страны", "Рухнула крыша, вот фото", "denies"),
    ],
)
def test_a_claim_that_denies_is_not_denied_by_denying(text: str, wording: str, kind: str) -> None:
    assert take_stance(text, wording).kind == kind


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("бәріне таратыңыздар", True),
        ("не пейте, предупредите соседей", True),
        ("warn your neighbours", True),
        ("бригада жіберіңіздерші", False),
        ("когда пришлёте мастера", False),
    ],
)
def test_calls_to_pass_it_on_are_no_calls_for_help(text: str, calls: bool) -> None:
    assert passes_on(read(text)) is calls


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("істемейді", "smell"),
        ("әр", None),
        ("артық", "everyone"),
        ("кешігеді", "evening"),
        ("сізге", "without"),
        ("жасайды", "year_age"),
        ("қолында", "lake"),
        ("ведро", "introduce"),
        ("береді", "alcohol"),
    ],
)
def test_short_words_do_not_stand_for_long_ones(word: str, concept: str | None) -> None:
    found = sense(fold(word)).concepts
    assert found == {"everyone"} if concept is None else concept not in found


def test_an_exclamation_mark_lets_nothing_follow(tmp_path: Path) -> None:
    path = tmp_path / "concepts.toml"
    path.write_text(
        'version = "1"\n[concepts]\nlake = "көл! | озер* | lake"\n[numbers]\n[places]\n'
        '[opposites]\npairs = []\n[units]\nnames = ""\n[deeds]\nnames = ""\n'
        '[function]\nwords = ""\n',
        encoding="utf-8",
    )
    lexicon = load_lexicon(path)
    assert lexicon.sense("kol").concepts == {"lake"}
    assert not lexicon.sense("kolge").concepts
    assert lexicon.sense("ozerami").concepts == {"lake"}
    assert not lexicon.sense("ozerami", english=True).concepts
    assert lexicon.sense("lake", english=True).concepts == {"lake"}


def test_english_words_are_no_kazakh_ones() -> None:
    assert "house" not in read("they will be with us when it is over").concepts
    assert "house" in read("үйге қайтты").concepts


def test_six_hundred_k_is_a_number() -> None:
    assert read("salary 600k tenge").numbers == (Number(600_000.0, "tenge"),)


def test_an_aside_of_small_numbers_contradicts_nothing() -> None:
    claim = read("За вызов скорой придётся платить 15 000 тенге")
    told, other = (
        compare(read(text), [claim], lambda _term: 1.0)[0]["numbers_clash"]
        for text in ("за скорую платить, двое уже заплатили", "за скорую платить 3 000 тенге")
    )
    assert (told, other) == (0.0, 1.0)
