"""What a rule asks of the events it speaks of: `when`, `by`, `same`, `different`, `within`.

Whatever the log cannot tell is doubtful, and the doubt is to the benefit of whoever acted.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from procflow.calendars.calendar import Calendar
from procflow.expressions.expression import NO_CALENDAR, Truth
from procflow.expressions.types import Reference, Value
from procflow.model.event import Witness
from procflow.model.procedure import ANY, Procedure
from procflow.model.rule import PERSON, Rule
from procflow.monitors.rules.reach import Reach

if TYPE_CHECKING:
    from procflow.monitors.rules.position import Position
    from procflow.monitors.rules.turn import Turn

NO, DOUBT, YES = range(3)

Values = tuple[Hashable, ...]
Key = tuple[Values, Values]
"""The values of `same` and those of `different`; None among them is unknown."""

NO_KEY: Key = ((), ())
_NOTHING = timedelta(0)
_LEAST = timedelta(microseconds=1)


class Unset(Enum):
    """Why a rule was not set off."""

    NO = "no"
    UNSEEN = "unseen"
    """It may have been: the log cannot tell."""


class Terms:
    """The terms of one rule, as far as `witness` can see."""

    def __init__(
        self,
        rule: Rule,
        procedure: Procedure | None,
        witness: Witness,
        *,
        statuses: bool,
        calendar: Calendar | None = None,
    ) -> None:
        """`calendar` is what its lengths are counted on; None if that is not at hand."""
        self.rule = rule
        self._procedure = procedure
        self._witness = witness
        self._statuses = statuses
        self.keyed = bool(rule.same or rule.different)
        self.any_trigger = rule.when is None and not self.keyed
        self.anybody = rule.by is None or rule.by.role == ANY
        self.within = None if rule.within is None else Reach(rule.within, calendar)
        self.window = None if rule.window is None else Reach(rule.window, calendar)
        self.plain = not self.keyed and rule.within is None
        """True if all activations are alike, and so is all that fulfils or breaks them."""
        self.free = self.anybody and rule.within is None
        self.tells_time = witness.time
        self.timed = self.within is not None and self.within.known and witness.time
        """False if there is no limit, or none that the log could tell of."""
        resolution = witness.resolution
        self.resolution = resolution
        self.slack = resolution - _LEAST if resolution > _NOTHING else _NOTHING
        """What is later than its deadline by more than this is late."""

    def set_off(self, turn: Turn) -> Key | Unset:
        """Return the key under which a happening sets the rule off, or why it does not; what cannot be told is said."""
        if self.any_trigger:
            return NO_KEY
        when = self.holds(turn)
        if when is not YES:
            return Unset.UNSEEN if when is DOUBT else Unset.NO
        if not self.keyed:
            return NO_KEY
        key = self.key(turn.position)
        if None in key[0] or None in key[1]:
            values = zip((*self.rule.same, *self.rule.different), (*key[0], *key[1]), strict=True)
            return self._unknown(tuple(name for name, value in values if value is None), turn)
        return key

    def holds(self, turn: Turn) -> int:
        """Return whether `when` holds on the record of a position: NO also if it is undecided, which is then said."""
        truth, missing = self._truth(turn)
        if truth is not DOUBT:
            return truth
        when = self.rule.when
        assert when is not None, "no condition is in no doubt"
        could = NO_CALENDAR not in missing and all(map(self._witness.sees, when.reads & _fields(missing)))
        if missing and not turn.holed and could:
            turn.undecided(self.rule, missing)
            return NO
        turn.unexamined(self.rule, f"condition: {when}")
        return DOUBT

    def may_hold(self, turn: Turn) -> int:
        """Return whether `when` holds, and say nothing where that cannot be told, whoever could have."""
        return self._truth(turn)[0]

    def _truth(self, turn: Turn) -> tuple[int, tuple[str, ...]]:
        """Return whether `when` holds; of what is in doubt, what is not known, () if no log of this kind could tell."""
        when = self.rule.when
        if when is None:
            return YES, ()
        if (when.counts and self._statuses) or (when.reads_now and not self._witness.time):
            return DOUBT, ()
        outcome = when.evaluate(turn.position.facts)
        if outcome.truth is Truth.UNDECIDED:
            return DOUBT, outcome.missing
        return YES if outcome.truth is Truth.TRUE else NO, ()

    def _unknown(self, names: tuple[str, ...], turn: Turn) -> Unset:
        """Say what is not known of the values that are compared: of data that is on the person who did not give it."""
        unseen = [name for name in names if name == PERSON or turn.holed or not self._witness.sees(name)]
        for name in unseen:
            turn.unexamined(self.rule, "people: actor" if name == PERSON else f"data: {name}")
        if unseen:
            return Unset.UNSEEN
        turn.undecided(self.rule, names)
        return Unset.NO

    def key(self, position: Position) -> Key:
        """Return the values that are compared, as far as they are known."""
        if not self.keyed:
            return NO_KEY
        rule = self.rule
        return self._values(rule.same, position), self._values(rule.different, position)

    def _values(self, names: tuple[str, ...], position: Position) -> Values:
        known = position.facts.values
        return tuple(self.actor(position) if name == PERSON else hashable(known.get(name)) for name in names)

    def actor(self, position: Position) -> str | None:
        """Return who acted; None if that is not known."""
        return position.actor if self._witness.actor else None

    def may(self, position: Position) -> int:
        """Return whether whoever acted counts."""
        by = self.rule.by
        if self.anybody or by is None:
            return YES
        if position.seq is None:
            return DOUBT
        return self._named(position, by.field) if by.field is not None else self._holds_role(position, by.role or "")

    def _named(self, position: Position, field: str) -> int:
        named, is_team = position.facts.values.get(field), self._is_team(field)
        if named is None or not (self._witness.role if is_team else self.actor(position) is not None):
            return DOUBT
        return YES if named in (position.teams if is_team else (position.actor,)) else NO

    def _holds_role(self, position: Position, role: str) -> int:
        if self._witness.role and role in position.roles:
            return YES
        known = self._procedure.roles if self._procedure is not None else {}
        if role in known and known[role].external:
            named = (position.on_behalf_of or "").strip()
            if named and (named == role or named not in known):
                return YES
        return NO if self._witness.role and self._witness.actor else DOUBT

    def counts(self, position: Position) -> int:
        """Return whether what whoever acted did counts as demanded: if the log tells no times, nobody knows if in time."""
        if self.free:
            return YES
        may = self.may(position)
        return DOUBT if may is YES and self.within is not None and not self.timed else may

    def beyond(self, at: datetime | None) -> bool:
        """Return True if there is a limit, and the calendar does not reach to its end from a moment on."""
        return self.within is not None and self.timed and self.within.beyond(at)

    def _is_team(self, field: str) -> bool:
        return self._procedure is not None and self._procedure.data[field].type == Reference("team")

    def in_time(self, earlier: datetime | None, later: datetime | None, *, forbids: bool = False) -> int:
        """Return whether the second of two moments is within the limit of the first."""
        if self.within is None:
            return YES
        if not self.timed or earlier is None or later is None:
            return DOUBT
        elapsed = self.within.elapsed
        if elapsed is not None:
            over = later - earlier - elapsed
        else:
            due = self.within.after(earlier)
            if due is None:
                return DOUBT
            over = later - due
        if forbids:
            if over > _NOTHING:
                return NO
            return YES if self.resolution == _NOTHING or over <= -self.resolution else DOUBT
        if over <= _NOTHING:
            return YES
        return DOUBT if over < self.resolution else NO


def _fields(missing: tuple[str, ...]) -> set[str]:
    """Return the data fields among what a condition lacks; a part of a record counts as the whole."""
    return {name.partition(".")[0] for name in missing}


def matches(trigger: Key, target: Key) -> int:
    """Return whether a target has the values a trigger asks for; what is unknown is doubtful."""
    doubt = False
    for one, other in zip(trigger[0], target[0], strict=True):
        if other is None or one is None:
            doubt = True
        elif one != other:
            return NO
    for one, other in zip(trigger[1], target[1], strict=True):
        if other is None or one is None:
            doubt = True
        elif one == other:
            return NO
    return DOUBT if doubt else YES


def hashable(value: Value | None) -> Hashable:
    """Return a value as something that a state can be looked up by."""
    if isinstance(value, Mapping):
        return frozenset((name, hashable(one)) for name, one in value.items())
    if isinstance(value, tuple):
        return tuple(map(hashable, value))
    return value
