"""Web addresses and handles in a comment, and whether they dress up as something official.

What is official is data (`official.toml`). An address is compared by how it looks: Cyrillic
letters in a Latin name, punycode, digits for letters, an official name with a word tied on.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

OFFICIAL_FILE: Final = Path(__file__).with_name("official.toml")
_RAW: Final[dict[str, Any]] = tomllib.loads(OFFICIAL_FILE.read_text(encoding="utf-8"))


def _listed(name: str) -> frozenset[str]:
    return frozenset(str(_RAW[name]).split())


DOMAINS: Final = _listed("domains")
ACCOUNTS: Final = frozenset(re.sub(r"[._]", "", name) for name in _listed("accounts"))
_BRANDS: Final = _listed("brands")
_NOT_BRANDS: Final = _listed("not_brands")
_LURES: Final = tuple(_listed("lure_words"))
_CITY: Final = _listed("city_words")
_CHEAP: Final = _listed("cheap_endings")
SHORTENERS: Final = _listed("shorteners")
MESSENGERS: Final = _listed("messengers")
_USUAL: Final = "kz ru com org net me info io co uk us рф қаз ly gl cc gd gy to link by uz kg"
_ENDINGS: Final = sorted({*_CHEAP, *_USUAL.split()})
_SHAPE: Final = str.maketrans(
    "аеорсухкмтвніҽɡӏԁԛѕј01345ıéèëöüäçşģ", "aeopcyxkmtbhiegldqsjoleasieeeouacsg"
)

_ADDRESS: Final = re.compile(
    r"(?<![\w@.])(?:https?://)?((?:[\w\-]+\.)+(?:xn--[\w\-]+|" + "|".join(_ENDINGS) + r"))"
    r"(?![\w\-])(/[^\s,;)\"'»]*)?",
    re.IGNORECASE,
)
_SPELLED: Final = re.compile(
    r"([\w\-]{4,})\s*(?:\[\.\]|\(\.\)|\bточка\b|\bнүкте\b|\bdot\b)\s*("
    + "|".join(_ENDINGS)
    + r")\b",
    re.IGNORECASE,
)
_DOTS: Final = ("[.]", "(.)", "точка", "нүкте", "dot")
"""What an address is spelled out with; to look for these first spares most texts a slow search."""
_HANDLE: Final = re.compile(r"(?<![\w@.])@([\w.]{3,40})")
_PROFILE: Final = re.compile(r"(?:instagram|facebook|tiktok|vk|youtube|twitter|x)\.com|vk\.ru")


@dataclass(frozen=True)
class Address:
    """An address or handle as it stands in a comment."""

    text: str
    host: str
    """Lower case, without "www."; "" for a bare handle."""
    handle: str
    """The account's name, "" for none."""


SIGNS: Final = ("look-alike", "name", "nobody")


@dataclass(frozen=True)
class Disguise:
    """What an address dresses up as."""

    kind: str
    """`impersonation` or `scam_link`."""
    sign: str
    """Code of what gives it away, one of `SIGNS`."""
    detail: str
    score: float


def addresses(text: str) -> list[Address]:
    """Return the addresses and handles of a text, in order of kind."""
    found = []
    if "." in text or "xn--" in text:
        for match in _ADDRESS.finditer(text):
            host = match.group(1).lower().removeprefix("www.")
            path = (match.group(2) or "").lstrip("/").split("?")[0].split("/")[0].lstrip("+@")
            named = host in MESSENGERS or _PROFILE.fullmatch(host)
            found.append(Address(match.group().rstrip("."), host, path.lower() if named else ""))
    lowered = text.lower()
    if any(dot in lowered for dot in _DOTS):
        for match in _SPELLED.finditer(text):
            host = f"{match.group(1)}.{match.group(2)}".lower()
            found.append(Address(match.group(), host, ""))
    if "@" in text:
        found += [
            Address(match.group().rstrip("."), "", match.group(1).rstrip(".").lower())
            for match in _HANDLE.finditer(text)
        ]
    return found


def is_official(address: Address) -> bool:
    """Say whether an address belongs to those listed."""
    if address.handle:
        return re.sub(r"[._]", "", address.handle) in ACCOUNTS
    return _under(address.host, DOMAINS)


