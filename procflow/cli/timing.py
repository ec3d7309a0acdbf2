"""`procflow due` and `procflow advance`: what is to be done by when, and what is done because time has passed."""

from __future__ import annotations

from datetime import datetime

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json, by_option, moment, opened, store_options
from procflow.cli.terminal import cells, write_json, write_lines
from procflow.cli.who import tell_unread, who


@click.command(short_help="List what is due in open cases, the soonest first.")
@by_option(required=False)
@click.option(
    "--until",
    metavar="MOMENT",
    callback=moment,
    help="What will be due by then, as things stand: 2026-11-27 (the end of that day, UTC) or 2026-11-27T17:00+02:00."
    " By default what is overdue now.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the N soonest.")
@store_options
@as_json
def due(
    by: str | None,
    roles: tuple[str, ...],
    until: datetime | None,
    limit: int | None,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """List what rules and clocks demand in open cases and what is due: by when, what fulfils it, and who could do it.

    With --by or --role only what this person, or a holder of the role, could do. Moments are told in the zone of the
    procedure's calendar.

    \b
    Examples:
      procflow due
      procflow due --until 2026-11-27
      procflow due --by ana --workspace service/
      procflow due --json > due.json
    """
    from procflow.reports.due_json import due_document
    from procflow.reports.due_text import due_lines

    with opened(store, workspace) as engine:
        actor = who(engine, by, roles) if by is not None or roles else None
        items = engine.due(until, by=actor, limit=limit)
        if not items:
            tell_unread(engine, by, roles)
    if json:
        write_json(due_document(items))
    else:
        write_lines(due_lines(items, cells()))
    return Exit.CLEAN


@click.command(short_help="Do what is to be done because time has passed.")
@click.option(
    "--to",
    metavar="MOMENT",
    callback=moment,
    help="Only what was due by then; a moment that has come. By default now.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N, the earliest.")
@store_options
@as_json
def advance(to: datetime | None, limit: int | None, store: str, workspace: str | None, json: bool) -> Exit:
    """Do what `warn` and `late` of clocks say, in all open cases, in the order in which time was up.

    Each warning, notice, escalation and go-to is put on record once, whoever else does this at the same time, and is told
    here with whom to tell. Nothing does it by itself: run it every minute, as cron does. After a silence it catches up.

    The exit code is 3 if time does not go on in some case; the others go on.

    \b
    Examples:
      procflow advance
      procflow advance --json --store sqlite:////srv/service.db --workspace /srv/service
      * * * * * procflow advance --json ... | your-mailer          # a line of a crontab
    """
    from procflow.reports.due_json import advance_document
    from procflow.reports.due_text import fired_lines

    with opened(store, workspace) as engine:
        fired = engine.advance(to, limit=limit)
    if json:
        write_json(advance_document(fired))
    else:
        write_lines(fired_lines(fired, cells()))
    return Exit.FAILED if any(one.error is not None for one in fired) else Exit.CLEAN
