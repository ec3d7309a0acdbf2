"""The record: values given so far, how often each action was performed, and what conditions say on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from procflow.automaton.alignment import Circumstances, Label
from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.expressions.expression import Expression, Facts, Truth
from procflow.expressions.types import Value
from procflow.model.event import Event, Kind, Lifecycle, Witness
from procflow.monitors.data import read_values

_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a case knows."""

    values: Mapping[str, Value]
    counts: Mapping[str, int]
    """Only of actions that a condition or an `at-most` asks about."""
    gates: tuple[Reading, ...]
    """The automaton's gates on this record."""


class Recorder:
    """Keeps records, and reads the conditions of one automaton on them as far as `witness` can see."""

    def __init__(self, automaton: Automaton, witness: Witness, *, counts: bool) -> None:
        """`counts` is False if the events do not tell how often an action was performed (a status history)."""
        self._automaton = automaton
        self._witness = witness
        self._counts = counts
        self._counted = frozenset(_counted(automaton))
        self._gates_move = any(gate.reads_now or gate.counts for gate in automaton.gates)

    def facts(self, record: Record, event: Event) -> Facts:
        """Return the record with the event's own data; its own use is not counted yet."""
        if not event.data:
            return Facts(values=record.values, counts=record.counts, now=event.occurred_at)
        values = dict(record.values)
        for name, value in read_values(self._automaton.procedure, event)[0].items():
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value
        return Facts(values=values, counts=record.counts, now=event.occurred_at)

    def opening(self, opened: Event | None) -> tuple[Record, Facts]:
        """Return the record of a case that opens, with the facts its conditions were read on."""
        nothing = Record(values={}, counts={}, gates=())
        facts = Facts(values={}, counts={}, now=None) if opened is None else self.facts(nothing, opened)
        return Record(values=facts.values, counts={}, gates=self._read(self._automaton.gates, facts)), facts

    def after(self, before: Record, event: Event, facts: Facts, gates: tuple[Reading, ...]) -> Record:
        """Return the record after an event, its use counted."""
        counts = before.counts
        if event.action in self._counted and event.kind is Kind.ACTION and event.lifecycle is Lifecycle.COMPLETE:
            counts = {**counts, event.action: counts.get(event.action, 0) + 1}
        elif facts.values is before.values and gates is before.gates:
            return before
        return Record(values=facts.values, counts=counts, gates=gates)

    def gates(self, record: Record, event: Event, facts: Facts) -> tuple[Reading, ...]:
        """Return the automaton's gates with the event's own data."""
        if not event.data and not self._gates_move:
            return record.gates
        return self._read(self._automaton.gates, facts)

    def onward(self, record: Record, last: Event | None) -> tuple[Reading, ...]:
        """Return the gates as the next event would find them: with the use of the last one counted."""
        if not self._gates_move or last is None:
            return record.gates
        facts = Facts(values=record.values, counts=record.counts, now=last.occurred_at)
        return self._read(self._automaton.gates, facts)

    def circumstances(
        self, record: Record, event: Event, label: Label, facts: Facts, after: tuple[Reading, ...]
    ) -> Circumstances:
        """Return what the alignment needs to know of `event`; `record` is the one before it, `after` its gates."""
        before = record.gates
        if self._gates_move:
            before = self._read(self._automaton.gates, replace(facts, values=record.values))
        return Circumstances(
            before=before,
            after=after,
            guards=self._read(self._automaton.guards.get(label.action, ()), facts),
            used_up=self._used_up(label.action, facts.counts),
            gap=event.gap,
        )

    def _used_up(self, action: str, counts: Mapping[str, int]) -> frozenset[int]:
        limited = self._automaton.limited.get(action)
        if limited is None:
            return _NONE
        done = counts.get(action, 0)
        return frozenset(index for index, one in enumerate(limited) if one.at_most is not None and done >= one.at_most)

    def _read(self, conditions: Sequence[Expression], facts: Facts) -> tuple[Reading, ...]:
        return tuple([self._reading(condition, facts) for condition in conditions]) if conditions else ()

    def _reading(self, condition: Expression, facts: Facts) -> Reading:
        if (condition.counts and not self._counts) or (condition.reads_now and not self._witness.time):
            return Reading.UNSEEN
        outcome = condition.evaluate(facts)
        match outcome.truth:
            case Truth.TRUE:
                return Reading.TRUE
            case Truth.FALSE:
                return Reading.FALSE
            case Truth.UNDECIDED:
                fields = condition.reads & {name.partition(".")[0] for name in outcome.missing}
                return Reading.UNDECIDED if all(map(self._witness.sees, fields)) else Reading.UNSEEN


def _counted(automaton: Automaton) -> Iterator[str]:
    yield from automaton.limited
    for condition in (*automaton.gates, *(guard for guards in automaton.guards.values() for guard in guards)):
        yield from condition.counts
