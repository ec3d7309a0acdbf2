"""The positions of a case whose procedure nobody knows: what each event amounts to, told from the event alone.

A log of actions says what was done and started; a status history says which step was entered and which left. Nothing
else is known: neither the step an action belongs to nor where an override leads, and no end but a closing and what
somebody says ends a case as cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from procflow.automaton.happenings import entering, leaving, of_action, of_start
from procflow.errors import Severity
from procflow.expressions.expression import Facts
from procflow.expressions.types import Value
from procflow.expressions.values import parse_value, type_name
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.event import Act, Event, Kind, Lifecycle, Trace, Witness
from procflow.model.procedure import DataField
from procflow.model.rule import Happening, HappeningKind, Per, Rule
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.positions import ENDS, OPENS, closing_of, opening_of, told

_ACTION, _STATUS, _OPENED, _CLOSED, _OVERRIDE = Kind.ACTION, Kind.STATUS, Kind.OPENED, Kind.CLOSED, Kind.OVERRIDE
_START = Lifecycle.START
NOTHING = Facts(values={}, counts={}, now=None)

ONLY_OPENS, _ENDS = (OPENS,), (ENDS,)
"""Always the same objects: the book knows them by that."""


def can_be_told(rule: Rule, *, statuses: bool) -> bool:
    """Return True if the events of one case alone tell whatever the rule speaks of."""
    return rule.per is Per.CASE and all(_told(one, statuses=statuses) for one in (*rule.triggers, *rule.targets))


def _told(one: Happening, *, statuses: bool) -> bool:
    if one.procedure is not None:
        return False  # which procedure the cases are of, nobody says
    match one.kind:
        case HappeningKind.OPENS | HappeningKind.ENDS:
            return True
        case HappeningKind.ENTERS | HappeningKind.LEAVES:
            return statuses
        case _:
            return not statuses and one.step is None


@cache
def changed(before: str | None, to: str) -> tuple[Happening, ...]:
    """Return what a row of a status history amounts to; nothing if it says the same as the row before.

    Always the same object for the same change: the book knows it by that.
    """
    if before == to:
        return ()
    return (entering(to),) if before is None else (leaving(before), entering(to))


@cache
def _ending(happenings: tuple[Happening, ...]) -> tuple[Happening, ...]:
    """Return the same with the end of the case. Always the same object for the same."""
    return (*happenings, ENDS)


class Stand:
    """Where a case stands as far as its positions need to know it."""

    __slots__ = ("cancelling", "ended", "status")

    def __init__(
        self, status: str | None = None, ended: bool = False, *, cancelling: frozenset[str] = frozenset()
    ) -> None:
        """`cancelling`: the actions, or statuses, that end a case as cancelled."""
        self.status = status
        self.ended = ended
        self.cancelling = cancelling

    def copy(self) -> Stand:
        """Return one that goes on from here by itself."""
        return Stand(self.status, self.ended, cancelling=self.cancelling)

    def position(self, event: Event, facts: Facts) -> Position | None:
        """Return what one event amounts to, and stand where it leads; None if it does nothing to the case."""
        happenings: tuple[Happening, ...] = ()
        kind, performs, ends, reopens = event.kind, False, False, False
        if event.aside or kind is _OPENED:
            return None
        if kind is _ACTION:
            performs = event.lifecycle is not _START
            happenings = of_action(event.action) if performs else of_start(event.action)
        elif kind is _STATUS:
            happenings = changed(self.status, event.action)
            performs = bool(happenings)
            self.status = event.action
        elif kind is _OVERRIDE:
            reopens, self.ended = self.ended, False
            if event.override is not None and event.override.act is Act.DO_EARLY:
                happenings, performs = of_action(event.action), True
        elif kind is _CLOSED:
            if self.ended and not event.gap:
                return None
            ends = not self.ended
            happenings, self.ended = (_ENDS if ends else ()), True
        cancelled = performs and not self.ended and event.action in self.cancelling
        if cancelled:
            happenings, ends, self.ended = _ending(happenings), True, True
        return Position(
            event.seq,
            event.occurred_at,
            happenings,
            performs,
            event.actor,
            event.roles,
            event.teams,
            facts,
            gap=event.gap,
            ends=ends,
            cancelled=cancelled,
            case=event.case,
            on_behalf_of=event.on_behalf_of,
            reopens=reopens,
            told=told(event),
            action=event.action if kind is _ACTION or (kind is _OVERRIDE and performs) else None,
            source=event.source,
        )


def opened_by(events: Sequence[Event]) -> Event | None:
    """Return the event that opens the case, if that is on record."""
    return events[0] if events and events[0].kind is _OPENED and not events[0].refused else None


class Reader:
    """Makes the positions of cases, with the record that conditions are read on."""

    def __init__(
        self,
        data: Mapping[str, DataField],
        rules: Iterable[Rule],
        witness: Witness,
        *,
        cancelling: frozenset[str] = frozenset(),
    ) -> None:
        """`data`: the fields that conditions may read; values of others are of no concern."""
        self._data = data
        self._cancelling = cancelling
        self._witness = witness
        self._counted = frozenset(name for rule in rules if rule.when is not None for name in rule.when.counts)

    def positions(self, trace: Trace) -> tuple[list[Position], list[Deviation]]:
        """Return the positions of a case, the opening first, and the values that cannot be read.

        The closing is the last if the log promises that nothing more comes and no event says so.
        """
        wrong: list[Deviation] = []
        opened = opened_by(trace.events)
        facts = NOTHING if opened is None else self._facts(NOTHING, opened, wrong)
        positions = [opening_of(trace.case, opened, ONLY_OPENS, facts, trace.opened_at)]
        stand = Stand(cancelling=self._cancelling)
        for event in trace.events:
            if event is opened or event.aside:
                continue
            facts = self._facts(facts, event, wrong)
            position = stand.position(event, facts)
            if position is None:
                continue
            positions.append(position)
            if position.performs and position.action in self._counted:
                facts = facts._replace(
                    counts={**facts.counts, position.action: facts.counts.get(position.action, 0) + 1}
                )
        if trace.closed and not stand.ended:
            positions.append(closing_of(trace.case, facts))
        return positions, wrong

    def _facts(self, before: Facts, event: Event, wrong: list[Deviation]) -> Facts:
        if not event.data:
            return before._replace(now=event.occurred_at)
        values: dict[str, Value] = dict(before.values)
        for name, raw in event.data.items():
            field = self._data.get(name)
            if field is None:
                continue
            if raw is None:
                values.pop(name, None)
                continue
            try:
                values[name] = parse_value(field.type, raw)
            except ValueError as error:
                wrong.append(_unreadable(event, field, str(error)))
        return Facts(values, before.counts, event.occurred_at)


def _unreadable(event: Event, field: DataField, why: str) -> Deviation:
    severity: Severity = REGISTRY["DV302"].severity
    return Deviation(
        code="DV302",
        severity=severity,
        message=f"the value of “{field.id}” does not fit: {why}",
        where=field.where,
        case=event.case,
        seq=event.seq,
        action=event.action if event.kind is _ACTION else None,
        actor=event.actor,
        values={field.id: str(event.data[field.id])[:200]},
        remedy=f"give {type_name(field.type)}",
        source=event.source,
    )


def silent(position: Position) -> bool:
    """Return True if nothing a rule could heed happens at a position."""
    return not (position.happenings or position.gap or position.ends or position.reopens)
