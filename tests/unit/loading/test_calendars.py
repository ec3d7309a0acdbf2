"""Calendar files: what they mean, and everything that is wrong with one told at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from procflow.calendars.hours import Window
from procflow.errors import CalendarError, ProcflowError, Severity
from procflow.loading.calendar_checks import horizon_findings
from procflow.loading.calendar_forms import form_meant
from procflow.loading.calendars import load_calendar, looks_like_calendar, looks_like_holidays, read_calendar
from procflow.loading.calendars_found import calendars_for
from procflow.loading.holidays import Holiday, Holidays, read_holidays
from procflow.loading.holidays_written import Change, differences, holidays_text, merged
from tests.conftest import REPOSITORY

SHIPPED = REPOSITORY / "procedures" / "calendars"
DESK = """\
calendar: desk
zone: Europe/Bucharest
covers: 2026..2027
hours: { mon-fri: ["09:00-13:00", "14:00-17:00"], sat: "22:00-06:00" }
days:
  2026-12-24: { hours: ["09:00-13:00"], name: Christmas Eve }
  2026-12-28..2027-01-03: { closed: Winter }
  2026-12-30: { like: mon, name: Stocktaking }
  2026-12-06: { like: mon }
"""


def told(text: str) -> list[str]:
    """Line and column, code, message, hint."""
    return [
        f"{one.where.line}:{one.where.column} {one.code} {one.message}" + (f" | {one.hint}" if one.hint else "")
        for one in read_calendar(text, "desk.yaml").findings
        if one.where is not None
    ]


def test_a_calendar_means_what_it_says() -> None:
    calendar = read_calendar(DESK, "desk.yaml").calendar
    assert calendar is not None
    weekday = (Window(540, 780), Window(840, 1020))
    assert calendar.windows_on(date(2026, 12, 23)) == weekday
    assert calendar.windows_on(date(2026, 12, 24)) == (Window(540, 780),)
    assert calendar.windows_on(date(2026, 12, 19)) == (Window(22 * 60, 30 * 60),)
    assert [calendar.windows_on(date(2026, 12, day)) for day in (29, 30, 31)] == [(), weekday, ()]
    assert calendar.windows_on(date(2027, 1, 1)) == ()
    assert calendar.windows_on(date(2026, 12, 6)) == weekday, "a Sunday that is worked"
    assert calendar.days[date(2026, 12, 24)].name == "Christmas Eve"
    assert (calendar.first, calendar.last) == (date(2026, 1, 1), date(2027, 12, 31))


def test_a_week_may_begin_on_saturday() -> None:
    calendar = read_calendar(DESK.replace("mon-fri", "sun-wed").replace("sat:", "thu:"), "x").calendar
    assert calendar is not None
    assert [day for day in range(7) if calendar.regimes[0].hours.get(day)] == [0, 1, 2, 3, 6]


def test_a_later_regime_wins_where_it_holds() -> None:
    text = """
calendar: desk
zone: Europe/Bucharest
covers: 2026..2026
regimes:
  - hours: { mon-fri: "09:00-17:00" }
  - { from: 2026-07-01, to: 2026-08-31, hours: { mon-thu: "08:00-14:00" } }
"""
    calendar = read_calendar(text, "x").calendar
    assert calendar is not None
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 28), date(2026, 9, 1)]
    assert [calendar.windows_on(day) for day in days] == [
        (Window(540, 1020),),
        (Window(480, 840),),
        (),
        (Window(540, 1020),),
    ]


def test_everything_wrong_is_told_at_once_with_what_to_write() -> None:
    text = """\
calendar: Desk
zone: GMT+2
covers: 2028..2026
hours:
  Monday-Friday: "09:00-17:00"
  sat: 9-13
  sun: "25:00-26:00"
days:
  2026-02-30: closed
  2026-12-24: off
  24.12.2026: closed
