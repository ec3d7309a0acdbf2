"""How `procflow demo` opens: the story of George, told badly and told well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.terminal import cells, write_lines

if TYPE_CHECKING:
    from procflow.model.deviation import Deviation
    from procflow.model.report import CaseAudit


def told(home: Path) -> bool:
    """Audit both logs of the story; return True if the first has its ten findings and the second none."""
    badly, well = (_judged(home, f"told-{how}.csv") for how in ("badly", "well"))
    found = [one for one in badly.deviations if one.unexcused]
    click.echo("  Told badly: who did what, when, and who could have ended it")
    for number, one in enumerate(found, start=1):
        _tell(number, one)
    _ball(badly)
    click.echo()
    click.echo(f"  Told well, by the same people: {len(well.deviations) or 'no'} deviations, {well.outcome or 'open'}")
    return len(found) == 10 and not well.deviations


def _judged(home: Path, log: str) -> CaseAudit:
    from procflow.auditor import audit

    report = audit(home / "procedure.yaml", [home / log], mapping=home / "george.map.yaml", people=home / "people.yaml")
    (case,) = report.cases
    return case


def _tell(number: int, one: Deviation) -> None:
    from procflow.reports.paper import prose

    could = f"; could have ended it: {', '.join(one.who_could)}" if one.who_could else ""
    click.echo(f"  {number:>2}. {one.code} {one.slug}: {one.actor or 'nobody in particular'}{could}")
    write_lines(prose(one.message, cells(), indent=6))


def _ball(case: CaseAudit) -> None:
    from procflow.reports.clocks_text import ball_lines

    click.echo()
    write_lines(ball_lines(case.ball, cells()))
