"""PF64: what is wrong with a calendar, or with the holidays it stands on."""

from __future__ import annotations

from procflow.model.rules.rule import error, warning

RULES = (
    warning(
        "PF640",
        "calendar-too-short",
        "A calendar ends within three months, or has ended.",
        """What is due later cannot be reckoned: procflow does not guess the holidays of a year nobody has entered, and
        says so instead. Import the next year as soon as it is known; from October on this asks for it. The same
        code stands on an error that was met while counting beyond the end.""",
        passes="covers: 2025..2027      # seen in November 2026",
        fails="covers: 2025..2026      # seen in November 2026",
    ),
    error(
        "PF641",
        "calendar-zone",
        "The time zone of a calendar is not the name of a place.",
        """An offset such as +02:00 is right for half of the year at most, and for no year in which a country changed its
        mind. The name of a place, as in Europe/Bucharest, stands for all of its changes of clocks.
        Abbreviations such as EST and names such as Etc/GMT+2 are offsets, too. `UTC` may stand where no place
        is meant.""",
        passes="zone: Europe/Bucharest",
        fails="zone: +02:00",
    ),
    error(
        "PF642",
        "calendar-hours",
        "Hours have no length, or a day has hours twice.",
        """Hours that end where they begin say nothing: the whole day is 00:00-24:00. Hours that end before they begin
        reach into the next day, and belong to the day on which they begin. Each day of the week is named once.""",
        passes="""
        hours: { mon-thu: ["09:00-13:00", "14:00-18:00"], fri: ["22:00-06:00"] }
        """,
        fails="""
        hours: { mon-fri: ["09:00-18:00"], fri: ["09:00-09:00"] }
        """,
    ),
    warning(
        "PF643",
        "calendar-overlap",
        "Hours overlap.",
        """What is in both counts once, so nothing breaks; but mostly one of the two is a slip. Where shifts hand over to
        each other, write when somebody is there at all.""",
        passes="""
        hours: { mon-fri: ["09:00-13:00", "14:00-17:00"] }
        """,
        fails="""
        hours: { mon-fri: ["09:00-13:00", "12:00-17:00"] }
        """,
    ),
    warning(
        "PF644",
        "calendar-gap",
        "No hours hold on some days.",
        """The calendar covers them, and none of its `regimes` speaks of them, so they count as closed. Give the hours that
        hold unless others do a regime without `from` and `to`, as the first of the list.""",
        passes="""
        regimes:
          - { hours: { mon-fri: "09:00-17:00" } }
          - { from: 2026-07-01, to: 2026-08-31, hours: { mon-fri: "08:00-14:00" } }
        """,
        fails="""
        regimes:
          - { to: 2026-06-30, hours: { mon-fri: "09:00-17:00" } }
          - { from: 2026-07-02, hours: { mon-fri: "08:00-14:00" } }
        """,
    ),
    warning(
        "PF645",
        "calendar-month-without-work",
        "Nobody works for a whole month.",
        "Nothing that is promised in working time would move for so long. Mostly a date has slipped.",
        passes="days: { 2026-08-01..2026-08-16: { closed: Summer } }",
        fails="days: { 2026-08-01..2026-09-16: { closed: Summer } }",
    ),
    warning(
        "PF646",
        "calendar-idle",
        "A day, or hours, that change nothing.",
        """A day off that was closed anyway, hours a day has anyway, or days the calendar does not cover. Nobody would
        write that on purpose: mostly it is another day that is meant, or the wrong year.""",
        passes="days: { 2026-12-24: closed }     # a Thursday",
        fails="days: { 2026-12-26: closed }     # a Saturday, and the week has mon-fri",
    ),
    error(
        "PF647",
        "calendar-days",
        "Days cannot be what they are said to be.",
        """They end before they begin, two stretches hold the same day, a day is both closed and open, or it lies outside
        of what a file of holidays covers. A single day may stand inside a stretch: it wins.""",
        passes="""
        days:
          2026-12-24..2027-01-03: { closed: Winter }
          2026-12-29: { hours: ["09:00-13:00"], name: Stocktaking }
        """,
        fails="""
        days:
          2026-12-24..2026-01-03: { closed: Winter }
        """,
    ),
    error(
        "PF648",
        "calendar-holidays",
        "The holidays of a calendar cannot be used.",
        """The file is missing or has errors, it ends before the calendar does, or its days are not those that were
        reviewed: their digest tells. Deadlines stand on these days, so they change by a new review alone
        (`procflow calendar import`). What your house does differently belongs under `days:` of the calendar,
        which wins.""",
        passes="""
        covers: 2025..2027
        holidays: [holidays/ro.yaml]     # covers 2025..2027
        """,
        fails="""
        covers: 2025..2028
        holidays: [holidays/ro.yaml]     # covers 2025..2027: is 1 December 2028 a working day?
        """,
    ),
    warning(
        "PF649",
        "calendar-estimated",
        "A day off within 60 days is only reckoned.",
        """Days that follow the moon are announced when it is seen, and may move by one. Name the day under `days:` of the
        calendar once it is certain, or import the holidays again.""",
        passes="days: { 2027-01-06: { closed: Mab'ath } }     # named by somebody who knows",
        fails="# holidays/ir.yaml says 2027-01-06: { name: Mab'ath, estimated: true }",
    ),
)
"""In the order of their codes."""
