"""What proposed promises would have meant, for people: attainment before and after, who flips, what can be promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.model.promising import Flip, Honest, Interval, Kept, Proposal, Simulation, WouldBe
from procflow.reports.lengths import clocked, length_of
from procflow.reports.links_text import link_lines
from procflow.reports.paper import BLANK, Column, Line, Mark, counted, faint, line, number, prose, share, strong, table

FLIPS_SHOWN = 5


def simulation_lines(found: Simulation, cells: int) -> Iterator[Line]:
    """Yield a simulation."""
    title = f" “{found.title}”" if found.title else ""
    yield line(strong(f"{found.procedure} {found.version}: {found.clock}{title}"))
    moment = f", as of {found.as_of:%Y-%m-%d %H:%M} UTC" if found.as_of is not None else ""
    yield line(faint(f"  {counted(found.cases, 'case')} of {', '.join(found.logs)}{moment}"))
    yield BLANK
    yield from _table(found, cells)
    why = (
        "Every case was judged again. Of n that are over, or open and late already, so many would have been kept; between: where "
        "the share lies with 95 % confidence (Wilson), as far as these cases are like those to come. Used: in the clock's own "
        "measure, without pauses; of 100 so many took no longer."
    )
    yield from prose(why, cells, indent=2, mark=Mark.FAINT)
    for one in found.proposals:
        yield from _flips(one, cells)
    yield from _honest(found.honest, cells)
    yield from link_lines(found.links, cells)
    for note in found.notes:
        yield from prose(note, cells, indent=0, label="note: ", mark=Mark.FAINT)


def _table(found: Simulation, cells: int) -> Iterator[Line]:
    excused = any(
        kept.attained.waived for kept in (*found.now, *(one for each in found.proposals for one in each.kept))
    )
    columns = (
        Column(head="kept", right=True),
        Column(head="between", right=True),
        *([Column(head="net", right=True)] if excused else []),
        Column(head="n", right=True),
        Column(head="late", right=True),
        Column(head="used: 50", right=True),
        Column(head="85", right=True),
        Column(head="95 %", right=True),
        Column(head="promise", whole=True),
    )
    rows = [_row(one, f"now: {one.attained.target}", excused=excused) for one in found.now]
    for each in found.proposals:
        said = proposal_text(each.proposal)
        rows += [_row(one, said, excused=excused) for one in each.kept]
    yield from table(columns, rows, cells)


def _row(kept: Kept, what: str, *, excused: bool) -> tuple[str, ...]:
    one = kept.attained
    used = kept.used
    figures = ("-", "-", "-")
    if used is not None:
        figures = (clocked(used.p50, working=True), clocked(used.p85, working=True), clocked(used.p95, working=True))
    return (
        share(one.met, one.n) or "-",
        between(kept.gross),
        *([share(one.met + one.waived, one.n) or "-"] if excused else []),
        number(one.n),
        number(one.breached),
        *figures,
        f"  {one.grade}" if one.grade else what,
    )


def between(found: Interval | None) -> str:
    """Return an interval in percent: `81-90`, `-` if there is none."""
    return "-" if found is None else f"{found.low * 100:.0f}-{found.high * 100:.0f}"


def proposal_text(one: Proposal) -> str:
    """Return what is proposed, in words."""
    parts = [
        "as now" if one.within is None else f"{one.within}{f' for {one.grade}' if one.grade else ''}",
        *([f"on {one.calendar}"] if one.calendar is not None else []),
        *([] if one.pauses else ["without pauses"]),
    ]
    return ", ".join(parts)


def _flips(one: WouldBe, cells: int) -> Iterator[Line]:
    if not (one.broken or one.mended):
        return
    yield BLANK
    yield line(strong(proposal_text(one.proposal)))
    for label, flips, before in (
        ("would have been late", one.broken, False),
        ("would have been in time", one.mended, True),
    ):
        if flips:
            more = (
                f", and {number(len(flips) - FLIPS_SHOWN)} more; --json has them all"
                if len(flips) > FLIPS_SHOWN
                else ""
            )
            told = "; ".join(_flip(each, before=before) for each in flips[:FLIPS_SHOWN])
            yield from prose(f"{told}{more}", cells, indent=2, label=f"{number(len(flips))} {label}: ")


def _flip(one: Flip, *, before: bool) -> str:
    cycle = one.before if before else one.after
    if cycle is None:
        return one.case
    again = f" #{cycle.number}" if cycle.number > 1 else ""
    return f"{one.case}{again} used {length_of(cycle.used, working=cycle.working)}"


def _honest(found: Sequence[Honest], cells: int) -> Iterator[Line]:
    if not found:
        return
    yield BLANK
    yield line(strong("What could be promised"))
    for one in found:
        if one.within is None or one.kept is None:
            said = "nothing that these cases show: too few are over, or too many are open and late"
        else:
            attained = one.kept.attained
            of = f"{share(attained.met, attained.n)} of {number(attained.n)}"
            said = f"{one.within} (kept by {of}, between {between(one.kept.gross)} %)"
        yield from prose(said, cells, indent=2, label=f"to {one.percent} of 100: ")
