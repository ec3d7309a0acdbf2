"""How long a case would take, by those that are over and alike. Pure: whoever asks brings the cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.length import Length, Unit
from procflow.errors import CalendarError, ProcflowError
from procflow.expressions.types import Raw, Value
from procflow.expressions.values import closest, parse_value, show_value
from procflow.loading.lengths import length_of
from procflow.model.clock import BallShare, PartyKind
from procflow.model.event import Event, Lifecycle
from procflow.model.procedure import Procedure
from procflow.model.promising import Forecast, Likely, Quantiles, wilson
from procflow.model.report import CaseAudit

FEW = 10
"""Of fewer cases alike nothing is forecast."""
LATEST = 1_000
"""So many cases of a store are looked at, the latest."""
MOST_UNITS = 100_000
NEVER = MOST_UNITS + 1
_PERCENT = (50, 85, 95)
_SURE = 85
_HALF = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A case on record."""

    audit: CaseAudit
    events: Sequence[Event]
    began_at: datetime
    calendar: Calendar | None
    """That of its procedure; None if there is none."""

    @property
    def done(self) -> bool:
        """True if it came to an end that is no cancellation, all of it on record."""
        return self.audit.outcome not in (None, "cancelled") and not self.audit.cut

    @property
    def wall(self) -> timedelta:
        """How long it took, without the time in which only a confirmation was waited for."""
        if not self.audit.ball:  # without clocks nobody watches who has the ball
            return self.events[-1].occurred_at - self.began_at
        return sum((one.wall for one in self._work), timedelta(0))

    @property
    def working(self) -> timedelta | None:
        """The same in the procedure's calendar; None if nobody can tell."""
        if not self.audit.ball:
            return self._open_time()
        parts = [one.working for one in self._work]
        known = [one for one in parts if one is not None]
        return sum(known, timedelta(0)) if len(known) == len(parts) else None

    def _open_time(self) -> timedelta | None:
        try:
            at = self.events[-1].occurred_at
            return None if self.calendar is None else self.calendar.between(self.began_at, at)
        except CalendarError:
            return None

    @property
    def _work(self) -> list[BallShare]:
        return [one for one in self.audit.ball if one.party.kind is not PartyKind.RESOLVED]

    def first(self, name: str) -> Raw:
        """Return the value a data field was first given; None if it never was."""
        for event in self.events:
            if name in event.data and not event.refused and event.lifecycle is Lifecycle.COMPLETE:
                return event.data[name]
        return None


def given_of(procedure: Procedure, given: Mapping[str, Raw]) -> Mapping[str, Value]:
    """Return what is known of a new case, as its fields are declared. Raises ProcflowError."""
    known: dict[str, Value] = {}
    for name, raw in given.items():
        field = procedure.data.get(name)
        if field is None:
            close = closest(name, procedure.data)
            there = ", ".join(procedure.data) or "none"
            raise ProcflowError(
                f"{procedure.id} collects no {name}",
                code="DV302",
                hint=f"did you mean {close}?" if close is not None else f"there are: {there}",
            )
        try:
            known[name] = parse_value(field.type, raw)
        except ValueError as error:
            raise ProcflowError(
                f"{name}: {error}", code="DV302", hint="give it as the procedure declares it"
            ) from error
    return known


def wish_of(procedure: Procedure, within: str | Length | None) -> Length | None:
    """Return what is wished for. Raises ProcflowError for what is no length, or needs a calendar there is not."""
    if within is None:
        return None
    length = within if isinstance(within, Length) else length_of(within)
    if length is None or not length.count:
        raise ProcflowError(
            f"“{within}” is not a length of time",
            hint="write `4 hours`, `4 working hours`, `2 working days` or `14 days`",
        )
    if length.working and procedure.calendar is None:
        raise ProcflowError(
            f"{length} needs a calendar, and {procedure.id} names none", hint=f"wish for {length.count} days"
        )
    return length


def forecast(
    procedure: Procedure,
    given: Mapping[str, Value],
    past: Iterable[Past],
    within: Length | None = None,
    *,
    most: int | None = None,
) -> Forecast:
    """Return how long a case would take of which `given` is known, by cases on record; `most`: only so many are among them."""
    done = [one for one in past if one.done]
    alike = [one for one in done if all(_is(procedure, one, name, value) for name, value in given.items())]
    enough = len(alike) >= FEW
    working = [one.working for one in alike]
    kept = None if within is None or not enough else sum(_as_quick(one, within) for one in alike)
    return Forecast(
        procedure=procedure.id,
        version=procedure.version,
        given={name: show_value(value) for name, value in given.items()},
        looked_at=len(done),
        most=most,
        n=len(alike),
        few=FEW,
        wall=quantiles(one.wall for one in alike) if enough else None,
        working=_counted(procedure, working) if enough else None,
        within=within,
        kept=kept,
        between=None if kept is None else wilson(kept, len(alike)),
        likely=None if within is None else _likely(kept, len(alike)),
        instead=_instead(alike, within) if enough and within is not None else None,
        ball=_shared(alike) if enough else (),
        ask=_asked(procedure, given),
        nearby={} if enough else _nearby(procedure, given, done),
    )


