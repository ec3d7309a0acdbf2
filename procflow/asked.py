"""`Asked`: what can be asked of a case so far: what is due, who has the ball, who waits, and who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from procflow.automaton.alignment import Aligner
from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.case import CaseState
from procflow.ending import ending_of, unfinished
from procflow.explanation import Explainer, Node, deviations_of, events_since, nodes_of
from procflow.model.clock import Held, Stretch, Timer
from procflow.model.deviation import Deviation
from procflow.model.event import Event
from procflow.model.procedure import Procedure
from procflow.model.rule import Obligation
from procflow.model.waiting import Tenure, Wait
from procflow.monitors.clocks.timing import Timed, Timing
from procflow.monitors.dispositions import settled
from procflow.monitors.moment import Judged
from procflow.monitors.record import Recorder
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.positions import Gone, Positions
from procflow.monitors.rules.ruling import Ruled, Ruling
from procflow.passages import Passage, further, passages_of, positions_of
from procflow.waited import Clocked, tenures_of, waits_of


class Asked:
    """Answers from what a judge has made of a case; it judges nothing itself."""

    procedure: Procedure
    automaton: Automaton
    _aligner: Aligner
    _recorder: Recorder
    _positions: Positions
    _ruling: Ruling | None
    _timing: Timing
    _explainer: Explainer

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

    def looks_at(self, state: CaseState) -> datetime | None:
        """Return when it is first worth looking whether time has something to do; None: never, as things stand."""
        return self._timing.looks_at(state.node.timed)

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

    def waits(self, state: CaseState, as_of: datetime | None = None, *, closed: bool = False) -> tuple[Wait, ...]:
        """Return who waited for whom, and who waits at `as_of` (aware; None: at the last event), as they began.

        For work on offer, for answers, and in waiting steps. `closed` as for `audit`.
        """
        state = self._closed(state) if closed and not state.closed else state
        return self._waits(state, self._timed(state, state.closed, as_of)[0], as_of)

    def _waits(self, state: CaseState, timed: Timed | None, as_of: datetime | None) -> tuple[Wait, ...]:
        told = None if timed is None else Clocked(self._timing, timed, as_of)
        procedure, since = self.automaton.procedure, state.start.since
        return waits_of(procedure, state.case, self._path(state), told, since, as_of, closed=state.closed)

    def tenures(self, state: CaseState, *, closed: bool = False) -> tuple[Tenure, ...]:
        """Return who answered for the case from when to when; () if the procedure has no `accountable`.

        Of an open case the last goes on. `closed` as for `audit`.
        """
        if state.node.waits is None or state.node.waits.owner is None:
            return ()
        over = closed or state.closed
        return tenures_of(self.automaton.procedure, self._path(state), state.start.since, closed=over)

    def _path(self, state: CaseState) -> tuple[tuple[Passage, Node], ...]:
        return tuple(zip(self.passages(state), nodes_of(state.node), strict=True))

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
