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
from procflow.asked import Asked
from procflow.automaton.alignment import FIRST_WIDTH, MOST_CONFIGURATIONS, Aligner
from procflow.automaton.automaton import Automaton
from procflow.automaton.labels import Labels
from procflow.automaton.overriding import destination, overriding
from procflow.automaton.projection import Projection, project
from procflow.automaton.unwitnessed import without_hand_offs
from procflow.automaton.vectors import NOTHING, STANDS, Advance, Scope, Vector
from procflow.calendars.book import NO_BOOK, CalendarBook
from procflow.case import CaseState as CaseState
from procflow.ending import closing, unfinished
from procflow.errors import Finding
from procflow.explanation import (
    Aside,
    Explainer,
    Link,
    Start,
    asides_of,
    difference,
    nodes_of,
)
from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import EVERYTHING, Event, Kind, Lifecycle, Trace, Witness
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.model.rule import Rule
from procflow.monitors import authority
from procflow.monitors.clocks.book import ClockBook
from procflow.monitors.clocks.timing import Timing
from procflow.monitors.closing import never_finished
from procflow.monitors.dispositions import Granted
from procflow.monitors.moment import NotExamined
from procflow.monitors.record import Recorder
from procflow.monitors.rules.books import RuleBooks
from procflow.monitors.rules.in_force import InForce
from procflow.monitors.rules.positions import Positions
from procflow.monitors.rules.ruling import Ruling
from procflow.monitors.waiting.book import WaitBook

# A member of an Enum is looked up anew, in Python, wherever it is named.
_CLOSED, _OVERRIDE, _WAIVER = Kind.CLOSED, Kind.OVERRIDE, Kind.WAIVER
_TIMER = Kind.TIMER
_REFUSED = Lifecycle.REFUSED


class Judge(Asked):
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
        self._stripped = not witness.hand_offs and (procedure.hands_off or procedure.accountable is not None)
        if self._stripped:
            procedure = without_hand_offs(procedure)
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
        waiting = WaitBook(procedure, witness) if not statuses else None
        self._explainer = Explainer(
            self.automaton, witness, projection.inferred, self._positions, self._ruling, timing, waiting or None
        )

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
        judged += [NotExamined("hand-offs")] if self._stripped else []
        onward = self._aligner.to_an_end(state.vector, self.gates(state))
        complete = state.cost.flow + (onward.flow or 0)
        waited = state.node.waits is not None
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
            waits=self._waits(state, timed, as_of) if waited else (),
            tenures=self.tenures(state, closed=is_closed) if waited else (),
            spans=self.ball(state, as_of, closed=is_closed) if waited or timed is not None else (),
        )

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

    def _marked(self, one: Deviation, closed: bool) -> Deviation:
        """While a case is open, a better explanation may still supersede what is said of its flow, or depends on it."""
        if closed or one.disposition is Disposition.PREVENTED:
            return one
        of_flow = one.code.startswith("DV1") or self.in_force.provisional(one)
        return replace(one, provisional=True) if of_flow else one
