"""`procflow calendar`, as somebody sees it who doubts a deadline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.desk import Desk

OFFICE = """\
calendar: office
zone: Europe/Bucharest
covers: 2026..2027
hours: { mon-fri: "09:00-17:00" }
days: { 2026-12-24: { hours: "09:00-13:00", name: Christmas Eve }, 2026-12-25: { closed: Christmas } }
"""


def test_a_month_is_drawn_with_what_differs_by_name(desk: Desk) -> None:
    desk.put("calendars/office.yaml", OFFICE)
    done = desk("calendar", "show", "office", "--month", "2026-12")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == "December 2026   office, Europe/Bucharest"
    assert "09:00-17:00  09:00-17:00  09:00-17:00  09:00-13:00  off          -            -" in done.stdout
    assert "  Thu 24  09:00-13:00, Christmas Eve\n  Fri 25  off, Christmas\n" in done.stdout
    assert done.stdout.endswith("  22 working days, 172 h open\n")


def test_a_change_of_clocks_is_told(desk: Desk) -> None:
    done = desk("calendar", "show", "round-the-clock", "--month", "2026-10")
    assert "Sun 25  the clocks go back by 1 h: the day has 25 h" in done.stdout
    assert done.stdout.endswith("  31 working days, 745 h open\n")


def test_a_year_beyond_what_is_covered_says_so(desk: Desk) -> None:
    done = desk("calendar", "show", "ro", "--year", "2031")
    assert done.exit_code == 0
    assert "January               ?     ?  not covered" in done.stdout
    assert "the calendar does not cover this" in done.stdout


def test_a_sum_is_told_with_the_days_it_is_made_of(desk: Desk) -> None:
    done = desk("calendar", "add", "ro", "2026-11-27T16:00", "8", "working", "hours")
    assert done.exit_code == 0, done.output
    assert "is over on  Wed 2026-12-02 16:00 +02:00   (ro, Europe/Bucharest)" in done.stdout
    lines = [" ".join(one.split()) for one in done.stdout.splitlines()]
    assert "Fri 2026-11-27 16:00-17:00 1 h" in lines
    assert "Tue 2026-12-01 off Ziua Națională a României" in lines
    assert lines[-1] == "Wed 2026-12-02 09:00-16:00 7 h"


def test_two_working_days_end_with_the_second(desk: Desk) -> None:
    done = desk("calendar", "add", "ro", "2026-11-27T16:00", "2 working days", "--json")
    told = json.loads(done.stdout)
    assert (told["due"], told["budget_seconds"]) == ("2026-12-03T17:00:00+02:00", 17 * 3600)


def test_how_much_lies_between(desk: Desk) -> None:
    told = json.loads(desk("calendar", "between", "ru", "2025-10-31T17:00", "2025-11-05T10:00", "--json").stdout)
    assert (told["open_seconds"], told["wall_seconds"], told["calendar"]) == (11 * 3600, 113 * 3600, "ru")
    back = desk("calendar", "between", "ru", "2025-11-05T10:00", "2025-10-31T17:00")
    assert "open time  -11 h   of -113 h" in back.stdout


def test_when_it_is_open_next(desk: Desk) -> None:
    assert "opens   Wed 2026-12-02 09:00 +02:00" in desk("calendar", "next-open", "ro", "2026-11-27T18:00").stdout
    assert "open at Fri 2026-11-27 09:00 +02:00" in desk("calendar", "next-open", "ro", "2026-11-27T09:00").stdout
    assert desk("calendar", "next-open", "24x7").exit_code == 0


def test_a_moment_may_have_an_offset_of_its_own(desk: Desk) -> None:
    told = json.loads(desk("calendar", "next-open", "ro", "2026-11-27T14:30Z", "--json").stdout)
    assert (told["at"], told["open"]) == ("2026-11-27T16:30:00+02:00", True)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["show", "offce"], 3, "did you mean `office`?"),
        (["show", "nowhere.yaml"], 3, "cannot read nowhere.yaml"),
        (["show", "office", "--month", "12/2026"], 2, "write 2026-12"),
        (["show", "office", "--month", "2026-12", "--year", "2026"], 2, "Leave one of them out"),
        (["add", "office", "yesterday", "1", "hour"], 2, "write 2026-11-27T16:00"),
        (["add", "office", "2026-11-27T16:00", "2d"], 2, "`2 working days`"),
        (["add", "office", "2027-12-31T16:00", "9 working hours"], 3, "covers 2026-01-01 to 2027-12-31"),
        (["add", "office", "0001-01-01", "100 years"], 2, "is no moment"),
        (["next-open", "office", "9999-12-31T23:59"], 2, "is no moment"),
        (["next-open", "office", "2099-12-31T23:59"], 3, "covers"),
        (["import", "XX", "2027"], 3, "knows no country `XX`"),
        (["import", "DE-QQ", "2027"], 3, "knows no part `QQ` of DE"),
        (["import", "RO", "soon"], 2, "write 2027, or 2026..2028"),
        (["import", "RO", "2027", "--language", "xx"], 3, "it has them in"),
        (["import", "RO", "2027", "--diff", "--write"], 2, "Leave one of them out"),
        (["check", "--as-of", "soon"], 2, "write 2026-10-01"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_what_cannot_be_is_told_with_what_to_do(desk: Desk, words: list[str], code: int, told: str) -> None:
    desk.put("calendars/office.yaml", OFFICE)
    done = desk("calendar", *words)
    assert done.exit_code == code, done.output
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.output


def test_check_lists_what_there_is_and_what_is_wrong(desk: Desk) -> None:
    desk.put("calendars/office.yaml", OFFICE)
    done = desk("calendar", "check", "office", "--as-of", "2027-10-01")
    assert done.exit_code == 1
    assert "office    Europe/Bucharest  2026-01-01 to 2027-12-31" in done.stdout
    assert "PF640: the calendar ends on 2027-12-31" in done.stdout
    assert desk("calendar", "check", "office", "--as-of", "2026-11-01").exit_code == 0
    desk.put("calendars/office.yaml", OFFICE.replace("09:00-17:00", "9-17"))
    assert "has errors" in desk("calendar", "check", "office").stdout


def test_what_time_brings_is_told_of_calendars_that_somebody_uses(desk: Desk) -> None:
    desk.put("calendars/office.yaml", OFFICE)
    late = ("--as-of", "2027-12-01")
    assert "PF640" not in desk("calendar", "check", "--as-of", "2026-12-01").stdout
    mine = desk("calendar", "check", *late).stdout
    assert "office.yaml" in mine
    assert "pl.yaml" not in mine
    desk.put("procedures/x.yaml", "procflow: 1\nprocedure: x\ncalendar: pl\n")
    assert "pl.yaml" in desk("calendar", "check", *late).stdout, "a procedure names it"
    assert "pl.yaml" in desk("calendar", "check", "pl", *late).stdout, "somebody asks for it"


def test_a_calendar_and_its_holidays_are_checked_as_any_other_file(desk: Desk) -> None:
    path = desk.put("calendars/office.yaml", OFFICE.replace("Europe/Bucharest", "EST"))
    done = desk("check", str(path))
    assert done.exit_code == 1
    assert "PF641" in done.stdout
    fixed = desk("check", "--fix", str(desk.put("calendars/office.yaml", OFFICE.replace("mon-fri", "Mon-Fri"))))
    assert fixed.exit_code == 0, fixed.output
    assert path.read_text("utf-8") == OFFICE


def test_holidays_are_a_proposal_until_they_are_written(desk: Desk, tmp_path: Path) -> None:
    pytest.importorskip("holidays")
    file = tmp_path / "calendars" / "holidays" / "ro.yaml"
    words = ["calendar", "import", "ro", "2026..2027", "--into", str(file)]
    proposed = desk(*words)
    assert proposed.exit_code == 1
    assert "+  Tue 2026-12-01  Ziua Națională a României" in proposed.stdout
    assert "nothing was written" in proposed.stderr
    assert not file.exists()
    assert desk(*words, "--write").exit_code == 0
    again = desk(*words, "--diff")
    assert (again.exit_code, again.stderr) == (0, "nothing differs\n")
    more = desk("calendar", "import", "RO", "2028", "--into", str(file))
    assert more.exit_code == 1
    added = [one for one in more.stdout.splitlines() if one.startswith("  +")]
    assert added
    assert all(" 2028-" in one for one in added), "other years stay as they are"
    file.write_text(file.read_text("utf-8").replace("2026-12-01", "2026-12-02"), "utf-8")
    spoiled = desk(*words)
    assert spoiled.exit_code == 3
    assert "not those that were reviewed" in spoiled.stderr


def test_every_command_has_examples_in_its_help(desk: Desk) -> None:
    for words in ([], ["show"], ["check"], ["add"], ["between"], ["next-open"], ["import"]):
        assert "Examples:" in desk("calendar", *words, "--help").stdout
