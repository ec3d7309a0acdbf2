"""What is wrong with a log itself, for people: by class, with examples and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.reports.paper import BLANK, Line, by_severity, counted, faint, line, number, prose, strong
from procflow.reports.totals import QualityTally


def quality_lines(quality: Sequence[QualityTally], cells: int, *, all_of_them: str = "--json") -> Iterator[Line]:
    """Yield what is wrong with the log; nothing if nothing is. `all_of_them` is the option that shows every finding."""
    if not quality:
        return
    yield BLANK
    yield line(strong("Quality of the log"))
    for one in quality:
        yield from _quality_of(one, cells, all_of_them)


def _quality_of(one: QualityTally, cells: int, all_of_them: str) -> Iterator[Line]:
    about = f" about {counted(one.cases, 'case')}" if one.cases else ""
    head = by_severity(f"{one.code} {one.slug}".rstrip(), one.severity)
    yield line("  ", head, faint(f"  {one.severity.value}, {counted(one.findings, 'finding')}{about}"))
    for case, found in one.examples:
        told = "" if case is None or case in found.message else f"case {case}: "
        place = f"{found.where.file}:{found.where.line}: " if found.where is not None else ""
        yield from prose(f"{place}{told}{found.message}", cells, indent=4)
    if one.findings > len(one.examples):
        yield line(faint(f"    ... and {number(one.findings - len(one.examples))} more; {all_of_them} has them all"))
    hint = next((found.hint for _, found in one.examples if found.hint), None)
    if hint:
        yield from prose(hint, cells, indent=4, label="help: ")