aproved-by: { person: m.pop, date: 2026-11-01 }
"""
    assert told(text) == [
        "1:11 PF106 `calendar` must be small letters and digits joined by hyphens, as in ro-desk",
        "2:7 PF641 `GMT+2` is an offset, not a time zone: it does not know when the clocks change | name a place, as in "
        "Europe/Bucharest; `UTC` for the time of the world",
        "3:9 PF647 `covers` ends before it begins | write the earlier one first",
        "5:3 PF106 the name `Monday-Friday` must be a day as in mon, or days as in mon-fri or sat-wed | write `mon-fri`",
        '6:8 PF106 `sat` must be hours with minutes, as in "09:00-17:00" or "22:00-06:00" | write `"09:00-13:00"`',
        '7:8 PF106 `sun` must be hours with minutes, as in "09:00-17:00" or "22:00-06:00"'
        ' | a day ends at 24:00; hours that end after midnight are written "22:00-06:00"',
        "9:3 PF106 `2026-02-30` is not a day of the calendar | write it as 2026-11-01",
        "10:15 PF105 `2026-12-24` is `off` | write `closed`",
        "11:3 PF106 the name `24.12.2026` must be a day as in 2026-12-24, or days as in 2026-12-28..2027-01-03 | write "
        "`2026-12-24`",
        "12:1 PF102 `aproved-by` is not known here | did you mean `approved-by`?",
    ]


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ('"+02:00"', "name a place"),
        ("UTC+2", "name a place"),
        ("Etc/GMT-2", "name a place"),
        ("EST", "name a place"),
        ("CET", "name a place"),
        ("Z", "name a place"),
        ("europe/bucharest", "did you mean `Europe/Bucharest`?"),
        ("Bucharest", "did you mean `Europe/Bucharest`?"),
        ("Europe/Bucuresti", "did you mean `Europe/Bucharest`?"),
        ("../../../etc/passwd", "name a place"),
        ("Europe", "name a place"),
    ],
)
def test_a_zone_is_the_name_of_a_place(zone: str, hint: str) -> None:
    found = read_calendar(DESK.replace("Europe/Bucharest", zone), "x").findings
    assert [one.code for one in found] == ["PF641"]
    assert hint in (found[0].hint or "")


@pytest.mark.parametrize(
    ("text", "form", "meant"),
    [
        ("9-17", "hours", '"09:00-17:00"'),
        ("9:00 - 17:30", "hours", '"09:00-17:30"'),
        ("09.00–17.00", "hours", '"09:00-17:00"'),
        ("9h-17h30", "hours", '"09:00-17:30"'),
        ("9 to 17", "hours", '"09:00-17:00"'),
        ("9-25", "hours", None),
        ("9am-5pm", "hours", None),
        ("Monday", "a day as in mon", "mon"),
        ("Mon – Fri", "a day as in mon", "mon-fri"),
        ("saturday to wed", "a day as in mon", "sat-wed"),
        ("weekdays", "a day as in mon", None),
        ("24.12.2026", "a day as in 2026", "2026-12-24"),
        ("2026/12/4", "a day as in 2026", "2026-12-04"),
        ("2026-12-28 - 2027-01-03", "a day as in 2026", "2026-12-28..2027-01-03"),
        ("28.12.2026...3.1.2027", "a day as in 2026", "2026-12-28..2027-01-03"),
        ("12/24/2026", "a day as in 2026", None),
        ("Christmas", "a day as in 2026", None),
        ("anything", "small letters", None),
    ],
)
def test_other_forms_are_answered_with_what_to_write(text: str, form: str, meant: str | None) -> None:
    assert form_meant(text, form) == meant


def test_what_is_missing_is_told_with_what_to_write() -> None:
    assert told("calendar: desk\nzone: UTC\n") == [
        "1:1 PF101 the file has no `covers` | write covers: 2026..2027, the years you have hours and holidays for; or "
        "always: true for 24x7",
        '1:1 PF101 the file has no `hours` | write hours: { mon-fri: "09:00-17:00" }, or always: true for 24x7',
    ]


def test_always_goes_with_nothing_else() -> None:
    codes = [one.code for one in read_calendar(DESK + "always: true\n", "x").findings]
    assert codes == ["PF110", "PF110", "PF110"]
    always = read_calendar("calendar: desk\nzone: Europe/Bucharest\nalways: true\n", "x").calendar
    assert always is not None
    assert always.always


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2027, 9, 30), []), (date(2027, 10, 1), ["PF640"]), (date(2028, 1, 1), ["PF640"])],
)
def test_an_end_that_is_near_is_told_from_october_on(day: date, expected: list[str]) -> None:
    assert [one.code for one in horizon_findings(read_calendar(DESK, "x"), day)] == expected


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_calendars_have_no_faults(path: Path) -> None:
    loaded = read_calendar(path.read_bytes(), str(path))
    assert loaded.findings == ()
    assert loaded.calendar is not None
    assert loaded.calendar.id == path.stem
    assert loaded.calendar.always or loaded.calendar.windows_on(date(2026, 12, 21)) != ()


def test_golden_vectors_hold_on_the_shipped_calendars() -> None:
    days = {
        "ro": {date(2026, 11, 30): 0, date(2026, 12, 1): 0, date(2026, 1, 6): 0},
        "pl": {date(2026, 12, 24): 0, date(2025, 12, 24): 0},
        "ru": {date(2025, 11, 1): 1, date(2025, 11, 3): 0},
        "ir": {date(2026, 11, 20): 0, date(2026, 11, 21): 1},
    }
    for id, wanted in days.items():
        calendar = load_calendar(SHIPPED / f"{id}.yaml")
        assert {day: len(calendar.windows_on(day)) for day in wanted} == wanted


# --- holidays ------------------------------------------------------------------------------------------------------


def shipped_holidays(id: str) -> Holidays:
    loaded = read_holidays((SHIPPED / "holidays" / f"{id}.yaml").read_bytes(), f"{id}.yaml")
    assert loaded.holidays is not None, loaded.findings
    return loaded.holidays


@pytest.mark.parametrize("id", ["ro", "ru", "ir", "pl"])
def test_holidays_are_written_as_they_are_read(id: str) -> None:
    text = (SHIPPED / "holidays" / f"{id}.yaml").read_text("utf-8")
    assert holidays_text(shipped_holidays(id)) == text


def test_whoever_changes_reviewed_holidays_is_found_out() -> None:
    text = (SHIPPED / "holidays" / "ro.yaml").read_text("utf-8").replace("2026-12-01", "2026-12-02")
    found = read_holidays(text, "ro.yaml").findings
    assert [one.code for one in found] == ["PF648"]
    assert "not those that were reviewed" in found[0].message


def test_an_import_keeps_other_years_and_tells_what_changes() -> None:
    old = shipped_holidays("ro")
    moved = {day: one for day, one in old.days.items() if day.year == 2027 and day != date(2027, 12, 1)}
    renamed = {**moved, date(2027, 1, 1): replace(old.days[date(2027, 1, 1)], name="Anul nou")}
    later = replace(
        old, first=date(2027, 1, 1), last=date(2028, 12, 31), days={**renamed, date(2028, 1, 1): Holiday(name="x")}
    )
    new = merged(old, later)
    assert (new.first, new.last) == (date(2025, 1, 1), date(2028, 12, 31))
    assert [(one.day.isoformat(), one.change) for one in differences(old, new)] == [
        ("2027-01-01", Change.RENAMED),
        ("2027-12-01", Change.REMOVED),
        ("2028-01-01", Change.ADDED),
    ]
    assert {one.change for one in differences(None, old)} == {Change.ADDED}
    with pytest.raises(ProcflowError, match="holds the holidays"):
        merged(old, shipped_holidays("pl"))
    with pytest.raises(ProcflowError, match="years are missing"):
        merged(old, replace(later, first=date(2030, 1, 1), last=date(2030, 12, 31)))


def test_days_named_by_the_house_win_over_holidays(tmp_path: Path) -> None:
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "ro.yaml").write_bytes((SHIPPED / "holidays" / "ro.yaml").read_bytes())
    path = tmp_path / "desk.yaml"
    path.write_text(
        "calendar: desk\nzone: Europe/Bucharest\ncovers: 2026..2027\nholidays: holidays/ro.yaml\n"
        'hours: { mon-fri: "09:00-17:00" }\ndays: { 2026-11-30: { like: mon, name: We work } }\n',
        "utf-8",
    )
    calendar = load_calendar(path)
    assert calendar.windows_on(date(2026, 11, 30)) == (Window(540, 1020),)
    assert calendar.windows_on(date(2026, 12, 1)) == ()
    assert calendar.days[date(2026, 12, 1)].source == "holidays 0.109 RO"


def test_a_kind_of_file_is_told_by_what_it_holds() -> None:
    assert looks_like_calendar(DESK)
    assert not looks_like_calendar("procflow: 1\nprocedure: complaint\ncalendar: desk\n")
    assert looks_like_holidays("holidays: ro\ndays: {}\n")
    assert not looks_like_holidays("calendar: desk\nholidays: [holidays/ro.yaml]\n")


# --- which calendars a procedure means -------------------------------------------------------------------------------


def desk_at(folder: Path, hours: str, id: str = "desk") -> None:
    (folder / "calendars").mkdir(parents=True)
    text = f'calendar: {id}\nzone: Europe/Bucharest\ncovers: 2026..2027\nhours: {{ mon-fri: "{hours}" }}\n'
    (folder / "calendars" / "desk.yaml").write_text(text, "utf-8")


def test_the_nearest_calendar_of_a_name_counts(tmp_path: Path) -> None:
    desk_at(tmp_path, "08:00-12:00")
    desk_at(tmp_path / "procedures" / "care", "09:00-17:00")
    near, far = tmp_path / "procedures" / "care" / "x.yaml", tmp_path / "procedures" / "x.yaml"
    assert calendars_for(near, tmp_path, only=["desk"])["desk"].windows_on(date(2026, 11, 27)) == (Window(540, 1020),)
    assert calendars_for(far, tmp_path, only=["desk"])["desk"].windows_on(date(2026, 11, 27)) == (Window(480, 720),)
    assert calendars_for(far, only=["desk"])["desk"].windows_on(date(2026, 11, 27)) == (Window(480, 720),)
    assert set(calendars_for(far).calendars) == {"24x7", "desk", "ro", "ru", "ir", "pl", "office", "round-the-clock"}
    assert set(calendars_for(far, only=["ro", "24x7"]).calendars) == {"24x7", "ro"}


def test_a_calendar_that_is_nowhere_or_called_otherwise_is_told(tmp_path: Path) -> None:
    desk_at(tmp_path, "08:00-12:00", id="office")
    with pytest.raises(CalendarError, match="there is no calendar `offce`") as nowhere:
        calendars_for(tmp_path / "x.yaml", only=["offce"])
    assert nowhere.value.code == "PF204"
    with pytest.raises(CalendarError, match="holds the calendar `office`"):
        calendars_for(tmp_path / "x.yaml", only=["desk"])


def test_a_faulty_calendar_that_nobody_names_concerns_nobody(tmp_path: Path) -> None:
    desk_at(tmp_path, "nonsense")
    assert "ro" in calendars_for(tmp_path / "x.yaml", only=["ro"])
    with pytest.raises(CalendarError, match=r"desk\.yaml:4:"):
        calendars_for(tmp_path / "x.yaml")


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        DESK.replace("2026..2027", "0001..9999"),
        DESK.replace("2026..2027", "{ from: 1900-01-01, to: 2200-12-31 }"),
        DESK + "".join(f"  {2000 + at // 300}-{at % 12 + 1:02}-{at % 28 + 1:02}: closed\n" for at in range(9_000)),
        DESK + "  2026-01-01..2027-12-31: closed\n",
        DESK.replace("desk\n", "desk\nholidays: [../../../etc/passwd.yaml]\n"),
        DESK.replace("desk\n", "desk\nholidays: [/etc/passwd.yaml]\n"),
    ],
    ids=range(6),
)
def test_a_hostile_file_is_refused(text: str) -> None:
    loaded = read_calendar(text, "x")
    assert loaded.calendar is None
    assert any(one.severity is Severity.ERROR for one in loaded.findings)


# --- what people write elsewhere --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pon-pt", "mon-fri"),
        ("Poniedziałek - Piątek", "mon-fri"),
        ("luni-vineri", "mon-fri"),
        ("sâmbătă", "sat"),
        ("пн-пт", "mon-fri"),
        ("воскресенье", "sun"),
        ("شنبه-چهارشنبه", "sat-wed"),
        ("سه\u200cشنبه", "tue"),
        ("Mo-Fr", "mon-fri"),
        ("Tue. to Thu.", "tue-thu"),
        ("xyz", None),
    ],
)
def test_days_of_the_week_in_other_languages(written: str, meant: str | None) -> None:
    assert form_meant(written, "a day as in mon, or days as in mon-fri or sat-wed") == meant


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("Europe/Krakow", "did you mean `Europe/Warsaw`?"),
        ("Europe/Cluj-Napoca", "did you mean `Europe/Bucharest`?"),
        ("Europe/Bukarest", "did you mean `Europe/Bucharest`?"),
        ("asia/mashhad", "did you mean `Asia/Tehran`?"),
        ("Teheran", "did you mean `Asia/Tehran`?"),
        ("Europe/Koszalin", "name a place by continent and greatest city, as in Europe/Bucharest"),
    ],
)
def test_a_city_without_a_zone_is_not_taken_for_one_in_another_country(zone: str, hint: str) -> None:
    (found,) = read_calendar(DESK.replace("Europe/Bucharest", zone), "x").findings
    assert (found.code, found.hint) == ("PF641", hint)


@pytest.mark.parametrize(
    ("old", "new", "hint", "fixed"),
    [
        ("2026..2027", "2026", "write `2026..2026`", "2026..2026"),
        ('sat: "22:00-06:00"', "sun: 9:00", 'say until when, too, in quotes: "09:00-17:00"', None),
        ("14:00-17:00", "14:00-25:00", "a day ends at 24:00; hours that end after midnight", None),
    ],
)
def test_help_for_years_and_hours(old: str, new: str, hint: str, fixed: str | None) -> None:
    text = DESK.replace(old, new)
    found = next(one for one in read_calendar(text, "x").findings if one.severity is Severity.ERROR)
    assert (found.hint or "").startswith(hint)
    assert [one.text for one in found.edits] == ([] if fixed is None else [fixed])
    if fixed is not None:
        assert not any(
            one.severity is Severity.ERROR
            for one in read_calendar(text.replace("covers: 2026", "covers: 2026..2026"), "x").findings
        )
