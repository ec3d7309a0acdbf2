"""`procflow sla`: what was promised, and how the promises of a store stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json, moment, opened, store_options
from procflow.cli.terminal import cells, tell, write_json, write_lines
from procflow.cli.top import Commands
from procflow.errors import CalendarError, ProcflowError

if TYPE_CHECKING:
    from procflow.calendars.book import CalendarSet
    from procflow.engine import Engine
    from procflow.model.organisation import Organisation
    from procflow.model.procedure import Procedure
    from procflow.reports.sla_text import OpenClock
    from procflow.reports.statement import Asked

TABLE = MappingProxyType(
    {
        "status": ("procflow.cli.sla:status", "Show what is late and at risk in open cases."),
        "simulate": ("procflow.cli.sla_simulate:simulate", "Show what a proposed target would have meant."),
        "statement": ("procflow.cli.sla:statement", "Say in plain words what a procedure promises."),
    }
)
_SHOWN = 20


@click.group(cls=Commands, table=TABLE, short_help="Say what was promised, and how the promises stand.")
def sla() -> None:
    """Say what was promised, and how the promises stand.

    \b
    Examples:
      procflow sla status
      procflow sla simulate complaint.yaml export.jsonl --clock final-answer --within "10 working days"
      procflow sla statement complaint.yaml --tier premium --language ro
    """


@click.command(short_help="Show what is late and at risk in open cases.")
@click.option("--procedure", metavar="NAME", help="Only cases of this procedure.")
@click.option(
    "--to", type=click.Choice(["client", "team", "supplier"]), help="Only what is promised to them, or by them."
)
@click.option("--all", "every", is_flag=True, help=f"Show every clock, not only the {_SHOWN} that run out first.")
@store_options
@as_json
def status(procedure: str | None, to: str | None, every: bool, store: str, workspace: str | None, json: bool) -> Exit:
    """Show every clock of the open cases of a store: what has run out, what is at risk (50, 75, 90 % used), what is paused;
    the soonest first. Every open case is looked at.

    A terminal of 112 columns or more shows also the client, with whom the ball is, and what was promised.
    The exit code is 1 if something has run out, so that a job can run it every hour and tell somebody.

    \b
    Examples:
      procflow sla status
      procflow sla status --to client --json
    """
    from procflow.reports.sla_text import status_document, status_lines

    with opened(store, workspace) as engine:
        now = datetime.now(UTC)
        found = [one for one in _open_clocks(engine, procedure) if to is None or one.promised == to]
    if json:
        write_json(status_document(found, now))
    else:
        write_lines(status_lines(found, now, cells(), most=None if every else _SHOWN))
    return Exit.FINDINGS if any(one.late for one in found) else Exit.CLEAN


def _open_clocks(engine: Engine, procedure: str | None) -> Iterator[OpenClock]:
    from procflow.model.clock import ClockStatus
    from procflow.model.organisation import Organisation
    from procflow.reports.sla_text import OpenClock

    known = engine.directory.clients if isinstance(engine.directory, Organisation) else None
    for id in engine.cases(procedure, open_only=True):
        # What is only counted never runs out by itself: it is shown once it is too often.
        cycles = [one for one in engine.clocks(id) if one.stopped_at is None]
        running = [one for one in cycles if one.count is None or one.status is ClockStatus.OVERDUE]
        if not running:
            continue
        case, rules = engine.case(id), engine.procedure_of(id)
        client = known.clients.get(case.client or "") if known is not None else None
        for one in running:
            clock = rules.all_clocks[one.clock]
            yield OpenClock(
                case=id,
                ref=case.ref,
                client=client.name if client is not None and client.name else case.client,
                procedure=case.procedure,
                to=clock.to,
                cycle=one,
            )


@click.command(short_help="Say in plain words what a procedure promises.")
@click.argument("procedure", metavar="PROCEDURE")
@click.option("--clock", metavar="NAME", help="Only this clock; of a step's own time the step.")
@click.option(
    "--to", type=click.Choice(["client", "team", "supplier"]), help="Only what is promised to them, or by them."
)
@click.option("--tier", metavar="NAME", help="Only what holds for this tier of service.")
@click.option("--client", metavar="NAME", help="For a client of clients.yaml: its tier, its language, what was agreed.")
@click.option("--language", "--lang", "language", metavar="CODE", help="en, ro, ru, pl or fa.")
@click.option("--house", is_flag=True, help="Add who is warned, and what is done when it is late.")
@click.option("--steps", is_flag=True, help="Add how long each step may take.")
@click.option("--from", "start", metavar="MOMENT", callback=moment, help="When the examples begin.")
@click.option(
    "--workspace", metavar="DIR", envvar="PROCFLOW_WORKSPACE", show_envvar=True, help="Where clients.yaml lies."
)
@as_json
def statement(
    procedure: str,
    clock: str | None,
    to: str | None,
    tier: str | None,
    client: str | None,
    language: str | None,
    house: bool,
    steps: bool,
    start: datetime | None,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Say in plain words what PROCEDURE (a file) promises: from when, until when, which hours count, when the time stands
    still, with an example. It is made from the very definition that judges cases, and counted by the same calendars.

    With --client it is for one client: what is promised to clients, for the tier that was agreed, in the client's language.

    \b
    Examples:
      procflow sla statement complaint.yaml
      procflow sla statement complaint.yaml --tier premium --language ro
      procflow sla statement complaint.yaml --client acme --workspace service/
      procflow sla statement complaint.yaml --clock first-answer --house --from 2026-12-04T16:00+02:00
    """
    from procflow.loading.procedure import load_procedure
    from procflow.reports.statement import promises_of, statement_document, statement_lines

    if client is not None and (tier is not None or to is not None):
        raise click.UsageError("--client says the tier, and that it is for clients: give it without --tier and --to.")
    defined = load_procedure(procedure)
    _known(defined, clock, tier)
    calendars = _calendars(defined, workspace)
    asked, spoken = _asked(defined, clock, to, tier, client, house, steps, start, workspace)
    code = _language(defined, language or spoken)
    promises = promises_of(defined, code, calendars, asked)
    if json:
        write_json(statement_document(defined, code, promises, asked))
    else:
        write_lines(statement_lines(defined, code, promises, asked, cells()))
    return Exit.CLEAN


