"""`procflow audit`: judge every case of a log by a procedure, and say what deviates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit, is_of_trail
from procflow.cli.options import as_json, log_time_options
from procflow.cli.terminal import (
    cells,
    check_writable,
    files_as_sources,
    progress,
    tell,
    text_of_json,
    text_of_lines,
    write_json,
    write_lines,
    writing,
)
from procflow.errors import CaseNotFound, Severity

if TYPE_CHECKING:
    from procflow.model.report import AuditReport, CaseAudit
    from procflow.reports.paper import Line


def _how_many(_: click.Context, option: click.Parameter, given: str) -> int | None:
    """Read a whole number from 0, or `all` (None)."""
    if given == "all":
        return None
    if not (given.isascii() and given.isdecimal()):
        raise click.BadParameter(f"{given!r} is neither a whole number nor 'all'.", param=option)
    return int(given)


@click.command(short_help="Judge a log of work by a procedure.")
@click.argument("procedure")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@click.option("--mapping", metavar="FILE", help="Which column of the log is what; an export of procflow needs none.")
@click.option("--people", metavar="FILE", help="Who holds which role, if the log does not say.")
@click.option("--policies", metavar="FILE", help="Rules of the house that hold besides those of the procedure.")
@log_time_options
@click.option(
    "--fail-on",
    type=click.Choice(["critical", "major", "minor", "info", "never"]),
    default="major",
    show_default=True,
    help="From which severity on the exit code is 1. If nothing was judged it is 1 in any case.",
)
@click.option(
    "--cases",
    metavar="N|all",
    callback=_how_many,
    default="10",
    show_default=True,
    help="How many deviating cases to show.",
)
@click.option("--case", metavar="ID", help="Show this case in full instead of the whole.")
@as_json
@click.option("--output", metavar="FILE", help="Write the report to a file.")
def audit(
    procedure: str,
    logs: tuple[str, ...],
    mapping: str | None,
    people: str | None,
    policies: str | None,
    calendars: str | None,
    as_of: datetime | None,
    fail_on: str,
    cases: int | None,
    case: str | None,
    json: bool,
    output: str | None,
) -> Exit:
    """Audit LOGs by PROCEDURE: a file, or a folder with the versions of one procedure; or rules alone.

    Given policies (`policies.yaml`) instead, each case is judged by their rules alone, whatever its procedure. Else each
    case is judged by the version in force when it began. The report names each deviation, the line of the
    procedure that says so, who was involved and what would have been right, and counts what the log cannot show.
    With --policies their rules hold besides, also those over all cases of a client, or over all that a person did.
    How far each clock was kept, who had the ball and what is due comes with it, counted on the calendars that lie beside the
    procedure, or on those given.
    The exit code always speaks of the whole log: 0 clean, 1 findings from --fail-on on or nothing judged, 3 the audit
    could not be made, 4 the record was tampered with. The JSON report is always complete.

    \b
    Examples:
      procflow audit complaint.yaml export.jsonl
      procflow audit procedures/ tickets.csv.gz --mapping tickets.map.yaml --as-of 2026-11-30
      procflow audit complaint.yaml export.jsonl --case 01KAE6
      procflow audit complaint.yaml export.jsonl --policies policies.yaml
      procflow audit complaint.yaml tickets.csv --mapping tickets.map.yaml --calendars calendars/
      procflow audit policies.yaml tickets.csv --mapping tickets.map.yaml
      procflow audit complaint.yaml export.jsonl --json --output report.json --fail-on critical
    """
    if json and case is not None:
        raise click.UsageError("--case shapes the text; the JSON report is always complete.")
    target = Path(output) if output is not None else None
    if target is not None:
        check_writable(target)
    from procflow.auditor import audit as run

    with progress() as told:
        report = run(
            procedure,
            logs,
            mapping=mapping,
            people=people,
            policies=policies,
            calendars=calendars,
            as_of=as_of,
            progress=told,
        )
    if json:
        _write_document(report, target)
    else:
        _write_text(report, target, cases, case)
    if target is not None:
        tell(f"wrote {target}")
    return _exit(report, fail_on)


def _write_document(report: AuditReport, target: Path | None) -> None:
    from procflow.reports.audit_json import audit_document

    document = audit_document(report)
    if target is None:
        write_json(document)
    else:
        with writing(target) as file:
            file.write(text_of_json(document).encode("utf-8", "backslashreplace"))


def _write_text(report: AuditReport, target: Path | None, cases: int | None, case: str | None) -> None:
    lines = _lines(report, cases, case)
    if target is None:
        write_lines(lines)
    else:
        with writing(target) as file:
            file.write(text_of_lines(lines).encode("utf-8", "backslashreplace"))


def _lines(report: AuditReport, cases: int | None, case: str | None) -> Iterator[Line]:
    from procflow.reports.audit_text import Layout, audit_lines, case_lines

    layout = Layout(cells=cells(), cases=cases, sources=files_as_sources())
    return audit_lines(report, layout) if case is None else case_lines(report, _chosen(report, case), layout)


def _chosen(report: AuditReport, given: str) -> CaseAudit:
    """Return the case meant: its id, or the beginning or end of one."""
    exact = [one for one in report.cases if one.case == given]
    matching = exact or [
        one for one in report.cases if given and (one.case.startswith(given) or one.case.endswith(given))
    ]
    if len(matching) == 1:
        return matching[0]
    if matching:
        some = ", ".join(one.case for one in matching[:3])
        raise CaseNotFound(
            f"“{given}” fits {len(matching):,} cases of the log: {some}, ...", hint="Give more of the id."
        )
    close = get_close_matches(given, (one.case for one in report.cases), n=1)
    hint = f"Did you mean {close[0]}?" if close else None
    raise CaseNotFound(f"there is no case “{given}” among the {len(report.cases):,} of the log", hint=hint)


def _exit(report: AuditReport, fail_on: str) -> Exit:
    from procflow.reports.totals import all_findings, nothing_judged, worst

    if any(is_of_trail(one.code) for one in all_findings(report)):
        return Exit.TRAIL_BROKEN
    if nothing_judged(report):
        return Exit.FINDINGS
    found = worst(report)
    if found is None or fail_on == "never" or found.rank > Severity(fail_on).rank:
        return Exit.CLEAN
    return Exit.FINDINGS
