"""Findings about files somebody wrote: as text with code frames, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from procflow.errors import Finding, Severity, errors_of
from procflow.reports.documents import Json, finding_document, span_document
from procflow.reports.frame import frame
from procflow.reports.paper import BLANK, Ink, Line, Mark, counted, faint, line, prose, strong, visible
from procflow.reports.sources import Sources, no_sources

if TYPE_CHECKING:
    from procflow.model.ignores import Ignored


def findings_lines(findings: Sequence[Finding], sources: Sources = no_sources, *, cells: int = 80) -> Iterator[Line]:
    """Yield each finding with its code frame, a blank line between two."""
    for index, one in enumerate(findings):
        if index:
            yield BLANK
        yield from frame(one, sources(one.where.file) if one.where is not None else None, cells=cells)


def ignored_lines(ignored: Sequence[Ignored], *, cells: int = 80) -> Iterator[Line]:
    """Yield what the authors set aside: each finding in one line, and why."""
    for one in ignored:
        found = one.finding
        place = (strong(f"{visible(str(found.where))}: "),) if found.where is not None else ()
        yield line(*place, faint(f"ignored {found.severity.value} {found.code}"), f": {visible(found.message)}")
        yield from prose(one.ignore.reason, cells, indent=3, label="= reason: ")


def summary(findings: Sequence[Finding], files: int, ignored: int = 0) -> Line:
    """Return what it comes to: `2 errors, 1 warning in 3 files`, or that the files are fine."""
    aside = f" ({counted(ignored, 'finding')} ignored)" if ignored else ""
    errors, warnings = len(errors_of(findings)), _warnings(findings)
    others = len(findings) - errors - warnings
    parts = [(errors, "error"), (warnings, "warning"), (others, "remark")]
    told = ", ".join(counted(count, noun) for count, noun in parts if count)
    if not told:
        return line(
            Ink(
                f"{counted(files, 'file')} checked, nothing to say against {'it' if files == 1 else 'them'}{aside}",
                Mark.GOOD,
            )
        )
    return line(Ink(f"{told} in {counted(files, 'file')}{aside}", Mark.BAD if errors else Mark.DOUBTFUL))


def _warnings(findings: Sequence[Finding]) -> int:
    return sum(one.severity is Severity.WARNING for one in findings)


def findings_document(findings: Sequence[Finding], files: Sequence[str], ignored: Sequence[Ignored] = ()) -> Json:
    """Return the document `procflow check --json` writes, as `schemas/findings.schema.json` describes it."""
    return {
        "v": "1",
        "kind": "findings",
        "files": list(files),
        "errors": len(errors_of(findings)),
        "warnings": _warnings(findings),
        "findings": [_finding(one) for one in findings],
        "ignored": [{**_finding(one.finding), "reason": one.ignore.reason} for one in ignored],
    }


def _finding(one: Finding) -> Json:
    edits = [{"where": span_document(edit.where), "text": edit.text} for edit in one.edits]
    return {**finding_document(one), "edits": list(edits)}