def _known(procedure: Procedure, clock: str | None, tier: str | None) -> None:
    """Raise BadParameter for a clock the procedure does not have, and for a tier none of its clocks tells apart."""
    from procflow.lint.agreements import tiers_in

    tiers = dict.fromkeys(name for one in procedure.all_clocks.values() for name in tiers_in(one))
    for option, given, there in (("--clock", clock, procedure.all_clocks), ("--tier", tier, tiers)):
        if given is not None and given not in there:
            names = ", ".join(there) or "none"
            raise click.BadParameter(f"{procedure.id} has no {given!r}; there are: {names}.", param_hint=option)


def _calendars(procedure: Procedure, workspace: str | None) -> CalendarSet:
    """Return the calendars of the procedure; without those that cannot be read there is no example, and a note says so."""
    from procflow.calendars.book import EMPTY
    from procflow.loading.calendars_found import calendars_for

    try:
        return calendars_for(procedure.where.file, workspace, only=set(procedure.calendar_ids))
    except CalendarError as error:
        tell(f"note: hours and examples are left out: {error.message}")
        return EMPTY


def _asked(
    procedure: Procedure,
    clock: str | None,
    to: str | None,
    tier: str | None,
    client: str | None,
    house: bool,
    steps: bool,
    start: datetime | None,
    workspace: str | None,
) -> tuple[Asked, str | None]:
    """Return what is to be told, and the language of the client."""
    from procflow.model.clock import Promised
    from procflow.reports.statement import Asked

    held = _organisation(workspace)
    spoken = None
    agreement = one = None
    if client is not None:
        one = held.clients.clients.get(client)
        if one is None:
            there = ", ".join(held.clients.clients) or "none"
            raise ProcflowError(
                f"there is no client “{client}”",
                code="PF650",
                hint=f"in clients.yaml there are: {there}; see --workspace",
            )
        at = start or datetime.now(UTC)
        tier, to = held.tier_of(client, procedure.id, at), "client"
        day = held.clients.day_of(client, at)
        line = (held.agreements.in_force(each.id, procedure.id, day) for each in held.clients.line_of(client))
        agreement = next((each for each in line if each is not None), None)
        if agreement is not None and agreement.tier != tier:
            agreement = None
        spoken = held.clients.language_of(client)
    titled = held.agreements.tiers.get(tier or "")
    asked = Asked(
        clock=clock,
        to=None if to is None else Promised(to),
        tier=tier,
        house=house,
        steps=steps,
        start=start,
        client=one,
        agreement=agreement,
        tier_title=None if titled is None else titled.title,
    )
    return asked, spoken


def _organisation(workspace: str | None) -> Organisation:
    from procflow.loading.organisation import load_organisation

    return load_organisation(Path() if workspace is None else Path(workspace))


def _language(procedure: Procedure, asked: str | None) -> str:
    """Return the language of the statement: the one asked for, else the first of the procedure."""
    from procflow.reports.document import languages_in
    from procflow.texts import LANGUAGES

    if asked is None:
        return next(iter(languages_in(procedure)), "en")
    for code in (*LANGUAGES, *languages_in(procedure)):
        if code.lower() == asked.lower():
            return code
    raise click.BadParameter(f"{asked!r}: there are {', '.join(LANGUAGES)}.", param_hint="--language")
