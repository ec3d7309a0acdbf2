"""The report of an audit for people: readable by an auditor who does not program, on a terminal and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from procflow.model.deviation import Disposition
from procflow.model.report import AuditReport, CaseAudit, RowCount
from procflow.reports.across_text import across_lines, across_verdict
from procflow.reports.clocks_text import (
    attainment_lines,
    ball_lines,
    breach_lines,
    cycles_lines,
    header_facts,
    open_lines,
)
from procflow.reports.deviation_text import deviation_lines, line_at, settled_lines, standing
from procflow.reports.fairness_text import fairness_lines, fairness_verdict
from procflow.reports.links_text import links_lines
from procflow.reports.paper import (
    BLANK,
    Column,
    Ink,
    Line,
    Mark,
    by_severity,
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
from procflow.reports.rules_text import compliance_lines, owed_lines, standing_lines
from procflow.reports.slugs import slug_of
from procflow.reports.sources import Sources, no_sources
from procflow.reports.totals import NOBODY, Count, Tally, Totals, total
from procflow.reports.waiting_text import circles_lines, circles_verdict

DIGEST_SHOWN = 12
"""How many hex digits of a digest people get to see."""
FEW = 5
"""How many cases are named as examples."""
TOP = 10
"""How many rows a table has before it says how many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How much is shown, and how wide."""

    cells: int = 80
    cases: int | None = 10
    """How many deviating cases are shown; None for all."""
    sources: Sources = no_sources


def audit_lines(report: AuditReport, layout: Layout | None = None) -> Iterator[Line]:
    """Yield the whole report: what was judged, the totals, the tables, the log's quality and the cases that deviate."""
    layout = layout or Layout()
    totals = total(report)
    yield from _header(report, layout)
    yield BLANK
    yield from _verdict(totals, layout)
    yield from across_verdict(report.across, layout.cells)
    yield from fairness_verdict(report.fairness, layout.cells)
    yield from circles_verdict(report.taking_part.circles)
    yield BLANK
    yield from _rows(report.rows, layout)
    if not totals.nothing_judged:
        yield from _cases_in_all(totals, layout, alone=report.alone)
        yield from _not_examined(totals, layout)
        yield from _tables(totals, layout)
        yield from attainment_lines(report.clocks, layout.cells)
        yield from links_lines(report, layout.cells)
        yield from ball_lines(report.ball, layout.cells)
        yield from open_lines(report, layout.cells)
        yield from compliance_lines(report.rules, layout.cells)
        yield from _settled(report, totals, layout)
        yield from _statuses(totals, layout)
    yield from quality_lines(totals.quality, layout.cells)
    yield from _deviating(report, totals, layout)
    yield from across_lines(
        report.across, report.across_rules, most=layout.cases, cells=layout.cells, sources=layout.sources
    )
    yield from circles_lines(report.taking_part.circles, layout.cells)
    yield from fairness_lines(report.fairness, most=layout.cases, cells=layout.cells, sources=layout.sources)


def case_lines(report: AuditReport, case: CaseAudit, layout: Layout | None = None) -> Iterator[Line]:
    """Yield what the audit says of one case, in full."""
    layout = layout or Layout()
    yield from _header(report, layout)
    yield BLANK
    yield from case_in_full(case, layout)


def _header(report: AuditReport, layout: Layout) -> Iterator[Line]:
    name = f"{report.title} ({report.procedure})" if report.title else report.procedure
    yield line(strong(f"Audit of {visible(name)}"))
    several = len({one.procedure for one in report.versions}) > 1
    versions = [
        f"{f'{one.procedure} ' if several else ''}version {one.version}, {counted(one.cases, 'case')},"
        f" sha256 {one.digest[:DIGEST_SHOWN]}"
        for one in report.versions
    ]
    facts = (
        ("judged", ["by these rules alone, whatever the procedure"] if report.alone else []),
        ("purpose", [report.purpose] if report.purpose else []),
        ("owner", [report.owner] if report.owner else []),
        ("judged by", versions),
        ("policies", list(_policies(report))),
        ("calendars", list(header_facts(report))),
        ("log", list(report.logs)),
        ("as of", [moment(report.as_of)] if report.as_of is not None else []),
        ("controls", [", ".join(report.controls)] if report.controls else []),
        ("set aside", list(_set_aside(report))),
    )
    for label, texts in facts:
        for order, text in enumerate(texts):
            yield from prose(text, layout.cells, indent=2, label=f"{label if order == 0 else '':<11}")


