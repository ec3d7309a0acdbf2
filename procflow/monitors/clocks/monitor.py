"""One clock along the path of a case: when its cycles begin, run, rest and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from procflow.calendars.calendar import ALWAYS
from procflow.calendars.length import Length, Unit
from procflow.errors import CalendarError
from procflow.expressions.expression import NO_CALENDAR, Truth
from procflow.model.clock import Clock, ClockKind, ClockStatus, OnChange, PartyKind, Reopening
from procflow.model.event import Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, HappeningKind
from procflow.monitors.clocks.aiming import Aims, budget_of, meter_of, passed, relaxed, retargeted
from procflow.monitors.clocks.asking import Awaited, awaits
from procflow.monitors.clocks.awaiting import begins, could, ends, lent, reads, renamed
from procflow.monitors.clocks.cycle import (
    Aim,
    ClockState,
    Counted,
    Cycle,
    Cycles,
    Past,
    Stop,
    among,
    later,
    limited,
    same_cycles,
    stopped,
)
from procflow.monitors.clocks.handing import Court, received
from procflow.monitors.clocks.hearing import BEGINS, CANCELS, COUNTS, ENTERS, FULFILS, STEP, STOPS, Ear
from procflow.monitors.clocks.pausing import until_of
from procflow.monitors.clocks.resting import Rests
from procflow.monitors.clocks.tape import Meter, Mode, Tapes
from procflow.monitors.clocks.turn import Turn
from procflow.monitors.clocks.voice import Voice, short
from procflow.monitors.clocks.wanting import wanted_of
from procflow.monitors.moment import Withdrawn

_ENDS = Happening(kind=HappeningKind.ENDS)
_OPENS = Happening(kind=HappeningKind.OPENS)


class Monitor:
    """Judges one clock. Shared by cases; everything of a case is in its `ClockState`."""

    def __init__(self, clock: Clock, procedure: Procedure, witness: Witness, court: Court) -> None:
        self.clock = clock
        self.aims = Aims(clock, procedure)
        self.ear = Ear(clock)
        self.tapes = Tapes(clock.max_pause)
        self.cycles = Cycles(self.tapes, witness.resolution)
        self.voice = Voice(clock, self.cycles, procedure)
        self.wanted = wanted_of(clock, procedure)
        """What fulfils it: any of these."""
        self._witness = witness
        self._counts = clock.kind is ClockKind.COUNT
        self._court = court
        self._on_calendar = procedure.calendar is not None
        self._rests = Rests(clock, self.tapes, self.voice, witness)
        self._waits, self._procedure = awaits(clock), procedure
        self.stands = bool(
            clock.paused_in or clock.while_ours or clock.each_hand_off or clock.step is not None or self._waits
        )
        """It matters where the case stands."""
        known = frozenset([*clock.known, *([clock.since] if clock.since is not None else [])])
        self._named = reads(clock, procedure)
        self.reads = self.aims.reads | known | self._named
        """Data fields that do something to it wherever they are given."""

    def step(self, state: ClockState, turn: Turn, mask: int, *, changed: bool) -> ClockState:
        """Return how the clock stands after a position of which it heard `mask`; `changed`: the calendars did."""
        said = len(turn.said)
        try:
            return self._step(state, turn, mask, changed=changed)
        except CalendarError as error:
            del turn.said[said:]
            try:
                return self._step(self.lost(state, turn, error), turn, mask, changed=changed)
            except CalendarError:
                del turn.said[said:]
                return self._step(self.lost(state, turn, error, late_too=True), turn, mask, changed=changed)

    def lost(self, state: ClockState, turn: Turn, error: CalendarError, *, late_too: bool = False) -> ClockState:
        """Return the state in which nobody can tell how the open cycles go, as a calendar does not say.

        What was late before stays so, unless `late_too`.
        """
        if not state.short:
            turn.said.append(short(self.clock, error))
        return state._replace(open=tuple(self._unseen(one, turn.now, late_too) for one in state.open), short=True)

    def _unseen(self, cycle: Cycle, now: datetime, late_too: bool) -> Cycle:
        try:
            stays = not late_too and self.cycles.late(cycle, now)
        except CalendarError:
            stays = False
        return cycle if stays else cycle._replace(unseen=True)

    def _step(self, state: ClockState, turn: Turn, mask: int, *, changed: bool) -> ClockState:
        were = state.open
        if turn.position.reopens:
            state = self._reopened(state, turn)
        if turn.position.gap and state.open:
            state = state._replace(open=tuple(one._replace(holed=True) for one in state.open))
        if state.open and (changed or not self.aims.reads.isdisjoint(turn.given)):
            state = state._replace(open=tuple(self._changed(one, turn) for one in state.open))
        if state.open and not self._named.isdisjoint(turn.given):
            state = state._replace(open=tuple(renamed(one, self.cycles, self._procedure, turn) for one in state.open))
        if state.open and (mask or self.stands or self._counts or turn.position.ends):
            state = self._ended(state, turn, mask, were)
        if turn.begins:
            state = self._begun(state, turn, mask)
        if self._waits:
            before = state if not were else state._replace(open=were)
            state = lent(self.clock, self.cycles, before, state, turn, moved=bool(mask & STEP))
        if self._rests.may and (state.open or mask):
            state = self._rests.turned(state, turn, mask)
        if state.open:
            told = tuple([self._looked(one, turn, were) for one in state.open])
            if not same_cycles(told, state.open):
                state = ClockState(told, *state[1:])
        return state

    def _looked(self, cycle: Cycle, turn: Turn, were: tuple[Cycle, ...]) -> Cycle:
        """Return a cycle that is still open, with when it will be late; say it if it is."""
        if cycle.unseen or self._counts or not self.clock.promise:
            return cycle
        if not among(cycle, were):
            limit = self._limit(cycle)
            if limit != cycle.limit:
                cycle = limited(cycle, limit)
        if cycle.told is None and (cycle.limit is None or turn.now <= cycle.limit):
            return cycle
        return self.told(cycle, turn)

    def _limit(self, cycle: Cycle) -> datetime | None:
        """Return up to when a cycle is not late; None if nobody can tell, or if it will not be."""
        try:
            due = self.cycles.due(cycle)
        except CalendarError:
            return None
        return due if due is None or not self._witness.resolution else later(due, self._witness.resolution)

    # --- what ends -------------------------------------------------------------------------------------------------

    def _reopened(self, state: ClockState, turn: Turn) -> ClockState:
        """Return the state in which what only the end of the case had stopped goes on."""
        past = state.past
        by_itself = self.clock.step is not None or self._waits
        if past is None or by_itself or (self.clock.each_hand_off and not self._counts):
            return state
        stop = past.cycle.stop
        if stop is None or not stop.by_end or state.open:
            return state
        return state._replace(open=(self._on(past.cycle, turn),), past=past.before)

    def _on(self, cycle: Cycle, turn: Turn) -> Cycle:
        """Return a cycle that goes on after its stop; what lies between is nobody's."""
        assert cycle.stop is not None
        tape = cycle.tape
        if not cycle.unseen:
            tape = self.tapes.mark(tape, cycle.stop.at, cycle.stop.seq, mode=Mode.RESOLVED)
            tape = self.tapes.mark(tape, turn.at, turn.position.seq, mode=Mode.RUNS)
        told = cycle.told
        if self._counts and told is not None and cycle.stop.cancelled:
            told = replace(told)  # once more: what was taken back stays taken back
            turn.said.append(told)
        return cycle._replace(stop=None, tape=tape, told=told)

    def _ended(self, state: ClockState, turn: Turn, mask: int, were: tuple[Cycle, ...]) -> ClockState:
        """Return the state in which what the position ends is over."""
        still: list[Cycle] = []
        past, next_one = state.past, None
        for one in state.open:
            cycle = self._counted(one, turn, mask) if self._counts else one
            stop = self._stop(cycle, turn, mask)
            if stop is None:
                still.append(cycle)
                continue
            over = stopped(cycle, stop)
            if not self._is_in_time(cycle, stop, were):
                over = self._over(over, turn)
            past = Past(over, past)
            if self.clock.kind is ClockKind.PERIODIC and self._fulfils(turn, mask) and not stop.cancelled:
                next_one = stop
        if same_cycles(still, state.open):
            return state
        state = ClockState(tuple(still), past, *state[2:])
        if next_one is not None and turn.begins and not mask & STOPS:
            state = self._begin(state, turn, next_one.at)
        return state

    def _is_in_time(self, cycle: Cycle, stop: Stop, were: tuple[Cycle, ...]) -> bool:
        """Return True if a cycle is simply met, as most are: nothing is to be said of it."""
        if cycle.limit is None or stop.at > cycle.limit or self._witness.resolution:
            return False
        if stop.cancelled or stop.by_time or cycle.guessed is not None:
            return False
        return cycle.told is None and not (cycle.holed or cycle.unseen) and among(cycle, were)

    def _stop(self, cycle: Cycle, turn: Turn, mask: int) -> Stop | None:
        """Return how a position ends a cycle; None if it does not."""
        position, clock = turn.position, self.clock
        at, seq = max(turn.at, cycle.tape.at), position.seq
        if position.ends and position.cancelled:
            return Stop(at, seq, cancelled=True, by_end=True)
        if mask & CANCELS:
            return Stop(at, seq, cancelled=True)
        if self._counts:
            return Stop(at, seq, by_end=True) if position.ends else None
        if clock.each_hand_off:
            party = turn.party
            has = party is not None and party.kind is PartyKind.TEAM and cycle.name in party.names
            return None if has and not position.ends else Stop(at, seq, by_end=position.ends)
        if self._waits:
            return ends(clock, cycle, turn, at, entered=bool(mask & ENTERS))
        if clock.step is not None:
            left = position.ends or clock.step not in turn.active or bool(mask & ENTERS)
            return Stop(at, seq, by_time=turn.led == clock.step) if left else None
        if position.ends:
            only = {_ENDS, Happening(kind=HappeningKind.ENTERS, name=turn.stood.step)}
            by_end = not any(one in self.clock.stops and one not in only for one in turn.happenings)
            return Stop(at, seq, by_end=by_end)
        if mask & STOPS or self._fulfils(turn, mask):
            return Stop(at, seq)
        return None

    def _fulfils(self, turn: Turn, mask: int) -> bool:
        position = turn.position
        return bool(mask & FULFILS) and position.performs and self._court.ours(position.roles, position.on_behalf_of)

    def _counted(self, cycle: Cycle, turn: Turn, mask: int) -> Cycle:
        if self.clock.each_hand_off:
            comes = turn.had is not None and turn.party is not None and bool(received(turn.had, turn.party))
        else:
            comes = bool(mask & COUNTS)
        if not comes:
            return cycle
        most, number = cycle.aim.number, cycle.times + 1
        note = self.voice.time_of(number, most, turn)
        cycle = cycle._replace(times=number, counted=Counted(turn.at, turn.position.seq, note, cycle.counted))
        if cycle.beyond is None and most is not None and cycle.times > most:
            cycle = cycle._replace(beyond=turn.at, holder=turn.had.names if turn.had is not None else ())
            said = self.voice.too_often(cycle, turn)
            turn.said.append(said)
            cycle = cycle._replace(told=said)
        return cycle

    def _over(self, cycle: Cycle, turn: Turn) -> Cycle:
        """Return a cycle that is over, and say what is to be said of that."""
        if self._counts:
            status = self.cycles.status(cycle, turn.at)
            if status is ClockStatus.NOT_EXAMINED:
                turn.said.append(self.voice.unseen())
            elif status is ClockStatus.CANCELLED and cycle.told is not None:
                turn.said.append(Withdrawn(cycle.told))
            return cycle
        if cycle.guessed is not None and cycle.guessed == turn.position.seq and cycle.aim.fixed is None:
            cycle = cycle._replace(unseen=True)  # one entry began and ended it: nothing shows when it began
        return self.told(cycle, turn)

    def told(self, cycle: Cycle, turn: Turn, now: datetime | None = None) -> Cycle:
        """Return a cycle, and say that it is late; or take that back."""
        if self._counts or not self.clock.promise:
            return cycle
        told = cycle.told
        if told is not None and cycle.stop is None and self._for_good(cycle):
            return cycle
        now = turn.now if now is None else now
        status = self.cycles.status(cycle, now)
        if status not in (ClockStatus.OVERDUE, ClockStatus.BREACHED):
            if told is not None:
                turn.said.append(Withdrawn(told))
                cycle = cycle._replace(told=None)
            if status is ClockStatus.NOT_EXAMINED and cycle.stop is not None:
                turn.said.append(self.voice.unseen())
            return cycle
        if told is None:
            party = turn.had or turn.party
            had = cycle.awaited.whom if cycle.awaited is not None else party.names if party is not None else ()
            cycle = cycle._replace(holder=had)
        said = self.voice.late(cycle, turn.case, could(self.clock, self.cycles, cycle, now, turn, self._procedure))
        if said == told:
            return cycle._replace(stale=False) if cycle.stale else cycle
        if told is not None:
            turn.said.append(Withdrawn(told))
        turn.said.append(said)
        return cycle._replace(told=said, stale=False)

    def _for_good(self, cycle: Cycle) -> bool:
        """Return True if it had run out by the last thing that an event did to it, and that is told."""
        over = cycle.aim.fixed is None and cycle.budget is not None and cycle.tape.used > cycle.budget
        return over and not cycle.stale and not cycle.holed

    # --- what begins -----------------------------------------------------------------------------------------------

    def _begun(self, state: ClockState, turn: Turn, mask: int) -> ClockState:
        """Return the state in which what the position begins has begun."""
        clock = self.clock
        if self._counts:
            opens = not state.begun and _OPENS in turn.happenings
            return self._begin(state, turn, turn.at) if opens and self._wanted(turn) else state
        if clock.each_hand_off:
            names = () if turn.party is None else received(turn.had, turn.party)
            if names and self._wanted(turn):
                for name in names:
                    state = self._begin(state, turn, turn.at, name)
            return state
        if self._waits:
            awaited = begins(clock, self._procedure, state, turn, entered=bool(mask & ENTERS))
            return state if awaited is None else self._begin(state, turn, turn.at, awaited=awaited)
        if state.open:
            return state
        if clock.step is not None:
            return self._begin(state, turn, turn.at) if self._comes_to_stand(turn, mask) else state
        if clock.since is not None or clock.known:
            at = None if state.since_known else self._since(turn)
            if at is None:
                return state
            state = state._replace(since_known=True)
            return self._begin(state, turn, at) if self._wanted(turn) else state
        if not mask & BEGINS or not self._wanted(turn):
            return state
        if state.past is not None and clock.kind is ClockKind.TIMER:
            state = self._again(state, state.past, turn)
        return state if state.open else self._begin(state, turn, turn.at)

    def _comes_to_stand(self, turn: Turn, mask: int) -> bool:
        step = self.clock.step
        if step not in turn.active:
            return False
        anew = turn.before is None or turn.position.reopens or bool(mask & ENTERS)
        return anew or (turn.before is not None and step not in turn.before.active_steps())

    def _since(self, turn: Turn) -> datetime | None:
        values = turn.position.facts.values
        if self.clock.since is not None:
            value = values.get(self.clock.since)
            return min(value, turn.at) if isinstance(value, datetime) else None
        return turn.at if all(values.get(name) is not None for name in self.clock.known) else None

    def _wanted(self, turn: Turn) -> bool:
        """Return True if the condition of the clock holds; say if nobody can tell."""
        when = self.clock.when
        if when is None:
            return True
        outcome = when.evaluate(turn.position.facts)
        if outcome.truth is Truth.UNDECIDED:
            missing = tuple(outcome.missing)
            if NO_CALENDAR not in missing and all(self._witness.sees(name.partition(".")[0]) for name in missing):
                turn.said.append(self.voice.undecided(missing, turn))
            else:
                turn.said.append(self.voice.unseen())
        return outcome.truth is Truth.TRUE

    def _again(self, state: ClockState, past: Past, turn: Turn) -> ClockState:
        """Return the state in which the last cycle goes on, if the clock says so; say if it was stopped for nothing."""
        last = past.cycle
        stop = last.stop
        assert stop is not None
        if stop.cancelled or last.unseen:
            return state
        at = max(turn.at, stop.at)
        calendar = last.aim.calendar or ALWAYS
        if last.budget is not None and not self.tapes.waits(last.tape, stop.at):
            due = self.cycles.due(last._replace(stop=None))
            working = self._on_calendar or last.tape.meter.working
            day = calendar.after(stop.at, Length(count=1, unit=Unit.DAY, working=working))
            if due is not None and stop.at <= due < at <= day:
                turn.said.append(self.voice.stopped_to_begin(last, due, turn))
        if self.clock.reopening is not Reopening.CONTINUE:
            return state
        within = self.clock.reopen_within
        if within is not None and at > calendar.after(stop.at, within):
            return state
        cycle = self._changed(self._on(last, turn), turn)
        return state._replace(open=(cycle,), past=past.before)

    def _begin(
        self, state: ClockState, turn: Turn, at: datetime, name: str = "", awaited: Awaited | None = None
    ) -> ClockState:
        """Return the state with one more cycle."""
        number, seq = state.begun + 1, turn.position.seq
        until = None
        if self.aims.waits:
            until = until_of(turn.given, turn.position.facts.values)
            until = None if until is None else max(until, at)
        facts = turn.position.facts
        try:
            aim = self.aims.aim(facts, turn.calendars, name, until)
            budget = budget_of(aim, at)
            tape = self.tapes.begin(at, meter_of(aim), seq)
            cycle = Cycle(number, at, seq, aim, tape, budget, name, holed=turn.position.gap, unseen=turn.cut)
            cycle = cycle._replace(guessed=turn.guessed) if turn.guessed is not None else cycle
            if at < turn.at and not turn.cut:
                cycle = passed(self.clock, self.cycles, cycle, turn.at)
        except CalendarError as error:
            if not state.short:
                turn.said.append(short(self.clock, error))
                state = state._replace(short=True)
            tape = self.tapes.begin(at, Meter(ALWAYS, False), seq)
            cycle = Cycle(
                number, at, seq, Aim(zone=self.aims.zone(None, turn.calendars)), tape, None, name, unseen=True
            )
        cycle = cycle if awaited is None else cycle._replace(awaited=awaited)
        return ClockState((*state.open, cycle), state.past, number, *state[3:])

    # --- what changes while it runs --------------------------------------------------------------------------------

    def _changed(self, cycle: Cycle, turn: Turn) -> Cycle:
        """Return a cycle with what is promised now; say if it was relaxed in the last moment."""
        if cycle.unseen:
            return cycle
        facts = turn.position.facts
        until = cycle.aim.fixed
        if self.aims.waits and not turn.enters(self.clock.step):
            given = until_of(turn.given, facts.values)
            until = until if given is None else max(given, cycle.started_at)
        aim = self.aims.aim(facts, turn.calendars, cycle.name, until)
        if aim.same(cycle.aim):
            kept = aim == cycle.aim or (self.clock.on_change is OnChange.KEEP_TARGET and cycle.aim.known)
            # Of elapsed time, too, the calendar in force says when it is so long past.
            return cycle if kept else cycle._replace(aim=aim)
        if self._counts:
            return cycle._replace(aim=aim)
        after = retargeted(self.clock, self.cycles, cycle, aim, turn.at, turn.position.seq)
        at = max(turn.at, cycle.tape.at)
        unsaid = self.clock.promise and after is not cycle and cycle.aim.known and not turn.reason
        if unsaid and relaxed(self.cycles, cycle, after, at):
            turn.said.append(self.voice.relaxed(cycle, after, turn))
        return after

    # --- what time does --------------------------------------------------------------------------------------------

    def overdue(self, state: ClockState, turn: Turn) -> ClockState:
        """Return the state at a moment at which nothing happens."""
        said = len(turn.said)
        try:
            return state._replace(open=tuple(self.told(one, turn) for one in state.open))
        except CalendarError as error:
            del turn.said[said:]
            state = self.lost(state, turn, error)
            late = [self.told(one, turn) if not one.unseen else one for one in state.open]
            return state._replace(open=tuple(late))
