"""The fold: `begin`, `advance`, `audit`. The engine and the auditor both judge with it, and with nothing else.

Pure: it reads no clock, no file, no store, and a `CaseState` never changes, so a step can be tried and thrown away.
What the monitors say is said along the canonical path: `explanation.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from procflow.account import deviations_in_order, fitness, waived
from procflow.automaton.alignment import FIRST_WIDTH, MOST_CONFIGURATIONS, Aligner
from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.automaton.labels import Labels
from procflow.automaton.overriding import destination, overriding
from procflow.automaton.projection import Projection, project
from procflow.automaton.vectors import NOTHING, STANDS, Advance, Scope, Vector
from procflow.calendars.book import NO_BOOK, CalendarBook
from procflow.case import CaseState as CaseState
from procflow.ending import closing, ending_of, unfinished
from procflow.errors import Finding
from procflow.explanation import (
    Aside,
    Explainer,
    Link,
    Start,
    asides_of,
    deviations_of,
    difference,
    events_since,
    nodes_of,
)
from procflow.model.clock import Held, Stretch, Timer
from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import EVERYTHING, Event, Kind, Lifecycle, Trace, Witness
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.model.rule import Obligation, Rule
from procflow.monitors import authority
from procflow.monitors.clocks.book import ClockBook
from procflow.monitors.clocks.timing import Timed, Timing
from procflow.monitors.closing import never_finished
from procflow.monitors.dispositions import Granted, settled
from procflow.monitors.moment import Judged, NotExamined
from procflow.monitors.record import Recorder
from procflow.monitors.rules.books import RuleBooks
from procflow.monitors.rules.in_force import InForce
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.positions import Gone, Positions
from procflow.monitors.rules.ruling import Ruled, Ruling
from procflow.passages import Passage, further, passages_of, positions_of

# A member of an Enum is looked up anew, in Python, wherever it is named.
_CLOSED, _OVERRIDE, _WAIVER = Kind.CLOSED, Kind.OVERRIDE, Kind.WAIVER
_TIMER = Kind.TIMER
_REFUSED = Lifecycle.REFUSED


class Judge:
    """Judges cases by one version of a procedure. Shared by threads; what it remembers only saves time."""

    def __init__(
        self,
        procedure: Procedure,
        *,
        witness: Witness = EVERYTHING,
        statuses: bool = False,
        policies: Sequence[Rule] = (),
        calendars: CalendarBook = NO_BOOK,
        most_configurations: int = MOST_CONFIGURATIONS,
        first_width: int = FIRST_WIDTH,
    ) -> None:
        """Judge by `procedure` what `witness` can see; `statuses` if the events are a status history.

        `policies` are rules of elsewhere that hold in each case besides those of the procedure. `calendars` are those
        that time is counted on.
        """
        projection = project(procedure) if statuses else Projection(procedure=procedure)
        self.procedure = procedure
        self.witness = witness
        self.automaton = Automaton(projection.procedure, never_skipped=projection.never_skipped)
        self._labels = Labels(procedure, statuses=statuses)
        self._aligner = Aligner(self.automaton, most_configurations, first_width)
        self.in_force = InForce(procedure, policies)
        asked = self.in_force.conditions
        self._recorder = Recorder(self.automaton, witness, counts=not statuses, asked=asked, calendars=calendars)
        books = RuleBooks(procedure, self.in_force.rules, witness, statuses=statuses, calendars=calendars)
        self._positions = Positions(self.automaton, statuses=statuses)
        self._ruling = Ruling(self._positions, books) if books else None
        self.calendars = calendars
        clocks = ClockBook(procedure, witness, calendars, statuses=statuses)
        self._timing = Timing(self._positions, clocks)
        timing = self._timing if clocks else None
        self._explainer = Explainer(self.automaton, witness, projection.inferred, self._positions, self._ruling, timing)

    def begin(
        self, case: str, opened: Event | None = None, *, cut: bool = False, since: datetime | None = None
    ) -> CaseState:
        """Return a case that opens, with its `OPENED` event if the record has one; `cut` if it began before the log.

        `since` (aware): when it began, for rules, if no event on record says so.
        """
        return self._begin(case, opened, None, cut, since)

    def _begin(
        self, case: str, opened: Event | None, scope: Scope | None, cut: bool, since: datetime | None
    ) -> CaseState:
        record, given = self._recorder.opening(opened)
        opening = self._aligner.opening(record.gates, on_record=opened is not None, scope=scope)
        start = Start(opening, record.gates, opened, given, case, cut, since)
        return CaseState(
            case=case,
            seq=opened.seq if opened is not None else 0,
            start=start,
            vector=opening.vector,
            cost=opening.cost,
            record=record,
            closed=False,
            unfinished=None,
            events=0,
            acted=opened.seq if opened is not None else 0,
            waivers=(),
            link=None,
            entry=opening.vector.best,
            node=self._explainer.root(start, opening.vector.best),
            asides=None,
        )

    def advance(self, state: CaseState, event: Event) -> CaseState:
        """Return the case after one more event, whatever it is; `state` stays as it was."""
        return self._advance(state, event, explained=True)

    def weigh(self, state: CaseState, event: Event) -> CaseState:
        """Return the case after one more event with what it costs; what is said of it stays that of before."""
        return self._advance(state, event, explained=False)

    def _advance(self, state: CaseState, event: Event, *, explained: bool) -> CaseState:
        """Return the case after one more event; unless it is to be explained, with the path of an earlier one."""
        kind = event.kind
        if event.lifecycle is _REFUSED:
            return self._refused(state, event)
        if kind is _WAIVER:
            return self._waived(state, event)
        if state.gap and not event.gap:
            event = replace(event, gap=True)
        given = self._recorder.given(state.record, event)
        facts = given.facts
        label = self._labels.of(event)
        gates = self._recorder.gates(state.record, event, facts)
        advance = None
        if label is not None:
            circumstances = self._recorder.circumstances(state.record, event, label, facts, gates)
            advance = self._aligner.advance(state.vector, label, circumstances)
        elif kind is _OVERRIDE:
            advance = self._overridden(state.vector, event)
        # An override reopens: what ended by mistake can be undone.
        reopens = kind is _OVERRIDE and advance is not None
        closes = kind is _CLOSED
        ends_by_time = closes and bool(self.automaton.timed)
        if advance is None and (event.gap or gates != state.record.gates or ends_by_time):
            circumstances = self._recorder.circumstances(state.record, event, STANDS, facts, gates)
            advance = self._aligner.stand(state.vector, circumstances, closes=ends_by_time)
        if (
            advance is not None
            and advance.vector.exhausted
            and (scope := self._aligner.wider(advance.vector)) is not None
        ):
            return self._advance(self._again(state, scope), event, explained=explained)
        link = Link(state.link, event, advance, state.vector, given)
        after = state.vector if advance is None else advance.vector
        index = closing(self.automaton, after) if closes else state.entry if advance is None else after.best
        # By position: a state is made of every event, and names would cost as much again.
        return CaseState(
            state.case,
            event.seq,
            state.start,
            after,
            state.cost if advance is None or advance.cost == NOTHING else state.cost.plus(advance.cost),
            self._recorder.after(state.record, event, facts, gates),
            (state.closed or closes) and not reopens,
            unfinished(self.automaton, after, index) if closes else None if reopens else state.unfinished,
            state.events + (label is not None),
            state.acted if label is None and kind is _TIMER else event.seq,
            state.waivers,
            link,
            index,
            self._explainer.path(state.start, link, index, state.node) if explained else state.node,
            state.asides,
        )

    def _again(self, state: CaseState, scope: Scope) -> CaseState:
        """Return the same case, searched more widely from its beginning. Seldom: the width grows fourfold."""
        events: list[Event] = []
        link = state.link
        while link is not None:
            events.append(link.event)
            link = link.parent
        again = self._begin(state.case, state.start.event, scope, state.start.cut, state.start.since)
        for event in reversed(events):
            again = self._advance(again, event, explained=False)
        return again._replace(seq=state.seq, acted=state.acted, waivers=state.waivers, asides=state.asides)

    def _refused(self, state: CaseState, event: Event) -> CaseState:
        """Return the case after an attempt that was refused: as it was, with what would have been said of it."""
        tried = self._advance(state, event.as_attempted(), explained=True)
        against = [one for one in self.news(state, tried)[0] if one.unexcused and not one.of_time]
        prevented = tuple(replace(one, disposition=Disposition.PREVENTED, provisional=False) for one in against)
        grounded = any(one.refuses for one in against)
        told = tried.node if tried.asides is None or tried.asides is state.asides else tried.asides
        no_ground = authority.without_ground(told.judged, event, self.procedure, state.configuration.step)
        judged = prevented if grounded else no_ground
        seen = (self.further(state, tried) or self.positions(tried))[-1] if event.policies is not None else None
        gap, aside = state.gap or event.gap, Aside(state.asides, event, judged, seen)
        return state._replace(seq=event.seq, asides=aside, gap=gap)

    def _waived(self, state: CaseState, event: Event) -> CaseState:
        """Return the case after a waiver: where it stood; what the waiver covers is excused when it is told."""
        judged = authority.judge_waiver(event, self.procedure, self.witness)
        void = event.waiver is None or any(isinstance(one, Deviation) for one in judged)
        waivers = state.waivers
        if event.waiver is not None and not void:
            waivers = (*waivers, Granted(event.seq, event.actor, event.waiver))
        gap, aside = state.gap or event.gap, Aside(state.asides, event, judged)
        return state._replace(seq=event.seq, acted=event.seq, waivers=waivers, asides=aside, gap=gap)

    def _overridden(self, vector: Vector, event: Event) -> Advance | None:
        """Return what an override does; None if it leads nowhere."""
        procedure = self.automaton.procedure
        try:
            to = destination(procedure, event)
        except ValueError:
            return None
        return self._aligner.collapse(vector, overriding(procedure, vector.configuration, to, event))

    def run(self, trace: Trace) -> CaseState:
        """Return the case after all events of a trace.

        Only the whole is explained, and what was there before each attempt that was refused: a case whose best
        explanation changes with every event would else cost the square of its length.
        """
        events = trace.events
        opened = events[0] if events and events[0].kind is Kind.OPENED and not events[0].refused else None
        state = self.begin(trace.case, opened, cut=trace.cut, since=trace.opened_at)
        for position in range(0 if opened is None else 1, len(events)):
            following = events[position + 1 : position + 2]
            state = self._advance(state, events[position], explained=all(one.aside for one in following))
        return state

    def audit(
        self,
        state: CaseState,
        *,
        closed: bool = False,
        as_of: datetime | None = None,
        findings: Sequence[Finding] = (),
    ) -> CaseAudit:
        """Return the judgement of a case so far; `closed` if the log promises that nothing more comes.

        What time alone has done to an open case is judged at `as_of` (aware); None: at its last event.
        """
        is_closed = state.closed or closed
        if closed and not state.closed:
            state = self._closed(state)
        nodes, asides = nodes_of(state.node), asides_of(state.asides)
        ruled, since = self._ruled(state, is_closed, as_of)
        timed, of_time = self._timed(state, is_closed, as_of)
        since = (*since, *of_time)
        deviations = deviations_in_order(nodes, since, state.start, state.link, state.asides, state.seq)
        if state.unfinished is not None:
            deviations.append(never_finished(self.automaton, state.case, state.unfinished))
        told = tuple(self._marked(one, is_closed) for one in self.settled(state, deviations))
        judged = [one for node in nodes for one in node.judged]
        judged += [one for aside in asides for one in aside.judged] + [*since]
        onward = self._aligner.to_an_end(state.vector, self.gates(state))
        complete = state.cost.flow + (onward.flow or 0)
        return CaseAudit(
            case=state.case,
            procedure=self.procedure.id,
            version=self.procedure.version,
            digest=self.procedure.digest,
            events=state.events,
            configuration=str(state.configuration),
            outcome=self.outcome(state),
            closed=is_closed,
            cut=state.start.cut,
            flow_cost=state.cost.flow,
            attached_cost=state.cost.plus(state.vector.entries[state.entry][1]).attached,
            complete_cost=complete,
            complete_proven=onward.proven,
            fitness=fitness(self._aligner, state, is_closed, complete),
            proven=state.vector.proven,
            deviations=told,
            findings=(*findings, *(one for one in judged if type(one) is Finding)),
            rules=() if ruled is None or self._ruling is None else self._ruling.told(ruled),
            due=self._due(ruled, timed, state.case),
            clocks=waived(self._timing.told(timed, as_of), told),
            ball=self._timing.shares(timed, as_of),
            not_examined=dict(sorted(Counter(one.concern for one in judged if isinstance(one, NotExamined)).items())),
            inferred=sum(node.inferred for node in nodes),
        )

    def due(self, state: CaseState) -> tuple[Obligation, ...]:
        """Return what rules and clocks still demand of a case, the soonest first."""
        return self._due(state.node.ruled, state.node.timed, state.case)

    def _due(self, ruled: Ruled | None, timed: Timed | None, case: str) -> tuple[Obligation, ...]:
        of_rules = () if ruled is None or self._ruling is None else self._ruling.due(ruled, case)
        return self._timing.due(timed, case, of_rules)

    def timers(self, state: CaseState, until: datetime | None = None) -> tuple[Timer, ...]:
        """Return what is to be done as time passes, and is not on record yet, the soonest first.

        `until` (aware): only what was to be done before that moment; None: all there will be as things stand.
        """
        return self._timing.timers(state.node.timed, until)

    def ledger(
        self,
        state: CaseState,
        clock: str,
        cycle: int | None = None,
        as_of: datetime | None = None,
        *,
        closed: bool = False,
    ) -> tuple[Stretch, ...]:
        """Return what became of every minute of a cycle, of the latest if none is named; () if there is no such cycle.
        Of one that is still open up to `as_of` (aware); None: up to the last event. `closed` as for `audit`.
        """
        return self._timing.ledger(self._timed(state, closed or state.closed, as_of)[0], clock, cycle, as_of)

    def escalated(self, state: CaseState, step: str | None, at: datetime) -> frozenset[str]:
        """Return the roles that may act in a step at `at` besides those it names, as something late was escalated to them."""
        return self._timing.escalated(state.node.timed, step, at)

    def ball(self, state: CaseState, as_of: datetime | None = None, *, closed: bool = False) -> tuple[Held, ...]:
        """Return who had the ball from when to when, to the end, or to `as_of`; None: the last event."""
        timed = self._timed(state, closed or state.closed, as_of)[0]
        if timed is not None:
            return self._timing.ball(timed, as_of)
        path = ((one.event, one.after, one.facts) for one in self.passages(state))
        return self._timing.ball_along(path, state.start.since, self.automaton.is_end, None if closed else as_of)

    def _ruled(self, state: CaseState, closed: bool, as_of: datetime | None) -> tuple[Ruled | None, Sequence[Judged]]:
        """Return how the rules stand in the end, or at `as_of`, and what they say of what came after the last event."""
        ruled = state.node.ruled
        if ruled is None or self._ruling is None or ruled.gone.ended:
            return ruled, ()
        if closed:
            now = self._recorder.now(state.record, self._last(state))
            return self._ruling.close(ruled, state.case, now, state.ended_by)
        return self._ruling.overdue(ruled, state.case, as_of) if as_of is not None else (ruled, ())

    def _timed(self, state: CaseState, closed: bool, as_of: datetime | None) -> tuple[Timed | None, Sequence[Judged]]:
        """Return how the clocks stand in the end, or at `as_of`, and what they say of what came after the last event."""
        state = self._closed(state) if closed and not state.closed else state
        timed = state.node.timed
        if timed is None or timed.gone.ended:
            return timed, ()
        if closed:
            now = self._recorder.now(state.record, self._last(state))
            return self._timing.close(timed, state.case, now, state.ended_by, state.configuration)
        return self._timing.overdue(timed, state.case, as_of) if as_of is not None else (timed, ())

    def outcome(self, state: CaseState) -> str | None:
        """Return the outcome of the end the case stands in; None if it has not reached one."""
        return self.automaton.procedure.top.steps[state.configuration.step].end

    def gates(self, state: CaseState) -> tuple[Reading, ...]:
        """Return what the automaton's gates say on the record, as the next event finds them."""
        return self._recorder.onward(state.record, self._last(state))

    def _last(self, state: CaseState) -> Event | None:
        """Return the last event that happened to a case."""
        return state.link.event if state.link is not None else state.start.event

    def news(self, before: CaseState, after: CaseState) -> tuple[tuple[Deviation, ...], tuple[Deviation, ...]]:
        """Return the deviations that `after` has more than `before`, and those it no longer has."""
        if after.asides is not None and after.asides is not before.asides:
            return tuple(self.settled(after, list(after.asides.deviations))), ()
        new, gone = difference(before.node, after.node)
        if after.unfinished is not None and before.unfinished is None:
            new.append(never_finished(self.automaton, after.case, after.unfinished))
        elif before.unfinished is not None and after.unfinished is None:
            gone.append(never_finished(self.automaton, before.case, before.unfinished))
        come = self.settled(after, new)
        return tuple(self._marked(one, after.closed) for one in come), tuple(self.settled(before, gone))

    def passages(self, state: CaseState) -> tuple[Passage, ...]:
        """Return the events of a case as the canonical path tells them, the opening first."""
        return tuple(passages_of(state.start, state.node))

    def positions(self, state: CaseState, *, closed: bool = False) -> tuple[Position, ...]:
        """Return what rules see of a case, its opening first; `closed` if the log promises that nothing more comes."""
        if closed and not state.closed:
            state = self._closed(state)
        now = self._recorder.now(state.record, self._last(state))
        closing = now if closed else None
        return tuple(positions_of(self.passages(state), state.start, self._positions, closing, state.ended_by))

    def further(self, before: CaseState, after: CaseState) -> tuple[Position, ...] | None:
        """Return what rules see of the few events that `after` has more; None if it changes what they see of others."""
        gone = Gone(before.closed or self.automaton.is_end(before.configuration))
        return further(after.start, before.node, after.node, gone, self._positions)

    def openings(self, state: CaseState) -> tuple[Deviation, ...]:
        """Return the deviations of a case that has just opened."""
        return tuple(self.settled(state, deviations_of(nodes_of(state.node))))

    def settled(self, state: CaseState, deviations: list[Deviation]) -> list[Deviation]:
        """Return deviations that blame events of a case, what its waivers cover excused."""
        if not state.waivers or not deviations:
            return deviations
        first = min(one.seq or 0 for one in deviations)
        return list(settled(deviations, state.waivers, events_since(first, state.start, state.link, state.asides)))

    def _marked(self, one: Deviation, closed: bool) -> Deviation:
        """While a case is open, a better explanation may still supersede what is said of its flow, or depends on it."""
        if closed or one.disposition is Disposition.PREVENTED:
            return one
        of_flow = one.code.startswith("DV1") or self.in_force.provisional(one)
        return replace(one, provisional=True) if of_flow else one

    def _closed(self, state: CaseState) -> CaseState:
        """Return a case that the log says is complete, although no event closes it."""
        vector, index, source, timers = ending_of(self._aligner, state.vector, self.gates(state))
        node = state.node
        if source != node.entry:
            if state.link is None or node.parent is None:
                node = self._explainer.root(state.start, source)
            else:
                node = self._explainer.path(state.start, state.link, source, node.parent)
        left = unfinished(self.automaton, vector, index)
        off = (state.vector.entries[source][0], timers)
        return state._replace(node=node, vector=vector, closed=True, entry=index, unfinished=left, ended_by=off)
