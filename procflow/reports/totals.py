"""Totals: what an audit amounts to, by class, step, person and line of the procedure. Pure counting, no judging.

What is permitted, excused or was prevented is counted apart, in `settled`, and nowhere else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from procflow.errors import Finding, Severity, SourceSpan
from procflow.model import rule
from procflow.model.deviation import Deviation, Disposition
from procflow.model.report import AuditReport
from procflow.reports.slugs import slug_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often something deviated, and in how many cases."""

    name: str
    deviations: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTally(Tally):
    """Deviations of one class; `name` is its code."""

    slug: str
    severity: Severity
    """The worst that was given to one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledTally(ClassTally):
    """Deviations of one class that somebody answered for, or that were refused."""

    disposition: Disposition


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTally(Tally):
    """Deviations from one line of the procedure; `name` is `file:line`."""

    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often something was seen."""

    name: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityTally:
    """What the log's quality did, by class."""

    code: str
    slug: str
    severity: Severity
    findings: int
    cases: int
    """How many cases they are about; 0 if they are about the log as a whole."""
    examples: tuple[tuple[str | None, Finding], ...]
    """The first few that differ, each with its case; None for one about the log as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """An audit in numbers. Tallies come with the largest first, then by name."""

    cases: int
    closed: int
    open: int
    cut: int
    """Cases that began before the log does; they are among the others as well."""
    clean: int
    deviating: int
    cut_deviating: int
    events: int
    """Events judged."""
    deviations: int
    """Unexcused ones."""
    settled: tuple[SettledTally, ...]
    """The others: permitted first, then excused, then prevented."""
    provisional: int
    """Deviations of open cases that a later event may explain better."""
    mean_fitness: float | None
    """The mean over all cases; None without cases."""
    fitting: int
    """Cases whose flow fits perfectly: nothing skipped, nothing out of place; of a closed case, nothing missing to an end."""
    not_proven: int
    """Cases in which the search for the best explanation stopped at its bound."""
    inferred: int
    """Actions inferred from a status history."""
    by_class: tuple[ClassTally, ...]
    by_severity: tuple[Tally, ...]
    """Worst first; only severities that occur."""
    by_step: tuple[Tally, ...]
    """`-` for deviations that belong to no step."""
    by_person: tuple[Tally, ...]
    """`role agent` if nobody did anything, and that is late: who had the ball. `-` if nobody can be named at all."""
    by_line: tuple[LineTally, ...]
    outcomes: tuple[Count, ...]
    """Outcomes of the cases that stand in an end."""
    not_examined: tuple[Count, ...]
    """Checks the log could not witness, by concern."""
    quality: tuple[QualityTally, ...]
    """Findings about the log, worst and then largest first."""
    first_statuses: tuple[Count, ...]
    status_changes: tuple[Count, ...]

    @property
    def nothing_judged(self) -> bool:
        """True if there was no case or no event."""
        return self.cases == 0 or self.events == 0


EXAMPLES = 3
"""How many findings about the log are kept of each class, to show what they are like."""
SETTLED = (Disposition.PERMITTED, Disposition.EXCUSED, Disposition.PREVENTED)
"""What may become of a deviation besides being held against somebody."""
NOBODY = "-"
"""The name of a tally of deviations without a step or a person."""


def total(report: AuditReport) -> Totals:
    """Return the totals of a report."""
    cases = report.cases
    every = [one for case in cases for one in case.deviations]
    deviations = [one for one in every if one.unexcused]
    across = () if report.across is None else report.across.deviations
    return Totals(
        cases=len(cases),
        closed=sum(case.closed for case in cases),
        open=sum(not case.closed for case in cases),
        cut=sum(case.cut for case in cases),
        clean=sum(case.clean for case in cases),
        deviating=sum(not case.clean for case in cases),
        cut_deviating=sum(case.cut and not case.clean for case in cases),
        events=sum(case.events for case in cases),
        deviations=len(deviations),
        settled=tuple(_settled([*every, *across])),
        provisional=sum(one.provisional for one in deviations),
        mean_fitness=sum(case.fitness for case in cases) / len(cases) if cases else None,
        fitting=sum(case.fitness >= 1 for case in cases),
        not_proven=sum(not case.proven for case in cases),
        inferred=sum(case.inferred for case in cases),
        by_class=tuple(_by_class(deviations)),
        by_severity=tuple(
            sorted(_tallies(deviations, lambda one: one.severity.value), key=lambda one: Severity(one.name).rank)
        ),
        by_step=_tallies(deviations, lambda one: one.step or NOBODY),
        by_person=_tallies(deviations, _whose),
        by_line=tuple(_by_line(deviations)),
        outcomes=_counts(Counter(case.outcome for case in cases if case.outcome is not None)),
        not_examined=_counts(_sum(case.not_examined for case in cases)),
        quality=quality_of(found_in(report)),
        first_statuses=_counts(report.first_statuses),
        status_changes=_counts(report.status_changes),
    )


def _whose(one: Deviation) -> str:
    """Return who is counted for a deviation: who did it; for what was left undone, the role that had the ball."""
    if one.actor is not None or one.lateness is None or not one.who_could:
        return one.actor or NOBODY
    return f"role {' or '.join(one.who_could)}"


def all_findings(report: AuditReport) -> Iterator[Finding]:
    """Yield what is said about the log: of the whole first, then of each case."""
    yield from report.findings
    for case in report.cases:
        yield from case.findings


def nothing_judged(report: AuditReport) -> bool:
    """Return True if there was no case or no event: empty is never compliant."""
    return all(case.events == 0 for case in report.cases)


def worst(report: AuditReport) -> Severity | None:
    """Return the worst severity of all findings and unexcused deviations; None if there is none."""
    severities = {one.severity for case in report.cases for one in case.deviations if one.unexcused}
    across = () if report.across is None else report.across.deviations
    severities.update(one.severity for one in across if one.unexcused)
    severities.update(one.severity for one in report.taking_part.deviations if one.unexcused)
    severities.update(one.severity for one in (() if report.fairness is None else report.fairness.unexcused))
    severities.update(one.severity for one in all_findings(report))
    return min(severities, key=lambda one: (one.rank, one.value), default=None)


def _tallies(deviations: Iterable[Deviation], name: Callable[[Deviation], str]) -> tuple[Tally, ...]:
    counts: Counter[str] = Counter()
    cases: defaultdict[str, set[str]] = defaultdict(set)
    for one in deviations:
        key = name(one)
        counts[key] += 1
        cases[key].add(one.case)
    tallies = (Tally(name=key, deviations=count, cases=len(cases[key])) for key, count in counts.items())
    return tuple(sorted(tallies, key=lambda one: (-one.deviations, one.name)))


def _by_class(deviations: list[Deviation]) -> Iterator[ClassTally]:
    severities: dict[str, Severity] = {}
    for one in deviations:
        severities[one.code] = min(severities.get(one.code, one.severity), one.severity, key=lambda each: each.rank)
    for tally in _tallies(deviations, lambda one: one.code):
        yield ClassTally(
            name=tally.name,
            deviations=tally.deviations,
            cases=tally.cases,
            slug=slug_of(tally.name),
            severity=severities[tally.name],
        )


def _settled(deviations: list[Deviation]) -> Iterator[SettledTally]:
    for disposition in SETTLED:
        for one in _by_class([each for each in deviations if each.disposition is disposition]):
            yield SettledTally(
                name=one.name,
                deviations=one.deviations,
                cases=one.cases,
                slug=one.slug,
                severity=one.severity,
                disposition=disposition,
            )


def _by_line(deviations: list[Deviation]) -> Iterator[LineTally]:
    # `where` alone does not name a line: two actions may stand on one, and the report is by lines.
    spans: dict[str, SourceSpan] = {}
    for one in deviations:
        if one.where is not None:
            spans.setdefault(line_name(one.where), one.where)
    located = (one for one in deviations if one.where is not None)
    for tally in _tallies(located, lambda one: line_name(one.where) if one.where is not None else NOBODY):
        yield LineTally(name=tally.name, deviations=tally.deviations, cases=tally.cases, where=spans[tally.name])


def rules_by(tallies: Iterable[Mapping[str, rule.Tally]]) -> Mapping[str, rule.Tally]:
    """Return tallies of several rules added up by name."""
    kept: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    for by_name in tallies:
        for name, one in by_name.items():
            kept[name] += one.kept
            broken[name] += one.broken
    return {name: rule.Tally(kept=kept[name], broken=broken[name]) for name in sorted(kept)}


def line_name(where: SourceSpan) -> str:
    """Return `file:line`."""
    return f"{where.file}:{where.line}"


def _counts(counts: Mapping[str, int]) -> tuple[Count, ...]:
    return tuple(
        Count(name=name, times=times) for name, times in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )


def _sum(mappings: Iterable[Mapping[str, int]]) -> Counter[str]:
    whole: Counter[str] = Counter()
    for one in mappings:
        whole.update(one)
    return whole


def found_in(report: AuditReport) -> Iterator[tuple[str | None, Finding]]:
    """Yield what is said about the log, each with its case: of the whole first, with None, then of each case."""
    yield from ((None, one) for one in report.findings)
    for case in report.cases:
        yield from ((case.case, one) for one in case.findings)


def quality_of(all_found: Iterable[tuple[str | None, Finding]]) -> tuple[QualityTally, ...]:
    """Return what is said about a log by class, the gravest first."""
    by_code: defaultdict[str, list[tuple[str | None, Finding]]] = defaultdict(list)
    for case, one in all_found:
        by_code[one.code].append((case, one))
    tallies = (
        QualityTally(
            code=code,
            slug=slug_of(code),
            severity=min((one.severity for _, one in found), key=lambda each: each.rank),
            findings=len(found),
            cases=len({case for case, _ in found if case is not None}),
            examples=tuple(_examples(found)),
        )
        for code, found in by_code.items()
    )
    return tuple(sorted(tallies, key=lambda one: (one.severity.rank, -one.findings, one.code)))


def _examples(found: Iterable[tuple[str | None, Finding]]) -> Iterator[tuple[str | None, Finding]]:
    seen: set[tuple[str, SourceSpan | None]] = set()
    for case, one in found:
        if len(seen) == EXAMPLES:
            return
        if (one.message, one.where) not in seen:
            seen.add((one.message, one.where))
            yield case, one
