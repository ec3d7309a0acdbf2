"""What is promised, as a part of the page; and the time of a step among what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.calendars.book import CalendarSet
from procflow.model.clock import Clock, Promised
from procflow.model.procedure import Step
from procflow.reports.document.actions import exactly
from procflow.reports.document.clock_terms import clock_terms
from procflow.reports.document.lengths import length_in_words
from procflow.reports.document.parts import Block, Blocks, Bullets, Paragraph, Run, Section
from procflow.reports.document.promises import Promise, for_whom, grades_of, measures_of, promise_of
from procflow.reports.document.wording import Wording, run


def clocks_section(wording: Wording, calendars: CalendarSet | None) -> Section:
    """Return the clocks of `clocks:`, by to whom or by whom they are promised."""
    say = wording.say
    heads = {
        Promised.CLIENT: say("What is promised to clients"),
        Promised.TEAM: say("What we have agreed among ourselves"),
        Promised.SUPPLIER: say("What suppliers have promised us"),
    }
    lead = say("Each promise is measured in every case, and every minute of it can be explained.")
    groups = tuple(
        Section(anchor=f"promised.{to.value}", heading=(head,), level=3, blocks=clocks, kind="group")
        for to, head in heads.items()
        if (clocks := tuple(_clock(one, wording, calendars) for one in wording.procedure.clocks if one.to is to))
    )
    blocks: Blocks = (Paragraph((lead,)), *groups)
    return Section(anchor="promises", heading=(say("What is promised"),), level=2, blocks=blocks)


def _clock(clock: Clock, wording: Wording, calendars: CalendarSet | None) -> Section:
    promises = [promise_of(clock, wording, grade=grade, calendars=calendars) for grade in grades_of(clock)]
    common = tuple(term for term in promises[0].terms if all(term in one.terms for one in promises))
    said: Blocks = tuple(_of_grade(one, common) for one in promises)
    if len(promises) > 1:
        said = (Bullets(tuple((one,) for one in said)),)
    measures = promises[0].measures
    return Section(
        anchor=f"clock-{clock.id}",
        heading=wording.called(clock.id, clock.title),
        level=4,
        blocks=(
            *said,
            *((Paragraph(_spoken(common)),) if common else ()),
            *((Bullets(tuple((Paragraph(one),) for one in measures)),) if measures else ()),
            exactly(clock_terms(clock), wording),
        ),
        kind="rule",
    )


def _of_grade(promise: Promise, common: Sequence[Run]) -> Block:
    own = [term for term in promise.terms if term not in common]
    example = [promise.example] if promise.example is not None else []
    return Paragraph(_spoken([promise.says, *own, *example]))


def _spoken(sentences: Sequence[Run]) -> Run:
    """Return sentences one after the other."""
    told: Run = ()
    for one in sentences:
        told = (*told, " ", *one) if told else one
    return told


# --- the time of a step --------------------------------------------------------------------------------------------


def time_of(step: Step, wording: Wording) -> Iterator[tuple[str, Blocks]]:
    """Yield how long a case may stand in a step, and what is done about it, with their labels."""
    say = wording.say
    if step.resolved:
        yield (
            say("State"),
            (Paragraph((say("What was asked for is done here, and is only to be confirmed."),)),),
        )
    clock = step.clock
    if clock is None:
        return
    yield say("Time limit"), tuple(_limits(step, clock, wording))
    measures = tuple((Paragraph(one),) for one in measures_of(clock, wording))
    if measures:
        yield say("How it is watched"), (Bullets(measures),)


def _limits(step: Step, clock: Clock, wording: Wording) -> Iterator[Block]:
    graded, cut = clock.within, wording.cut
    if graded is None:
        yield Paragraph((wording.say("until the date on record"),))
        return
    limits: list[Blocks] = []
    for grade in grades_of(clock):
        length = graded.of(grade or None)
        if length is None:
            continue
        time: Run = (length_in_words(length, wording.language),)
        if step.waiting is not None:
            time = run(cut("{time}, or until the date on record, if that is earlier", time=time))
        told = (
            time
            if graded.by is None
            else run(cut("{time}. {whom}", time=time, whom=for_whom(graded.by, grade, wording)))
        )
        limits.append((Paragraph(told),))
    yield from limits[0] if len(limits) == 1 else (Bullets(tuple(limits)),)
