"""`procflow show`, `procflow worklist` and `procflow export`: what only looks at cases."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json, by_option, find_case, opened, store_options
from procflow.cli.terminal import cells, check_writable, tell, write_json, write_lines, writing
from procflow.cli.who import tell_unread, who

if TYPE_CHECKING:
    from procflow.eventlogs.written import RecordFormat


@click.command(short_help="Show where a case stands and what may be done.")
@click.argument("case")
@by_option(required=False)
@click.option(
    "--all-events", is_flag=True, help="Show every event and every attempt that was prevented, not only the last ones."
)
@store_options
@as_json
def show(
    case: str,
    by: str | None,
    roles: tuple[str, ...],
    all_events: bool,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Show a case: where it stands, whose turn it is, what may be done, what happened and what deviates.

    Who answers for it, which work nobody has accepted yet and which questions are open is told, too. With --by it says
    what this person may do, and for the rest why not and who could. The beginning or the end of a case id will do.
    Rules over all cases of its client, or over all that a person did, are told too: what they say of this case, how they
    stand, and what is owed.

    \b
    Examples:
      procflow show 01KAE6
      procflow show 01KAE6 --by ana --role agent
    """
    from procflow.auditor.compliance import compliance_across
    from procflow.reports.across_text import case_across_lines
    from procflow.reports.audit_json import across_document
    from procflow.reports.case_json import case_document
    from procflow.reports.case_text import case_lines

    viewer = by if by is not None else ", ".join(roles) or None
    with opened(store, workspace) as engine:
        found = engine.case(find_case(engine, case))
        across, rules = engine.across(found.id), engine.rules_across()
        options = engine.may(found.id, by=who(engine, by, roles, engine.procedure_of(found.id)))
        as_anybody = options if viewer is None else engine.may(found.id, by=who(engine, None, ()))
        tell_unread(engine, by, roles)
    if json:
        said = None if not rules else across_document(across, compliance_across(rules, across))
        write_json(case_document(found, options, viewer=viewer) | {"across": said})
    else:
        lines = case_lines(
            found,
            options,
            viewer=viewer,
            as_anybody=as_anybody,
            cells=cells(),
            all_events=all_events,
            deviates_across=not across.clean,
        )
        write_lines(chain(lines, case_across_lines(across, cells())))
    return Exit.CLEAN


@click.command(short_help="List what waits, for a person or for all.")
@by_option(required=False)
@store_options
@as_json
def worklist(by: str | None, roles: tuple[str, ...], store: str, workspace: str | None, json: bool) -> Exit:
    """List the steps of open cases that wait for a person or the holders of a role: what is due first, then the oldest.

    Work that nobody has accepted yet is listed as on offer, and so is every question that is put to them. Without
    --by and --role all that waits is listed. Which roles people hold is read from people.yaml here, or in the folder
    --workspace.

    \b
    Examples:
      procflow worklist
      procflow worklist --by ana
      procflow worklist --by ana --workspace service/
      procflow worklist --role lead
    """
    from procflow.reports.case_json import worklist_document
    from procflow.reports.worklist_text import worklist_lines

    with opened(store, workspace) as engine:
        items = engine.worklist(who(engine, by, roles) if by is not None or roles else None)
        if not items:
            tell_unread(engine, by, roles)
    if json:
        write_json(worklist_document(items))
    else:
        write_lines(worklist_lines(items, cells()))
    return Exit.CLEAN


@click.command(short_help="Write the record of cases, for an audit.")
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option(
    "--format",
    "format",
    type=click.Choice(["jsonl", "csv", "xes"]),
    default="jsonl",
    show_default=True,
    help="What to write: the very bytes that were recorded, or what other tools read.",
)
@click.option("--output", metavar="FILE", help="Write to a file instead of stdout.")
@store_options
def export(cases: tuple[str, ...], format: RecordFormat, output: str | None, store: str, workspace: str | None) -> Exit:
    """Write the events of CASEs, or of all, as JSON lines: the very bytes that were recorded.

    With --format xes (IEEE 1849) or csv they are written for other tools; what such a format cannot carry is told on
    stderr. A table needs --output, and has its mapping beside it, with which `procflow audit` reads it. With --output the
    calendars that cases went by are written beside, too, as FILE.calendars.json: an audit finds them there.

    \b
    Examples:
      procflow export --output export.jsonl
      procflow export 01KAE6 | gzip > one.jsonl.gz
      procflow export --format csv --output record.csv    # and record.map.yaml
    """
    target = Path(output) if output is not None else None
    if format == "csv" and target is None:
        raise click.UsageError("A table has a mapping beside it: say where with --output FILE.")
    mapping = target.with_suffix(".map.yaml") if format == "csv" and target is not None else None
    for file in (target, mapping):
        if file is not None:
            check_writable(file)
    with opened(store, workspace) as engine:
        chosen = [find_case(engine, case) for case in dict.fromkeys(cases)] or None
        with ExitStack() as files:
            out = sys.stdout.buffer if target is None else files.enter_context(writing(target))
            beside = None if mapping is None else files.enter_context(writing(mapping))
            by = BytesIO()
            written = engine.export(out, chosen, format=format, mapping=beside, calendars=by)
            counted = target is not None and len(by.getvalue()) > len(b"[]\n")
            if target is not None and counted:
                files.enter_context(writing(_calendars_beside(target))).write(by.getvalue())
    if target is not None or written.events == 0:
        where = "" if target is None else f" to {target}" + ("" if mapping is None else f", its mapping to {mapping}")
        where += (
            f", the calendars they went by to {_calendars_beside(target)}" if target is not None and counted else ""
        )
        tell(f"{written.events:,} events written{where}")
    for what, count in written.lost.items():
        tell(f"not in {format}: {what} ({count:,} events)")
    return Exit.CLEAN


def _calendars_beside(log: Path) -> Path:
    from procflow.auditor.calendars import ENDING

    return log.with_name(log.name.split(".")[0] + ENDING)
