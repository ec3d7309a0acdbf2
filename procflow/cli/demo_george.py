"""How `procflow demo` opens: the story of George, told badly and told well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.terminal import cells, write_lines

if TYPE_CHECKING:
    from procflow.model.deviation import Deviation
    from procflow.model.report import AuditReport


def told(home: Path, folder: Path) -> bool:
    """Audit both logs of the story in `home`, and write the page of the first into `folder`.

    Return True if the first has its ten findings and the second none.
    """
    badly, well = (_judged(home, _log(how)) for how in ("badly", "well"))
    found = [one for case in badly.cases for one in case.deviations if one.unexcused]
    click.echo("  Told badly: who did not do their part, and who could have ended it")
    for number, one in enumerate(found, start=1):
        _tell(number, one)
    _waits(badly)
    _page(home, folder)
    (case,) = well.cases
    click.echo()
    click.echo(f"  Told well, by the same people: {len(case.deviations) or 'no'} deviations, {case.outcome or 'open'}")
    return len(found) == 10 and not case.deviations


def _log(how: str) -> str:
    return f"told-{how}.csv"


def _judged(home: Path, log: str) -> AuditReport:
    from procflow.auditor import audit

    return audit(home / "procedure.yaml", [home / log], mapping=home / "george.map.yaml", people=home / "people.yaml")


def _tell(number: int, one: Deviation) -> None:
    from procflow.reports.paper import prose

    could = f"; could have ended it: {', '.join(one.who_could)}" if one.who_could else ""
    click.echo(f"  {number:>2}. {one.code} {one.slug}: {one.actor or 'nobody in particular'}{could}")
    write_lines(prose(one.message, cells(), indent=6))


def _waits(report: AuditReport) -> None:
    from procflow.auditor.waiting import waiting_of
    from procflow.reports.waiting_text import court_lines

    write_lines(court_lines(waiting_of(report)))


def _page(home: Path, folder: Path) -> None:
    from procflow.auditor.story import story_in
    from procflow.reports.page import html_of

    procedure, mapping, people = (home / name for name in ("procedure.yaml", "george.map.yaml", "people.yaml"))
    story = story_in(procedure, [home / _log("badly")], "george-1", mapping=mapping, people=people)
    page = folder / "george.html"
    page.write_text(html_of(story, "en"), "utf-8")
    click.echo()
    click.echo(f"  as a page, with a line for each person: {page.name}; --keep FOLDER keeps it")
