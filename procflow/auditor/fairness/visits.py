"""Visits: when a case came to a step, when somebody took it there, and who finished it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from procflow.expressions.evaluation import Facts
from procflow.model.configuration import Configuration
from procflow.model.event import Event, Kind, Source, Trace
from procflow.model.fairness import Fairness
from procflow.model.fairness_report import Expedite
from procflow.model.hand_off import REFUSE
from procflow.model.procedure import Procedure, Step
from procflow.passages import Passage

Alike = tuple[str, ...]
"""Values of data fields as people read them; "" for one that is not known."""


@dataclass(slots=True)
class Visit:
    """That a case stood in a step once. Grows while the events of its case are gone through."""

    case: str
    client: str | None
    step: str
    number: int
    """Which visit of its case."""
    ready: datetime
    queues: list[tuple[datetime, Alike]] = field(default_factory=list)
    """In which queue it stood from when on: the values of `first-come: { alike }`."""
    spread: Alike = ()
    """The values of `wait-spread: { alike }` when somebody took it, or last."""
    contacts: int = 0
    """How often the client asked after it before somebody took it."""
    started: datetime | None = None
    """When somebody first did something in the step; None: nobody did."""
    seq: int | None = None
    agent: str | None = None
    source: Source | None = None
    expedite: Expedite | None = None
    """What lets it go first, if that was on record when it was taken."""
    left: datetime | None = None
    finisher: str | None = None
    """Who did what left the step; None if nobody did, or the log does not say."""

    @property
    def waits_until(self) -> datetime | None:
        """When it left the queue: taken, or withdrawn from the step untaken. None: it still waits."""
        return self.started if self.started is not None else self.left


class Visits:
    """Finds the visits of cases of one version of a procedure."""

    def __init__(self, procedure: Procedure, fairness: Fairness) -> None:
        self._procedure = procedure
        self.steps = {step.id: step for step in procedure.steps.values() if _is_ours(step, procedure)}
        """Those in which people of ours work."""
        self._first_come = fairness.first_come
        self._queue = fairness.first_come.alike if fairness.first_come is not None else ()
        self._spread = fairness.wait_spread.alike if fairness.wait_spread is not None else ()
        self._chases = frozenset(one.id for one in procedure.anytime.values() if one.on_behalf_of is not None)
        reasoned = (one for one in procedure.written_actions if one.reason)
        self._reasoned = frozenset(one.id for one in reasoned)

    @property
    def counts_contacts(self) -> bool:
        """True if a client who asks is on record."""
        return bool(self._chases)

    def of_case(self, trace: Trace, passages: Sequence[Passage], *, reasons: bool, closed: bool) -> list[Visit]:
        """Return the visits of a case in the order in which they began. `reasons`: the log shows them.

        `closed`: nothing more comes, and what goes on no further waits no longer, wherever it stands. Of a case that began
        before the log nobody knows when it came to the step it was in.
        """
        found: list[Visit] = []
        at: dict[str, Visit] = {}
        expedite: Expedite | None = None
        last = passages[0].after if passages else None
        for order, one in enumerate(passages):
            when = _when(one.event, trace)
            if when is None:
                continue
            entered: Sequence[str]
            if order == 0 or last is None:
                entered = () if trace.cut else [name for name in one.after.active_steps() if name in self.steps]
            else:
                event = one.event
                assert event is not None, "only an opening may be off the record"
                expedite = self._expedite(event, reasons) or expedite
                self._hear(event, at)
                self._take(one, event, at, expedite)
                entered = list(self._go(one, event, at, last)) if _moves(one, last) else ()
            for name in entered:
                at[name] = visit = Visit(trace.case, trace.client, name, len(found) + 1, when)
                found.append(visit)
            if at:
                self._sort(at, one.facts, when)
            last = one.after
        if closed and at:
            for visit in at.values():
                visit.left = trace.events[-1].occurred_at
        return found

    def _hear(self, event: Event, at: dict[str, Visit]) -> None:
        if event.kind is Kind.ACTION and event.action in self._chases:
            for visit in at.values():
                visit.contacts += visit.started is None

    def _expedite(self, event: Event, reasons: bool) -> Expedite | None:
        first = self._first_come
        if first is None or first.expedited is None or event.kind is not Kind.ACTION or event.action != first.expedited:
            return None
        reason = (event.reason or "").strip() or None
        if reason is None and reasons and event.action in self._reasoned:
            return None
        return Expedite(by=event.actor, seq=event.seq, reason=reason, on_behalf_of=event.on_behalf_of)

    def _take(self, one: Passage, event: Event, at: dict[str, Visit], expedite: Expedite | None) -> None:
        """Write down that somebody did something in a step for the first time."""
        move = one.move
        if move is None or move.step is None or event.kind not in (Kind.ACTION, Kind.STATUS):
            return
        visit = at.get(move.step.id)
        if event.kind is Kind.STATUS and event.action == move.step.id:
            return  # the first row says that it stands here, not that somebody took it
        if visit is None or visit.started is not None or move.name == REFUSE or from_outside(one, self._procedure):
            return
        visit.started, visit.seq, visit.agent, visit.source = event.occurred_at, event.seq, _who(event), event.source
        if self._first_come is not None and self._first_come.expedited_if is not None:
            let = one.facts.values.get(self._first_come.expedited_if) is True
            visit.expedite = Expedite(by=None, seq=None, reason=None) if let else None
        else:
            visit.expedite = expedite

    def _go(self, one: Passage, event: Event, at: dict[str, Visit], last: Configuration) -> Iterator[str]:
        """End the visits that an event ends, and yield the steps to which it leads."""
        before = frozenset(last.active_steps())
        after = [name for name in one.after.active_steps() if name in self.steps]
        again = set(one.move.entered) if one.move is not None and event.kind is not Kind.STATUS else set()
        for name in list(at):
            if name not in after or name in again:
                visit = at.pop(name)
                visit.left = event.occurred_at
                move = one.move
                if move is not None and move.step is not None and move.step.id == name:
                    visit.finisher = _who(event)
        yield from (name for name in after if name not in before or name in again)

    def _sort(self, at: dict[str, Visit], facts: Facts, when: datetime) -> None:
        """Put what waits into the queue it belongs to by now."""
        waiting = [visit for visit in at.values() if visit.started is None or not visit.queues]
        if waiting:
            queue, spread = _values(self._queue, facts), _values(self._spread, facts)
            for visit in waiting:
                visit.spread = spread
                if not visit.queues or visit.queues[-1][1] != queue:
                    visit.queues.append((when, queue))


def _moves(one: Passage, last: Configuration) -> bool:
    """Return True if an event may have ended a visit, or begun one."""
    return one.after is not last or (one.move is not None and bool(one.move.entered))


def from_outside(one: Passage, procedure: Procedure) -> bool:
    """Return True for an action that somebody does who is none of us."""
    by = one.move.action.by if one.move is not None and one.move.action is not None else None
    role = procedure.roles.get(by.role) if by is not None and by.role is not None else None
    return role is not None and role.external


def _is_ours(step: Step, procedure: Procedure) -> bool:
    """Return True for a step in which people of ours work."""
    if step.parallel is not None or step.waiting is not None or step.end is not None or step.by is None:
        return False
    role = procedure.roles.get(step.by.role or "")
    return role is None or not role.external


def _who(event: Event) -> str | None:
    """Return who did it. Behind a gap whoever wrote a status need not be who changed it."""
    seen = event.kind is Kind.ACTION or (event.kind is Kind.STATUS and not event.gap)
    return event.actor if seen else None


def _when(event: Event | None, trace: Trace) -> datetime | None:
    if event is not None:
        return event.occurred_at
    if trace.opened_at is not None:
        return trace.opened_at
    return trace.events[0].occurred_at if trace.events else None


def _values(names: Sequence[str], facts: Facts) -> Alike:
    return tuple("" if (value := facts.values.get(name)) is None else str(value) for name in names)
