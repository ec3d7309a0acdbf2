"""What is said of a clock: by what it is late, who had the ball, and what would have been right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from procflow.calendars.moments import moment_in
from procflow.errors import CalendarError, Finding
from procflow.expressions.values import show_value
from procflow.model.clock import Clock, ClockKind, Lateness
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.procedure import Procedure
from procflow.model.words import hours_written, joined
from procflow.monitors.clocks.aiming import target_of
from procflow.monitors.clocks.cycle import Cycle, Cycles
from procflow.monitors.clocks.turn import Turn
from procflow.monitors.clocks.waits_told import late_code, wait_message, wait_values
from procflow.monitors.clocks.wanting import wanted_of
from procflow.monitors.moment import Judged, NotExamined
from procflow.monitors.rules.phrases import doings

_HAND_ON = "hand it on, or finish,"
"""What fulfils a clock that runs from one passing of the ball to the next."""


class Voice:
    """Speaks for one clock."""

    def __init__(self, clock: Clock, cycles: Cycles, procedure: Procedure) -> None:
        self._clock = clock
        self._cycles = cycles
        self._late = late_code(clock)
        self._doing = _HAND_ON if clock.each_hand_off else doings(wanted_of(clock, procedure)) or "go on"

    def late(self, cycle: Cycle, case: str, who_could: tuple[str, ...]) -> Deviation:
        """Return that a cycle is late: still open, or stopped too late. Raises CalendarError."""
        due, stop, clock = self._cycles.due(cycle), cycle.stop, self._clock
        shown, target = _instant(due, cycle), target_of(cycle.aim)
        name = f"“{clock.id}”" + (f" of {cycle.name}" if cycle.name else "")
        values = self._about(cycle) | wait_values(cycle) | {"due": show_value(due)}
        over, late_by = None, None
        if stop is None:
            message = f"{name} ran out on {shown}, and nothing has stopped it since"
            if clock.kind is ClockKind.PERIODIC:
                message = f"{name}: the next was due on {shown}, and has not come"
        else:
            over = self._cycles.over(cycle, stop.at)
            used, least = self._used(cycle, stop.at)
            late_by = f"{least}{_amount(over, cycle)}"
            message = f"{name} ran out on {shown}, and was stopped {_instant(stop.at, cycle)}: {late_by} late"
            if stop.by_time:
                message = f"{name} ran out on {shown}, and nobody had gone on: the case went on by itself"
            values |= {
                "came": show_value(stop.at),
                **({} if stop.by_time and not over else {"late by": late_by}),
                "used": f"{least}{_amount(used, cycle)}",
                "on the wall": show_value(stop.at - cycle.started_at),
            }
        if cycle.awaited is not None:
            message = wait_message(cycle, name, shown, late_by)
        if cycle.by_change:
            message += "; a change of what is promised made it late"
            values["by change"] = "yes"
        if cycle.aim.length is None and cycle.aim.fixed is not None:
            values.pop("target")
        else:
            message = message.replace(name, f"{name} ({target})", 1)
        who = joined(cycle.holder)
        if who and cycle.awaited is None:
            values["ball"] = who
        told: dict[str, Any] = {}
        if cycle.awaited is not None:
            told = {"step": cycle.awaited.step, "actor": cycle.awaited.person}
        return self._say(
            self._late,
            message,
            cycle.since,
            case,
            cycle,
            due,
            over,
            values=values,
            remedy=f"{self._doing} in time",
            who_could=who_could,
            refuses=False,
            **told,
        )

    def _used(self, cycle: Cycle, at: datetime) -> tuple[timedelta, str]:
        """Return what is used by `at`, and whether that is only what a calendar can tell."""
        try:
            return self._cycles.used(cycle, at), ""
        except CalendarError:
            return self._cycles.least(cycle, at), "at least "

    def time_of(self, number: int, most: int | None, turn: Turn) -> str:
        """Return what a count is counted for, and how many that makes."""
        what = [str(one) for one in self._clock.counts if one in turn.happenings]
        if self._clock.each_hand_off and turn.party is not None:
            what = [f"hand-off to {joined(turn.party.names, 'and')}"]
        return f"{joined(what, 'and')}: {number}" + ("" if most is None else f" of at most {most}")

    def too_often(self, cycle: Cycle, turn: Turn) -> Deviation:
        """Return that something happened more often than promised."""
        position = turn.position
        what = _listed(list(map(str, self._clock.counts))) or "hand-off"
        return self._say(
            "DV410",
            f"“{self._clock.id}”: {what} came for the {_ordinal(cycle.times)} time, {target_of(cycle.aim)} was promised",
            position.seq,
            turn.case,
            cycle,
            None,
            None,
            values=self._about(cycle) | {"count": str(cycle.times)},
            remedy="settle it with fewer of them",
            step=position.step,
            action=position.action,
            actor=position.actor,
            source=position.source,
            refuses=False,
        )

    def relaxed(self, before: Cycle, after: Cycle, turn: Turn) -> Deviation:
        """Return that a target was relaxed that was nearly used up."""
        used = self._cycles.used(before, max(turn.at, before.tape.at))
        values = {"clock": self._clock.id, "target": target_of(before.aim), "new target": target_of(after.aim)}
        if before.aim.grade or after.aim.grade:
            values |= {"from": before.aim.grade or "unknown", "to": after.aim.grade or "unknown"}
        if before.budget:
            values["used"] = f"{_amount(used, before)}, {used * 100 // before.budget} %"
        old, new = _instant(self._cycles.due(before), before), _instant(self._cycles.due(after), after)
        return self._at(
            "DV407",
            turn,
            after,
            f"“{self._clock.id}” was nearly used up when its target went from {target_of(before.aim)} "
            f"to {target_of(after.aim)} ({old} to {new}), and nobody says why",
            values=values,
            remedy="give the reason with the change",
        )

    def unasked(self, cycle: Cycle, step: str, missing: list[str], turn: Turn) -> Deviation:
        """Return that a clock goes on because nobody was asked anything."""
        names = joined([f"“{one}”" for one in missing], "and")
        return self._at(
            "DV406",
            turn,
            cycle,
            f"“{self._clock.id}” goes on in “{step}”: {names} is not on record, so nobody is waited for",
            values={"clock": self._clock.id, "step": step} | dict.fromkeys(missing, "unknown"),
            remedy="say what was asked, of whom, and until when, with the action that begins the wait",
            step=step,
        )

    def dodged(
        self, cycle: Cycle, step: str, seq: int | None, actor: str | None, percent: int, turn: Turn
    ) -> Deviation:
        """Return that a clock was paused just before it ran out, and resumed though nobody had answered."""
        return self._at(
            "DV411",
            turn,
            cycle,
            f"“{self._clock.id}” was paused in “{step}” with {percent} % used, and went on although nobody had answered",
            values={"clock": self._clock.id, "target": target_of(cycle.aim), "used": f"{percent} %"},
            remedy="ask while there is time, and wait for the answer",
            seq=seq,
            step=step,
            action=None,
            actor=actor,
            source=None,
            refuses=False,
        )

    def stopped_to_begin(self, cycle: Cycle, due: datetime, turn: Turn) -> Deviation:
        """Return that a clock was stopped and begun anew around the instant at which it would have run out."""
        assert cycle.stop is not None
        return self._at(
            "DV408",
            turn,
            cycle,
            f"“{self._clock.id}” was stopped on {_instant(cycle.stop.at, cycle)} and begins anew on {_instant(turn.at, cycle)}; "
            f"in between, on {_instant(due, cycle)}, it would have run out",
            values=self._about(cycle) | {"stopped": show_value(cycle.stop.at), "would have run out": show_value(due)},
            remedy="stop it when the work is done, not before",
            refuses=False,
        )

    def early(self, cycle: Cycle, step: str, due: datetime, turn: Turn) -> Deviation:
        """Return that a case went on as if the time of a step had run out, and it had not."""
        return self._at(
            "DV402",
            turn,
            cycle,
            f"the case left “{step}” as if its time were up, which it was only on {_instant(due, cycle)}",
            values=self._about(cycle) | {"due": show_value(due), "came": show_value(turn.at)},
            remedy="let the time pass, or record the action that led on",
            step=step,
        )

    def too_late(self, cycle: Cycle, step: str, due: datetime, turn: Turn) -> Deviation:
        """Return that a step was left by an action when time had led on already."""
        return self._at(
            "DV412",
            turn,
            cycle,
            f"the time of “{step}” was up on {_instant(due, cycle)}: the case should have gone on by itself",
            values=self._about(cycle) | {"due": show_value(due), "came": show_value(turn.at)},
            remedy="let something look at the time, or let the procedure ask somebody to act instead",
            refuses=False,
        )

    def undecided(self, missing: tuple[str, ...], turn: Turn) -> Deviation:
        """Return that it cannot be told whether a clock begins."""
        names = joined([f"“{one}”" for one in missing]) or "a value"
        position = turn.position
        return Deviation(
            code="DV305",
            severity=REGISTRY["DV305"].severity,
            message=f"whether the clock “{self._clock.id}” begins here cannot be said: {names} is not known",
            where=self._clock.when_where or self._clock.where,
            case=turn.case,
            seq=position.seq,
            step=position.step,
            action=position.action,
            actor=position.actor,
            values={"clock": self._clock.id} | dict.fromkeys(missing, "unknown"),
            remedy=f"give {names} before or with it",
            source=position.source,
            refuses=False,
        )

    def unseen(self) -> Judged:
        """Return that nobody can tell how a cycle went."""
        return NotExamined(f"clock: {self._clock.id}")

    def _about(self, cycle: Cycle) -> dict[str, str]:
        values = {"clock": self._clock.id, "target": target_of(cycle.aim)}
        if cycle.aim.grade:
            values["grade"] = cycle.aim.grade
        if cycle.tape.meter.working:
            values["calendar"] = cycle.tape.meter.calendar.id
        return values

    def _at(self, code: str, turn: Turn, cycle: Cycle, message: str, **more: Any) -> Deviation:
        """Return a deviation of the event itself."""
        position = turn.position
        known: dict[str, Any] = {
            "seq": position.seq,
            "step": position.step,
            "action": position.action,
            "actor": position.actor,
            "source": position.source,
        }
        known |= more
        return self._say(code, message, known.pop("seq"), turn.case, cycle, None, None, **known)

    def _say(
        self,
        code: str,
        message: str,
        seq: int | None,
        case: str,
        cycle: Cycle,
        due: datetime | None,
        over: timedelta | None,
        *,
        values: Mapping[str, str],
        **more: Any,
    ) -> Deviation:
        own = self._clock.severity if code in (self._late, "DV410") else None
        known: dict[str, Any] = {"step": self._clock.step} | more
        return Deviation(
            code=code,
            severity=own or REGISTRY[code].severity,
            message=message,
            where=self._clock.where,
            case=case,
            seq=seq,
            values=values,
            lateness=Lateness(
                clock=self._clock.id, cycle=cycle.number, due=due, target=target_of(cycle.aim), over=over
            ),
            **known,
        )


def _listed(names: object) -> str:
    return joined([f"“{one}”" for one in names])  # type: ignore[attr-defined]


def _amount(length: timedelta, cycle: Cycle) -> str:
    """Return a length in the measure of a cycle."""
    return f"{hours_written(length)} of working time" if cycle.tape.meter.working else show_value(length)


def _instant(at: datetime | None, cycle: Cycle) -> str:
    return "an instant that nobody can tell" if at is None else moment_in(cycle.aim.zone, at)


def _ordinal(number: int) -> str:
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{last}"


def short(clock: Clock, error: CalendarError) -> Finding:
    """Return that a calendar cannot tell the time of a clock."""
    return Finding(
        code="DV813",
        severity=REGISTRY["DV813"].severity,
        message=f"nobody can tell the time of “{clock.id}”: {error.message}",
        where=clock.where,
        hint=error.hint,
    )
