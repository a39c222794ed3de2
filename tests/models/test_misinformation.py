"""What a comment does with a claim, which lures it lays, and the flag that comes of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.analysis import Misinformation, Opinion
from models.claims.addresses import addresses, disguise, is_official
from models.claims.claim import Claim
from models.claims.index import ClaimIndex
from models.claims.links import find_lures
from models.claims.reading import read
from models.claims.stance import own_experience, take_stance
from models.misinformation import judge, judge_all

RU = "В водопроводную воду добавили яд, пить её нельзя"
KK = "Кран суына улы зат қосылған, ішуге болмайды"
CLAIM = Claim(
    "tap",
    {"kk": KK, "ru": RU, "en": "The tap water has been poisoned"},
    (),
    "false",
    {"ru": "Вода безопасна: лаборатория проверила пробы, нарушений нет"},
    "https://example.org/tap",
)
INDEX = ClaimIndex([CLAIM])
CLAIMING: Opinion = {"label": "claim", "confidence": 0.9, "abstained": False}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("В воду добавили яд, не пейте, разошлите всем", "spreads"),
        ("Суға у қосып қойды, ішпеңіздер, таратыңыздар", "spreads"),
        ("suga u qosyp qoidy, ishpender", "spreads"),
        ("The tap water is poisoned, share with everyone", "spreads"),
        ("Слышали? В воду добавили яд, разошлите всем", "spreads"),
        ("это не фейк, в воду добавили яд", "spreads"),
        ("не верьте акимату, вода отравлена", "spreads"),
        ("суға у қосты деген рас па?", "asks"),
        ("suga u qosty degen ras pa", "asks"),
        ("суга у косты деген рас па", "asks"),
        ("это правда, что в воду добавили яд?", "asks"),
        ("в воде яд или опять слухи?", "asks"),
        ("is it true the water is poisoned", "asks"),
        ("суға у қосты деген өтірік", "denies"),
        ("suga u qosty degen otirik", "denies"),
        ("про яд в воде фейк, не верьте", "denies"),
        ("в воду яд не добавляли", "denies"),
        ("суға ешкім у қосқан жоқ", "denies"),
        ("the poisoned water story is fake", "denies"),
        ("яд в воде? наверное поэтому чай вкусный 😂", "asks"),
        ("отравили воду ахахах", "jokes"),
        ("суды уландырыпты, қалжың ғой", "jokes"),
        ("water is poisoned lol", "jokes"),
    ],
)
def test_stance(text: str, kind: str) -> None:
    wording = KK if read(text).language == "kk" else RU
    assert take_stance(text, wording).kind == kind


ENDED = "С сентября пенсионерам отменяют бесплатный проезд"
SECRETLY = "Детям без согласия ставят прививку, один ребёнок после неё умер"


@pytest.mark.parametrize(
    ("text", "wording", "kind"),
    [
        ("пенсионерам больше нет бесплатного проезда", ENDED, "spreads"),
        ("зейнеткерлерге енді тегін емес, ақша төлейді", ENDED, "spreads"),
        ("никто бесплатный проезд не отменяет", ENDED, "denies"),
        ("прививку поставили, ребёнок умер", SECRETLY, "spreads"),
        ("после неё правда умер ребёнок", SECRETLY, "spreads"),
        ("после прививки никто из детей не умер", SECRETLY, "denies"),
        ("балаға екпе салған, өліп қалыпты, естідіңіздер ме", SECRETLY, "spreads"),
        ("балаға екпе салыпты деген рас па, естідіңіздер ме", SECRETLY, "asks"),
        ("воду отравили, а нас никто не предупредил", RU, "spreads"),
        ("суға у қосқан, халықтан сұраған ешкім жоқ", RU, "spreads"),
    ],
)
def test_what_is_gone_or_kept_from_people_denies_nothing(
    text: str, wording: str, kind: str
) -> None:
    assert take_stance(text, wording).kind == kind


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("у нас из крана идёт жёлтая вода", True),
        ("біздің үйде су жоқ екі күн", True),
        ("we have had no water since monday", True),
        ("мне знакомая сказала, что вода отравлена", False),
        ("бізге су берілмейді дейді", False),
    ],
)
def test_own_experience_is_not_hearsay(text: str, own: bool) -> None:
    assert own_experience(read(text)) is own


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("заходите на egov-kz.top", "impersonation"),
        ("https://еgоv.kz/login", "impersonation"),
        ("http://xn--gv-vlcd.kz", None),
        ("https://egow.kz", "impersonation"),
        ("egov.kz.pay-now.site/x", "impersonation"),
        ("www.akimat-astana.online", "impersonation"),
        ("astana-komek.top", "scam_link"),
        ("komek-astana точка top", "scam_link"),
        ("tolem-kz.site", "scam_link"),
        ("t.me/akim_priem_lichno", "impersonation"),
        ("https://egov.kz/services", None),
        ("https://www.gov.kz/memleket/entities/astana", None),
        ("https://dzen.ru/a/1", None),
        ("fcastana.kz", None),
        ("нарядились.Потом пошли домой", None),
        ("t.me/astana_news", None),
    ],
)
def test_addresses_that_dress_up(text: str, kind: str | None) -> None:
    found = [disguise(one) for one in addresses(text)]
    kinds = [one.kind for one in found if one]
    assert kinds == ([kind] if kind else [])


def test_what_stands_on_the_list_is_official() -> None:
    assert all(map(is_official, addresses("https://beta.egov.kz/a @ikomek109 www.gov.kz")))


@pytest.mark.parametrize(
    "text",
    [
        "Акимат выплачивает 150 000, введите номер карты и код из смс",
        "Әкімдік 150 000 береді, карта нөмірін жазыңыз",
        "акимдик 150 000 берип жатыр, карта номирин жазыныз",
        "Akimdik 150 000 berip jatyr, karta nomirin jazynyz",
        "The akimat gives every family money, send the sms code",
        "Компенсация от акимата, оплатите доставку 2900 по ссылке",
        "Жәрдемақы тағайындалды, келген кодты жіберіңіз",
        "Это новая страница акима, напишите мне и получите грант",
    ],
)
def test_lures(text: str) -> None:
    found = find_lures(text)
    assert found
    assert found[0]["kind"] in {"scam_link", "impersonation"}
    assert found[0]["score"] >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Осторожно, мошенники! Просят номер карты и код из смс от имени акимата",
        "Абайлаңыз, алаяқтар әкімдік атынан карта нөмірін сұрайды",
        "Beware of the scam: they ask for your card number, akimat gives nothing",
        "Не переводите деньги на egov-kz.top, это фейк",
        "Пособие оформила на egov.kz, всё пришло",
        "код из смс не приходит, egov лежит",
        "@akimat_esil когда уберёте снег?",
    ],
)
def test_warnings_and_everyday_words_are_no_lures(text: str) -> None:
    assert find_lures(text) == []


def opinion(label: str = "claim", confidence: float = 0.9) -> Opinion:
    return {"label": label, "confidence": confidence, "abstained": False}


def judged(text: str, style: float = 0.5, intent: str = "claim") -> Misinformation:
    return judge_all([text], [style], [opinion(intent)], INDEX, 0.6)[0]


def test_a_claim_that_is_spread_is_likely_and_says_which() -> None:
    found = judged("В водопроводную воду добавили яд, пить её нельзя, передайте всем соседям")
    assert found["flag"] == "likely"
    reason = found["reasons"][0]
    assert (reason["kind"], reason["claim_id"]) == ("claim_match", "tap")
    assert reason["url"] == "https://example.org/tap"
    assert found["confidence"] == reason["score"]


def test_few_words_are_never_likely() -> None:
    assert judged("В водопроводную воду добавили яд!")["flag"] == "possible"


@pytest.mark.parametrize(
    "text",
    [
        "Это правда, что в водопроводную воду добавили яд и пить её нельзя?",
        "Фейк, что в водопроводную воду добавили яд, пить её можно, не верьте",
        "В водопроводную воду добавили яд, пить её нельзя, ахахаха, ну да",
    ],
)
def test_asking_denying_and_joking_show_the_claim_without_a_flag(text: str) -> None:
    found = judged(text, style=0.9)
    assert found["flag"] == "none"
    assert [reason["kind"] for reason in found["reasons"]] == ["claim_match"]


@pytest.mark.parametrize("laughter", ["😂😂", ")))", "ахаха", "lol"])
def test_who_laughs_at_what_they_believe_spreads_it(laughter: str) -> None:
    found = judged(
        f"в водопроводную воду яд добавили, пить её нельзя, дожили {laughter}", style=0.9
    )
    assert found["flag"] != "none"
    assert found["reasons"][0]["stance"] == "spreads"


def test_who_laughs_without_telling_it_is_shown_as_joking() -> None:
    found = judged("в водопроводную воду яд добавили, ага)))", style=0.01, intent="gratitude")
    assert found["flag"] == "none"
    assert [reason["stance"] for reason in found["reasons"]] == ["jokes"]


@pytest.mark.parametrize("laughter", ["", " 😂", ")))"])
def test_a_question_by_the_classifier_is_not_flagged(laughter: str) -> None:
    found = judged(f"{RU} как нам теперь быть{laughter}", intent="question")
    assert found["flag"] == "none"
    assert [reason["stance"] for reason in found["reasons"]] == ["asks"]


@pytest.mark.parametrize("laughter", ["", " 😂", ")))"])
def test_who_repeats_the_refutation_is_not_flagged(laughter: str) -> None:
    refutation = {"ru": "Центральный мост закрывают только на одну ночь, 5 мая"}
    claim = Claim("b", {"ru": "Центральный мост закрывают на два года"}, (), "false", refutation)
    text = f"центральный мост закрывают только на одну ночь{laughter}"
    found = judge_all([text], [0.9], [opinion()], ClaimIndex([claim]), 0.6)[0]
    assert found["flag"] == "none"
    assert [reason["stance"] for reason in found["reasons"]] == ["denies"]


def test_a_true_claim_is_shown_and_not_flagged() -> None:
    true = Claim("true", {"ru": "Завтра воду отключат на три часа"}, (), "true", {})
    false = Claim("false", {"ru": "Завтра воду отключат на трое суток"}, (), "false", {})
    index = ClaimIndex([true, false])
    texts = ["Завтра воду отключат на три часа, так сказали"]
    found = judge_all(texts, [0.5], [opinion()], index, 0.6)[0]
    assert found["flag"] == "none"
    assert found["reasons"][0]["claim_id"] == "true"


@pytest.mark.parametrize("intent", ["problem", "opinion"])
def test_a_report_of_ones_own_is_not_the_claim(intent: str) -> None:
    for text in (
        "у нас из крана идёт жёлтая вода, пить страшно",
        "жарық жоқ екі күн болды, үйіміз суық",
        "кран суы сары болып ағып тұр, бізде осылай",
        "качество воды ужасное, а тариф подняли, позор",
    ):
        assert judged(text, style=0.05, intent=intent)["flag"] == "none"


def test_style_alone_is_at_most_possible_and_only_for_assertions() -> None:
    text = "завтра весь город останется без связи на месяц"
    assert judge(text, 0.99, opinion(), [], 0.6)["flag"] == "possible"
    for intent in ("opinion", "question", "gratitude"):
        assert judge(text, 0.99, opinion(intent), [], 0.6)["flag"] == "none"
    assert judge(f"неправда, что {text}", 0.99, opinion(), [], 0.6)["flag"] == "none"


@settings(max_examples=80, deadline=None)
@given(st.text(min_size=1, max_size=300), st.floats(0, 1))
def test_any_text_is_judged(text: str, style: float) -> None:
    found = judged(text, style)
    assert found["flag"] in {"none", "possible", "likely"}
    assert 0 <= found["confidence"] <= 1
    assert take_stance(text, RU).kind in {"spreads", "asks", "denies", "jokes"}


def test_a_reason_says_what_it_is_made_of() -> None:
    (judged,) = judge_all(["В воду добавили яд, разошлите всем!"], [0.9], [CLAIMING], INDEX, 0.99)
    (reason,) = judged["reasons"]
    assert reason["stance"] == "spreads"
    assert reason["wording"] == RU
    assert reason["flag"] == judged["flag"] != "none"
    (asked,) = judge_all(["это правда, что в воду добавили яд?"], [0.1], [CLAIMING], INDEX, 0.99)
    assert asked["reasons"][0]["flag"] == "none"


def test_a_rumour_about_something_else_shows_no_claim() -> None:
    text = "Сегодня ночью весь рынок закрывают навсегда, забирайте товар и передайте соседям"
    (judged,) = judge_all([text], [0.9], [CLAIMING], INDEX, 0.5)
    assert [reason["kind"] for reason in judged["reasons"]] == ["rumour_style"]