def _policies(report: AuditReport) -> Iterator[str]:
    one = report.policies
    if one is not None:
        title = f"{one.title} ({one.id})" if one.title != one.id else one.id
        yield f"{title}, version {one.version}, sha256 {one.digest[:DIGEST_SHOWN]}"


def _set_aside(report: AuditReport) -> Iterator[str]:
    """Return what the authors of the versions set aside of the checks, and why."""
    for version in report.versions:
        of = f" of version {version.version}" if len(report.versions) > 1 else ""
        for one in version.ignores:
            yield f"{one.code} {slug_of(one.code)} in line {one.where.line}{of}: {one.reason}"


def moment(at: datetime) -> str:
    """Return an instant to the second, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _verdict(totals: Totals, layout: Layout) -> Iterator[Line]:
    if totals.nothing_judged:
        yield line(Ink("Nothing was judged.", Mark.BAD))
        why = "There is no case in the log." if totals.cases == 0 else "The cases of the log have no event to judge."
        yield from prose(f"{why} An audit of nothing is not a clean audit.", layout.cells)
    elif totals.deviating == 0:
        how = "all of them" if totals.cases > 1 else "it"
        yield line(Ink(f"{counted(totals.cases, 'case')} judged, nothing deviates in {how}.", Mark.GOOD))
    else:
        part = share(totals.deviating, totals.cases)
        whole = f"{number(totals.deviating)} of {counted(totals.cases, 'case')} deviate{_s(totals.deviating)} ({part}):"
        yield line(Ink(f"{whole} {counted(totals.deviations, 'deviation')} in all.", Mark.BAD))
    if totals.events and totals.events == sum(one.deviations for one in totals.by_class if one.name == "DV106"):
        yield from prose(_NO_WORD_KNOWN, layout.cells)
    if totals.settled:
        yield from prose(f"{_answered_for(totals)} Such deviations do not count.", layout.cells)


_NO_WORD_KNOWN = (
    "No event has the name of an action of the procedure: the log calls them otherwise, and needs a mapping, or it is the"
    " log of something else."
)


def _answered_for(totals: Totals) -> str:
    """Return how many deviations were permitted, excused and prevented, in a sentence."""
    counts = {
        each: sum(one.deviations for one in totals.settled if one.disposition is each)
        for each in dict.fromkeys(one.disposition for one in totals.settled)
    }
    said = [f"{number(count)} {_BECAME[each]}" for each, count in counts.items()]
    return f"Besides, {', '.join(said)}."


_BECAME = {
    Disposition.PERMITTED: "permitted by an override",
    Disposition.EXCUSED: "excused by a waiver",
    Disposition.PREVENTED: "prevented by a refusal",
}


def _s(count: int) -> str:
    return "s" if count == 1 else ""


def _rows(rows: RowCount, layout: Layout) -> Iterator[Line]:
    yield from prose(
        f"rows read {number(rows.read)} = used {number(rows.used)} + repeated {number(rows.repeated)}"
        f" + ignored {number(rows.ignored)} + faulty {number(rows.faulty)}",
        layout.cells,
    )
    if rows.first:
        changes = rows.used - rows.first
        yield from prose(
            f"Of the rows used, {number(rows.first)} are the first of their case and {number(changes)} change its status.",
            layout.cells,
            mark=Mark.FAINT,
        )


def _cases_in_all(totals: Totals, layout: Layout, *, alone: bool) -> Iterator[Line]:
    yield BLANK
    yield line(strong("Cases"))
    facts = [
        (totals.cases, "", f"in all: {number(totals.closed)} closed, {number(totals.open)} open"),
        (totals.clean, share(totals.clean, totals.cases), "clean"),
        (totals.deviating, share(totals.deviating, totals.cases), "deviating"),
    ]
    if not alone:
        fit = "fit perfectly: nothing skipped, nothing out of place"
        facts.append((totals.fitting, share(totals.fitting, totals.cases), fit))
    if totals.cut:
        cut = f"cut: they began before the log; of what it shows, {number(totals.cut_deviating)} deviate"
        facts.append((totals.cut, share(totals.cut, totals.cases), cut))
    if totals.not_proven:
        bound = "not proven optimal: the search for the best explanation stopped at its bound"
        facts.append((totals.not_proven, share(totals.not_proven, totals.cases), bound))
    facts += [(one.times, share(one.times, totals.cases), f"ended “{one.name}”") for one in totals.outcomes[:TOP]]
    wide = max(len(number(count)) for count, _, _ in facts)
    for count, part, text in facts:
        yield from prose(text, layout.cells, indent=2, label=f"{number(count):>{wide}}  {part:>11}  ")
    yield BLANK
    facts_of_all = [f"{counted(totals.events, 'event')} judged"]
    if totals.mean_fitness is not None and not alone:
        facts_of_all.insert(0, f"fitness {_floored(totals.mean_fitness)} on average (1.000 is a perfect fit)")
    if totals.inferred:
        facts_of_all.append(f"{counted(totals.inferred, 'action')} inferred from the status")
    if totals.provisional:
        facts_of_all.append(f"{counted(totals.provisional, 'deviation')} provisional, as the case is open")
    yield from prose(", ".join(facts_of_all), layout.cells, indent=2)


def _floored(fitness: float) -> str:
    """Return a fitness in three decimals, so that 1.000 is a perfect one and nothing less."""
    return f"{int(fitness * 1000 + 1e-9) / 1000:.3f}"


def _not_examined(totals: Totals, layout: Layout) -> Iterator[Line]:
    yield BLANK
    yield line(strong("Not examined"))
    if not totals.not_examined:
        yield from prose("Every check that these cases called for could be made.", layout.cells, indent=2)
        return
    why = "The log cannot show the following, so it counts neither as clean nor as a deviation."
    yield from prose(why, layout.cells, indent=2)
    yield from _counts("concern", "checks", totals.not_examined, layout)


def _settled(report: AuditReport, totals: Totals, layout: Layout) -> Iterator[Line]:
    if not totals.settled:
        return
    yield BLANK
    yield line(strong("Permitted, excused or prevented"))
    columns = (
        Column(head="deviations", right=True),
        Column(head="cases", right=True),
        Column(head="class", rest=True),
        Column(head="became"),
    )
    rows = [
        (number(one.deviations), number(one.cases), f"{one.name} {one.slug}", one.disposition.value)
        for one in totals.settled
    ]
    yield from table(columns, rows, layout.cells)
    across = () if report.across is None else report.across.deviations
    met = {one.case for one in across if not one.unexcused}
    cases = [
        case.case for case in report.cases if case.case in met or not all(one.unexcused for one in case.deviations)
    ]
    named = f"{', '.join(cases[:FEW])}{', ...' if len(cases) > FEW else ''}"
    yield from prose(f"in {counted(len(cases), 'case')}: {named}. --case ID shows one in full.", layout.cells, indent=2)


def _tables(totals: Totals, layout: Layout) -> Iterator[Line]:
    if not totals.deviations:
        return
    yield BLANK
    yield line(strong("Deviations by severity"))
    yield from _tally("severity", totals.by_severity, layout)
    yield BLANK
    yield line(strong("Deviations by class"))
    columns = (
        Column(head="deviations", right=True),
        Column(head="cases", right=True),
        Column(head="class", rest=True),
        Column(head="severity"),
    )
    rows = [
        (number(one.deviations), number(one.cases), f"{one.name} {one.slug}", one.severity.value)
        for one in totals.by_class
    ]
    yield from table(columns, rows, layout.cells)
    yield BLANK
    yield line(strong("Deviations by step"))
    yield from _tally("step", totals.by_step, layout, "(no step)")
    yield BLANK
    yield line(strong("Deviations by person"))
    yield from _tally("person", totals.by_person, layout, "(nobody named)")
    yield from _by_line(totals, layout)


def _by_line(totals: Totals, layout: Layout) -> Iterator[Line]:
    if not totals.by_line:
        return
    files = {one.where.file for one in totals.by_line}
    inside = f" {visible(files.pop())}" if len(files) == 1 else ""
    yield BLANK
    yield line(strong("Deviations by line of the procedure"), inside)
    named = [
        replace(one, name=f"{one.where.line if inside else one.name}  {line_at(one.where, layout.sources)}".rstrip())
        for one in totals.by_line
    ]
    yield from _tally("line", named, layout)


def _tally(head: str, tallies: Sequence[Tally], layout: Layout, nobody: str = NOBODY) -> Iterator[Line]:
    columns = (Column(head="deviations", right=True), Column(head="cases", right=True), Column(head=head, rest=True))
    rows = [(number(one.deviations), number(one.cases), nobody if one.name == NOBODY else one.name) for one in tallies]
    yield from _topped(columns, rows, layout)


def _topped(columns: Sequence[Column], rows: Sequence[Sequence[str]], layout: Layout) -> Iterator[Line]:
    yield from table(columns, rows[:TOP], layout.cells)
    if len(rows) > TOP:
        yield line(faint(f"  ... and {number(len(rows) - TOP)} more; --json has them all"))


def _counts(head: str, times: str, counts: Sequence[Count], layout: Layout) -> Iterator[Line]:
    columns = (Column(head=times, right=True), Column(head=head, rest=True))
    yield from _topped(columns, [(number(one.times), one.name) for one in counts], layout)


def _statuses(totals: Totals, layout: Layout) -> Iterator[Line]:
    if totals.first_statuses:
        yield BLANK
        yield line(strong("Where cases were first seen"))
        yield from _counts("step", "cases", totals.first_statuses, layout)
    if totals.status_changes:
        yield BLANK
        yield line(strong("How the status changed"))
        yield from _counts("change", "times", totals.status_changes, layout)


def _deviating(report: AuditReport, totals: Totals, layout: Layout) -> Iterator[Line]:
    if not totals.deviating or layout.cases == 0:
        return
    deviating = [case for case in report.cases if not case.clean]
    shown = deviating[: layout.cases]
    yield BLANK
    if len(shown) < len(deviating):
        few = f"first {number(len(shown))}" if len(shown) > 1 else "first"
        yield line(strong(f"The {few} of {counted(len(deviating), 'case')} that deviate"))
        yield from prose("--cases all shows every one, --case ID one in full.", layout.cells, mark=Mark.FAINT)
    else:
        yield line(strong("The case that deviates" if len(deviating) == 1 else "The cases that deviate"))
    for case in shown:
        yield BLANK
        yield from _case_head(case, layout)
        yield from _case_deviations(case, layout)


def _case_head(case: CaseAudit, layout: Layout) -> Iterator[Line]:
    yield line("  ", strong(visible(case.case)))
    yield from prose(", ".join(_case_facts(case)), layout.cells, indent=4, mark=Mark.FAINT)


def _case_facts(case: CaseAudit) -> Iterator[str]:
    yield "closed" if case.closed else "open"
    stands = standing(case.configuration)
    if case.configuration:
        yield f"ended in {stands} ({case.outcome})" if case.outcome is not None else f"stands in {stands}"
    yield counted(case.events, "event")
    if case.configuration:
        yield f"fitness {_floored(case.fitness)}"
    if any(one.kept or one.broken for one in case.rules):
        kept, broken = sum(one.kept for one in case.rules), sum(one.broken for one in case.rules)
        yield f"rules kept {share(kept, kept + broken)}"
    yield f"version {case.version}"
    if case.cut:
        yield "cut: it began before the log"
    if not case.proven:
        yield "not proven optimal"


def _case_deviations(case: CaseAudit, layout: Layout) -> Iterator[Line]:
    counting = [one for one in case.deviations if one.unexcused]
    for order, one in enumerate(counting, 1):
        yield from deviation_lines(one, number=order, sources=layout.sources, cells=layout.cells)
        yield from breach_lines(one, case, layout.cells, indent=4 + len(f"{order}. "))
    yield from settled_lines([one for one in case.deviations if not one.unexcused], cells=layout.cells, indent=4)


def case_in_full(case: CaseAudit, layout: Layout) -> Iterator[Line]:
    """Yield the audit of one case: its deviations, what the log's quality did, and what could not be looked at."""
    yield from _case_head(case, layout)
    yield BLANK
    if case.events == 0:
        yield line("    ", Ink("Nothing was judged: the case has no event.", Mark.BAD))
    elif case.clean:
        yield line("    ", Ink("Nothing deviates.", Mark.GOOD))
    yield from _case_deviations(case, layout)
    yield from cycles_lines(case, layout.cells)
    if case.rules:
        yield line("    ", faint("rules"))
        yield from standing_lines(case.rules, layout.cells, indent=4)
    yield from owed_lines(case.due, layout.cells, indent=4, most=None)
    for found in case.findings:
        head = by_severity(f"{found.code} {slug_of(found.code)}".rstrip(), found.severity)
        yield line("    ", head, faint("  about the log"))
        yield from prose(found.message, layout.cells, indent=4)
    if case.inferred:
        yield from prose(
            f"{counted(case.inferred, 'action')} inferred from the status: exactly one fitted.", layout.cells, indent=4
        )
    if case.not_examined:
        checks = ", ".join(f"{name} ({number(times)})" for name, times in sorted(case.not_examined.items()))
        yield from prose(checks, layout.cells, indent=4, label="not examined: ")
