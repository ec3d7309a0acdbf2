"""Waiting, for people: who had the ball, who waited for whom, in what circles, what came back, for what nobody answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from procflow.model.clock import PartyKind
from procflow.model.waiting_report import Circle, CourtShare, PairWaited, WaitingReport
from procflow.reports.deviation_text import deviation_lines
from procflow.reports.lengths import clocked, length_of
from procflow.reports.paper import (
    BLANK,
    Column,
    Ink,
    Line,
    Mark,
    counted,
    faint,
    line,
    number,
    prose,
    share,
    strong,
    table,
    visible,
)
from procflow.reports.quality_text import quality_lines
from procflow.reports.sources import Sources, no_sources
from procflow.reports.totals import quality_of

TOP = 10
"""How many rows a table has before it says how many more there are."""
_BAR = 30
_SECOND = timedelta(seconds=1)
_SIDES = {PartyKind.CLIENT: "client", PartyKind.SUPPLIER: "supplier", PartyKind.NOBODY: "nobody"}


def waiting_lines(
    report: WaitingReport, *, cells: int = 80, most: int | None = TOP, sources: Sources = no_sources
) -> Iterator[Line]:
    """Yield all of it; `most` rows of each part, None for all."""
    name = f"{report.title} ({report.procedure})" if report.title else report.procedure
    yield line(strong(f"Waiting in {visible(name)}"))
    at = f", as of {report.as_of:%Y-%m-%d %H:%M} UTC" if report.as_of is not None else ""
    yield from prose(f"{counted(report.cases, 'case')}, {counted(report.waits, 'wait')}{at}", cells, indent=2)
    if not (report.waits or report.court):
        yield BLANK
        told = "Nobody waited for anybody, as far as the log and the procedure tell."
        yield from prose(told if report.cases else "There is no case in the log.", cells)
    yield from court_lines(report)
    yield from _pairs(report.pairs, most, cells)
    yield from circles_lines(report.circles, cells)
    yield from _returned(report, most, cells)
    yield from _unowned(report, most, cells)
    yield from _contacts(report, most, cells)
    unseen = ", ".join(f"{name} ({number(count)})" for name, count in report.not_examined.items())
    if unseen:
        yield BLANK
        yield from prose(f"Not examined: {unseen}.", cells, indent=2)
    yield from quality_lines(quality_of(report.quality), cells, all_of_them="--format json")
    case = None
    for place, one in enumerate(report.findings[:most], start=1):
        yield BLANK
        if one.case != case:
            case = one.case
            yield line(strong(f"Case {visible(case)}"))
        yield from deviation_lines(one, number=place, sources=sources, cells=cells)
    yield from _more(len(report.findings), most)
    if report.others:
        yield BLANK
        some = counted(report.others, "deviation")
        yield from prose(
            f"Besides, {some} that {'is' if report.others == 1 else 'are'} not of waiting: `procflow audit` tells of them.",
            cells,
        )


def _more(count: int, most: int | None) -> Iterator[Line]:
    if most is not None and count > most:
        yield line(faint(f"  ... and {number(count - most)} more"))


def _head(text: str) -> Iterator[Line]:
    yield BLANK
    yield line(strong(text))


def court_lines(report: WaitingReport) -> Iterator[Line]:
    """Yield who had the ball how long, the client always among them; nothing if no time has passed."""
    if not report.whole:
        return
    yield from _head("Who had the ball")
    kinds = {one.kind for one in report.court}
    shown = list(report.court)
    if PartyKind.CLIENT not in kinds:
        shown.append(CourtShare(kind=PartyKind.CLIENT, name="", wall=timedelta(0)))
    wide = max(len(_court_name(one)) for one in shown)
    for one in shown:
        part = share(one.wall // _SECOND, report.whole // _SECOND) or "-"
        bar = "█" * round(_BAR * (one.wall / report.whole))
        mark = Mark.BAD if one.kind is PartyKind.NOBODY else Mark.PLAIN
        yield line(f"  {part:>12}  {_court_name(one):<{wide}}  ", Ink(f"{bar} ", mark), length_of(one.wall))


def _court_name(one: CourtShare) -> str:
    side = _SIDES.get(one.kind)
    if side is None:
        return visible(one.name)
    return side if not one.name or one.name == side else f"{visible(one.name)} ({side})"


def _pairs(pairs: Sequence[PairWaited], most: int | None, cells: int) -> Iterator[Line]:
    if not pairs:
        return
    yield from _head("Who waited for whom")
    columns = (
        Column(head="together", right=True),
        Column(head="longest", right=True),
        Column(head="times", right=True),
        Column(head="late", right=True),
        Column(head="still", right=True),
        Column(head="who", whole=True),
    )
    rows = [
        (
            clocked(one.total),
            clocked(one.longest),
            number(one.times),
            number(one.late),
            number(one.still),
            _told(one),
        )
        for one in pairs[:most]
    ]
    yield from table(columns, rows, cells)
    yield from _more(len(pairs), most)


def _told(one: PairWaited) -> str:
    role = f" ({one.role})" if one.role and one.role != one.who else ""
    could = [name for name in one.could_end if name not in one.whom]
    ended = f"; could have ended it too: {', '.join(could)}" if could else ""
    whom = " or ".join(one.whom) or "nobody in particular"
    return f"{one.who or 'somebody'}{role} for {whom}{ended}"


def circles_verdict(circles: Sequence[Circle]) -> Iterator[Line]:
    """Yield in a sentence that people wait for each other over several cases; nothing if nobody does."""
    if circles:
        yield line(Ink(f"Waiting: {counted(len(circles), 'circle')} over several cases (DV606), told below.", Mark.BAD))


def circles_lines(circles: Sequence[Circle], cells: int) -> Iterator[Line]:
    """Yield who waits for whom in circles over several cases; nothing if nobody does."""
    if not circles:
        return
    yield from _head("Circles over several cases")
    for one in circles:
        text = " -> ".join([*one.nodes, one.nodes[0]])
        yield from prose(f"{text}, in {', '.join(one.cases)}", cells, indent=2, label=f"{one.at:%Y-%m-%d %H:%M}  ")


def _returned(report: WaitingReport, most: int | None, cells: int) -> Iterator[Line]:
    if not report.returned:
        return
    yield from _head("What came straight back")
    columns = (
        Column(head="share", right=True),
        Column(head="back", right=True),
        Column(head="handed over", right=True),
        Column(head="between", whole=True),
    )
    rows = [
        (
            share(one.returned, one.handed),
            number(one.returned),
            number(one.handed),
            f"{'departments ' if one.departments else ''}{one.between[0]} and {one.between[1]}",
        )
        for one in report.returned[:most]
    ]
    yield from table(columns, rows, cells)
    yield from _more(len(report.returned), most)


def _unowned(report: WaitingReport, most: int | None, cells: int) -> Iterator[Line]:
    if not report.unowned:
        return
    yield from _head("Nobody answered for the case")
    whole = sum((one.until - one.since for one in report.unowned), timedelta(0))
    part = share(whole // _SECOND, report.age // _SECOND)
    cases = len({one.case for one in report.unowned})
    yield from prose(
        f"{length_of(whole)} in {counted(cases, 'case')}{f' ({part} of their time)' if part else ''}:", cells, indent=2
    )
    longest = sorted(report.unowned, key=lambda one: (one.since - one.until, one.case))
    for one in longest[:most]:
        when = f"from {one.since:%Y-%m-%d %H:%M} to {one.until:%Y-%m-%d %H:%M}"
        yield from prose(f"{length_of(one.until - one.since)}, {when}", cells, indent=4, label=f"{visible(one.case)}: ")
    yield from _more(len(longest), most)


def _contacts(report: WaitingReport, most: int | None, cells: int) -> Iterator[Line]:
    if not report.contacts:
        return
    yield from _head("What was said meanwhile")
    columns = (
        Column(head="client asked", right=True),
        Column(head="client was told", right=True),
        Column(head="thanks", right=True),
        Column(head="case", whole=True),
    )
    rows = [(number(one.chases), number(one.updates), number(one.thanks), one.case) for one in report.contacts[:most]]
    yield from table(columns, rows, cells)
    yield from _more(len(report.contacts), most)
