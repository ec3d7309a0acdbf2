"""Values worth trying for a variable: on both sides of every point where a condition turns, the simplest first.

A condition that compares a variable with constants alone comes out the same for all values between two neighbouring
points. So one value for each point and one for each gap between points stand for all values there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, count, pairwise
from math import ceil, floor

from procflow.expressions.atoms import Variable
from procflow.expressions.quantities import day, moment
from procflow.expressions.types import (
    Choice,
    Date,
    Duration,
    FieldType,
    File,
    FileRef,
    Instant,
    ListOf,
    Money,
    MoneyValue,
    Number,
    Record,
    Reference,
    Text,
    Value,
    YesNo,
)
from procflow.expressions.values import MAX_ITEMS, MAX_TEXT

_UNITS = tuple(unit * 1_000_000 for unit in (86_400, 3_600, 60, 1))
"""Days, hours, minutes, seconds in microseconds."""
_DAY = _UNITS[0]
_A_MORNING = 20_454 * _DAY + 9 * _UNITS[1]
"""2026-01-01T09:00Z: a moment like any other, where no moment is asked for."""
_A_DAY = date(2026, 1, 1)
_MOST_DIGITS = 12
_MOST_MEMBERS = 4
"""Words of which every selection is tried in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What conditions hold one variable against."""

    points: frozenset[Fraction] = frozenset()
    """Of the variable itself as a quantity."""
    sizes: frozenset[Fraction] = frozenset()
    """Of its size."""
    words: Sequence[Value] = ()
    """Values it is compared with; of a list, what it is asked to hold."""
    linked: bool = False
    """True if it is compared with other variables as a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Values of one variable, the simplest first; never empty."""

    values: tuple[Value, ...]
    between: tuple[Value, ...] = ()
    """Numbers between two whole ones that follow each other, for want of better: few numbers are not meant whole."""
    complete: bool = True
    """True if every value there is comes out as one of these, for comparisons with constants."""


def candidates(variable: Variable, turns: Turns) -> Candidates:
    """Return the values of a variable that are worth trying."""
    type = variable.type
    match type:
        case YesNo():
            return Candidates(values=(True, False))
        case Number() if variable.is_whole:
            return Candidates(values=tuple(map(Decimal, _whole(turns.points))))
        case Number() | Money():
            return _numbers(type, turns.points)
        case Instant():
            return _moments(turns.points)
        case Date():
            return _days(turns.points)
        case Duration():
            return _lengths(turns.points)
        case Choice():
            return Candidates(values=_words_of(type, turns))
        case Text():
            return _texts(turns)
        case Reference():
            return Candidates(values=(*turns.words, next(_others(type, turns.words))))
        case ListOf():
            return _lists(type, turns)
        case _:
            return Candidates(values=(_some(type),))


# --- numbers -------------------------------------------------------------------------------------------------------


def _numbers(type: Number | Money, points: Collection[Fraction]) -> Candidates:
    """Return numbers at, beside and between the points.

    Between two whole numbers that follow each other money has its cents; of other numbers that is rarely meant.
    """
    if not points:
        return Candidates(values=(_as(type, Decimal(100 if isinstance(type, Money) else 1)),))
    if len(points) == 1 and (number := int(point := next(iter(points)))) == point:
        beside = sorted(map(Decimal, (number, number + 1, number - 1)), key=_plainness)
        return Candidates(values=tuple(_as(type, one) for one in beside))
    digits = max(map(_digits, points))
    step = Fraction(1, 10**digits)
    found: set[Fraction] = set()
    for point in points:
        if digits == 0:
            found.update((point - 1, point, point + 1))
            continue
        low, high = (point, point) if (point / step).denominator == 1 else (_down(point, step), _up(point, step))
        found.update((low - step, low, high, high + step, Fraction(floor(low)), Fraction(ceil(high))))
    between: set[Fraction] = set()
    for one, two in pairwise(sorted(points)):
        if not any(one < each < two for each in found):
            between.add(_between(one, two))
    if isinstance(type, Money) or step != 1:
        found |= between
        between = set()
    return Candidates(values=_named(type, found), between=_named(type, between))


def _named(type: Number | Money, numbers: Iterable[Fraction]) -> tuple[Value, ...]:
    return tuple(_as(type, number) for number in sorted(map(_decimal, numbers), key=_plainness))


def _as(type: Number | Money, number: Decimal) -> Value:
    return MoneyValue(number, type.currency) if isinstance(type, Money) else number


def _digits(point: Fraction) -> int:
    """Return how many decimals it takes to write `point`; two if it cannot be written."""
    return next((digits for digits in range(_MOST_DIGITS) if (point * 10**digits).denominator == 1), 2)


def _between(low: Fraction, high: Fraction) -> Fraction:
    """Return the number between two others that takes the fewest decimals, near the middle."""
    for digits in count():
        first, middle = floor(low * 10**digits) + 1, round((low + high) / 2 * 10**digits)
        one = Fraction(max(first, middle), 10**digits)
        if one < high:
            return one
    raise AssertionError("there is always a number between")


def _down(point: Fraction, step: Fraction) -> Fraction:
    return floor(point / step) * step


def _up(point: Fraction, step: Fraction) -> Fraction:
    return ceil(point / step) * step


def _decimal(number: Fraction) -> Decimal:
    """Return a number whose denominator divides a power of ten."""
    if number.denominator == 1:
        return Decimal(number.numerator)
    digits = next(digits for digits in count() if (number * 10**digits).denominator == 1)
    return Decimal(int(number * 10**digits)).scaleb(-digits)


def _plainness(number: Decimal) -> tuple[bool, int, int, Decimal]:
    """Return what sorts numbers as people would name them: 0, 1, 500, 499, 0.5, and at last what is below 0."""
    plain = format(abs(number), "f")
    whole, _, decimals = plain.partition(".")
    return number < 0, len(decimals), len((whole + decimals).strip("0")), abs(number)


def _whole(points: Iterable[Fraction], most: int | None = None) -> list[int]:
    """Return whole numbers from 0 at, beside and between the points, small ones first."""
    found = {0}
    for point in points:
        found.update((floor(point) - 1, floor(point), ceil(point), ceil(point) + 1))
    return sorted(one for one in found if one >= 0 and (most is None or one <= most))


# --- moments -------------------------------------------------------------------------------------------------------


def _moments(points: Collection[Fraction]) -> Candidates:
    if not points:
        return Candidates(values=(moment(_A_MORNING),))
    unit = next((unit for unit in _UNITS if all(point % unit == 0 for point in points)), 1)
    return Candidates(values=_known(moment, _around(points, unit)))


def _days(points: Collection[Fraction]) -> Candidates:
    if not points:
        return Candidates(values=(_A_DAY,))
    return Candidates(values=_known(day, _around(points, _DAY)))


def _lengths(points: Collection[Fraction]) -> Candidates:
    """Return working times, those that people meet first; negative ones last."""
    unit = next((unit for unit in _UNITS[1:] if all(point % unit == 0 for point in points)), 1)
    found = sorted(_around(points, unit), key=lambda one: (one < 0, abs(one))) if points else [_UNITS[1]]
    return Candidates(values=_known(_length, found))


def _length(microseconds: int) -> timedelta:
    return timedelta(microseconds=microseconds)


def _around(points: Collection[Fraction], step: int) -> Iterator[int]:
    """Yield the points, what is a step after and before each, and the middle of two that are no further apart."""
    ordered = sorted(points)
    steps = [(floor(point / step) * step, ceil(point / step) * step) for point in ordered]
    yield from (value for pair in steps for value in pair)
    yield from (high + step for _, high in steps)
    yield from (low - step for low, _ in steps)
    yield from (floor((one + two) / 2) for one, two in pairwise(ordered) if two - one <= 2 * step)


def _known(make: Callable[[int], Value], microseconds: Iterable[int]) -> tuple[Value, ...]:
    """Return the moments or days there are, each once; one like any other if all are beyond the years there are."""
    found: dict[Value, None] = {}
    for one in microseconds:
        try:
            found[make(one)] = None
        except (OverflowError, ValueError):
            continue
    return tuple(found) or (make(_A_MORNING),)


# --- words ---------------------------------------------------------------------------------------------------------


def _words_of(type: Choice, turns: Turns) -> tuple[Value, ...]:
    """Return the words asked for and, of those that come out alike, the first; in the order of the choice."""
    if turns.linked:
        return type.of
    rest = [word for word in type.of if word not in turns.words]
    kept = {*turns.words, *rest[:1]}
    return tuple(word for word in type.of if word in kept)


def _texts(turns: Turns) -> Candidates:
    found = dict.fromkeys([*turns.words, next(_others(Text(), turns.words))])
    for size in _whole(turns.sizes, MAX_TEXT) if turns.sizes else ():
        one = next((sign * size for sign in "xyz" if sign * size not in found), None)
        found.update({one: None} if one is not None else {})
    return Candidates(values=tuple(found))


def _others(type: FieldType, taken: Collection[Value]) -> Iterator[str]:
    """Yield values that are none of `taken`, and readable."""
    first = f"other-{type.kind}" if isinstance(type, Reference) else "other"
    names = (first, *(f"{first}-{number}" for number in range(2, len(taken) + 100)))
    return (name for name in names if name not in taken)


# --- lists ---------------------------------------------------------------------------------------------------------


def _lists(type: ListOf, turns: Turns) -> Candidates:
    """Return lists with every selection of the words asked for, in every size that matters."""
    words = list(dict.fromkeys(turns.words))
    filler = _filler(type.item, words)
    if isinstance(type.item, Choice) and filler is None:
        filler = words[-1] if words else None
    found: dict[tuple[Value, ...], None] = {}
    sizes = sorted({*_whole(turns.sizes, MAX_ITEMS), *range(min(len(words), _MOST_MEMBERS) + 2)})
    for number in range(min(len(words), _MOST_MEMBERS) + 1):
        for chosen in combinations(words, number):
            for size in sizes:
                more = size - len(chosen)
                spare = filler if filler is not None and filler not in words else next(iter(chosen), None)
                if more >= 0 and (not more or spare is not None):
                    found.setdefault((*chosen, *[spare] * more) if spare is not None else chosen)
    ordered = sorted(found, key=len)
    return Candidates(values=(*ordered[1:2], ordered[0], *ordered[2:]), complete=len(words) <= _MOST_MEMBERS)


def _filler(type: FieldType, words: Sequence[Value]) -> Value | None:
    """Return an item that is none of `words`; None if there is none."""
    match type:
        case Choice(of):
            return next((word for word in of if word not in words), None)
        case Text() | Reference():
            return next(_others(type, words))
        case Number() | Money():
            return next(_as(type, Decimal(number)) for number in count(1) if _as(type, Decimal(number)) not in words)
        case _:
            return _some(type)


def _some(type: FieldType) -> Value:
    """Return any value of a type, the simplest."""
    match type:
        case File():
            return FileRef(link="https://files.example/1")
        case Record(fields):
            return {name: _some(part) for name, part in fields.items()}
        case _:
            return candidates(Variable(name="", type=type), Turns()).values[0]
