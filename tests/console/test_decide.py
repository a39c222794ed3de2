"""Deciding on a comment, without JavaScript: what is recorded, and that nothing gets lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from service import comments as stored
from service.comments import ReviewView

Open = Callable[..., Any]
KAZAKH = "Сәлеметсіз бе! Хабарламаңызды алдық, мамандар қазір тексеріп жатыр."
RUSSIAN = "Здравствуйте! Сообщение получили, специалисты уже проверяют."


@pytest.fixture
def recorded(house: Any, comments: Any) -> Callable[[str], ReviewView | None]:
    """Return a function that gives what was decided about a sample."""

    def read(name: str) -> ReviewView | None:
        with house.sessions.reading() as session:
            return stored.get(session, comments[name]).review

    return read


def test_approve_and_on_to_the_next(at: Open, comments: Any, recorded: Open) -> None:
    page = at("gas", query="?topic=heating")
    suggested = page.review_form()
    chosen = suggested["reply"]
    page.decide("approve")
    assert page.address == f"/console/comments/{comments['cold']}?topic=heating&done=approve"
    assert "The reply is approved." in page.page
    review = recorded("gas")
    assert (review.decision, review.moderator) == ("approve", "chris")
    assert review.template_id == chosen
    assert review.reply_text == suggested[f"text.kk.{chosen}"].strip()
    assert review.corrections == {}


def test_edited_reply_and_corrected_labels(at: Open, recorded: Open) -> None:
    page = at("cold")
    chosen = page.review_form()["reply"]
    page.decide(
        "approve",
        **{f"text.ru.{chosen}": RUSSIAN.replace(". ", ".\r\n")},
        label__topic="housing",
        label__misinformation="false",
    )
    assert page.status == 200
    review = recorded("cold")
    assert review.decision == "edit"
    assert review.template_id == chosen
    assert review.reply_text == RUSSIAN.replace(". ", ".\n")
    assert review.language == "ru"
    assert review.corrections == {"topic": "housing", "misinformation": False}


def test_own_words(at: Open, recorded: Open) -> None:
    at("gas").decide("approve", reply="own", text__own=KAZAKH)
    review = recorded("gas")
    assert (review.decision, review.template_id, review.reply_text) == ("edit", None, KAZAKH)


def test_reject_needs_a_reason(at: Open, recorded: Open) -> None:
    page = at("insult")
    page.decide("reject", label__intent="spam")
    assert page.status == 422
    assert "choose a reason" in page.page
    assert page.review_form()["label.intent"] == "spam"
    page.decide("reject", reason="abuse")
    assert page.status == 200
    review = recorded("insult")
    assert (review.decision, review.reply_text, review.reason) == ("reject", None, "abuse")
    assert review.corrections == {"intent": "spam"}


def test_escalate_with_a_note(at: Open, recorded: Open) -> None:
    at("rumour").decide("escalate", note="Спросить у пресс-службы")
    review = recorded("rumour")
    assert (review.decision, review.reply_text) == ("escalate", None)
    assert review.reason == "Спросить у пресс-службы"


def test_what_was_escalated_is_decided_by_another(
    at: Open, browser: Open, comments: Any, recorded: Open
) -> None:
    at("rumour").decide("escalate", note="Спросить у пресс-службы", label__topic="water")
    bolat = browser("bolat")
    bolat.get("/console/?status=escalated")
    assert f"/console/comments/{comments['rumour']}?status=escalated" in bolat.page
    bolat.get(f"/console/comments/{comments['rumour']}?status=escalated")
    said = bolat.page.partition('<section class="card decided passed-up">')[2]
    said = said.partition("</section>")[0]
    assert "Примечание (chris):" in said
    assert "Спросить у пресс-службы" in said
    assert "Причина" not in said
    assert bolat.review_form()["label.topic"] == "water"
    assert 'value="escalate"' not in bolat.page
    bolat.decide("approve", reply="own", text__own=RUSSIAN)
    assert bolat.address == "/console/?status=escalated&done=edit"
    review = recorded("rumour")
    assert (review.moderator, review.decision, review.reply_text) == ("bolat", "edit", RUSSIAN)
    assert review.corrections == {"topic": "water"}
    bolat.get(f"/console/comments/{comments['rumour']}")
    assert "Спросить у пресс-службы" in bolat.page
    assert 'value="approve"' not in bolat.page


def test_what_was_escalated_goes_back(at: Open, comments: Any, recorded: Open) -> None:
    at("rumour").decide("escalate", note="Спросить у пресс-службы")
    first, second = at("rumour", "bolat"), at("rumour", "bolat")
    for page in (first, second):  # the second one finds that it is done
        page.decide("return")
        assert page.status == 200
        assert "Комментарий возвращён в очередь" in page.page
    assert recorded("rumour") is None
    page = at("rumour", "bolat")
    assert "Спросить у пресс-службы" in page.page
    assert 'value="escalate"' in page.page
    page.decide("reject", reason="answered")
    assert recorded("rumour").decision == "reject"


def test_skip_lets_go(at: Open, comments: Any, recorded: Open) -> None:
    page = at("gas")
    page.decide("skip")
    assert page.address == f"/console/comments/{comments['manhole']}?done=skip"
    assert recorded("gas") is None
    assert "working on this" not in at("gas", "bolat").page


def test_a_refused_own_reply_is_where_the_cursor_is(at: Open) -> None:
    page = at("cold")
    page.decide("approve", reply="own", text__own=" ")
    focused = re.findall(r"<[^>]* autofocus[^>]*>", page.page)
    assert len(focused) == 1
    assert 'id="text-own"' in focused[0]
    assert page.page.index('id="refusal"') > page.page.index('value="own"')
    page.decide("reject")
    focused = re.findall(r"<[^>]* autofocus[^>]*>", page.page)
    assert len(focused) == 1
    assert 'id="refusal"' in focused[0]


def test_slots_are_filled_in(at: Open, recorded: Open) -> None:
    page = at("rumour")
    chosen = next(name.split(".")[1] for name in page.review_form() if name.startswith("slot."))
    slot = next(
        name.split(".")[2] for name in page.review_form() if name.startswith(f"slot.{chosen}.")
    )
    shown = page.review_form()[f"text.ru.{chosen}"]
    assert f"{{{slot}}}" in shown
    field = f"slot.{chosen}.{slot}"
    page.decide("approve", reply=chosen)
    assert page.status == 422
    assert "Not filled in yet" in page.page
    page.decide("approve", reply=chosen, **{field: "не ссылка"})
    assert page.status == 422
    assert page.review_form()[field] == "не ссылка"
    assert page.page.count("filled in") == 1
    page.decide("stay", **{field: "https://astana.gov.kz/1"})
    assert page.status == 200
    assert '<span class="slot full"' in page.page
    page.decide("approve")
    assert recorded("rumour").decision == "approve"
    assert recorded("rumour").reply_text == shown.replace(f"{{{slot}}}", "https://astana.gov.kz/1")


def test_a_refused_reply_loses_nothing(at: Open, recorded: Open) -> None:
    page = at("cold")
    page.decide(
        "approve",
        reply="own",
        text__own="Позвоните нам: 8 701 555 01 23, завтра всё исправим",
        label__urgency="normal",
    )
    assert page.status == 422
    assert "personal data in the reply" in page.page
    assert 'role="alert"' in page.page
    form = page.review_form()
    assert form["reply"] == "own"
    assert form["text.own"] == "Позвоните нам: 8 701 555 01 23, завтра всё исправим"
    assert form["label.urgency"] == "normal"
    assert recorded("cold") is None


def test_doubts_can_be_overruled_but_not_rules(at: Open, recorded: Open) -> None:
    page = at("cold")
    page.decide("approve", reply="own", text__own=KAZAKH)
    assert page.status == 422
    assert "another language" in page.page
    assert 'name="confirm"' in page.page
    page.decide("approve", confirm="yes")
    assert page.status == 200
    assert recorded("cold").reply_text == KAZAKH
    page = at("gas")
    page.decide("approve", reply="own", text__own=" ", confirm="yes")
    assert page.status == 422
    assert 'name="confirm"' not in page.page


def test_another_language_keeps_everything(at: Open, recorded: Open) -> None:
    page = at("gas")
    chosen = page.review_form()["reply"]
    page.decide(
        "language.ru", **{f"text.kk.{chosen}": KAZAKH}, label__topic="safety", text__own="Своё"
    )
    assert page.status == 200
    form = page.review_form()
    assert form["language"] == "ru"
    assert form[f"text.kk.{chosen}"] == KAZAKH
    assert "Если" in form[f"text.ru.{chosen}"] or "газ" in form[f"text.ru.{chosen}"].lower()
    assert (form["label.topic"], form["text.own"]) == ("safety", "Своё")
    page.decide("language.kk")
    assert page.review_form()[f"text.kk.{chosen}"] == KAZAKH
    page.decide("approve")
    assert recorded("gas").reply_text == KAZAKH
    assert recorded("gas").language == "kk"


def test_the_same_form_twice_decides_once(at: Open, recorded: Open) -> None:
    first, second = at("gas"), at("gas")
    first.decide("approve")
    second.decide("approve", reply="own", text__own=KAZAKH)
    assert second.status == 409
    assert "already been decided" in second.page
    assert "Decided by chris" in second.page
    assert KAZAKH in second.page
    assert "/console/next" in second.page
    assert recorded("gas").decision == "approve"


def test_who_comes_too_late_sees_who_holds_it(
    at: Open, comments: Any, clock: Any, recorded: Open
) -> None:
    late = at("gas", "bolat")
    clock.forward(minutes=20)
    at("gas", "aigul")
    late.decide("approve", reply="own", text__own=KAZAKH)
    assert late.status == 409
    assert "работает aigul" in late.page
    assert KAZAKH in late.page
    assert recorded("gas") is None


def test_a_template_that_changed_is_read_again(
    at: Open, house: Any, shipped: Any, recorded: Open
) -> None:
    page = at("gas")
    chosen = page.review_form()["reply"]
    template = shipped.templates[chosen]
    new = template.model_copy(update={"text": {**template.text, "kk": KAZAKH}})
    house.catalogue = lambda session: shipped.with_overrides([new])
    page.decide("approve")
    assert page.status == 409
    assert "template was changed" in page.page
    assert recorded("gas") is None
    assert page.review_form()[f"text.kk.{chosen}"] == KAZAKH
    page.decide("approve")
    assert recorded("gas").reply_text == KAZAKH


def test_words_stay_when_their_template_is_no_longer_offered(at: Open) -> None:
    page = at("cold")
    page.decide(
        "stay",
        reply="gone-template",
        **{"text.ru.gone-template": RUSSIAN, "shown.ru.gone-template": "Раньше"},
    )
    assert page.review_form()["reply"] == "own"
    assert page.review_form()["text.own"] == RUSSIAN


def test_unknown_template_and_labels(at: Open, recorded: Open) -> None:
    page = at("cold")
    page.decide("approve", reply="gone-template", label__topic="nonsense")
    assert page.status == 422
    assert "no longer exists" in page.page
    page.decide("unknown-button")
    assert page.status == 200
    assert recorded("cold") is None


def test_the_token_is_needed_and_the_text_is_shown(at: Open, recorded: Open) -> None:
    page = at("cold")
    page.page = page.page.replace(page.csrf, "0" * 64)
    page.decide("approve", reply="own", text__own=RUSSIAN)
    assert page.status == 403
    assert RUSSIAN in page.page
    assert recorded("cold") is None
