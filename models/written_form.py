"""The written form of a comment, and the name of a language that is none of ours.

Letters rule out what cannot be; the language head of the classifier decides
among the rest. `langdetect` knows no Kazakh, so it is asked only about texts
already found to be `other`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from langdetect import DetectorFactory, LangDetectException, detect_langs
from langdetect.detector_factory import init_factory

from models.labels import LANGUAGES

DetectorFactory.seed = 0  # else the same text is named differently from call to call

_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z\u00df-\u024fı]", re.IGNORECASE)
_LETTERS_TO_NAME: Final = 12
_SURE: Final = 0.8
_NAMED_FROM: Final = 300


def _without(*forms: str) -> npt.NDArray[np.bool_]:
    """Return which of `LANGUAGES` remain possible without `forms`."""
    return np.array([form not in forms for form in LANGUAGES])


_CYRILLIC_ONLY: Final = _without("kk-Latn", "en")
_LATIN_ONLY: Final = _without("kk-Cyrl")
_BOTH: Final = _without()
_NEITHER: Final = _without(*(form for form in LANGUAGES if form != "other"))


def possible_forms(text: str) -> npt.NDArray[np.bool_]:
    """Return which written forms the letters of `text` allow, shape (6,), in code order."""
    cyrillic = _CYRILLIC.search(text) is not None
    latin = _LATIN.search(text) is not None
    if cyrillic:
        return _BOTH if latin else _CYRILLIC_ONLY
    return _LATIN_ONLY if latin else _NEITHER


def load_language_names() -> None:
    """Read langdetect's profiles now (a quarter of a second), not at the first foreign text."""
    init_factory()


@lru_cache(maxsize=4096)
def name_language(text: str) -> str | None:
    """Return the ISO 639-1 code of a text that is none of our languages, None when unsure."""
    sample = text[:_NAMED_FROM]
    if sum(map(str.isalpha, sample)) < _LETTERS_TO_NAME:
        return None
    try:
        best = detect_langs(sample)[0]
    except LangDetectException:
        return None
    known = best.lang not in {"ru", "en"} and best.prob >= _SURE
    return str(best.lang) if known else None
