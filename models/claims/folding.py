"""One spelling for a word however it was typed: the folding under which wordings meet.

Kazakh Cyrillic, Russian letters standing in for Kazakh ones, Kazakh in Latin letters of any
habit and Russian all become a row of ASCII letters by sound: "қысқартады", "кыскартады" and
"qysqartady" are one word ("kiskartadi"). English is folded by the same table, so it meets
itself. What sounds alike to a hasty typist (ы і и й, у ұ ү, к қ, х һ) is one letter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_CYRILLIC: Final = {
    **dict(zip("абвгдежзийклмнопрстуфхцчшщыэ", "abvgdejziiklmnoprstufhccwwie", strict=True)),
    **dict(zip("әғқңөұүһіёґїєў", "agknouuhiegieu", strict=True)),
    **dict.fromkeys("ъь", ""),
    "ю": "iu",
    "я": "ia",
}
_LATIN_PAIRS: Final = (
    *(("shch", "щ"), ("sch", "щ"), ("sh", "ш"), ("zh", "ж"), ("ch", "ч"), ("kh", "х")),
    *(("gh", "г"), ("ts", "ц"), ("uw", "у")),
)
_LATIN: Final = {
    **dict(zip("abcdefghijklmnoprstuvyz", "abcdefghijklmnoprstuviz", strict=True)),
    **dict(zip("qxw", "khu", strict=True)),
    **dict(zip("äáàâóöòôúüūûñńşšğǵçčíïìîýÿıёé", "aaaaoooouuuunnwwggcciiiiiiiee", strict=True)),
}
_FOLD: Final = str.maketrans({**_CYRILLIC, **_LATIN})
_LOOKS_CYRILLIC: Final = str.maketrans("aceopxykmti", "асеорхукмті")
_LOOKS_LATIN: Final = str.maketrans("асеорхукмті", "aceopxykmti")
_APOSTROPHES: Final = re.compile("['’ʼ`´]")
_TWICE: Final = re.compile(r"([a-z])\1+")
_NASAL: Final = re.compile("ng(?![aeiouyäöüıgq])")
_HAS_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_HAS_LATIN: Final = re.compile("[a-z\u00df-\u024f]")

TOKEN: Final = re.compile(
    r"\d+(?:[ \u00a0.,']\d{3})+(?!\d)(?:-[^\W\d_]{1,4}\b)?|\d+(?:[.,]\d+)?(?:-[^\W\d_]{1,4}\b)?"
    r"|[^\W\d_]+(?:['’ʼ`´][^\W\d_]+)*"
    r"|[%?!.…\n]"
)
"""A number, a word, or a mark that ends a sentence or names a unit."""

_ENGLISH_WORDS: Final = """the is are was were and of to for with this that they will not it you
has have be from by your my our their who what if or all been there people can do does did we new
now an a he his she her how just about when after more than because why would could should get us
says said"""
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())
"""Words that show a Latin text to be English; none of them is one in Kazakh."""


def tokens(text: str) -> list[str]:
    """Return words (lower case), numbers and sentence marks of `text`, in order."""
    found: list[str] = TOKEN.findall(
        unicodedata.normalize("NFKC", text.replace("№", " номер ")).lower().replace("i̇", "i")
    )
    return found


def is_english(words: list[str], one_in: int = 12) -> bool:
    """Say whether Latin words are English rather than Kazakh or Russian in Latin letters.

    One in `one_in` of them must be a common English one.
    """
    latin = [word for word in words if word.isascii() and word.isalpha()]
    hits = sum(word in _ENGLISH for word in latin)
    return hits > 0 and hits * one_in >= len(latin)


def hisses(words: list[str]) -> bool:
    """Say whether "w" stands for ш here: a Latin text in Kazakh that writes neither sh nor ş."""
    if not any("w" in word for word in words) or is_english(words):
        return False
    latin = [word for word in words if _HAS_LATIN.search(word)]
    return not any("sh" in word or "ş" in word for word in latin)


@lru_cache(maxsize=100_000)
def fold(word: str, hissing: bool = False) -> str:
    """Return a lower-case word as it sounds, in ASCII letters; "" when nothing is left."""
    word = _APOSTROPHES.sub("", word)
    if _HAS_LATIN.search(word):
        if _HAS_CYRILLIC.search(word):
            word = _one_alphabet(word)
        for letters, sound in _LATIN_PAIRS:
            word = word.replace(letters, sound)
        if hissing:
            word = word.replace("w", "ш")
        word = _NASAL.sub("n", word)
    word = word.translate(_FOLD)
    return _TWICE.sub(r"\1", "".join(letter for letter in word if letter.isascii()))


def _one_alphabet(word: str) -> str:
    """Undo look-alike letters of the other alphabet slipped into a word."""
    cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in word)
    return word.translate(_LOOKS_CYRILLIC if cyrillic * 2 >= len(word) else _LOOKS_LATIN)


_ENDINGS: Final = """lar ler dar der tar ter nin din tin ga ge ka ke ni di ti da de ta te
    nda nde nan nen dan den tan ten men ben pen im in si i imiz iniz miz niz gan gen kan ken ip p
    adi edi idi aidi eidi sa
    se ar er ir atin etin itin u gi ki lik dik tik li ndar nder uda ude maidi meidi baidi beidi
    a e o iu ia ei oi om em am iam ami iami ah iah ov ev ogo ego omu emu ih imi ie oe aia uiu
    t at it et ut iut iat ite ete l la lo al ala ali il ila ili el eli en ena eno eni na no ne
    ut sia s es ed in"""
_SUFFIXES: Final = frozenset(_ENDINGS.split())
"""Endings of Kazakh, Russian and English words as `fold` leaves them."""
_LONGEST_SUFFIX: Final = max(map(len, _SUFFIXES))
_STEM_LEAST, _STEM_MOST = 4, 7
"""Letters a stem keeps; the first five to seven of a Turkic word carry its meaning (Can et al.,
"Information retrieval on Turkish texts", JASIST 2008)."""


@lru_cache(maxsize=100_000)
def stem(key: str) -> str:
    """Return a folded word without its endings, as many as there are: so forms converge."""
    longest = min(_LONGEST_SUFFIX, len(key) - _STEM_LEAST)
    for length in range(longest, 0, -1):
        if key[-length:] in _SUFFIXES:
            return stem(key[:-length])
    return key[:_STEM_MOST]


@lru_cache(maxsize=100_000)
def consonants(key: str) -> str:
    """Return the consonants of a folded word's stem, "" for fewer than three.

    Vowels are mistyped most, and differ between habits of writing.
    """
    rest = "".join(letter for letter in stem(key) if letter not in "aeiou")
    return rest if len(rest) >= 3 else ""
