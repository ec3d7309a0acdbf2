"""`procflow calendar`: what is in a calendar, what it reckons, and where its holidays come from."""

from __future__ import annotations

from types import MappingProxyType

import click

from procflow.cli.top import Commands

TABLE = MappingProxyType(
    {
        "show": ("procflow.cli.calendar_showing:show", "Show a calendar: its hours, a month, a year."),
        "check": ("procflow.cli.calendar_showing:check", "Check the calendars there are, and say which they are."),
        "add": ("procflow.cli.calendar_reckoning:add", "Say when a length of time is over."),
        "between": ("procflow.cli.calendar_reckoning:between", "Say how much open time lies between two moments."),
        "next-open": ("procflow.cli.calendar_reckoning:next_open", "Say when it is open next."),
        "use": ("procflow.cli.calendar_use:use", "Let open cases go by the calendars in force now."),
        "import": ("procflow.cli.calendar_import:import_", "Propose the public holidays of a country."),
    }
)


@click.group(cls=Commands, table=TABLE, short_help="Look into calendars, and reckon with them.")
def calendar() -> None:
    """Look into calendars, reckon with them, and review the holidays they stand on.

    CALENDAR is the name of a calendar, or the path of its file. A name stands for calendars/NAME.yaml in the folder
    --workspace (or here), then for one that comes with procflow: ro, ru, ir, pl. `24x7` is always open.

    \b
    Examples:
      procflow calendar show ro --month 2026-12
      procflow calendar add ro 2026-11-27T16:00 8 working hours
      procflow calendar between ro 2026-11-27T16:00 2026-12-02T16:00
      procflow calendar use --procedure complaint --by lena --reason "Holidays of 2027"
      procflow calendar import RO 2026..2028
    """
