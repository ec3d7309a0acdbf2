"""How the clocks of a case stand: each told anew from the beginning of the case, its time walked minute by minute.

A cycle is kept as what events did to it: pieces of time in which it runs, is paused, waits for its turn, and the terms
that held. What time alone does with these (a pause is over, a target is missed) is worked out whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tests.oracle.clock_ball import Court, Holder
from tests.oracle.clock_cycles import Cycle, Terms
from tests.oracle.clock_time import ALWAYS, Book, Hours, Long, number
from tests.oracle.clock_walks import Sum, Walk
from tests.oracle.clock_words import Clock, Mark, graded, listed, long
from tests.oracle.conditions import Record, Value, moment
from tests.oracle.plain import Plain


class Told(NamedTuple):
    """How a cycle went, or goes."""

    clock: str
    number: int
    status: str
    started_at: int
    since: int | None
    stopped_at: int | None
    stopped_by: int | None
    budget: int | None
    used: int | None
    """None where nothing is promised that it could be measured against."""
    wall: int
    paused: int
    due: int | None
    times: int | None
    """Of a count."""
    by_change: bool


_NEVER = 2**62
"""Later than anything, in microseconds since 1970."""


class Pause(NamedTuple):
    """What was asked when a waiting step was entered."""

    asked: bool
    until: int
    resumed: bool = False


class Reckoning(Walk):
    """One clock in one case."""

    def __init__(
        self,
        clock: Clock,
        procedure: Plain,
        books: Mapping[str, Book],
        first_book: str,
        *,
        times: bool = True,
        resolution: int = 0,
    ) -> None:
        """`times`: False for a record that does not tell when things happened; `resolution`: how exactly it does."""
        super().__init__(clock)
        self.times, self.resolution = times, resolution
        self.procedure, self.books = procedure, books
        self.court = Court(procedure)
        self.book = first_book
        self.cycles: list[Cycle] = []
        self.findings: list[tuple[str, int | None]] = []
        """What single events did."""
        self.asked: dict[str, Pause] = {}
        self.over = False
        self.holder: Holder | None = None
        self.since_known = False

    # What is promised

    @property
    def promise(self) -> bool:
        """False of the time of a step in which a client has the ball."""
        step = self.clock.step
        if self.clock.question is not None:
            to = self.procedure["anytime"][self.clock.question]["ask"]["question-to"]
            return self.court.side(to) != "client"
        if step is None or "parallel" in self.clock.says:
            return True
        says = self.clock.says
        by = says["waiting-for"]["party"] if "waiting-for" in says else says.get("by")
        return not isinstance(by, str) or self.court.side(by) != "client"

    def hours(self, values: Mapping[str, Value], role: str = "") -> Hours | None:
        """Return the calendar in force; None if it depends on what is not known."""
        name, _ = graded(self.clock.says.get("calendar", self.procedure.get("calendar", "24x7")), values, role)
        if self.clock.alone:
            name = self.procedure.get("calendar", "24x7")
        return None if name is None else self.books[self.book][name]

    def promised(self, mark: Mark, at: int, role: str = "") -> Terms:
        """Return what is promised as things stand."""
        written, grade = graded(self.clock.target, mark.values, role)
        hours = self.hours(mark.values, role)
        if self.clock.kind not in ("timer", "periodic"):
            written = None
        target = long(written) if hours is not None else None
        return Terms(at, target, grade, hours or ALWAYS, mark.seq, mark.reason)

    def deadline(self, mark: Mark) -> int | None:
        """Return the instant that the field of a deadline says."""
        value = mark.values.get(self.clock.says["by"]["field"])
        return number(value) if isinstance(value, datetime) else None

    # What events do

    def follow(self, marks: Sequence[Mark], holders: Sequence[Holder]) -> None:
        """Take the events of a case one after the other."""
        for mark, holder in zip(marks, holders, strict=True):
            self.event(mark, holder)

    def open_ones(self) -> list[Cycle]:
        """Return the cycles that are open: several only of a clock of each hand-off."""
        return [one for one in self.cycles if one.stopped_at is None]

    def event(self, mark: Mark, holder: Holder) -> None:
        """Let one event do what it does."""
        if mark.calendars is not None:
            self.book = mark.calendars
        if mark.reopens and self.over:
            self.over = False
            last = self.cycles[-1] if self.cycles else None
            if last is not None and last.by_end and not self.clock.alone and not self.clock.each:
                last.resume(mark.at)
                last.begin("run", mark.at)
        self.requests(mark)
        for cycle in self.open_ones():
            self.change(cycle, mark)
            self.ended(cycle, mark, holder)
        if mark.ends:
            self.over = True
        if not self.over:
            self.start(mark, holder)
        for cycle in self.open_ones():
            self.turn(cycle, mark, holder)
        self.holder = holder

    def requests(self, mark: Mark) -> None:
        """Keep what was asked in the waiting steps that are entered."""
        for step in self.clock.all("paused-in"):
            if f"enters {step}" in mark.happenings:
                asked, due = mark.given.get("asked"), mark.given.get("due")
                until = _instant(due)
                fine = isinstance(asked, str) and bool(asked.strip()) and until is not None
                if not isinstance(asked, str | None) or (until is None and due is not None and str(due).strip()):
                    fine = True  # it says something that nobody can read: nobody is blamed for the wait
                self.asked[step] = Pause(fine, _NEVER if until is None else until)
            elif step in self.asked and (until := _instant(mark.given.get("due"))) is not None:
                self.asked[step] = self.asked[step]._replace(until=until)
        if mark.performs and set(mark.happenings) & set(self.clock.all("resumed-by")):
            self.asked = {step: one._replace(resumed=True) for step, one in self.asked.items()}

    def change(self, cycle: Cycle, mark: Mark) -> None:
        """Note a change of what is promised."""
        if self.clock.step is not None and "waiting-for" in self.clock.says:
            given = _instant(mark.given.get("due")) if f"enters {self.clock.step}" not in mark.happenings else None
            if given is not None and given != cycle.due:
                cycle.due, cycle.attached = given, max(mark.at, cycle.effect)
        if self.clock.kind == "deadline":
            due = self.deadline(mark)
            kept = self.clock.says.get("on-change") == "keep-target" and cycle.due is not None
            if due is not None and due != cycle.due and not kept:
                before = cycle.due
                at = max(mark.at, cycle.effect)
                near = before is not None and 5 * (at - cycle.start) > 4 * max(0, before - cycle.start)
                if near and before is not None and due > before and not mark.reason:
                    self.findings.append(("DV407", mark.seq))
                if before is not None:
                    cycle.moved_late = at > due and (cycle.moved_late or at <= before)
                cycle.due = due
                cycle.effect = cycle.attached = at
            return
        terms = self.promised(mark, max(mark.at, cycle.effect), cycle.role)
        known = cycle.terms[-1].target is not None
        if not known or (terms.target is not None and self.clock.says.get("on-change") != "keep-target"):
            cycle.hours = self.hours(mark.values, cycle.role)
        if terms.target is None or terms.same(cycle.terms[-1]):
            return
        if cycle.terms[-1].target is None:
            cycle.terms[-1] = terms._replace(at=cycle.start)
            cycle.attached = max(mark.at, cycle.effect)
            return
        if self.clock.says.get("on-change") == "keep-target":
            return
        old = self.reckon(cycle, terms.at)
        due_before = self.falls_due(cycle, terms.at)
        cycle.terms.append(terms)
        cycle.effect = cycle.attached = terms.at
        new = self.reckon(cycle, terms.at)
        near = old.budget is not None and new.budget is not None and 5 * old.used > 4 * old.budget
        if near and not terms.reason and self.promise:
            assert old.budget is not None
            assert new.budget is not None
            due = self.falls_due(cycle, terms.at)
            later = due_before is not None and due is not None and due > due_before
            if new.budget > old.budget or later:
                self.findings.append(("DV407", mark.seq))

    def ended(self, cycle: Cycle, mark: Mark, holder: Holder) -> None:
        """Stop a cycle, if the event does."""
        names = set(mark.happenings)
        if mark.ends and mark.cancelled:
            cycle.stop(mark.at, mark.seq, cancelled=True, by_end=True)
        elif names & set(self.clock.all("cancelled-by")):
            cycle.stop(mark.at, mark.seq, cancelled=True)
        elif self.clock.kind == "count":
            if self.counted(mark, holder):
                cycle.count += 1
                limit, _ = graded(self.clock.target, mark.values)
                if limit is not None and cycle.count > limit and cycle.beyond is None:
                    cycle.beyond = mark.seq
            if mark.ends:
                cycle.stop(mark.at, mark.seq, by_end=True)
        elif self.clock.accepts is not None or self.clock.question is not None:
            taken = self.clock.accepts is not None and self.clock.accepts not in mark.offered - mark.fresh
            if taken or mark.ends or (self.clock.question is not None and mark.answers == cycle.since):
                cycle.stop(mark.at, mark.seq)
        elif self.clock.each:
            if mark.ends or holder.kind != "team" or cycle.role not in holder.names:
                cycle.stop(mark.at, mark.seq, by_end=mark.ends)
        elif names & set(self.clock.stops) or mark.ends or self.clock.step not in (None, *mark.active):
            ends = {"case ends", *(f"enters {one}" for one in mark.stands)}
            only = mark.ends and not names & set(self.clock.stops) - ends
            cycle.stop(mark.at, mark.seq, by_end=only)
            cycle.by_time = self.clock.step is not None and mark.timer == self.clock.step and not mark.reopens
        elif self.clock.kind == "periodic" and self.fulfils(mark):
            cycle.stop(mark.at, mark.seq)
            self.open_at(mark, cycle.effect)

    def receives(self, holder: Holder) -> list[str]:
        """Return those of ours that the ball comes to and who did not have it."""
        had = self.holder.names if self.holder is not None and self.holder.kind == "team" else ()
        return [one for one in holder.names if one not in had] if holder.kind == "team" else []

    def counted(self, mark: Mark, holder: Holder) -> bool:
        """Return True if a count counts the event."""
        if self.clock.says["of"] == "hand-off":
            return bool(self.receives(holder))
        return bool(set(mark.happenings) & set(listed(self.clock.says["of"])))

    def fulfils(self, mark: Mark) -> bool:
        """Return True if a duty is done by us."""
        if not mark.performs or not set(mark.happenings) & set(self.clock.all("by-action")):
            return False
        if mark.on_behalf_of is not None and self.court.side(mark.on_behalf_of) != "team":
            return False
        return not mark.roles or any(self.court.side(role) == "team" for role in mark.roles)

    def start(self, mark: Mark, holder: Holder) -> None:
        """Begin a cycle, if the event does."""
        written = self.clock.says.get("from")
        if self.clock.question is not None:
            if mark.asks == self.clock.question:
                self.open_at(mark, mark.at)
            return
        if self.open_ones() and not self.clock.each:
            return
        if self.clock.accepts is not None:
            if self.clock.accepts in mark.fresh:
                self.open_at(mark, mark.at)
            return
        names = set(mark.happenings)
        if self.clock.kind == "count":
            if "case opens" in names:
                self.open_at(mark, mark.at)
        elif self.clock.each:
            for role in self.receives(holder):
                self.open_at(mark, mark.at, role)
        elif isinstance(written, Mapping) and self.clock.step is None:
            if not self.since_known:
                at = self.known_since(written, mark)
                if at is not None:
                    self.since_known = True
                    if self.wanted(mark):
                        self.open_at(mark, at)
        elif self.begins(mark) and self.wanted(mark):
            self.again(mark)
            if not self.open_ones():
                self.open_at(mark, mark.at)

    def begins(self, mark: Mark) -> bool:
        """Return True if the event begins a cycle; whoever opens a closed case again begins the step it is put in."""
        again = mark.reopens and self.clock.step in mark.active
        return bool(set(mark.happenings) & set(self.clock.starts)) or again

    def known_since(self, written: Plain, mark: Mark) -> int | None:
        """Return since when it counts if that is known now."""
        if "field" in written:
            value = mark.values.get(written["field"])
            return min(number(value), mark.at) if isinstance(value, datetime) else None
        return mark.at if all(name in mark.values for name in written["known"]) else None

    def wanted(self, mark: Mark) -> bool:
        """Return True if the condition of the clock holds."""
        record = Record(mark.values, {}, None)
        return self.clock.step is not None or record.truth(self.clock.says.get("when")) is True

    def again(self, mark: Mark) -> None:
        """Let the last cycle go on, if the clock says so; tell who stopped it only to begin anew."""
        if not self.cycles or self.clock.step is not None or self.clock.kind != "timer":
            return
        last = self.cycles[-1]
        assert last.stopped_at is not None
        at = max(mark.at, last.stopped_at)
        if not last.cancelled:
            due = self.falls_due(last, last.stopped_at, on=True)
            day = Long("1 working day" if self.working(last) or "calendar" in self.procedure else "1 day")
            if due is not None and last.stopped_at <= due < at <= day.after(last.stopped_at, self.day_hours(last)):
                self.findings.append(("DV408", mark.seq))
        if self.clock.says.get("reopen") == "continue" and not last.cancelled:
            within = long(self.clock.says.get("reopen-within"))
            if within is None or at <= within.after(last.stopped_at, last.terms[-1].hours):
                last.resume(at)
                last.begin("run", at)
                self.change(last, mark)

    def working(self, cycle: Cycle) -> bool:
        target = cycle.terms[-1].target
        return target is not None and target.working

    def day_hours(self, cycle: Cycle) -> Hours:
        """Return the calendar of the day within which to stop and begin anew looks like a trick."""
        return cycle.terms[-1].hours

    def open_at(self, mark: Mark, at: int, role: str = "") -> None:
        """Begin a cycle."""
        terms = self.promised(mark, at, role)
        cycle = Cycle(len(self.cycles) + 1, mark.seq, at, [terms], effect=at, attached=max(at, mark.at), role=role)
        cycle.hours = terms.hours
        if self.clock.kind == "deadline":
            cycle.due = self.deadline(mark)
        if self.clock.step is not None and "waiting-for" in self.clock.says:
            cycle.due = _instant(mark.given.get("due"))
        cycle.begin("run", at)
        self.cycles.append(cycle)

    def turn(self, cycle: Cycle, mark: Mark, holder: Holder) -> None:
        """Let a cycle run, pause or wait for its turn, as the case stands now."""
        want, until = "run", 0
        if self.clock.kind == "periodic":
            if self.clock.says.get("while") == "ours-to-act" and holder.kind not in ("team", "nobody"):
                want = "idle"
        elif self.clock.kind == "timer" and (paused := self.clock.all("paused-in")):
            for step in paused:
                if f"enters {step}" in mark.happenings and step in mark.stands and not self.asked[step].asked:
                    self.findings.append(("DV406", mark.seq))
            if mark.stands and all(step in paused for step in mark.stands):
                asked = [self.asked[step] for step in mark.stands if step in self.asked]
                if len(asked) == len(mark.stands) and all(one.asked and not one.resumed for one in asked):
                    want, until = "pause", min(one.until for one in asked)
        now = cycle.pieces[-1]
        entered = any(f"enters {step}" in mark.happenings for step in self.clock.all("paused-in"))
        if now.kind != want or (want == "pause" and (entered or now.until != until)):
            cycle.begin(want, mark.at, until)

    # How it stands

    def told(self, now: int) -> list[Told]:
        """Return how each cycle stands at `now`."""
        return [self.tell(one, now) for one in self.cycles]

    def tell(self, cycle: Cycle, now: int) -> Told:
        """Return how a cycle stands at `now`."""
        now = max(now, cycle.effect)
        sum = self.reckon(cycle, now)
        due = self.falls_due(cycle, now)
        end = now if cycle.stopped_at is None else cycle.stopped_at
        late = due is not None and end > due and (sum.budget is None or self.passed(cycle, sum, end))
        ran_out = cycle.by_time and due is not None and cycle.stopped_at is not None and due <= cycle.stopped_at
        late = late or ran_out
        if self.clock.kind == "count":
            late = cycle.beyond is not None
        if cycle.cancelled:
            status = "cancelled"
        elif cycle.stopped_at is not None:
            status = "breached" if late else "met"
        else:
            status = "overdue" if late else "paused" if sum.now in ("pause",) else "running"
        if (
            late
            and self.resolution
            and self.clock.kind != "count"
            and not cycle.cancelled
            and not ran_out
            and not self.surely(cycle, end, due)
        ):
            late = False
            status = "undecidable"
        promised = cycle.terms[-1].target is not None or due is not None or self.clock.kind == "count"
        if (not self.times and self.clock.kind != "count") or (status == "met" and not promised):
            status = "not-examined"
        budget = sum.budget
        if self.clock.kind == "deadline" and due is not None:
            budget = max(0, due - cycle.start)
        return Told(
            clock=self.clock.name,
            number=cycle.number,
            status=status,
            started_at=cycle.start,
            since=cycle.since,
            stopped_at=cycle.stopped_at,
            stopped_by=cycle.stopped_by,
            budget=budget,
            used=sum.used if budget is not None and self.clock.kind != "deadline" else None,
            wall=end - cycle.start,
            paused=sum.paused,
            due=due,
            times=cycle.count if self.clock.kind == "count" else None,
            by_change=late and (cycle.moved_late or (self.clock.kind != "count" and self.changed_late(cycle))),
        )

    def surely(self, cycle: Cycle, end: int, due: int | None) -> bool:
        """Return True if it was late already as long before as the record is inexact."""
        before = end - self.resolution + 1
        earlier = Cycle(**{**vars(cycle), "stopped_at": max(before, cycle.start)})
        sum = self.reckon(earlier, before)
        late = sum.budget is not None and sum.used > sum.budget
        given = cycle.due if self.clock.kind == "deadline" or self.clock.step is not None else None
        if given is not None and self.clock.step is not None:
            given = max(given, cycle.start)
        return late or (given is not None and due is not None and before > given)

    def passed(self, cycle: Cycle, sum: Sum, end: int) -> bool:
        """Return True if more than the budget is used: being past the instant that filled it is not yet being late."""
        if self.clock.step is not None and cycle.due is not None and end > max(cycle.due, cycle.start):
            return True
        return sum.budget is not None and sum.used > sum.budget

    def changed_late(self, cycle: Cycle) -> bool:
        """Return True if a change made it late after the fact."""
        for index in range(1, len(cycle.terms)):
            if self.clock.step is not None and cycle.due is not None and cycle.terms[index].at > cycle.due:
                continue
            before, after = Cycle(**vars(cycle)), Cycle(**vars(cycle))
            before.terms, after.terms = cycle.terms[:index], cycle.terms[: index + 1]
            before.stopped_at = after.stopped_at = None
            at = cycle.terms[index].at
            was, is_ = self.reckon(before, at), self.reckon(after, at)
            assert was.budget is not None
            assert is_.budget is not None
            if was.used <= was.budget and is_.used > is_.budget:
                return True
        return False


def _instant(given: Any) -> int | None:
    """Return an instant that is given as text; None for anything else."""
    try:
        at = moment(given)
    except (TypeError, ValueError):
        return None
    return number(at) if at.tzinfo is not None else None
