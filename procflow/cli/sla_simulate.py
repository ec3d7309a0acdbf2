"""`procflow sla simulate`: what a proposed target would have meant in cases on record."""

from __future__ import annotations

from datetime import datetime

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json, moment
from procflow.cli.terminal import cells, progress, write_json, write_lines


@click.command(short_help="Show what a proposed target would have meant.")
@click.argument("procedure", metavar="PROCEDURE")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@click.option("--clock", metavar="NAME", required=True, help="The clock; of a step's own time the step.")
@click.option("--within", metavar="LENGTH", multiple=True, help="A proposed target: `5 working days`; repeat it.")
@click.option(
    "--tier", "--grade", "grade", metavar="NAME", default="", help="Propose it for this tier (or priority) alone."
)
@click.option("--on", "calendar", metavar="CALENDAR", help="Propose that it be counted on this calendar.")
@click.option("--no-pauses", is_flag=True, help="Propose that nothing pauses it.")
@click.option(
    "--keep",
    "honest",
    metavar="PERCENT",
    type=click.IntRange(1, 100),
    multiple=True,
    default=(80, 90, 95),
    show_default=True,
    help="Look for the shortest target that so many of 100 would have kept; repeat it.",
)
@click.option("--no-search", is_flag=True, help="Look for none: on a long log that takes a while.")
@click.option("--mapping", metavar="FILE", help="Which column of the log is what; an export of procflow needs none.")
@click.option("--people", metavar="FILE", help="Who holds which role, if the log does not say.")
@click.option("--calendars", metavar="DIR", help="Calendars for the log; those beside the procedure otherwise.")
@click.option("--as-of", metavar="MOMENT", callback=moment, help="Leave out what came later.")
@as_json
def simulate(
    procedure: str,
    logs: tuple[str, ...],
    clock: str,
    within: tuple[str, ...],
    grade: str,
    calendar: str | None,
    no_pauses: bool,
    honest: tuple[int, ...],
    no_search: bool,
    mapping: str | None,
    people: str | None,
    calendars: str | None,
    as_of: datetime | None,
    json: bool,
) -> Exit:
    """Show what proposed targets would have meant in recorded cases: how many would have kept them, gross and net of waivers,
    and how sure that is; which cases would have been judged otherwise; the shortest target that 80, 90 and 95 of 100 would
    have kept; and what stands behind the promise, the weakest first.

    Nothing is estimated: every case is judged again with the clock changed, as an audit of the changed file would.

    \b
    Examples:
      procflow sla simulate complaint.yaml export.jsonl --clock final-answer --within "10 working days"
      procflow sla simulate complaint.yaml export.jsonl --clock first-answer --within "4 working hours" --tier premium
      procflow sla simulate incident.yaml tickets.csv --mapping tickets.map.yaml --clock solved --within "8 hours" --on 24x7
    """
    from procflow.auditor.promising import simulate_promise
    from procflow.reports.promises_json import simulation_document
    from procflow.reports.promises_text import simulation_lines

    with progress() as told:
        found = simulate_promise(
            procedure,
            logs,
            clock,
            within,
            grade=grade,
            calendar=calendar,
            pauses=not no_pauses,
            honest=() if no_search else honest,
            mapping=mapping,
            people=people,
            calendars=calendars,
            as_of=as_of,
            progress=told,
        )
    if json:
        write_json(simulation_document(found))
    else:
        write_lines(simulation_lines(found, cells()))
    return Exit.CLEAN
