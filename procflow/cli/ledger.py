"""`procflow ledger`: what became of every minute of a clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json, find_case, moment, opened, store_options
from procflow.cli.terminal import cells, write_json, write_lines
from procflow.errors import ProcflowError

if TYPE_CHECKING:
    from procflow.model.clock import ClockCycle
    from procflow.model.event import Event
    from procflow.model.procedure import Procedure
    from procflow.reports.ledger_text import Ledger

_IN_STORE, _IN_LOG = 2, 3


@click.command(short_help="Show what became of every minute of a clock.")
@click.argument("words", nargs=-1, metavar="[PROCEDURE] CASE CLOCK")
@click.option("--cycle", type=click.IntRange(min=1), metavar="N", help="Which time it ran; the last one otherwise.")
@click.option("--log", "logs", metavar="FILE", multiple=True, help="Look into a log instead of a store; repeat it.")
@click.option("--mapping", metavar="FILE", help="Which column of the log is what; an export of procflow needs none.")
@click.option("--people", metavar="FILE", help="Who holds which role, if the log does not say.")
@click.option("--calendars", metavar="DIR", help="Calendars for the log; those beside the procedure otherwise.")
@click.option("--as-of", metavar="MOMENT", callback=moment, help="Of the log, leave out what came later.")
@store_options
@as_json
def ledger(
    words: tuple[str, ...],
    cycle: int | None,
    logs: tuple[str, ...],
    mapping: str | None,
    people: str | None,
    calendars: str | None,
    as_of: datetime | None,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Show the ledger of a CLOCK in a CASE: from when to when, how long, whether it counted and why, and the total so far,
    in the time zone of the calendar; at the end the verdict in one sentence.

    The clock of a step is named by the step. With --log and PROCEDURE the case is one of a log, judged as an audit would.
    A terminal of 112 columns or more shows also where each stretch ends, which is where the next one begins.

    \b
    Examples:
      procflow ledger 01KAE6 first-answer
      procflow ledger 01KAE6 draft --cycle 2 --json
      procflow ledger --log tickets.csv --mapping tickets.map.yaml complaint.yaml INC0012 first-answer
    """
    if logs:
        if len(words) != _IN_LOG:
            raise click.UsageError("With --log say which: PROCEDURE CASE CLOCK.")
        found = _of_log(words, cycle, logs, mapping, people, calendars, as_of)
    else:
        for name, given in (
            ("--mapping", mapping),
            ("--people", people),
            ("--calendars", calendars),
            ("--as-of", as_of),
        ):
            if given is not None:
                raise click.UsageError(f"{name} is about a log: say which with --log FILE.")
        if len(words) != _IN_STORE:
            raise click.UsageError("Say which: CASE CLOCK.")
        found = _of_store(words, cycle, store, workspace)
    from procflow.reports.ledger_text import ledger_document, ledger_lines

    if json:
        write_json(ledger_document(found))
    else:
        write_lines(ledger_lines(found, cells()))
    return Exit.CLEAN


def _of_store(words: Sequence[str], cycle: int | None, store: str, workspace: str | None) -> Ledger:
    from procflow.reports.ledger_text import Ledger

    with opened(store, workspace) as engine:
        case = engine.case(find_case(engine, words[0]))
        procedure = engine.procedure_of(case.id)
        _known(procedure, words[1])
        one = _cycle(engine.clocks(case.id), words[1], cycle, case.id)
        return Ledger(
            case=case.id,
            procedure=procedure,
            cycle=one,
            stretches=engine.ledger(case.id, one.clock, one.number),
            calendars=engine.calendars_of(case.id),
            as_of=None,
            by=_what(case.events, one.stopped_by),
        )


def _of_log(
    words: Sequence[str],
    cycle: int | None,
    logs: Sequence[str],
    mapping: str | None,
    people: str | None,
    calendars: str | None,
    as_of: datetime | None,
) -> Ledger:
    from procflow.auditor.one_case import case_in
    from procflow.reports.ledger_text import Ledger

    case = case_in(words[0], logs, words[1], mapping=mapping, people=people, calendars=calendars, as_of=as_of)
    _known(case.procedure, words[2])
    if case.unexamined(words[2]) and not any(one.clock == words[2] for one in case.clocks):
        raise ProcflowError(
            f"{words[2]} is not examined in case {case.trace.case}: the log does not show all that the clock depends on",
            hint="it needs times, the data fields the clock depends on, and actions where `from`, `until` or `by-action` name "
            "some; a history of statuses has no actions",
        )
    one = _cycle(case.clocks, words[2], cycle, case.trace.case)
    return Ledger(
        case=case.trace.case,
        procedure=case.procedure,
        cycle=one,
        stretches=case.ledger(one.clock, one.number),
        calendars=case.calendars,
        as_of=case.as_of,
        by=_what(case.trace.events, one.stopped_by),
    )


def _known(procedure: Procedure, clock: str) -> None:
    """Raise ProcflowError if a procedure has no such clock."""
    if clock in procedure.all_clocks:
        return
    from difflib import get_close_matches

    close = get_close_matches(clock, procedure.all_clocks, n=1)
    there = ", ".join(procedure.all_clocks) or "none at all"
    raise ProcflowError(
        f"{procedure.id} {procedure.version} has no clock “{clock}”",
        hint=f"did you mean “{close[0]}”?" if close else f"there are: {there}",
    )


def _cycle(cycles: Sequence[ClockCycle], clock: str, number: int | None, case: str) -> ClockCycle:
    """Return the cycle that is meant. Raises ProcflowError if there is none."""
    there = [one for one in cycles if one.clock == clock]
    found = [one for one in there if number in (None, one.number)]
    if found:
        return found[-1]
    if there:
        raise ProcflowError(f"{clock} has no cycle {number} in case {case}", hint=f"it has {len(there)}")
    raise ProcflowError(f"{clock} has not begun in case {case}", hint="`from:` of the clock says what begins it")


def _what(events: Sequence[Event], seq: int | None) -> str:
    """Return what an event was, in words: `send, by ana`; "" if there is none."""
    one = next((event for event in events if event.seq == seq), None)
    if one is None:
        return ""
    return f"{one.action or one.kind.value}{f', by {one.actor}' if one.actor else ''}"
