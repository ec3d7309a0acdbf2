"""Time in a picture: how long a step may take, where a case goes when it is late, and the list of what is promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from procflow.model.clock import LateDoing
from procflow.model.rule import HappeningKind
from procflow.reports.diagram.ruling import Told, in_words, mark, marks, marks_of_step
from procflow.reports.document.lengths import length_in_words
from procflow.reports.document.promises import grades_of, promise_of
from procflow.reports.document.wording import Wording

if TYPE_CHECKING:
    from procflow.calendars.length import Length
    from procflow.model.clock import Clock, Graded, LateAct
    from procflow.model.procedure import Procedure, Step
    from procflow.reports.diagram.tongue import Tongue

_MOST_GRADES = 4
"""Of a time that depends on data so many are shown; all of them are in the document."""


def numbered_clocks(procedure: Procedure) -> tuple[tuple[int, Clock], ...]:
    """Return what is promised with its numbers, which go on where those of rules end; the times of steps have none."""
    return tuple(enumerate(procedure.clocks, start=len(procedure.rules) + 1))


def marks_of_clocks(step: Step, tongue: Tongue) -> str:
    """Return the marks of the clocks that begin, end or stand still at a step."""
    return marks([number for number, clock in numbered_clocks(tongue.procedure) if _speaks_of(clock, step)], tongue)


def all_marks(step: Step, tongue: Tongue) -> str:
    """Return the marks of rules and clocks at a step."""
    return f"{marks_of_step(step, tongue)} {marks_of_clocks(step, tongue)}".strip()


def _speaks_of(clock: Clock, step: Step) -> bool:
    if step.id in clock.paused_in:
        return True
    happenings = (*clock.starts, *clock.stops, *clock.cancels, *clock.counts)
    return any(one.kind in (HappeningKind.ENTERS, HappeningKind.LEAVES) and one.name == step.id for one in happenings)


def told_clocks(tongue: Tongue) -> tuple[Told, ...]:
    """Return what is promised, in words."""
    wording = Wording(tongue.procedure, tongue.language)
    return tuple(
        Told(id=clock.id, mark=mark(number, tongue), text=_sentences(clock, wording, tongue))
        for number, clock in numbered_clocks(tongue.procedure)
    )


def _sentences(clock: Clock, wording: Wording, tongue: Tongue) -> str:
    grades = grades_of(clock)
    told = [_sentence(clock, grade, wording, tongue, alone=len(grades) == 1) for grade in grades[:_MOST_GRADES]]
    return " ".join([*told, *(["…"] if len(grades) > _MOST_GRADES else [])])


def _sentence(clock: Clock, grade: str, wording: Wording, tongue: Tongue, *, alone: bool) -> str:
    says = in_words(promise_of(clock, wording, grade=grade).says, tongue)
    if alone:
        return says
    return f"{tongue.called(grade) if grade else tongue.language.say('otherwise')}: {says}"


def heard_clocks(tongue: Tongue) -> Iterator[str]:
    """Yield what is promised for whoever hears the picture."""
    yield from (f"{one.mark} {one.text}" for one in told_clocks(tongue))


def time_of(step: Step, tongue: Tongue) -> Iterator[str]:
    """Yield how long a step may take and who is told when it is late, a line each; nothing of one that has no time."""
    say = tongue.language.say
    clock = step.clock
    if clock is None:
        return
    if clock.within is None:
        yield say("until the day that was asked for")
    else:
        yield within(clock.within, tongue)
    yield from late_acts(clock, tongue)


def within(graded: Graded[Length], tongue: Tongue) -> str:
    """Return how long something may take."""
    say = tongue.language.say
    if graded.by is None:
        (length,) = graded.all
        return say("within {time}", time=_length(length, tongue))
    lengths = list(dict.fromkeys(_length(one, tongue) for one in graded.all))
    times = tongue.comma.join([*lengths[:_MOST_GRADES], *(["…"] if len(lengths) > _MOST_GRADES else [])])
    return say("within {times}, by {field}", times=times, field=tongue.name(graded.by))


def late_acts(clock: Clock, tongue: Tongue) -> Iterator[str]:
    """Yield who is told, or may act too, when a clock is late."""
    yield from (_act(act, tongue) for act in clock.late if act.does is not LateDoing.GO_TO)


def _act(act: LateAct, tongue: Tongue) -> str:
    say, who = tongue.language.say, tongue.role(act.to)
    if act.does is LateDoing.OFFER:
        if act.after is None:
            return say("late: {who} may accept it, too", who=who)
        return say("{time} late: {who} may accept it, too", time=_length(act.after, tongue), who=who)
    if act.does is LateDoing.NOTIFY:
        if act.after is None:
            return say("late: {who} is told", who=who)
        return say("{time} late: {who} is told", time=_length(act.after, tongue), who=who)
    if act.after is None:
        return say("late: {who} may act, too", who=who)
    return say("{time} late: {who} may act, too", time=_length(act.after, tongue), who=who)


def when_late(act: LateAct, tongue: Tongue) -> str:
    """Return what stands on the way a case takes when it is late."""
    if act.after is None:
        return tongue.language.say("when late")
    return tongue.language.say("when late by {time}", time=_length(act.after, tongue))


def leads_when_late(act: LateAct, steps: str, tongue: Tongue) -> str:
    """Return the same for whoever hears the picture."""
    if act.after is None:
        return tongue.language.say("When that is late, the case goes on to {steps}.", steps=steps)
    time = _length(act.after, tongue)
    return tongue.language.say("When that is late by {time}, the case goes on to {steps}.", time=time, steps=steps)


def heard_time(step: Step, tongue: Tongue) -> Sequence[str]:
    """Return the time of a step for whoever hears the picture."""
    return [f"{told[:1].upper()}{told[1:]}." for told in (*resolved(step, tongue), *time_of(step, tongue))]


def resolved(step: Step, tongue: Tongue) -> Sequence[str]:
    """Return what is said of a step in which the work is done; nothing of others."""
    return (tongue.language.say("done, only to be confirmed"),) if step.resolved else ()


def _length(length: Length, tongue: Tongue) -> str:
    return tongue.isolated(length_in_words(length, tongue.language))
