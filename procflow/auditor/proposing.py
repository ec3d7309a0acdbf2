"""A procedure with one clock changed: another target, other hours, no pauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from procflow.calendars.length import Length
from procflow.errors import ProcflowError
from procflow.loading.lengths import length_of
from procflow.model.clock import Clock, ClockKind, Graded
from procflow.model.procedure import Procedure, Region, Step
from procflow.model.promising import Proposal
from procflow.monitors.names import meant

OTHERWISE = "otherwise"
"""Names the target of every other value."""


def checked(
    versions: Sequence[Procedure],
    clock: str,
    within: Sequence[str | Length],
    grade: str,
    calendar: str | None,
    *,
    pauses: bool,
) -> tuple[Proposal, ...]:
    """Return the proposals, each of which the clock can have. Raises ProcflowError."""
    having = [one for one in versions if clock in one.all_clocks]
    if not having:
        names = dict.fromkeys(name for one in versions for name in one.all_clocks)
        close = meant(clock, names.keys())
        raise ProcflowError(
            f"{versions[-1].id} {versions[-1].version} has no clock “{clock}”",
            hint=f"did you mean “{close}”?" if close is not None else f"there are: {', '.join(names) or 'none at all'}",
        )
    for version in having:
        one = version.all_clocks[clock]
        target = target_of(one)
        if target is None:
            what = {ClockKind.COUNT: "counts how often", ClockKind.DEADLINE: "is due on a day that is agreed each time"}
            told = what.get(one.kind, "waits as long as whoever asked has said")
            raise ProcflowError(
                f"“{clock}” {told}: it has no length that could be another",
                hint=f"simulate one of {', '.join(_with_lengths(version)) or 'none'}",
            )
        there = [*target.values, *([OTHERWISE] if target.otherwise is not None and target.values else [])]
        if grade and grade not in there:
            hint = f"there are: {', '.join(there)}" if there else "leave out --tier: it promises everybody the same"
            raise ProcflowError(f"“{clock}” promises nothing of its own for “{grade}”", hint=hint)
    lengths = [_length(one) for one in within]
    for length in lengths:
        for version in having:
            _counts(version, version.all_clocks[clock], length, calendar)
    each: list[Length | None] = [*lengths] or ([None] if calendar is not None or not pauses else [])
    return tuple(Proposal(within=one, grade=grade, calendar=calendar, pauses=pauses) for one in each)


def _length(given: str | Length) -> Length:
    length = given if isinstance(given, Length) else length_of(given)
    if length is None or not length.count:
        raise ProcflowError(
            f"“{given}” is not a length of time",
            hint="write `30 minutes`, `4 working hours`, `2 working days` or `14 days`",
        )
    return length


def _counts(version: Procedure, clock: Clock, length: Length, calendar: str | None) -> None:
    """Raise ProcflowError if nobody can tell how long a length is."""
    if (length.working or length.elapsed is None) and calendar is None and not (clock.calendar or version.calendar):
        raise ProcflowError(
            f"{length} needs a calendar, and {version.id} names none",
            hint="name one with --calendar, or in the procedure",
        )


def _with_lengths(version: Procedure) -> list[str]:
    return [name for name, one in version.all_clocks.items() if target_of(one) is not None]


def target_of(clock: Clock) -> Graded[Length] | None:
    """Return how long a clock gives; None if it has no length."""
    return clock.every if clock.kind is ClockKind.PERIODIC else clock.within


def units_of(clock: Clock, proposal: Proposal) -> Length | None:
    """Return a length in the unit in which targets of a clock are thought of; None if it has none."""
    if proposal.within is not None:
        return proposal.within
    target = target_of(clock)
    return None if target is None else next(iter(target.all), None)


def proposed(version: Procedure, clock: str, proposal: Proposal) -> Procedure:
    """Return a version with one clock as proposed; its digest stays, so that it judges the same cases."""
    if clock not in version.all_clocks:
        return version
    own = tuple(changed(one, proposal) if one.id == clock else one for one in version.clocks)
    top = _region(version.top, clock, proposal)
    anytime = {
        name: one
        if one.ask is None or one.ask.answer.id != clock
        else replace(one, ask=replace(one.ask, answer=changed(one.ask.answer, proposal)))
        for name, one in version.anytime.items()
    }
    return replace(version, clocks=own, top=top, anytime=MappingProxyType(anytime))


def without_the_rest(version: Procedure, clock: str) -> Procedure:
    """Return a version that judges one clock and what may move a case: no rules, and of clocks of their own only this one.

    No clock looks at another, nor at a rule. The times of steps stay: some lead on when they are up.
    """
    return replace(version, rules=(), clocks=tuple(one for one in version.clocks if one.id == clock))


def _region(region: Region, clock: str, proposal: Proposal) -> Region:
    steps = {name: _step(one, clock, proposal) for name, one in region.steps.items()}
    return replace(region, steps=MappingProxyType(steps))


def _step(step: Step, clock: str, proposal: Proposal) -> Step:
    if step.parallel is not None:
        branches = tuple(replace(one, region=_region(one.region, clock, proposal)) for one in step.parallel.branches)
        step = replace(step, parallel=replace(step.parallel, branches=branches))
    if step.clock is not None and step.clock.id == clock:
        step = replace(step, clock=changed(step.clock, proposal))
    acceptance = None if step.hand_offs is None else step.hand_offs.acceptance
    if step.hand_offs is not None and acceptance is not None and acceptance.id == clock:
        step = replace(step, hand_offs=replace(step.hand_offs, acceptance=changed(acceptance, proposal)))
    return step


def changed(clock: Clock, proposal: Proposal) -> Clock:
    """Return a clock as proposed. What nothing is promised for stays so."""
    target = target_of(clock)
    if proposal.within is not None and target is not None:
        new = _graded(target, proposal.within, proposal.grade)
        clock = replace(clock, every=new) if clock.kind is ClockKind.PERIODIC else replace(clock, within=new)
    if proposal.calendar is not None:
        clock = replace(clock, calendar=Graded(otherwise=proposal.calendar))
    return clock if proposal.pauses else replace(clock, paused_in=(), max_pause=None, while_ours=False)


def _graded(target: Graded[Length], within: Length, grade: str) -> Graded[Length]:
    if grade == OTHERWISE:
        return replace(target, otherwise=within)
    if grade:
        return replace(target, values=MappingProxyType({**target.values, grade: within}))
    values = MappingProxyType(dict.fromkeys(target.values, within))
    return replace(target, values=values, otherwise=None if target.otherwise is None else within)
