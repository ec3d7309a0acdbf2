"""`Language`: says our fixed words, counts, days, numbers and lists as its readers expect them.

ro = language("ro")
ro.say("Version {version}", version="2.1")          # Versiunea 2.1
ro.count("{number} step", "{number} steps", 21)     # 21 de pași
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, localcontext
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Literal, TypeVar

from procflow.texts.catalogues import Catalogue, read_catalogue

if TYPE_CHECKING:
    from babel import Locale

LANGUAGES = ("en", "ro", "ru", "fa", "pl")
"""The languages our words are translated into; English is the one they are written in."""

Piece = TypeVar("Piece")
Pieces = tuple[str | Piece, ...]
"""A sentence cut at its placeholders: our words as texts, and between them what was put in."""

_DIGITS = {"arabext": "۰۱۲۳۴۵۶۷۸۹", "arab": "٠١٢٣٤٥٦٧٨٩"}
"""Babel knows the signs that stand between digits, and writes the digits themselves in Latin always."""
_DIGITS_OF_A_RESULT = 80
"""As many as a number of a condition has at most."""
_FORMATTER = Formatter()


@dataclass(frozen=True, slots=True)
class Language:
    """One language of a page or a drawing. Made by `language`; immutable and shared."""

    code: str
    """As it was asked for: `fa`, `pt-BR`."""
    words: str
    """The language our fixed words come in: `code` where there is a catalogue, else `en`."""
    direction: Literal["ltr", "rtl"]
    """Of `code`, whatever language our words come in."""
    name: str
    """What its speakers call it; `code` if nobody knows it."""
    _locale: Locale
    """Of `words`."""
    _catalogue: Catalogue

    def say(self, message: str, /, **values: object) -> str:
        """Return a message in this language, its `{placeholders}` filled in. `message` is the English text."""
        return _joined(self.cut(message, **values))

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Return the message that fits the number, which stands at `{number}`. `one` and `many` are the English forms."""
        return _joined(self.cut_count(one, many, number, **values))

    def cut(self, message: str, /, **values: Piece) -> Pieces[Piece]:
        """Return what `say` says, unjoined: for whoever marks what is put in, such as names and ids."""
        return _cut(self._catalogue.of(message) or message, values)

    def cut_count(self, one: str, many: str, number: int, /, **values: Piece) -> Pieces[Piece | str]:
        """Return what `count` says, unjoined."""
        forms = self._catalogue.forms(one)
        if forms:
            message = forms[_categories(self._locale).index(self._locale.plural_form(number))]
        else:
            message = one if number == 1 else many
        return _cut(message, {**values, "number": self.number(number)})

    def short_date(self, day: date) -> str:
        """Return a day without its year: `27 Nov`."""
        from babel.dates import format_skeleton

        return self._own_digits(format_skeleton("MMMd", datetime.combine(day, time()), locale=self._locale))

    def date(self, day: date) -> str:
        """Return a day of the Gregorian calendar in words: `1 noiembrie 2026`."""
        from babel.dates import format_date

        return self._own_digits(format_date(day, "long", locale=self._locale))

    def moment(self, at: datetime) -> str:
        """Return a day and the time of day as a wall clock shows them: `Friday 27 November 2026, 16:00`."""
        from babel.dates import format_date

        day = self._own_digits(format_date(at.date(), "full", locale=self._locale))
        return self.say("{day}, {time}", day=day, time=self.clock_time(at.hour * 60 + at.minute))

    def short_moment(self, at: datetime) -> str:
        """Return a day without its year and the time of day, as a wall clock shows them: `Fri 27 Nov, 16:00`."""
        from babel.dates import format_skeleton

        day = self._own_digits(format_skeleton("MMMEd", at.replace(tzinfo=None), locale=self._locale))
        return self.say("{day}, {time}", day=day, time=self.clock_time(at.hour * 60 + at.minute))

    def clock_time(self, minutes: int) -> str:
        """Return the time of day so many minutes after midnight, up to 24:00: `09:30`."""
        return self._own_digits(f"{minutes // 60:02}:{minutes % 60:02}")

    def weekday(self, day: int) -> str:
        """Return the name of a weekday, 0 for Monday."""
        from babel.dates import get_day_names

        return str(get_day_names("wide", "stand-alone", self._locale)[day])

    def number(self, number: int | Decimal) -> str:
        """Return a number with the signs and digits of the language; no digit of it is lost."""
        from babel.numbers import format_decimal

        with localcontext(prec=_DIGITS_OF_A_RESULT):
            shown = format_decimal(
                number,
                locale=self._locale,
                decimal_quantization=False,
                numbering_system=self._locale.default_numbering_system,
            )
        return self._own_digits(shown)

    def listed(self, items: Iterable[str], *, word: Literal["and", "or"] = "and") -> str:
        """Return a list in words: `a, b and c`."""
        return _joined(self.cut_list(list(items), word=word))

    def cut_list(self, items: Sequence[Piece], *, word: Literal["and", "or"] = "and") -> Pieces[Piece]:
        """Return what `listed` says, unjoined."""
        if len(items) < 2:
            return tuple(items)
        patterns = self._locale.list_patterns["standard" if word == "and" else "or"]
        if len(items) == 2:
            return _filled(patterns["2"], (items[0],), (items[1],))
        *before, last = items
        told: Pieces[Piece] = _filled(patterns["end"], (before[-1],), (last,))
        for one in reversed(before[1:-1]):
            told = _filled(patterns["middle"], (one,), told)
        return _filled(patterns["start"], (before[0],), told)

    def _own_digits(self, text: str) -> str:
        digits = _DIGITS.get(self._locale.default_numbering_system)
        return text.translate(str.maketrans("0123456789", digits)) if digits else text


