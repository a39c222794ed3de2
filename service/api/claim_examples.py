"""Worked examples of claims for the documentation; a test sends each of them."""

from __future__ import annotations

from typing import Any, Final

Examples = dict[str, dict[str, Any]]

_WATER: Final = {
    "claim_id": "water-off-a-week",
    "claim": {
        "kk": "Ертеңнен бастап бүкіл қалада бір апта су болмайды",
        "ru": "С завтрашнего дня воды не будет во всём городе целую неделю",
    },
    "phrasings": ["Завтра отключат воду на неделю, запасайтесь", "Su bir apta bolmaidy eken"],
    "verdict": "false",
    "refutation": {
        "kk": "Жоспарлы жөндеу тек бір ауданда, бір күнде бітеді. Қала суы тоқтамайды.",
        "ru": "Плановый ремонт идёт в одном районе и займёт день. Воду в городе не отключают.",
    },
    "url": "https://astana.gov.kz/kk/water",
    "published": "2026-11-20",
    "expires": "2026-12-31",
}
_REVIEW: Final = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "identifier": "free-travel",
    "inLanguage": "ru",
    "claimReviewed": "С января проезд в автобусах станет бесплатным для всех",
    "reviewBody": "Проезд остаётся платным; льготы для школьников и пенсионеров прежние.",
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": 1,
        "worstRating": 1,
        "bestRating": 5,
        "alternateName": "Ложь",
    },
    "author": {"@type": "Organization", "name": "Пресс-служба акимата"},
    "url": "https://astana.gov.kz/ru/free-travel",
    "datePublished": "2026-11-18",
}
_MAYOR: Final = {
    "claim_id": "mayor-telegram-lottery",
    "claim": {"en": "The mayor gives away phones in his Telegram channel"},
    "verdict": "scam",
    "refutation": {"en": "The channel is a fake. The mayor holds no lotteries."},
}

ONE: Final[Examples] = {
    "one": {"summary": "Бір хабар, екі тілде", "value": _WATER},
    "many": {
        "summary": "Бірнешеуі; вторая запись с ошибкой",
        "value": {"items": [_MAYOR, {"claim": {"ru": "Без вердикта"}}]},
    },
}
REVIEW: Final[Examples] = {
    "review": {"summary": "Один ClaimReview", "value": _REVIEW},
}
REVIEWS: Final[Examples] = {
    "review": REVIEW["review"],
    "feed": {
        "summary": "Лента ClaimReview",
        "value": {
            "@context": "https://schema.org",
            "@type": "DataFeed",
            "dataFeedElement": [{"@type": "DataFeedItem", "item": [_REVIEW]}],
        },
    },
}
TABLE: Final[Examples] = {
    "table": {
        "summary": "Кестеден (CSV)",
        "value": "claim_id,claim_ru,phrasings,verdict,refutation_ru,url,published\n"
        "school-closed,Школы закрывают на карантин,Завтра в школу не идём|Карантин во всех школах,"
        "ложь,Школы работают как обычно.,https://astana.gov.kz/ru/schools,20.11.2026\n",
    }
}
CHANGED: Final[Examples] = {
    "changed": {
        "summary": "Мерзімі ұзартылды",
        "value": {
            **{name: _WATER[name] for name in _WATER if name != "claim_id"},
            "expires": "2027-01-31",
        },
    }
}
