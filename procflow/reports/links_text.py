"""What stands behind promises to the client, for people: the weakest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.model.promising import Link
from procflow.model.report import AuditReport
from procflow.reports.clocks_text import AGREED
from procflow.reports.lengths import clocked
from procflow.reports.paper import BLANK, Column, Line, Mark, faint, line, number, prose, share, strong, table

LINKS_SHOWN = 8
_FEW = 3
_WHY = (
    "Agreements and times of steps that ran while a promise did. First: in how many of its late cases they were late, too. "
    "Whoever promises more than the weakest keeps will break it."
)


def link_lines(links: Sequence[Link], cells: int) -> Iterator[Line]:
    """Yield what stands behind one promise, the weakest first; nothing if nothing does."""
    if not links:
        return
    yield BLANK
    yield line(strong("What stands behind it"), faint("  the weakest first"))
    yield from _table([(one, "") for one in links[:LINKS_SHOWN]], cells)
    if len(links) > LINKS_SHOWN:
        yield line(faint(f"  ... and {number(len(links) - LINKS_SHOWN)} more; --json has them all"))


def links_lines(report: AuditReport, cells: int) -> Iterator[Line]:
    """Yield the weakest behind each promise that was broken, beside how far it was kept; nothing if nothing stands behind any."""
    kept = {one.clock: one for one in report.clocks if not one.grade}
    rows = []
    for name, promise in kept.items():
        links = [one for one in report.links if one.promise == name][:_FEW]
        said = f" behind {name} (kept {share(promise.met, promise.n) or '-'} of {number(promise.n)})"
        rows += [(one, said) for one in links if one.late]
    if not rows:
        return
    yield BLANK
    yield line(strong("Behind the promises"))
    yield from prose(_WHY, cells, indent=2, mark=Mark.FAINT)
    yield from _table(rows, cells)


def _table(rows: Sequence[tuple[Link, str]], cells: int) -> Iterator[Line]:
    columns = (
        Column(head="late with it", right=True),
        Column(head="kept", right=True),
        Column(head="n", right=True),
        Column(head="took", right=True),
        Column(head="of its time", right=True),
        Column(head="agreement", whole=True),
    )
    shown = [
        (
            f"{number(one.late_together)} of {number(one.late)}",
            share(one.kept.met, one.kept.n) or "-",
            number(one.kept.n),
            clocked(one.wall),
            f"{one.share * 100:.1f} %",
            f"{one.clock}, {AGREED[one.to]}{', step' if one.step is not None else ''}"
            + (said or f": {one.kept.target}"),
        )
        for one, said in rows
    ]
    yield from table(columns, shown, cells)