@lru_cache(maxsize=64)
def language(code: str) -> Language:
    """Return the language of a code as texts carry it (`ro`, `pt-BR`), which need not be one that exists.

    Without a catalogue of ours the words are English; the direction is still that of the language.
    """
    known = _locale(code)
    words = known.language if known is not None and known.language in LANGUAGES else "en"
    return Language(
        code=code or words,
        words=words,
        direction="rtl" if known is not None and known.text_direction == "rtl" else "ltr",
        name=(known.get_display_name(known) if known is not None else None) or code or words,
        _locale=_locale("en-GB" if words == "en" else words) or _english(),
        _catalogue=read_catalogue(words),
    )


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        pass
    # `fa-Latn-XX` may be unknown where `fa` is not.
    base = code.replace("_", "-").partition("-")[0]
    return _locale(base) if base and base != code else None


def _english() -> Locale:
    from babel import Locale

    return Locale("en")


@lru_cache(maxsize=16)
def _categories(locale: Locale) -> tuple[str, ...]:
    """Return the plural categories whole numbers fall into, in the order of the forms in a catalogue."""
    met = {locale.plural_form(number) for number in range(201)}
    return tuple(one for one in ("zero", "one", "two", "few", "many", "other") if one in met)


def _cut(message: str, values: dict[str, Piece]) -> Pieces[Piece]:
    return _fill(message, lambda name: (values[name],))


def _filled(pattern: str, *parts: Pieces[Piece]) -> Pieces[Piece]:
    """Return a pattern of the CLDR, `{0}, {1}`, with its parts put in."""
    return _fill(pattern, lambda name: parts[int(name)])


def _fill(pattern: str, part: Callable[[str], Pieces[Piece]]) -> Pieces[Piece]:
    told: list[str | Piece] = []
    for text, name, _, _ in _FORMATTER.parse(pattern):
        told += [text] if text else []
        told += part(name) if name is not None else ()
    return tuple(told)


def _joined(pieces: Pieces[object]) -> str:
    return "".join(map(str, pieces))
