"""Resting: whether a clock runs where the case stands, or rests because somebody else was asked, or has the ball."""

from __future__ import annotations

from datetime import datetime

from procflow.model.clock import Clock, ClockKind
from procflow.model.event import Witness
from procflow.model.rule import Happening, HappeningKind
from procflow.monitors.clocks.cycle import ClockState, Cycle, same_cycles, taped
from procflow.monitors.clocks.handing import ours_to_act
from procflow.monitors.clocks.hearing import RESUMES, STEP
from procflow.monitors.clocks.pausing import Wait, rest_until, resting
from procflow.monitors.clocks.tape import Mode, Tapes
from procflow.monitors.clocks.turn import Turn
from procflow.monitors.clocks.voice import Voice
from procflow.monitors.moment import NotExamined

_NEARLY_OUT = 90
"""Percent of a target: who pauses after that, and for nothing, wants to hide something."""


class Rests:
    """Lets the cycles of one clock run or rest."""

    def __init__(self, clock: Clock, tapes: Tapes, voice: Voice, witness: Witness) -> None:
        self._clock = clock
        self._tapes = tapes
        self._voice = voice
        self._witness = witness
        self._rests_in = frozenset(clock.paused_in)
        self._entering = {Happening(kind=HappeningKind.ENTERS, name=step): step for step in clock.paused_in}
        self.may = clock.kind in (ClockKind.TIMER, ClockKind.PERIODIC) and bool(clock.paused_in or clock.while_ours)
        """It may rest at all."""

    def turned(self, state: ClockState, turn: Turn, mask: int) -> ClockState:
        """Return the state in which each cycle runs or rests as the case stands now."""
        entered: list[str] = []
        if mask & STEP:
            entered = [self._entering[one] for one in turn.happenings if one in self._entering]
        resumed = state.resumed
        if resumed or entered:
            resumed -= frozenset(entered)
        if mask & RESUMES and turn.position.performs:
            resumed |= frozenset(turn.waits)
        if resumed != state.resumed:
            state = state._replace(resumed=resumed)
        if not state.open:
            return state  # who was asked, and has answered, is known to what begins later
        waits: tuple[Wait, ...] = ()
        if self._rests_in:
            for step in entered:
                self._unasked(state, step, turn)
            if resumed.isdisjoint(turn.leaves):
                waits = resting(turn.leaves, self._rests_in, turn.waits)
        mode, until, note = Mode.RUNS, None, ""
        if waits:
            mode, until = Mode.WAITS, rest_until(waits)
            note = "; ".join(f"{step}: {turn.waits[step].asked}" for step in turn.leaves)
        elif self._clock.while_ours and (turn.party is None or not ours_to_act(turn.party)):
            mode = Mode.NOT_OURS
        moded = tuple([self._moded(one, turn, mode, until, note, bool(entered)) for one in state.open])
        return state if same_cycles(moded, state.open) else state._replace(open=moded)

    def _moded(self, cycle: Cycle, turn: Turn, mode: Mode, until: datetime | None, note: str, entered: bool) -> Cycle:
        tape = cycle.tape
        same = tape.mode is mode and (mode is not Mode.WAITS or (tape.until == until and not entered))
        if same or cycle.unseen:
            return cycle
        if tape.mode is Mode.WAITS and mode is Mode.RUNS:
            self._dodged(cycle, turn)
        return taped(cycle, self._tapes.mark(tape, turn.at, turn.position.seq, mode=mode, until=until, note=note))

    def _unasked(self, state: ClockState, step: str, turn: Turn) -> None:
        """Say that a clock goes on in a waiting step, or that nobody can tell whether it does."""
        wait = turn.waits.get(step)
        if wait is None or not state.open or step not in turn.leaves:
            return
        if wait.unseen:
            turn.said.append(NotExamined(f"pause: {step}"))
        elif not wait.rests:
            missing = [*(["asked"] if not wait.asked else []), *(["due"] if wait.until is None else [])]
            turn.said.append(self._voice.unasked(state.open[0], step, missing, turn))

    def _dodged(self, cycle: Cycle, turn: Turn) -> None:
        """Say that somebody paused in the last moment and went on although nobody had answered."""
        position, tape = turn.position, cycle.tape
        if not cycle.budget or position.action is None or not (self._witness.role and self._witness.actor):
            return
        if tape.used * 100 <= cycle.budget * _NEARLY_OUT or not self._tapes.waits(tape, turn.at):
            return
        for step, wait in turn.left_waits.items():
            if wait.rests and not wait.unseen and not wait.answered and step in self._rests_in:
                percent = tape.used * 100 // cycle.budget
                turn.said.append(self._voice.dodged(cycle, step, wait.seq, wait.actor, percent, turn))
                return
