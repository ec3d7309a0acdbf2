"""`procflow calendar add`, `between` and `next-open`: one sum, with the days it is made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from procflow.cli.calendars_named import calendar_named, moment_in, workspace_option
from procflow.cli.exits import Exit
from procflow.cli.options import as_json
from procflow.cli.terminal import cells, write_json, write_lines

if TYPE_CHECKING:
    from procflow.calendars.calendar import Calendar
    from procflow.calendars.length import Length


@click.command(short_help="Say when a length of time is over.")
@click.argument("name", metavar="CALENDAR")
@click.argument("start", metavar="START")
@click.argument("length", metavar="LENGTH", nargs=-1, required=True)
@workspace_option
@as_json
def add(name: str, start: str, length: tuple[str, ...], workspace: str | None, json: bool) -> Exit:
    """Say when LENGTH is over that begins at START, and which hours it is made of.

    START is a moment as the clock on the wall shows it there (2026-11-27T16:00), one with an offset, a day, or `now`.
    LENGTH is `8 working hours`, `2 working days` (the end of the second one after that of START), `30 minutes`,
    `14 days`, `6 months`.

    \b
    Examples:
      procflow calendar add ro 2026-11-27T16:00 8 working hours
      procflow calendar add office now 2 working days
    """
    from procflow.reports.calendar_text import length_told, moment_told, openings_lines
    from procflow.reports.paper import BLANK, faint, line, strong

    calendar = calendar_named(name, workspace)
    begins = moment_in(calendar, start, "START")
    asked = _length(" ".join(length))
    due = calendar.after(begins, asked)
    budget = calendar.budget(begins, asked)
    if json:
        document = {"start": _iso(calendar, begins), "length": str(asked), "due": _iso(calendar, due)}
        seconds = budget / timedelta(seconds=1)
        write_json({"v": "1", "kind": "calendar-add", **_of(calendar), **document, "budget_seconds": seconds})
        return Exit.CLEAN
    lines = [
        line(f"{moment_told(begins, calendar)}  and {asked}"),
        line("is over on  ", strong(moment_told(due, calendar)), faint(f"   ({calendar.id}, {calendar.zone})")),
    ]
    if asked.working:
        lines += [line(f"open time in between: {length_told(budget)}"), BLANK]
        lines += openings_lines(calendar, begins, due, cells())
    write_lines(lines)
    return Exit.CLEAN


@click.command(short_help="Say how much open time lies between two moments.")
@click.argument("name", metavar="CALENDAR")
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@workspace_option
@as_json
def between(name: str, start: str, end: str, workspace: str | None, json: bool) -> Exit:
    """Say how much open time lies between FROM and TO, and how much time at all; negative if TO comes first.

    \b
    Examples:
      procflow calendar between ro 2026-11-27T16:00 2026-12-02T16:00
      procflow calendar between office 2026-12-01 now --json
    """
    from procflow.reports.calendar_text import length_told, moment_told, openings_lines
    from procflow.reports.paper import BLANK, faint, line, strong

    calendar = calendar_named(name, workspace)
    first, last = moment_in(calendar, start, "FROM"), moment_in(calendar, end, "TO")
    found = calendar.between(first, last)
    if json:
        document = {"from": _iso(calendar, first), "to": _iso(calendar, last)}
        measured = {"open_seconds": found / timedelta(seconds=1), "wall_seconds": (last - first) / timedelta(seconds=1)}
        write_json({"v": "1", "kind": "calendar-between", **_of(calendar), **document, **measured})
        return Exit.CLEAN
    lines = [
        line(f"{moment_told(first, calendar)}  to  {moment_told(last, calendar)}"),
        line("open time  ", strong(length_told(found)), faint(f"   of {length_told(last - first)}   ({calendar.id})")),
    ]
    if not calendar.always:
        lines += [BLANK, *openings_lines(calendar, min(first, last), max(first, last), cells())]
    write_lines(lines)
    return Exit.CLEAN


@click.command("next-open", short_help="Say when it is open next.")
@click.argument("name", metavar="CALENDAR")
@click.argument("at", metavar="[MOMENT]", default="now")
@workspace_option
@as_json
def next_open(name: str, at: str, workspace: str | None, json: bool) -> Exit:
    """Say when it is open next, from MOMENT on (now, if none is given), and until when then.

    \b
    Examples:
      procflow calendar next-open ro
      procflow calendar next-open ro 2026-11-27T18:00
    """
    from procflow.reports.calendar_text import moment_told
    from procflow.reports.paper import faint, line, strong

    calendar = calendar_named(name, workspace)
    moment = moment_in(calendar, at, "MOMENT")
    opens = calendar.next_open(moment)
    if json:
        write_json(
            {
                "v": "1",
                "kind": "calendar-next-open",
                **_of(calendar),
                "at": _iso(calendar, moment),
                "open": opens == moment,
                "next_open": _iso(calendar, opens),
            }
        )
        return Exit.CLEAN
    if opens == moment:
        write_lines([line("open at ", strong(moment_told(moment, calendar)), faint(f"   ({calendar.id})"))])
    else:
        told = line(f"closed at {moment_told(moment, calendar)}")
        write_lines([told, line("opens   ", strong(moment_told(opens, calendar)), faint(f"   ({calendar.id})"))])
    return Exit.CLEAN


def _length(text: str) -> Length:
    """Return the length of a text. Raises BadParameter with what to write instead."""
    from procflow.loading.lengths import read_length
    from procflow.loading.node import Node
    from procflow.loading.notebook import Notebook
    from procflow.loading.source import read_source

    notebook = Notebook()
    found = read_length(text, Node(read_source("", "LENGTH"), (), text), notebook)
    if found is None:
        first = notebook.findings[0]
        hint = f" {first.hint[0].upper()}{first.hint[1:]}." if first.hint else ""
        raise click.BadParameter(f"{first.message.replace('`', chr(39))}.{hint}", param_hint="LENGTH")
    return found


def _of(calendar: Calendar) -> dict[str, str]:
    return {"calendar": calendar.id, "zone": calendar.zone, "digest": calendar.digest}


def _iso(calendar: Calendar, at: datetime) -> str:
    from procflow.calendars.zones import zone_of

    return at.astimezone(zone_of(calendar.zone)).isoformat()