def _counted(procedure: Procedure, working: Sequence[timedelta | None]) -> Quantiles | None:
    """Return how much working time cases took; None if there is none, or of some it is not known."""
    known = [one for one in working if one is not None]
    return quantiles(known) if procedure.calendar is not None and len(known) == len(working) else None


def _is(procedure: Procedure, one: Past, name: str, value: Value) -> bool:
    try:
        return parse_value(procedure.data[name].type, one.first(name)) == value
    except ValueError:
        return False


def _nearby(procedure: Procedure, given: Mapping[str, Value], done: Sequence[Past]) -> Mapping[str, int]:
    return {
        left: sum(
            all(_is(procedure, one, name, value) for name, value in given.items() if name != left) for one in done
        )
        for left in given
    }


def _likely(kept: int | None, n: int) -> Likely:
    if kept is None:
        return Likely.UNKNOWN
    return Likely.YES if kept * 100 >= _SURE * n else Likely.MAYBE if kept * 100 >= _HALF * n else Likely.NO


def _as_quick(one: Past, within: Length) -> bool:
    return _needed(one, within) <= within.count


def _needed(one: Past, unit: Length) -> int:
    """Return how many units a case took."""
    used = one.working if unit.working else one.wall
    return NEVER if used is None else units_needed(one.began_at, used, unit, one.calendar or ALWAYS)


def _instead(alike: Sequence[Past], within: Length) -> Length | None:
    needed = sorted(_needed(one, within) for one in alike)
    count = needed[rank(_SURE, len(needed))]
    return None if count >= NEVER else replace(within, count=count)


def _shared(alike: Sequence[Past]) -> tuple[BallShare, ...]:
    """Return who had the ball in all of them; the longest first."""
    found: dict[object, BallShare] = {}
    for one in (share for past in alike for share in past.audit.ball):
        before = found.get(one.party)
        if before is None:
            found[one.party] = one
            continue
        both = None if before.working is None or one.working is None else before.working + one.working
        found[one.party] = replace(one, wall=before.wall + one.wall, working=both, times=before.times + one.times)
    return tuple(sorted(found.values(), key=lambda one: (-one.wall, one.party.kind.value, one.party.names)))


def _asked(procedure: Procedure, given: Mapping[str, Value]) -> tuple[str, ...]:
    first = procedure.top.steps[procedure.top.start]
    leading = [action for action in first.actions.values() if action.moves and not action.incomplete]
    fields = [*first.collect, *(name for action in leading for name in action.collect)]
    proofs = [*first.evidence, *(name for action in leading for name in action.evidence)]
    return tuple(dict.fromkeys([*(name for name in fields if name not in given), *proofs]))


def quantiles(lengths: Iterable[timedelta]) -> Quantiles | None:
    """Return what 50, 85 and 95 of 100 do not exceed, by nearest rank; None if there are none."""
    ordered = sorted(lengths)
    if not ordered:
        return None
    p50, p85, p95 = (ordered[rank(percent, len(ordered))] for percent in _PERCENT)
    return Quantiles(n=len(ordered), p50=p50, p85=p85, p95=p95)


def rank(percent: int, n: int) -> int:
    """Return the place, from 0, of what so many of 100 do not exceed, among `n` in order."""
    return max(-(-percent * n // 100) - 1, 0)


def units_needed(start: datetime, used: timedelta, unit: Length, calendar: Calendar) -> int:
    """Return the fewest units, from 1, that are worth `used` if they begin at `start`; NEVER if there are too many."""
    low, high = 0, 1
    while not _enough(start, used, replace(unit, count=high), calendar):
        low, high = high, high * 2
        if high > MOST_UNITS:
            return NEVER
    while high - low > 1:
        middle = (low + high) // 2
        if _enough(start, used, replace(unit, count=middle), calendar):
            high = middle
        else:
            low = middle
    return high


def _enough(start: datetime, used: timedelta, length: Length, calendar: Calendar) -> bool:
    plain = length.elapsed if length.unit is not Unit.DAY or not length.working else None
    try:
        return (plain if plain is not None else calendar.budget(start, length)) >= used
    except CalendarError:
        return False
