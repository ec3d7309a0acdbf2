"""What a rule says, read from plain data, and the case it is said of, position by position.

Times, values and conditions are those of `conditions.py`. Three-valued throughout: None is what cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

from tests.oracle.conditions import Record, Value
from tests.oracle.plain import Plain

PERSON = "person"
Slot = tuple[int, int, int]
"""Where something happens: the position, the kind of happening, and its place among those of this kind."""
Told = bool | None
"""None: it cannot be told."""
_KINDS = ("case opens", "starts ", "", "leaves ", "enters ", "case ends")
"""In the order in which one event amounts to them; "" is an action, with and without its step."""
_FORMS = (
    ("must-happen",),
    ("exactly", "of"),
    ("at-most", "of"),
    ("at-least", "of"),
    ("first",),
    ("last",),
    ("if", "also"),
    ("if", "never"),
    ("after", "never"),
    ("before", "never"),
    ("after", "before"),
    ("after", "there-must-be"),
    ("before", "there-must-be"),
    ("together",),
    ("any-of",),
    ("one-of",),
    ("not-both",),
    ("same-person",),
    ("different-person",),
    ("never",),
)
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


class Spot(NamedTuple):
    """One event as rules see it."""

    seq: int | None
    at: datetime | None
    happenings: tuple[str, ...]
    performs: bool = True
    actor: str | None = None
    on_behalf_of: str | None = None
    roles: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    values: Mapping[str, Value] = {}
    counts: Mapping[str, int] = {}
    gap: bool = False
    ends: bool = False
    cancelled: bool = False
    reopens: bool = False
    now: datetime | None = None
    """Of a closing that is not on record: when the record was read."""
    place: str = ""
    """Where it was done, and what: `s1.i1`. An exception can name either."""
    silent: bool = False
    """True: before the event, with nothing on record of it, because time was up."""


class Fate(NamedTuple):
    """What became of one activation."""

    since: int
    """The position that set it off; 0 if the case did."""
    state: str
    """`kept`, `broken`, `pending`, `unseen` or `released`."""
    at: int | None = None
    """The position that settled it; None while it is pending, and if time alone did."""
    kind: str = ""
    """How it was broken."""
    by: int | None = None
    """The position of what was demanded, if it came; of a pending demand any, if it were met if the case ended now."""
    demanded: bool = True
    """False: something is forbidden by it."""


@dataclass(frozen=True)
class Sight:
    """What the record can witness."""

    times: bool = True
    roles: bool = True
    fields: frozenset[str] | None = None
    """None: all."""
    resolution: timedelta = timedelta(0)
    counts: bool = True

    def sees(self, name: str) -> bool:
        return self.fields is None or name in self.fields


def form_of(written: Plain) -> str:
    """Return the keys that make the form, with blanks between them."""
    return next(" ".join(keys) for keys in _FORMS if all(key in written for key in keys))


def named(written: Any) -> tuple[str, ...]:
    """Return one happening or several, each in one way of writing it."""
    some = [written] if isinstance(written, str) else written
    return tuple(one.removeprefix("completes ") for one in some)


def length(written: str | None) -> timedelta | None:
    """Return a length as people write it."""
    if written is None:
        return None
    number, unit = written.split()
    return float(number) * _UNITS[unit.removesuffix("s")]


@dataclass(frozen=True)
class Case:
    """A case so far, and what a rule's words mean in it."""

    rule: Plain
    spots: Sequence[Spot]
    procedure: Plain
    """For roles and the types of fields."""
    sight: Sight = field(default_factory=Sight)
    cut: bool = False
    """Its beginning is not on record."""
    as_of: datetime | None = None
    """None: the moment of the last event."""

    # What stands in the rule

    @property
    def form(self) -> str:
        return form_of(self.rule)

    @property
    def within(self) -> timedelta | None:
        return length(self.rule.get("within"))

    @property
    def window(self) -> timedelta | None:
        return length(self.rule.get("in"))

    def keys(self, word: str) -> tuple[str, ...]:
        """Return what must be equal (`same`) or must differ (`different`)."""
        return named(self.rule.get(word, ()))

    # What happens where

    @property
    def end(self) -> int | None:
        """The position with which the case ends. An end that an override led out of was none."""
        end = None
        for index, spot in enumerate(self.spots):
            if spot.reopens:
                end = None
            if spot.ends and end is None:
                end = index
        return end

    def over(self, index: int) -> bool:
        """Return True after the end."""
        return self.end is not None and index > self.end

    def slots(self, happenings: Sequence[str], index: int | None = None) -> list[Slot]:
        """Return where any of these happens; an action and the same action in its step are one happening."""
        found = set()
        for number, spot in enumerate(self.spots):
            if index is not None and number != index:
                continue
            for place, one in enumerate(spot.happenings):
                if one in happenings:
                    kind = _kind(one)
                    found.add((number, kind, place if kind in (3, 4) else 0))
        return sorted(found)

    def number(self, index: int) -> float | None:
        """Return the number of a position."""
        return number_of(index, self.spots)

    def gaps(self, after: int, upto: int) -> bool:
        """Return True if entries are missing after the first of these positions, before or at the second.

        From -1 on: anywhere before it.
        """
        return any(self.spots[index].gap for index in range(after + 1, upto + 1)) or (after < 0 and self.cut)

    def hidden(self, index: int) -> bool:
        """Return True if what should have come before a position may have come where entries are missing."""
        now, within = self.time(index), self.within
        for gap in (one for one in range(index + 1) if self.gaps(one - 1, one) or (one == 0 and self.cut)):
            then = self.time(gap)
            if within is None or now is None or then is None or now - then <= within:
                return True
            if now - then < within + self.sight.resolution:
                return True
        return False

    def counts(self, index: int) -> bool:
        """Return True if a position is one for `next`, `first` and `last`."""
        spot = self.spots[index]
        words = [one for value in self.rule.values() for one in _texts(value)]
        return (
            spot.performs
            or any(one in words and one in spot.happenings for one in ("case opens", "case ends"))
            or (
                any(one.startswith("starts ") for one in words)
                and any(one.startswith("starts ") for one in spot.happenings)
            )
        )

    # When

    def time(self, index: int) -> datetime | None:
        """Return when a position was; an opening that does not say so was when the first thing was that does."""
        if not self.sight.times:
            return None
        if index == 0 and self.spots and self.spots[0].at is None:
            return next((one.at for one in self.spots if one.at is not None), None)
        return self.spots[index].at or self.spots[index].now

    def late(self, since: int, now: datetime | None) -> bool:
        """Return True if at `now` the time is over for what was demanded at a position."""
        begun = self.time(since)
        if self.within is None or begun is None or now is None:
            return False
        due = begun + self.within
        return now >= due + self.sight.resolution if self.sight.resolution else now > due

    def near(self, trigger: int, other: int, way: int = 0, *, forbidden: bool = False) -> Told:
        """Return True if two positions lie near enough in time.

        `way`: 1 if the other has to come after, -1 if before, 0 if either will do. What is on record as later may be
        backdated: it is near enough then.
        """
        if self.within is None:
            return True
        one, two = self.time(trigger), self.time(other)
        if one is None or two is None:
            return None
        apart = (two - one) * (way or (1 if other > trigger else -1))
        blur = self.sight.resolution
        if forbidden:
            return None if self.within - blur < apart <= self.within else apart <= self.within
        return True if apart <= self.within else None if apart < self.within + blur else False

    def passed(self, since: int, index: int) -> bool:
        """Return True if at a position the time is over for what was forbidden at an earlier one."""
        one, two, within = self.time(since), self.time(index), self.within
        return one is not None and two is not None and within is not None and two > one + within

    # Whether it counts

    def holds(self, index: int) -> Told:
        """Return what `when` says at a position."""
        when = self.rule.get("when")
        if when is None:
            return True
        if ("times(" in when and not self.sight.counts) or ("now" in when and not self.sight.times):
            return None
        spot = self.spots[index]
        return Record(spot.values, spot.counts, spot.at or spot.now).truth(when)

    def blamed(self, index: int, names: Sequence[str]) -> bool:
        """Return True if the record could have held the values of these fields that are not known at a position."""
        unknown = [one for one in names if one not in self.spots[index].values]
        when = self.rule.get("when", "")
        if ("times(" in when and not self.sight.counts) or ("now" in when and not self.sight.times):
            return False
        return all(self.sight.sees(one) for one in unknown) and not self.gaps(-1, index)

    def reads(self, index: int) -> str:
        """Return what `when` says at a position: `yes`, `no`, `asked` or `unseen`.

        `asked`: a value is lacking that could have been given, so nothing is set off and that is said (DV305).
        """
        said = self.holds(index)
        if said is not None:
            return "yes" if said else "no"
        words = [one for one in _words(self.rule["when"]) if one in self.procedure.get("data", {})]
        return "asked" if self.blamed(index, words) else "unseen"

    def sets_off(self, index: int) -> str:
        """Return whether a trigger there sets the rule off, in the same words."""
        if (said := self.reads(index)) != "yes":
            return said
        keys = [*self.keys("same"), *self.keys("different")]
        if PERSON in keys and self.spots[index].actor is None:
            return "unseen"
        fields = [one for one in keys if one != PERSON]
        if any(one not in self.spots[index].values for one in fields):
            return "asked" if self.blamed(index, fields) else "unseen"
        return "yes"

    def alike(self, trigger: int, other: int) -> Told:
        """Return what `same` and `different` say of two positions."""
        said: list[Told] = []
        for word in ("same", "different"):
            for key in self.keys(word):
                one, two = (self.value(index, key) for index in (trigger, other))
                said.append(None if one is None or two is None else (one == two) is (word == "same"))
        return both(*said)

    def value(self, index: int, key: str) -> Any:
        spot = self.spots[index]
        return spot.actor if key == PERSON else spot.values.get(key)

    def able(self, index: int) -> Told:
        """Return True if whoever acted there may do it, as far as `by` asks."""
        by, spot = self.rule.get("by"), self.spots[index]
        if by is None or by == "any":
            return True
        seen = self.sight.roles and spot.seq is not None
        if isinstance(by, str):
            held = by in spot.roles or self._acts_for(spot, by)
            return held or (False if seen else None)
        wanted = spot.values.get(by["field"])
        if wanted is None:
            return None
        type = self.procedure["data"][by["field"]]
        if (type if isinstance(type, str) else type["type"]) == "team":
            return wanted in spot.teams or (False if seen else None)
        return None if spot.actor is None else spot.actor == wanted

    def _acts_for(self, spot: Spot, role: str) -> bool:
        """Return True if it was done for somebody outside: a role, or a person or client by id."""
        other, roles = (spot.on_behalf_of or "").strip(), self.procedure.get("roles", {})
        written = roles.get(role)
        outside = isinstance(written, Mapping) and bool(written.get("external"))
        return outside and other != "" and (other == role or other not in roles)


def number_of(index: int, spots: Sequence[Spot]) -> float | None:
    """Return the number of a position: that of its event; one between two events if nothing is on record of it."""
    spot = spots[index]
    return spot.seq - 1 + (index + 1) / (len(spots) + 2) if spot.silent and spot.seq is not None else spot.seq


def event_of(seq: float | None) -> int | None:
    """Return the number of the event at which something is told: of what nothing is on record of, the next one."""
    return None if seq is None else ceil(seq)


def both(*said: Told) -> Told:
    """Return True if all hold, False if one does not."""
    return False if False in said else None if None in said else True


def _kind(happening: str) -> int:
    return next((kind for kind, word in enumerate(_KINDS) if word and happening.startswith(word)), 2)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _words(condition: str) -> list[str]:
    return re.findall(r"[a-z_]+", re.sub(r"has\(\w+\)", "", condition))
