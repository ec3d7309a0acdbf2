"""`procflow forecast`: how long a case would take, before it is submitted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json, moment, opened, pairs, store_options
from procflow.cli.terminal import cells, progress, write_json, write_lines
from procflow.cli.who import data_of

if TYPE_CHECKING:
    from procflow.model.promising import Forecast


@click.command(short_help="Say how long a case would take.")
@click.argument("procedure", metavar="PROCEDURE")
@click.argument("logs", nargs=-1, metavar="[LOG...]")
@click.option("--given", metavar="NAME=VALUE", multiple=True, callback=pairs, help="What is known of it; repeat it.")
@click.option("--within", metavar="LENGTH", help="What is wished for: `2 working days`. Is it realistic?")
@click.option("--mapping", metavar="FILE", help="Which column of the log is what; an export of procflow needs none.")
@click.option("--calendars", metavar="DIR", help="Calendars for the log; those beside the procedure otherwise.")
@click.option("--as-of", metavar="MOMENT", callback=moment, help="Of the log, leave out what came later.")
@store_options
@as_json
def forecast(
    procedure: str,
    logs: tuple[str, ...],
    given: dict[str, str],
    within: str | None,
    mapping: str | None,
    calendars: str | None,
    as_of: datetime | None,
    store: str,
    workspace: str | None,
    json: bool,
) -> Exit:
    """Say how long a case would take, by those that are done and had the same data at first: half of them, 85 and 95 of 100, in
    working time and by the clock on the wall; whether a wish is realistic; and what to bring with the request.

    PROCEDURE is a file, with a LOG of its cases; without one it is the name of a procedure of the store, of which the latest
    1,000 closed cases are looked at. With fewer than 10 alike nothing is forecast.

    \b
    Examples:
      procflow forecast service-request --given item=software --within "2 working days"
      procflow forecast complaint.yaml export.jsonl --given gravity=major
      procflow forecast incident.yaml tickets.csv --mapping tickets.map.yaml --given priority=high --within "8 hours"
    """
    from procflow.reports.forecast_text import forecast_document, forecast_lines

    if logs:
        found = _from_logs(procedure, logs, given, within, mapping, calendars, as_of)
    else:
        for name, value in (("--mapping", mapping), ("--calendars", calendars), ("--as-of", as_of)):
            if value is not None:
                raise click.UsageError(f"{name} is about a log: name one after the procedure.")
        with opened(store, workspace) as engine:
            found = engine.forecast(procedure, data_of(engine.procedure(procedure), given), within)
    if json:
        write_json(forecast_document(found))
    else:
        write_lines(forecast_lines(found, cells()))
    return Exit.CLEAN


def _from_logs(
    procedure: str,
    logs: tuple[str, ...],
    given: dict[str, str],
    within: str | None,
    mapping: str | None,
    calendars: str | None,
    as_of: datetime | None,
) -> Forecast:
    from procflow.auditor import load_versions
    from procflow.auditor.forecasting import forecast_from

    known = data_of(load_versions(procedure)[-1], given)
    with progress() as told:
        return forecast_from(
            procedure, logs, known, within, mapping=mapping, calendars=calendars, as_of=as_of, progress=told
        )
