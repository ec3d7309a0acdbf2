"""`procflow calendar show` and `check`: what is in a calendar, and what is wrong with those there are."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from procflow.cli.calendars_named import (
    calendar_named,
    calendar_paths,
    is_foreign,
    is_path,
    loaded_calendar,
    path_of,
    workspace_option,
)
from procflow.cli.exits import Exit
from procflow.cli.options import as_json
from procflow.cli.terminal import cells, write_json, write_lines

if TYPE_CHECKING:
    from procflow.calendars.calendar import Calendar
    from procflow.errors import Finding
    from procflow.expressions.types import Raw
    from procflow.loading.calendars import LoadedCalendar

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_YEARS = (1, 9998)


@click.command(short_help="Show a calendar: its hours, a month, a year.")
@click.argument("name", metavar="CALENDAR")
@click.option("--month", metavar="YYYY-MM", help="A month as a grid, with what differs in it by name.")
@click.option(
    "--year", metavar="YYYY", type=click.IntRange(*_YEARS), help="A year, a month a line.  [default: this one]"
)
@workspace_option
@as_json
def show(name: str, month: str | None, year: int | None, workspace: str | None, json: bool) -> Exit:
    """Show what a calendar says: zone, hours, holidays and where they are from; a year, or a month as a grid.

    A day off of the week is `-`, one that is named `off`, and `?` one the calendar does not cover.

    \b
    Examples:
      procflow calendar show ro
      procflow calendar show ro --month 2026-12
      procflow calendar show calendars/office.yaml --year 2027 --json
    """
    if month is not None and year is not None:
        raise click.UsageError("--month and --year ask for two things. Leave one of them out.")
    shown = _month(month)
    calendar = calendar_named(name, workspace)
    asked = year if year is not None else _this_year(calendar)
    if json:
        write_json(_document(calendar, loaded_calendar(name, workspace), shown, asked))
        return Exit.CLEAN
    from procflow.reports.calendar_text import head_lines, month_lines, year_lines
    from procflow.reports.paper import BLANK

    if shown is not None:
        write_lines(month_lines(calendar, shown, cells()))
        return Exit.CLEAN
    head = head_lines(calendar, cells(), facts=_facts(loaded_calendar(name, workspace)))
    write_lines([*head, BLANK, *year_lines(calendar, asked, cells())])
    return Exit.CLEAN


@click.command(short_help="Check the calendars there are, and say which they are.")
@click.argument("names", nargs=-1, metavar="[CALENDAR]...")
@click.option("--as-of", metavar="DAY", help="Tell what will soon be wrong as seen on this day, not today: 2026-10-01.")
@workspace_option
@as_json
def check(names: tuple[str, ...], as_of: str | None, workspace: str | None, json: bool) -> Exit:
    """Check calendars and the holidays they stand on, and list them: without CALENDAR all that a name may stand for.

    From three months before a calendar ends it is told (PF640), and within 60 days a day that is only reckoned (PF649):
    of those that come with procflow only if a procedure here names them.
    The exit code is 1 if there is anything to tell.

    \b
    Examples:
      procflow calendar check
      procflow calendar check office --as-of 2026-10-01
    """
    day = _day(as_of)
    paths = {name: path_of(name, workspace) for name in names} if names else calendar_paths(workspace)
    read = {
        name: _read(str(path), day, soon=bool(names) or not is_foreign(path, name, workspace))
        for name, path in paths.items()
    }
    findings = [one for _, found in read.values() for one in found]
    if json:
        from procflow.reports.findings import findings_document

        files = [str(path) for path in paths.values()]
        write_json({**findings_document(findings, files, ()), "calendars": [_listed(one) for one, _ in read.values()]})
    else:
        _write(read, findings)
    return Exit.FINDINGS if findings else Exit.CLEAN


def _read(path: str, day: date, *, soon: bool) -> tuple[LoadedCalendar, tuple[Finding, ...]]:
    from pathlib import Path

    from procflow.loading.calendar_checks import horizon_findings
    from procflow.loading.calendars import read_calendar
    from procflow.loading.files import read_bytes
    from procflow.model.ignores import sift

    loaded = read_calendar(read_bytes(Path(path)), path)
    complete = loaded.calendar is not None
    horizon = horizon_findings(loaded, day) if soon else ()
    told = sift((*loaded.findings, *horizon), loaded.ignores, complete=complete and soon)
    return loaded, told.findings


def _write(read: dict[str, tuple[LoadedCalendar, tuple[Finding, ...]]], findings: list[Finding]) -> None:
    from procflow.reports.findings import findings_lines, summary
    from procflow.reports.paper import BLANK, Column, table

    sources = {one.where.file: loaded.source for loaded, found in read.values() for one in found if one.where}
    rows = [_row(name, loaded) for name, (loaded, _) in read.items()]
    heads = (Column(head="calendar"), Column(head="zone"), Column(head="covers"), Column(head="holidays", rest=True))
    lines = [*table(heads, rows, cells()), BLANK]
    if findings:
        lines += [*findings_lines(findings, sources.get, cells=cells()), BLANK]
    write_lines([*lines, summary(findings, len(read), 0)])


def _row(name: str, loaded: LoadedCalendar) -> tuple[str, str, str, str]:
    calendar = loaded.calendar
    if calendar is None:
        return name, "?", "?", "has errors"
    covers = "all time" if calendar.always else f"{calendar.first} to {calendar.last}"
    shown = f"{name} (`{calendar.id}`)" if not is_path(name) and calendar.id != name else name
    return shown, calendar.zone, covers, ", ".join(f"{one.id} ({one.source})" for one in loaded.holidays)


def _listed(loaded: LoadedCalendar) -> Raw:
    calendar = loaded.calendar
    if calendar is None:
        return None
    covers: Raw = None if calendar.always else [calendar.first.isoformat(), calendar.last.isoformat()]
    return {"calendar": calendar.id, "zone": calendar.zone, "covers": covers, "digest": calendar.digest}


def _facts(loaded: LoadedCalendar | None) -> list[tuple[str, str]]:
    from procflow.calendars.zones import zones_version

    facts = [] if loaded is None else [("holidays", f"{one.id} from {one.source}") for one in loaded.holidays]
    if loaded is not None and loaded.approval is not None:
        facts.append(("approved", f"by {loaded.approval.person} on {loaded.approval.on}"))
    return [*facts, ("clocks", f"change as tzdata {zones_version()} says")]


def _document(calendar: Calendar, loaded: LoadedCalendar | None, month: date | None, year: int) -> dict[str, Raw]:
    from procflow.calendars.zones import zones_version
    from procflow.reports.calendar_text import window_told

    first = month or date(year, 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) if month else date(year + 1, 1, 1)
    days: list[Raw] = []
    for ordinal in range(first.toordinal(), last.toordinal()):
        day = date.fromordinal(ordinal)
        if not calendar.first <= day <= calendar.last:
            continue
        special = calendar.days.get(day)
        days.append(
            {
                "day": day.isoformat(),
                "hours": [window_told(one) for one in calendar.windows_on(day)],
                "open_seconds": calendar.open_on(day) / timedelta(seconds=1),
                "differs": special is not None,
                "name": special.name if special is not None else "",
            }
        )
    return {
        "v": "1",
        "kind": "calendar",
        "calendar": calendar.id,
        "zone": calendar.zone,
        "always": calendar.always,
        "covers": None if calendar.always else [calendar.first.isoformat(), calendar.last.isoformat()],
        "holidays": [str(one.source) for one in loaded.holidays] if loaded is not None else [],
        "digest": calendar.digest,
        "tzdata": zones_version(),
        "days": days,
    }


def _month(text: str | None) -> date | None:
    if text is None:
        return None
    found = _MONTH.fullmatch(text)
    if found is None or not _YEARS[0] <= int(found[1]) <= _YEARS[1]:
        raise click.BadParameter(f"{text!r} is no month: write 2026-12.", param_hint="--month")
    return date(int(found[1]), int(found[2]), 1)


def _day(text: str | None) -> date:
    try:
        return datetime.now(UTC).date() if text is None else date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day: write 2026-10-01.", param_hint="--as-of") from None


def _this_year(calendar: Calendar) -> int:
    """Return this year, or the one nearest to it that the calendar covers."""
    return max(calendar.first.year, min(datetime.now(UTC).year, calendar.last.year))
