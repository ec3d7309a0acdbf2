"""What is seen over many cases, for people: queues, urgency, who knows how, who has how much, who waits, exceptions, thanks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from procflow.model.fairness_report import (
    AfterHours,
    ExceptionMade,
    FairnessReport,
    Overtaken,
    QueueJump,
    Thanks,
)
from procflow.model.sample import RANKED_FROM
from procflow.reports.deviation_text import deviation_lines, settled_lines
from procflow.reports.lengths import length_of
from procflow.reports.paper import BLANK, Column, Ink, Line, Mark, counted, line, number, prose, strong, table, visible
from procflow.reports.sources import Sources, no_sources

TOP = 10
"""How many rows are shown before it is said how many more there are."""
_FEW = "not enough data"
_PEOPLE = 5


def fairness_verdict(report: FairnessReport | None, cells: int) -> Iterator[Line]:
    """Yield in a sentence whether anything is unfair over many cases; nothing if nobody asked."""
    if report is None:
        return
    held = report.unexcused
    if held:
        yield line(Ink(f"Fairness: {counted(len(held), 'deviation')} over many cases, told at the end.", Mark.BAD))
    else:
        yield from prose("Fairness: nothing deviates over many cases.", cells)


def fairness_lines(
    report: FairnessReport | None, *, most: int | None = TOP, cells: int = 80, sources: Sources = no_sources
) -> Iterator[Line]:
    """Yield what is seen over many cases, and each deviation."""
    if report is None:
        return
    yield BLANK
    yield line(strong("Fairness"))
    yield from _queues(report, most, cells)
    yield from _urgency(report, most, cells)
    yield from _keepers(report, cells)
    yield from _load(report, cells)
    yield from _after_hours(report.after_hours, most, cells)
    yield from _waits(report, most, cells)
    yield from _exceptions(report.exceptions, most, cells)
    yield from _thanks(report, most, cells)
    unseen = ", ".join(f"{name} ({number(count)})" for name, count in report.not_examined.items())
    if unseen:
        yield BLANK
        yield from prose(f"Not examined: {unseen}.", cells, indent=2)
    for place, one in enumerate(report.unexcused[:most], start=1):
        yield BLANK
        yield line(strong(f"Case {visible(one.case)}" if one.case else "All cases together"))
        yield from deviation_lines(one, number=place, sources=sources, cells=cells)
    yield from _more(len(report.unexcused), most, "deviation")
    settled = [one for one in report.deviations if not one.unexcused]
    if settled:
        yield BLANK
        yield from settled_lines(settled[:most], cells=cells)
        yield from _more(len(settled), most, "settled deviation")


def _more(count: int, shown: int | None, what: str, plural: str | None = None) -> Iterator[Line]:
    if shown is not None and count > shown:
        yield line(f"    ... and {counted(count - shown, f'more {what}', plural)}; --json has them all")


def _head(text: str) -> Iterator[Line]:
    yield BLANK
    yield line(strong(f"  {text}"))


def _queues(report: FairnessReport, most: int | None, cells: int) -> Iterator[Line]:
    if not (report.jumps or report.contacts):
        return
    yield from _head("First come, first served")
    without = [one for one in report.jumps if one.unexcused]
    let = [one for one in report.jumps if not one.unexcused]
    overtaken = sum(one.count for one in without)
    yield from prose(
        f"{counted(len(without), 'case')} taken before their turn, past {counted(overtaken, 'other')};"
        f" {counted(len(let), 'case')} let go first.",
        cells,
        indent=4,
    )
    for pair in report.pairs[:most]:
        what = f"took cases of {visible(pair.requester)} first {number(pair.jumps)} times,"
        text = f"{visible(pair.agent)} {what} past {counted(pair.overtaken, 'other')}"
        yield line("    ", Ink(text, Mark.BAD))
    yield from _more(len(report.pairs), most, "pair")
    for behind in report.overtaken[:_PEOPLE]:
        yield from prose(_overtaken(behind), cells, indent=4, label="most often overtaken: ")
    unseen = sum(one.slipped is None for one in report.jumps)
    if unseen:
        what = f"Of {counted(unseen, 'case')} the log does not show how long they were worked on once they were taken:"
        yield from prose(f"{what} by how much others slipped meanwhile is not known.", cells, indent=4)
    for one in let[:most]:
        yield from prose(_let(one), cells, indent=4, label="exception: ")
    if report.contacts:
        columns = (
            Column(head="asked", right=True),
            Column(head="cases", right=True),
            Column(head="half waited no longer than", rest=True),
        )
        rows = [(number(one.contacts), number(one.waits), length_of(one.median)) for one in report.contacts]
        yield from prose("How often the client asked before anybody took the case:", cells, indent=4)
        yield from table(columns, rows, cells, indent=4)


def _overtaken(one: Overtaken) -> str:
    waited = f"waits still, for {length_of(one.waited)}" if one.still else f"waited {length_of(one.waited)}"
    return f"case {visible(one.case)} in {one.step}, by {counted(one.count, 'other')}; it {waited}"


def _let(one: QueueJump) -> str:
    said = one.expedite
    if said is None:
        return f"{one.case} in {one.step}, past {counted(one.count, 'other')}, waiver of event {one.waiver}"
    by = "" if said.by is None else f", let by {said.by}"
    by += " (who took it)" if said.by is not None and said.by == one.agent else ""
    reason = f": {said.reason}" if said.reason else ""
    return f"{one.case} in {one.step}, past {counted(one.count, 'other')}{by}{reason}"


def _urgency(report: FairnessReport, most: int | None, cells: int) -> Iterator[Line]:
    if not report.urgency:
        return
    yield from _head("Urgency")
    columns = (
        Column(head="requester", rest=True),
        Column(head="cases", right=True),
        Column(head="urgent", right=True),
        Column(head="share", right=True),
        Column(head="downgraded", right=True),
        Column(head="others slipped", right=True),
    )
    told = [one for one in report.urgency if one.told]
    rows = [
        (
            f"{'department ' if one.department else ''}{one.party}",
            number(one.cases),
            number(one.urgent),
            f"{_percent(one.share)} ({_percent(one.at_least)}-{_percent(one.at_most)})",
            number(one.downgraded),
            "not known" if one.unseen and not one.slipped else length_of(one.slipped),
        )
        for one in sorted(told, key=lambda one: (-one.share, one.department, one.party))
    ]
    if rows:
        yield from table(columns, rows[:most], cells, indent=4)
        yield from _more(len(rows), most, "requester")
    if any(one.unseen and one.slipped for one in told):
        yield from prose("others slipped: as far as the log shows how long these were worked on.", cells, indent=4)
    few = len(report.urgency) - len(told)
    if few:
        yield from prose(f"{counted(few, 'requester')}: {_FEW}.", cells, indent=4)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _keepers(report: FairnessReport, cells: int) -> Iterator[Line]:
    if not report.keepers:
        return
    yield from _head("Who knows how it is done")
    columns = (
        Column(head="step"),
        Column(head="done", right=True),
        Column(head="enough", right=True),
        Column(head="by", whole=True),
    )
    rows = []
    for one in report.keepers:
        idle = f"; never: {', '.join(one.idle[:_PEOPLE])}" if one.idle else ""
        enough = _FEW if one.enough is None else counted(one.enough, "person", "people")
        rows.append((one.step, number(one.completions), enough, _people(one.by_person) + idle))
    yield from table(columns, rows, cells, indent=4)


def _people(by_person: Mapping[str, int]) -> str:
    named = [f"{name} {number(count)}" for name, count in list(by_person.items())[:_PEOPLE]]
    more = len(by_person) - len(named)
    return ", ".join([*named, *([f"{number(more)} more"] if more else [])]) or "nobody on record"


def _load(report: FairnessReport, cells: int) -> Iterator[Line]:
    one = report.load
    if one is None:
        return
    yield from _head("Open cases per person")
    if not one.told:
        yield from prose(f"{counted(one.people, 'person', 'people')} with open cases: {_FEW}.", cells, indent=4)
        return
    people = one.by_person
    if one.people >= RANKED_FROM:
        people = dict(sorted(people.items(), key=lambda each: (-each[1], each[0])))
    yield from prose(
        f"{counted(one.cases, 'open case')} of {counted(one.people, 'person', 'people')}, median {one.median:g}:"
        f" {_people(people)}",
        cells,
        indent=4,
    )


def _after_hours(told: AfterHours | None, most: int | None, cells: int) -> Iterator[Line]:
    if told is None or not told.by_person:
        return
    yield from _head(f"Work outside the hours of {told.calendar}")
    people = told.by_person
    if len(people) >= RANKED_FROM:
        people = dict(sorted(people.items(), key=lambda each: (-each[1].outside / each[1].acts, each[0])))
    outside, acts = (sum(numbers) for numbers in zip(*people.values(), strict=True))
    yield from prose(
        f"{number(outside)} of {counted(acts, 'act')} of {counted(len(people), 'person', 'people')}"
        f" ({_percent(outside / acts)}); nobody is blamed for it.",
        cells,
        indent=4,
    )
    columns = (Column(head="outside", right=True), Column(head="acts", right=True), Column(head="share", right=True))
    rows = [
        (number(one.outside), number(one.acts), _percent(one.outside / one.acts), person)
        for person, one in people.items()
        if one.outside
    ]
    if rows:
        yield from table((*columns, Column(head="person", rest=True)), rows[:most], cells, indent=4)
        yield from _more(len(rows), most, "person", "more people")


def _waits(report: FairnessReport, most: int | None, cells: int) -> Iterator[Line]:
    if not report.waits:
        return
    yield from _head("Waits until somebody takes the case")
    columns = (
        Column(head="waits", right=True),
        Column(head="still", right=True),
        Column(head="half", right=True),
        Column(head="nine of ten", right=True),
        Column(head="step", rest=True),
    )
    rows = [
        (
            number(one.waits),
            number(one.still),
            length_of(one.p50) if one.told and one.p50 is not None else "-",
            length_of(one.p90) if one.told and one.p90 is not None else "-",
            ", ".join([one.step, *(f"{name} {value or 'unknown'}" for name, value in one.alike.items())]),
        )
        for one in sorted(report.waits, key=lambda one: not one.told)
    ]
    yield from table(columns, rows[:most], cells, indent=4)
    yield from _more(len(rows), most, "queue")
    if any(not one.told for one in report.waits):
        yield from prose(f"-: {_FEW}.", cells, indent=4)


def _exceptions(made: Sequence[ExceptionMade], most: int | None, cells: int) -> Iterator[Line]:
    if not made:
        return
    yield from _head("Exceptions")
    for one in made[:most]:
        label = visible(f"case {one.case}, event {one.seq}: ")
        yield from prose(f"{one.kind.value}, {one.what}; {'; '.join(_said(one))}", cells, indent=4, label=label)
    yield from _more(len(made), most, "exception")


def _said(one: ExceptionMade) -> Iterator[str]:
    yield f"asked by {one.asked_by or 'nobody named'}, granted by {one.granted_by or 'nobody named'}"
    if one.second is not None:
        yield f"{one.second} agreed"
    if one.self_made:
        yield "self-made"
    if one.caused_by is not None:
        yield f"caused by {one.caused_by.value}"
    if one.until is not None:
        yield f"until {one.until:%Y-%m-%d %H:%M} UTC"
    yield f"used {counted(one.used, 'time')}" if one.used else "not used"
    if one.expired_used:
        yield f"used {counted(one.expired_used, 'time')} after it had expired"
    if one.reason:
        yield f"because: {one.reason}"


def _thanks(report: FairnessReport, most: int | None, cells: int) -> Iterator[Line]:
    if not report.thanks:
        return
    yield from _head("Thanks")
    for one in report.summaries:
        done = f"finished {counted(one.completions, 'step')}"
        yield from prose(f"{done}, thanked {counted(one.thanked, 'time')}", cells, indent=4, label=f"{one.person}: ")
    for given in report.thanks[:most]:
        yield from prose(_thanked(given), cells, indent=4, label=f"case {visible(given.case)}: ")
    yield from _more(len(report.thanks), most, "thanks", "more thanks")


def _thanked(one: Thanks) -> str:
    step = f" for {one.step}" if one.step is not None else ""
    return f"{one.who or 'somebody'} thanked {one.whom or 'nobody in particular'}{step}"