def disguise(address: Address) -> Disguise | None:
    """Return what an address dresses up as, None for nothing."""
    if is_official(address):
        return None
    if address.handle:
        return _of_handle(address.handle)
    if not address.host or _PROFILE.fullmatch(address.host):
        return None
    if address.host in MESSENGERS or address.host in SHORTENERS:
        return None
    return _of_host(address.host)


def _of_handle(handle: str) -> Disguise | None:
    shape = re.sub(r"[._]", "", _looks(handle))
    if shape in ACCOUNTS:
        detail = f"the account {handle} is written to look like {shape}"
        return Disguise("impersonation", "look-alike", detail, 0.9)
    brand = next((b for b in sorted(_BRANDS, key=len, reverse=True) if _carries(shape, b)), None)
    if brand is None or any(name in shape for name in _NOT_BRANDS):
        return None
    detail = f"the account {handle} carries the name {brand} and is not on the official list"
    return Disguise("impersonation", "name", detail, 0.6)


def _of_host(host: str) -> Disguise | None:
    decoded = _decoded(host)
    shape = _looks(decoded)
    if _under(shape, DOMAINS):
        return Disguise("impersonation", "look-alike", f"{decoded} only looks like {shape}", 0.95)
    inside = next((d for d in sorted(DOMAINS) if shape.startswith(f"{d}.")), None)
    if inside:
        detail = f"{decoded} begins like {inside} and is not it"
        return Disguise("impersonation", "look-alike", detail, 0.95)
    name, _, ending = shape.rpartition(".")
    parts = [part for part in re.split(r"[.\-_]", name) if part]
    cheap = ending in _CHEAP
    if brand := _brand(name, parts):
        score = 0.9 if cheap else 0.7
        detail = f"{decoded} carries the name {brand} and is not an official address"
        return Disguise("impersonation", "name", detail, score)
    if near := _slip(shape):
        detail = f"{decoded} is one letter away from {near}"
        return Disguise("impersonation", "look-alike", detail, 0.8)
    lured = any(part.startswith(_LURES) for part in parts)
    city = not _CITY.isdisjoint(parts) or any(part.startswith("astana") for part in parts)
    if lured and (city or cheap):
        score = 0.85 if city and cheap else 0.7 if cheap else 0.55
        detail = f"{decoded} promises help or prizes and is nobody's"
        return Disguise("scam_link", "nobody", detail, score)
    return None


def _brand(name: str, parts: list[str]) -> str | None:
    """Return the protected name that an address carries."""
    for brand in sorted(_BRANDS, key=lambda one: (-len(one), one)):
        whole = brand in parts or ("-" in brand and brand in name)
        inside = len(brand) >= 5 and any(part.startswith(brand) for part in parts)
        if (whole or inside) and not any(other in name for other in _NOT_BRANDS):
            return brand
    return None


def _carries(shape: str, brand: str) -> bool:
    """Say whether an account's name begins or ends with a protected one."""
    plain = brand.replace("-", "")
    return len(plain) >= 4 and (shape.startswith(plain) or shape.endswith(plain))


def _slip(shape: str) -> str | None:
    """Return the official domain that differs in one letter, None without one."""
    for domain in sorted(DOMAINS):
        name, _, ending = domain.partition(".")
        other, _, rest = shape.partition(".")
        if ending == rest and len(name) >= 4 and name != other and _one_apart(name, other):
            return domain
    return None


def _one_apart(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if len(longer) - len(shorter) != 1 or len(shorter) < 5:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _under(host: str, domains: frozenset[str]) -> bool:
    """Say whether a host is one of the domains or stands under one."""
    parts = host.split(".")
    return any(".".join(parts[i:]) in domains for i in range(len(parts)))


def _decoded(host: str) -> str:
    """Return a host with punycode read."""
    try:
        return ".".join(
            part[4:].encode("ascii").decode("punycode") if part.startswith("xn--") else part
            for part in host.split(".")
        )
    except (UnicodeError, ValueError):
        return host


def _looks(name: str) -> str:
    """Return a name as it looks: letters of other alphabets and digits as the Latin ones."""
    folded = name.lower().replace("rn", "m") if "rn" in name else name.lower()
    looked = folded.translate(_SHAPE)
    return looked if not name.isascii() or _has_swapped_digit(name) else name.lower()


def _has_swapped_digit(name: str) -> bool:
    """Say whether a digit stands between letters, as in "eg0v"; "109" and "tez24" are no such."""
    return re.search(r"[a-z][01345]+[a-z]", name.lower()) is not None
