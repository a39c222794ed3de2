"""Which street or district a comment names: enough to tell that two speak of one place.

A name beside a word like "көшесі", "улица", "мкр" or "street" is a place, and so are a street
that everybody knows, a name with the number of a house, and a capitalised word within a sentence
that means nothing else. Names are whole ("Қабанбай батыр", not "Батыр"), folded and without
endings: "Абайда", "на Абая" and "Abai street" are one.
"""

from __future__ import annotations

from models.places.finding import Place, find_places, mentions, places

__all__ = ["Place", "find_places", "mentions", "places"]
