"""Worked examples of the documentation, in Kazakh and Russian; a test sends each of them."""

from __future__ import annotations

from typing import Any, Final

Examples = dict[str, dict[str, Any]]

_HEATING: Final = {
    "text": "Үшінші күн жылу жоқ, балалар тоңып отыр",
    "platform": "instagram",
}
_ROAD: Final = {
    "text": "На Кенесары у остановки открытый люк, уже второй день никто не закрывает",
    "platform": "telegram",
}
_THANKS: Final = {
    "text": "Рахмет, ауламыз қардан тазаланыпты!",
    "platform": "facebook",
    "parent_text": "Қалада қар тазалау жұмыстары жүріп жатыр",
}

CLASSIFY: Final[Examples] = {
    "kk": {"summary": "Қазақша: жылу жоқ", "value": {**_HEATING, "explain": True}},
    "ru": {"summary": "По-русски: открытый люк", "value": {**_ROAD, "suggest": False}},
    "thanks": {"summary": "Алғыс, жазба астында", "value": _THANKS},
}
CLASSIFY_BATCH: Final[Examples] = {
    "mixed": {
        "summary": "Екі тілде; третий элемент с ошибкой",
        "value": {"items": [_HEATING, {**_ROAD, "suggest": True}, {"text": " "}]},
    }
}
COMMENT: Final[Examples] = {
    "kk": {
        "summary": "Instagram-нан келген пікір",
        "value": {
            **_HEATING,
            "external_id": "18023456789",
            "author": "aigerim_01",
            "posted_at": "2026-01-12T08:15:00+05:00",
            "url": "https://www.instagram.com/p/example/c/18023456789/",
        },
    },
    "ru": {
        "summary": "Комментарий из Telegram",
        "value": {**_ROAD, "external_id": "astana_news/4512/77", "suggest": False},
    },
}
COMMENT_BATCH: Final[Examples] = {
    "two": {
        "summary": "Два комментария одним запросом",
        "value": {
            "items": [
                {**_HEATING, "external_id": "18023456790"},
                {**_ROAD, "external_id": "astana_news/4512/78"},
            ]
        },
    }
}
REVIEW: Final[Examples] = {
    "kk": {
        "summary": "Жауап өңделіп, мәселе түзетілді",
        "value": {
            "decision": "edit",
            "reply_text": "Сәлеметсіз бе! Хабарламаңызды мамандарға жеткіздік, тексеріп жатыр.",
            "language": "kk",
            "corrections": {"topic": "heating", "urgency": "critical"},
        },
    },
    "ru": {
        "summary": "Ответ не нужен",
        "value": {"decision": "reject", "corrections": {"intent": "opinion"}},
    },
}
TEMPLATES: Final[Examples] = {
    "one": {
        "summary": "Үш тілдегі бір үлгі",
        "value": {
            "items": [
                {
                    "id": "ice-received",
                    "kind": "passed-on",
                    "owner": "press",
                    "approved": "2026-01-05",
                    "title": {
                        "kk": "Көктайғақ туралы хабар қабылданды",
                        "ru": "Сообщение о гололёде принято",
                        "en": "Report of ice received",
                    },
                    "text": {
                        "kk": "Сәлеметсіз бе! Хабарлағаныңызға рахмет, көктайғақ туралы "
                        "хабарыңызды мамандарға жеткіздік.",
                        "ru": "Здравствуйте! Спасибо, что написали: о гололёде уже сообщили "
                        "специалистам.",
                        "en": "Hello! Thank you for writing: we have told the crews about the ice.",
                    },
                    "topics": ["cleaning", "roads"],
                    "intents": ["problem"],
                }
            ]
        },
    }
}
