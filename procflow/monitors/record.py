"""The record: values given so far, how often each action was performed, and what conditions say on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.automaton.overriding import destination
from procflow.automaton.vectors import Circumstances, Label
from procflow.calendars.book import NO_BOOK, CalendarBook
from procflow.calendars.calendar import Calendar
from procflow.expressions.expression import Expression, Facts, Truth
from procflow.expressions.types import Value
from procflow.expressions.values import parse_value
from procflow.model.event import Act, Event, Kind, Lifecycle, Witness
from procflow.model.procedure import Procedure
from procflow.monitors.names import meant

# A member of an Enum is looked up anew, in Python, wherever it is named.
_HOLDS, _UNDECIDED = Truth.TRUE, Truth.UNDECIDED
_TRUE, _FALSE = Reading.TRUE, Reading.FALSE
_NONE: frozenset[int] = frozenset()
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a case knows."""

    values: Mapping[str, Value]
    counts: Mapping[str, int]
    """Only of actions that a condition or an `at-most` asks about."""
    gates: tuple[Reading, ...]
    """The automaton's gates on this record."""
    calendar: Calendar | None = None
    """What working time is counted on in the case; None if it is not at hand, or no condition asks for it."""


class Given(NamedTuple):
    """What a case knows with an event's own data."""

    facts: Facts
    unread: Mapping[str, str] = _NOTHING
    """Data field -> why the value the event gives cannot be read."""


