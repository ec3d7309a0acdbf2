"""How wide a text is, and where its lines break: measured by a table, so that a picture is the same on every machine.

Widths are those of Arial and of fonts made to its measure (Liberation Sans, Helvetica), in hundredths of the size;
for Arabic letters, whose width depends on their neighbours, of the wider of two common fonts. A letter with marks is
as wide as without them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

_LETTERS = MappingProxyType(
    {
        0: "\u200b\u200c\u200d\u2060\u2066\u2067\u2068\u2069",
        20: "'′",
        23: "ijlłſιіј‘’‚‛|¦",
        28: " !,./:;I[\\]ft·ŧΙІـء\u00a0",
        33: "()-`r{}¡¨²³´¸¹ŀ‐‑“”„‹›،؛آأإا",
        37: '"•″гªº*°τґ',
        45: "ĳζкεξзт^ς",
        50: "ҐJcksvxyzĸγκλνЈсухѕэєχчьهی",
        56: "вПГя¶¯±÷Γυнџ≤≥#$0123456789?L_abdeghnopqu¢£¤¥§«»ðþđħĿŁŋƒδηθοаеиорђћѳ–†‡€ρбц؟۰۱۲۳۴۵۶۷۸۹",
        60: "+<=>~¬µ×αβμКдл−ŉЗFTZ¿ßøŦΖΤТΣσъؤئةدذرزعغلنوىيۀۆۇۈۋیېژ",
        67: "УΞφБЛЬ&ABEKPSVXYÞΑΒΔΕΚΛΡΥΧЅАВЕРХЖжДπмψمھبتثجحخقپچټ",
        73: "CDHNRUwÐĐĦŊΗΝΠЄЏИНСЭЯыĲ©®ЦΩюФكکگ",
        80: "GOQØΘΟωОѲЪΦшњфщMmМΜ¼½¾فں",
        90: "ΨЋЂ%æЫљЖطظ",
        100: "ШWœЩÆŒ—―…‰™←→ЊЮ@",
        108: "ЉصضسشШ№",
    }
)
_WIDTHS = MappingProxyType({letter: width / 100 for width, letters in _LETTERS.items() for letter in letters})
_UNKNOWN, _WIDE = 0.72, 1.0
_BOLD = 1.1
_MONO = 0.605


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is written: its size in pixels, and whether it is bold or of one width."""

    size: float
    bold: bool = False
    mono: bool = False

    @property
    def height(self) -> float:
        """The height of a line."""
        return round(self.size * 1.36)


@lru_cache(maxsize=4096)
def _advance(letter: str) -> float:
    known = _WIDTHS.get(letter)
    if known is not None:
        return known
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return _WIDE
    base = unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS.get(base, _UNKNOWN) if base != letter else _UNKNOWN


def width(text: str, face: Face) -> float:
    """Return how wide `text` is, in pixels."""
    if face.mono:
        return sum(_MONO * (2 if _advance(one) == _WIDE else _advance(one) > 0) for one in text) * face.size
    return sum(map(_advance, text)) * face.size * (_BOLD if face.bold else 1)


_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Return `text` on one line, what a picture cannot show or what would turn its neighbours around made visible."""
    return _FORBIDDEN.sub("\ufffd", " ".join(text.split()))


def right_to_left(text: str) -> bool:
    """Return True if the first letter with a direction is written from right to left."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL", "L"):
            return kind != "L"
    return False


_PIECES = re.compile(r"[^\s\-_/.]+[\-_/.]?|[\-_/.]|\s+")


def wrapped(text: str, face: Face, room: float, *, most: int = 3) -> tuple[str, ...]:
    """Return `text` in at most so many lines that fit, the last with `…` if not all of it does.

    Lines break at spaces, and inside a word after a hyphen, stroke, point or underscore, or anywhere if they must.
    They are about equally long: no word is left alone on the last.
    """
    lines = _filled(text, face, room, most)
    if len(lines) < 2 or lines[-1].endswith("…"):
        return lines
    for part in (0.55, 0.65, 0.75, 0.85, 0.95):
        narrower = _filled(text, face, room * part, most)
        if len(narrower) == len(lines) and not narrower[-1].endswith("…"):
            return narrower
    return lines


def _filled(text: str, face: Face, room: float, most: int) -> tuple[str, ...]:
    lines: list[str] = []
    rest = text.strip()
    while rest and len(lines) < most:
        head = _head(rest, face, room)
        if len(lines) == most - 1 and len(head.rstrip()) < len(rest):
            head = _fitting(rest, face, room - width("…", face)).rstrip(" ,;-") + "…"
            rest = ""
        else:
            rest = rest[len(head) :].lstrip()
        lines.append(head.strip())
    return tuple(lines)


def _head(text: str, face: Face, room: float) -> str:
    """Return the beginning of `text` that goes onto one line, at least one letter."""
    if width(text, face) <= room:
        return text
    fits = _fitting(text, face, room)
    space = fits.rfind(" ") if not text[len(fits) : len(fits) + 1].isspace() else len(fits)
    if space >= len(fits) * 0.4:
        return fits[:space]
    for end in range(len(fits), len(fits) // 2, -1):
        if fits[end - 1] in "-_/.":
            return fits[:end]
    return fits[:space] if space > 0 else fits


def _fitting(text: str, face: Face, room: float) -> str:
    used = 0.0
    for number, letter in enumerate(text):
        used += width(letter, face)
        if used > room:
            # A mark stays with its letter.
            while number > 1 and unicodedata.combining(text[number]):
                number -= 1
            return text[: max(1, number)]
    return text


def even(value: float) -> float:
    """Return the next even whole number."""
    whole = int(value + 0.999)
    return whole + whole % 2


def balanced(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines of a text with isolates, each closed where the line ends and opened again on the next."""
    opened = ""
    for line in lines:
        told = opened + line
        opened = ""
        for letter in told:
            if letter in "\u2066\u2067\u2068":
                opened += letter
            elif letter == "\u2069":
                opened = opened[:-1]
        yield told + "\u2069" * len(opened)
