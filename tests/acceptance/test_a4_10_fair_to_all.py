"""A4.10 Fair to all players: work is spread, and those who are alike wait alike."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from procflow.reports.audit_text import audit_lines
from procflow.reports.paper import plain
from tests.acceptance.logs import at, audited, codes, fairness_of, kept

DESK = """procflow: 1
procedure: desk
version: "1"
roles: { desk: Takes in, agent: Works }
data: { priority: { type: choice, of: [high, low] }, assignee: person }
start: intake
steps:
  intake: { by: desk, collect: [priority], optional: [assignee], actions: { accept: work } }
  work: { by: agent, actions: { look: same, finish: closed } }
  closed: { end: done }
"""
LOADED = f"{DESK}fairness: {{ workload: {{ times: 3, at-least: 3 }} }}\n"
SPREAD = f"{DESK}fairness: {{ wait-spread: {{ in: work, alike: priority, times: 4, at-least: 10 }} }}\n"
COLUMNS = "case,at,action,who,priority,assignee"


def open_cases(**people: int) -> list[str]:
    """Return so many open cases of each."""
    return [
        row
        for who, count in people.items()
        for number in range(count)
        for row in (
            f"{who}{number},{at(number)},accept,dana,high,{who}",
            f"{who}{number},{at(100 + number)},look,{who},,",
        )
    ]


@pytest.mark.parametrize("whose", ["", ", whose: assignee"])
def test_fourteen_open_against_a_median_of_four(tmp_path: Path, whose: str) -> None:
    loaded = LOADED.replace("at-least: 3 }", f"at-least: 3{whose} }}")
    report = audited(tmp_path, loaded, COLUMNS, open_cases(ana=14, ion=4, zoe=4))
    (skew,) = fairness_of(report).deviations
    assert (skew.code, skew.values["person"], skew.values["open"], skew.values["median"]) == ("DV612", "ana", "14", "4")
    assert skew.actor is None, "nobody is blamed"


def test_twelve_against_four_is_not_more_than_three_times(tmp_path: Path) -> None:
    assert codes(audited(tmp_path, LOADED, COLUMNS, open_cases(ana=12, ion=4, zoe=4))) == []


def test_of_two_people_nothing_is_said(tmp_path: Path) -> None:
    report = audited(tmp_path, LOADED, COLUMNS, open_cases(ana=14, ion=1))
    assert codes(report) == []
    assert "2 people with open cases: not enough data." in plain(audit_lines(report))


def test_what_is_closed_is_no_load(tmp_path: Path) -> None:
    rows = open_cases(ana=14, ion=4, zoe=4)
    done = [f"ana{number},{at(300 + number)},finish,ana,," for number in range(10)]
    assert codes(audited(tmp_path, LOADED, COLUMNS, [*rows, *done])) == []


def waits(priority: str, *minutes: int) -> list[str]:
    """Return cases of one priority that waited so long."""
    return [
        row
        for number, long in enumerate(minutes)
        for row in (
            f"{priority}{number},{at(0)},accept,dana,{priority},",
            f"{priority}{number},{at(long)},finish,ion,,",
        )
    ]


def test_the_long_waits_are_more_than_four_times_the_median(tmp_path: Path) -> None:
    rows = [*waits("high", *[30] * 8, 150, 150), *waits("low", *[150] * 10)]
    report = audited(tmp_path, SPREAD, COLUMNS, rows)
    (spread,) = fairness_of(report).deviations
    assert (spread.code, spread.step, spread.values["alike"]) == ("DV615", "work", "priority high")
    assert (spread.values["p50"], spread.values["p90"], spread.values["times"]) == ("30 min", "2 h 30 min", "5.0")
    high, low = fairness_of(report).waits
    assert (high.p90, low.p90) == (timedelta(minutes=150), timedelta(minutes=150)), "low waits alike, and is not told"


def test_four_times_is_not_more_and_of_nine_nothing_is_said(tmp_path: Path) -> None:
    assert codes(audited(tmp_path, SPREAD, COLUMNS, waits("high", *[30] * 8, 120, 120))) == []
    report = audited(tmp_path, SPREAD, COLUMNS, waits("high", *[30] * 7, 300, 300))
    assert codes(report) == []
    assert not fairness_of(report).waits[0].told


OFFICE = """calendar: office
title: Office hours
zone: UTC
covers: { from: 2026-03-01, to: 2026-03-06 }
hours: { mon-fri: ["09:00-11:00"] }
"""


def test_who_works_after_hours_is_shown_and_nobody_is_blamed(tmp_path: Path) -> None:
    kept(tmp_path, OFFICE)
    desk = LOADED.replace("start:", "calendar: office\nstart:")
    rows = [
        *open_cases(ana=2, ion=1, zoe=1),  # from nine o'clock on, and from 10:40 on
        f"ana0,{at(120)},look,ana,,",
        f"ana1,{at(121)},look,ana,,",
        f"zoe0,{at(10, day=5)},look,zoe,,",
        f"zoe0,{at(10, day=7)},look,zoe,,",
    ]
    report = audited(tmp_path, desk, COLUMNS, rows)
    hours = fairness_of(report).after_hours
    assert hours is not None
    assert (hours.calendar, {who: tuple(acts) for who, acts in hours.by_person.items()}) == (
        "office",
        {"ana": (2, 4), "dana": (0, 4), "ion": (0, 1), "zoe": (0, 2)},
    )
    assert codes(report) == []
    assert fairness_of(report).not_examined["after hours: the calendar does not reach so far"] == 1
    told = " ".join(plain(audit_lines(report)).split())
    assert "Work outside the hours of office 2 of 11 acts of 4 people (18%); nobody is blamed for it." in told
    assert fairness_of(audited(tmp_path, LOADED, COLUMNS, rows)).after_hours is None, "there is no calendar"


def test_a_client_may_write_at_night(tmp_path: Path) -> None:
    kept(tmp_path, OFFICE)
    desk = LOADED.replace("start:", "calendar: office\nstart:").replace(
        "Works }", "Works, client: { title: Asks, external: true } }"
    )
    desk = desk.replace("start:", "anytime: { write: { to: same, by: client } }\nstart:")
    rows = [*open_cases(ana=1), f"ana0,{at(600)},write,someone,,"]
    hours = fairness_of(audited(tmp_path, desk, COLUMNS, rows)).after_hours
    assert hours is not None
    assert sorted(hours.by_person) == ["ana", "dana"]
