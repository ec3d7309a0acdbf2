"""The code frame: a finding with the lines it speaks of, and carets under the very place.

complaint.yaml:33:5: error PF102: "colect" is not known here
 32 |     late: { notify: lead }
 33 |     colect: [ours, severity]
    |     ^^^^^^
 34 |     actions:
    = help: did you mean "collect"?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.errors import Finding, SourceSpan
from procflow.reports.paper import Ink, Line, Mark, by_severity, faint, line, lines_of, prose, strong, visible, width

TAB = 4
"""A tab reaches to the next column that is a multiple of this."""
LONGEST = 110
"""Lines longer than so many code points are cut around the place."""


def frame(finding: Finding, text: str | None, *, cells: int = 80) -> Iterator[Line]:
    """Yield a finding with its lines of `text`, the file it is about; without them if `text` is None or too short."""
    yield _headline(finding)
    where = finding.where
    gutter = 2
    if where is not None and text is not None:
        lines = lines_of(text)
        if 1 <= where.line <= len(lines):
            gutter = len(str(min(where.line + 1, len(lines)))) + 1
            yield from _extract(lines, where, gutter, finding)
    if finding.hint:
        first, *more = finding.hint.split("\n")
        yield from prose(first, cells, indent=gutter + 1, label="= help: ")
        for one in more:
            yield line(" " * (gutter + 9), visible(one))


def _headline(finding: Finding) -> Line:
    place = (strong(f"{visible(str(finding.where))}: "),) if finding.where is not None else ()
    kind = by_severity(f"{finding.severity.value} {finding.code}", finding.severity)
    return line(*place, kind, f": {visible(finding.message)}")


def _extract(lines: Sequence[str], where: SourceSpan, gutter: int, finding: Finding) -> Iterator[Line]:
    left = _cut(lines[where.line - 1], where.column)
    for number in range(max(1, where.line - 1), min(len(lines), where.line + 1) + 1):
        shown = _laid_out(lines[number - 1], left)
        yield line(faint(f"{number:>{gutter}} |"), f" {shown}" if shown else "")
        if number == where.line:
            before, under = _carets(lines[number - 1], where, left)
            yield line(
                faint(f"{'':>{gutter}} | "),
                " " * before,
                Ink("^" * under, by_severity("", finding.severity).mark if under else Mark.PLAIN),
            )


def _cut(text: str, column: int) -> int:
    """Return how many code points to leave out on the left so that the place is seen."""
    return 0 if len(text) <= LONGEST or column <= LONGEST * 2 // 3 else column - LONGEST // 3


def _laid_out(text: str, left: int) -> str:
    part = text[left : left + LONGEST]
    shown = _expanded(part)
    return ("…" if left and part else "") + shown + ("…" if len(text) > left + LONGEST else "")


def _expanded(text: str) -> str:
    return visible(text.expandtabs(TAB)) if "\t" in text else visible(text)


def _carets(text: str, where: SourceSpan, left: int) -> tuple[int, int]:
    """Return how many cells stand before the place and how many it takes, at least one."""
    start = max(0, where.column - 1 - left)
    end = where.end_column - 1 - left if where.end_line == where.line else len(text.rstrip()) - left
    end = min(end, LONGEST)
    part = text[left:]
    before = width(_expanded(part[:start]))
    return before + (1 if left else 0), max(1, width(_expanded(part[: max(start, end)])) - before)