class Recorder:
    """Keeps records, and reads the conditions of one automaton on them as far as `witness` can see."""

    def __init__(
        self,
        automaton: Automaton,
        witness: Witness,
        *,
        counts: bool,
        asked: Iterable[Expression] = (),
        calendars: CalendarBook = NO_BOOK,
    ) -> None:
        """`counts` is False if the events do not tell how often an action was performed (a status history).

        `asked` are conditions on the record besides those of the automaton, `calendars` what working time is counted on.
        """
        asked = tuple(asked)
        self._automaton = automaton
        self._witness = witness
        self._counts = counts
        self._counted = frozenset(_counted(automaton)).union(*(condition.counts for condition in asked))
        self._gates_move = any(gate.reads_now or gate.counts or gate.reads_calendar for gate in automaton.gates)
        guards = (guard for guards in automaton.guards.values() for guard in guards)
        worked = any(one.reads_calendar for one in (*automaton.gates, *guards, *asked))
        # Of a case in which nothing asks for working time no calendar is ever looked up.
        self._calendars = calendars if worked else None

    def given(self, record: Record, event: Event) -> Given:
        """Return the record with the event's own data; its own use is not counted yet."""
        calendar = record.calendar
        if self._calendars is not None and event.calendars is not None:
            calendar = self._calendar(event.calendars)
        if not event.data:
            return Given(Facts(record.values, record.counts, event.occurred_at, calendar))
        values = dict(record.values)
        read, unread = _read_values(self._automaton.procedure, event)
        for name, value in read.items():
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value
        return Given(Facts(values, record.counts, event.occurred_at, calendar), unread)

    def _calendar(self, digest: str | None) -> Calendar | None:
        """Return the calendar of the procedure in a set, None for the one that holds unless the record says otherwise."""
        id = self._automaton.procedure.calendar
        if self._calendars is None or id is None:
            return None
        calendars = self._calendars.of(digest)
        return calendars[id] if calendars is not None and id in calendars else None

    def opening(self, opened: Event | None) -> tuple[Record, Given]:
        """Return the record of a case that opens, with what its conditions were read on."""
        nothing = Record(values={}, counts={}, gates=(), calendar=self._calendar(None))
        given = Given(Facts({}, {}, None, nothing.calendar)) if opened is None else self.given(nothing, opened)
        facts = given.facts
        gates = self._read(self._automaton.gates, facts)
        return Record(values=facts.values, counts={}, gates=gates, calendar=facts.calendar), given

    def after(self, before: Record, event: Event, facts: Facts, gates: tuple[Reading, ...]) -> Record:
        """Return the record after an event, its use counted."""
        counts = before.counts
        if event.action in self._counted and self._performs(event):
            counts = {**counts, event.action: counts.get(event.action, 0) + 1}
        elif facts.values is before.values and gates is before.gates and facts.calendar is before.calendar:
            return before
        return Record(values=facts.values, counts=counts, gates=gates, calendar=facts.calendar)

    def gates(self, record: Record, event: Event, facts: Facts) -> tuple[Reading, ...]:
        """Return the automaton's gates with the event's own data."""
        if not event.data and not self._gates_move:
            return record.gates
        return self._read(self._automaton.gates, facts)

    def onward(self, record: Record, last: Event | None) -> tuple[Reading, ...]:
        """Return the gates as the next event would find them: with the use of the last one counted."""
        if not self._gates_move or last is None:
            return record.gates
        return self._read(self._automaton.gates, self.now(record, last))

    def now(self, record: Record, last: Event | None) -> Facts:
        """Return the record as it is after the last event, that event's use counted."""
        return Facts(record.values, record.counts, None if last is None else last.occurred_at, record.calendar)

    def circumstances(
        self, record: Record, event: Event, label: Label, facts: Facts, after: tuple[Reading, ...]
    ) -> Circumstances:
        """Return what the alignment needs to know of `event`; `record` is the one before it, `after` its gates."""
        before = record.gates
        if self._gates_move:
            before = self._read(self._automaton.gates, facts._replace(values=record.values))
        guards = self._automaton.guards.get(label.action)
        read = self._read(guards, facts) if guards is not None else ()
        return Circumstances(before, after, read, self._used_up(label.action, facts.counts), event.gap)

    def _used_up(self, action: str, counts: Mapping[str, int]) -> frozenset[int]:
        limited = self._automaton.limited.get(action)
        if limited is None:
            return _NONE
        done = counts.get(action, 0)
        return frozenset(index for index, one in enumerate(limited) if one.at_most is not None and done >= one.at_most)

    def _performs(self, event: Event) -> bool:
        if event.kind is not Kind.OVERRIDE:
            return event.kind is Kind.ACTION and event.lifecycle is Lifecycle.COMPLETE
        if event.override is None or event.override.act is not Act.DO_EARLY:
            return False
        try:
            destination(self._automaton.procedure, event)
        except ValueError:
            return False  # an override that leads nowhere changes nothing
        return True

    def _read(self, conditions: Sequence[Expression], facts: Facts) -> tuple[Reading, ...]:
        return tuple([self._reading(condition, facts) for condition in conditions]) if conditions else ()

    def _reading(self, condition: Expression, facts: Facts) -> Reading:
        if (condition.counts and not self._counts) or (condition.reads_now and not self._witness.time):
            return Reading.UNSEEN
        if condition.reads_calendar and facts.calendar is None:
            return Reading.UNSEEN
        outcome = condition.evaluate(facts)
        if outcome.truth is not _UNDECIDED:
            return _TRUE if outcome.truth is _HOLDS else _FALSE
        fields = condition.reads & {name.partition(".")[0] for name in outcome.missing}
        return Reading.UNDECIDED if all(map(self._witness.sees, fields)) else Reading.UNSEEN


def _counted(automaton: Automaton) -> Iterator[str]:
    yield from automaton.limited
    for condition in (*automaton.gates, *(guard for guards in automaton.guards.values() for guard in guards)):
        yield from condition.counts


def _read_values(procedure: Procedure, event: Event) -> tuple[dict[str, Value | None], dict[str, str]]:
    """Return the values an event gives (None takes one back), and why others cannot be read, by field."""
    values: dict[str, Value | None] = {}
    wrong: dict[str, str] = {}
    for name, raw in event.data.items():
        field = procedure.data.get(name)
        if field is None:
            close = meant(name, procedure.data.keys())
            wrong[name] = "the procedure has no such field" + (f"; did you mean “{close}”?" if close else "")
        elif raw is None:
            values[name] = None
        else:
            try:
                values[name] = parse_value(field.type, raw)
            except ValueError as error:
                wrong[name] = str(error)
    return values, wrong
