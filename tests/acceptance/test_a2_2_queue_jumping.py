"""A2.2 Not the loudest, not friends: who came first is served first, unless a reason is on record."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.errors import Finding, Severity
from procflow.loading.procedure import read_procedure
from procflow.model.report import AuditReport
from procflow.reports.audit_text import audit_lines
from procflow.reports.paper import plain
from tests.acceptance.logs import at, audited, codes, fairness_of, kept

REPAIR = """procflow: 1
procedure: repair
version: "1"
roles:
  desk: Takes things in
  technician: Repairs them
  lead: Decides what comes first
  client: { title: Whose they are, external: true }
data: { priority: { type: choice, of: [high, low] }, vip: yes-no }
start: intake
steps:
  intake: { by: desk, collect: [priority], optional: [vip], actions: { accept: repair } }
  repair: { by: technician, actions: { look: same, finish: closed } }
  closed: { end: done }
anytime:
  expedite: { to: same, by: lead, reason: required }
  chase: { to: same, by: any, on-behalf-of: client }
  withdraw: { to: closed, by: client }
  change: { to: same, by: desk, optional: [priority] }
fairness:
  first-come: { in: repair, alike: priority, expedited: expedite }
"""
COLUMNS = "case,at,action,who,client,priority,reason"


def queue(order: list[int], clients: dict[int, str] | None = None, low: tuple[int, ...] = ()) -> list[str]:
    """Return ten cases, accepted one a minute and then repaired in this order, one an hour."""
    clients = clients or {}
    rows = []
    for number in range(1, 11):
        client = clients.get(number, f"c{number}")
        rows.append(f"{number},{at(number)},accept,dana,{client},{'low' if number in low else 'high'},")
    for place, number in enumerate(order):
        rows.append(f"{number},{at(60 + 60 * place)},look,ion,{clients.get(number, f'c{number}')},,")
        rows.append(f"{number},{at(90 + 60 * place)},finish,ion,{clients.get(number, f'c{number}')},,")
    return rows


def words(report: AuditReport) -> str:
    return " ".join(plain(audit_lines(report)).split())


def load_text(text: str) -> tuple[Finding, ...]:
    return read_procedure(text, "procedure.yaml").findings


def test_number_seven_before_three_to_six_is_one_finding_with_four_overtaken(tmp_path: Path) -> None:
    report = audited(tmp_path, REPAIR, COLUMNS, queue([1, 2, 7, 3, 4, 5, 6, 8, 9, 10]))
    (jump,) = fairness_of(report).deviations
    assert (jump.code, jump.case, jump.step, jump.actor, jump.seq) == ("DV609", "7", "repair", "ion", 2)
    assert (jump.values["overtaken"], jump.values["cases"]) == ("4", "3, 4, 5, 6")
    (found,) = fairness_of(report).jumps
    assert (found.count, found.requester, found.slipped) == (4, "c7", 4 * timedelta(minutes=30))
    assert all(case.clean for case in report.cases), "told over all cases, and not of one of them besides"


def test_the_same_two_doing_so_twice_are_named(tmp_path: Path) -> None:
    rows = queue([1, 2, 7, 3, 9, 4, 5, 6, 8, 10], {7: "friend", 9: "friend"})
    report = audited(tmp_path, REPAIR, COLUMNS, rows)
    assert [(one.case, one.values["overtaken"]) for one in fairness_of(report).deviations] == [("7", "4"), ("9", "4")]
    assert [one.values["times by the same two"] for one in fairness_of(report).deviations] == ["2", "2"]
    (pair,) = fairness_of(report).pairs
    assert (pair.agent, pair.requester, pair.jumps, pair.overtaken) == ("ion", "friend", 2, 8)
    assert "ion took cases of friend first 2 times, past 8 others" in plain(audit_lines(report))


def test_what_was_expedited_with_a_reason_is_an_exception(tmp_path: Path) -> None:
    order = [1, 2, 7, 3, 4, 5, 6, 8, 9, 10]
    expedited = f"7,{at(100)},expedite,lea,c7,,Boiler of a hospital"
    report = audited(tmp_path, REPAIR, COLUMNS, [*queue(order), expedited])
    assert codes(report) == []
    (jump,) = fairness_of(report).jumps
    assert jump.expedite is not None
    assert (jump.expedite.by, jump.expedite.reason, jump.count) == ("lea", "Boiler of a hospital", 4)
    assert "exception: 7 in repair, past 4 others, let by lea: Boiler of a hospital" in plain(audit_lines(report))
    silent = audited(tmp_path, REPAIR, COLUMNS, [*queue(order), expedited.removesuffix("Boiler of a hospital")])
    assert codes(silent) == ["DV609"], "without the reason that the action demands it is none"
    late = audited(tmp_path, REPAIR, COLUMNS, [*queue(order), expedited.replace(at(100), at(200))])
    assert codes(late) == ["DV609"], "it must be there before the case is taken"


def test_a_field_may_say_so_too(tmp_path: Path) -> None:
    repair = REPAIR.replace("expedited: expedite", "expedited: vip")
    rows = [f"{row},{'true' if row.startswith('7,') else ''}" for row in queue([1, 2, 7, 3, 4, 5, 6, 8, 9, 10])]
    assert codes(audited(tmp_path, repair, f"{COLUMNS},vip", rows)) == []


def test_only_cases_that_are_alike_stand_in_one_queue(tmp_path: Path) -> None:
    report = audited(tmp_path, REPAIR, COLUMNS, queue([1, 2, 7, 3, 4, 5, 6, 8, 9, 10], low=(3, 4, 5, 6)))
    assert codes(report) == []
    raised = f"3,{at(20)},change,dana,c3,high,"
    report = audited(tmp_path, REPAIR, COLUMNS, [*queue([1, 2, 7, 3, 4, 5, 6, 8, 9, 10], low=(3, 4, 5, 6)), raised])
    assert [one.values["cases"] for one in fairness_of(report).deviations] == ["3"], "it has come to the other queue"


OFFICE = """calendar: office
title: Office hours
zone: UTC
covers: 2026..2026
hours: { mon-fri: ["09:00-17:00"] }
"""


@pytest.mark.parametrize(
    ("lead", "told"),
    [
        ("1 minute", ["3, 4, 5"]),
        ("2 minutes", ["3, 4"]),
        ("3 minutes", ["3"]),
        ("4 minutes", []),
        ("3 working minutes", ["3"]),
        ("1 working day", []),
    ],
)
def test_who_came_a_little_earlier_is_not_overtaken(tmp_path: Path, lead: str, told: list[str]) -> None:
    repair = REPAIR.replace("in: repair,", f"in: repair, by-more-than: {lead},")
    if "working" in lead:
        kept(tmp_path, OFFICE)
        repair = repair.replace("start:", "calendar: office\nstart:")
    report = audited(tmp_path, repair, COLUMNS, queue([1, 2, 7, 3, 4, 5, 6, 8, 9, 10]))
    assert [one.values["cases"] for one in fairness_of(report).deviations] == told
    assert [one.values["by more than"] for one in fairness_of(report).deviations] == [lead for _ in told]


def test_working_time_without_a_calendar_is_told() -> None:
    found = load_text(REPAIR.replace("in: repair,", "in: repair, by-more-than: 2 working hours,"))
    assert [one.code for one in found if one.severity is Severity.ERROR] == ["PF407"]
    found = load_text(REPAIR.replace("in: repair,", "in: repair, by-more-than: soon,"))
    assert [one.code for one in found if one.severity is Severity.ERROR] == ["PF106"]


def test_who_was_overtaken_most_often_is_shown_besides(tmp_path: Path) -> None:
    report = audited(tmp_path, REPAIR, COLUMNS, queue([2, 3, 1, 5, 4, 6, 7, 8, 9, 10]))
    behind = fairness_of(report).overtaken
    assert [(one.case, one.count, one.still) for one in behind] == [("1", 2, False), ("4", 1, False)]
    assert behind[0].waited == timedelta(minutes=60 + 2 * 60 - 1)
    assert "most often overtaken: case 1 in repair, by 2 others; it waited 2 h 59 min" in words(report)


def waived(expires: int, by: str = "lea", person: str = "ion") -> str:
    said = json.dumps({"code": "DV609", "person": person, "until": at(expires)}).replace('"', '""')
    return f'7,{at(50)},,{by},c7,,A hospital waits,"{said}"'


@pytest.mark.parametrize(
    ("row", "told", "excused", "used", "expired"),
    [
        (waived(600), [], ["DV609"], 1, 0),
        (waived(100), ["DV609", "DV703"], [], 0, 1),
        (waived(600, by="ion"), ["DV609"], [], 0, 0),
        (waived(600, person="eva"), ["DV609"], [], 0, 0),
    ],
    ids=["holds", "expired", "by-who-needs-it", "of-another"],
)
def test_a_waiver_excuses_as_it_does_elsewhere(
    tmp_path: Path, row: str, told: list[str], excused: list[str], used: int, expired: int
) -> None:
    repair = REPAIR.replace("fairness:", "overrides: { by: lead, reason: required }\nfairness:")
    rows = [f"{one}," for one in queue([1, 2, 7, 3, 9, 4, 5, 6, 8, 10], {7: "friend", 9: "friend"})]
    report = fairness_of(audited(tmp_path, repair, f"{COLUMNS},waiver", [*rows, row]))
    of_seven = [one for one in report.deviations if one.case == "7"]
    assert [one.code for one in of_seven if one.unexcused] == told
    assert [one.code for one in of_seven if not one.unexcused] == excused
    assert [(one.used, one.expired_used) for one in report.exceptions] == [(used, expired)]
    assert bool(report.pairs) is not bool(excused), "what is excused is not held against the two"
    assert [one.waiver is not None for one in report.jumps if one.case == "7"] == [bool(excused)]


def test_what_was_withdrawn_or_came_at_the_same_moment_is_not_overtaken(tmp_path: Path) -> None:
    rows = [
        f"1,{at(0)},accept,dana,a,high,",
        f"2,{at(1)},accept,dana,b,high,",
        f"3,{at(2)},accept,dana,c,high,",
        f"4,{at(2)},accept,dana,d,high,",
        f"1,{at(5)},withdraw,a,a,,",
        f"2,{at(60)},look,ion,b,,",
        f"4,{at(70)},look,ion,d,,",
        f"3,{at(80)},look,ion,c,,",
    ]
    assert codes(audited(tmp_path, REPAIR, COLUMNS, rows)) == []


def test_what_still_waits_is_overtaken_as_well(tmp_path: Path) -> None:
    rows = [f"1,{at(0)},accept,dana,a,high,", f"2,{at(1)},accept,dana,b,high,", f"2,{at(9)},look,ion,b,,"]
    (jump,) = fairness_of(audited(tmp_path, REPAIR, COLUMNS, rows)).deviations
    assert (jump.case, jump.values["cases"]) == ("2", "1")


def test_how_often_the_client_asked_stands_beside_how_long_it_waited(tmp_path: Path) -> None:
    rows = [*queue([2, *(one for one in range(1, 11) if one != 2)]), f"2,{at(30)},chase,dana,c2,,"]
    contacts = fairness_of(audited(tmp_path, REPAIR, COLUMNS, rows)).contacts
    assert [(one.contacts, one.waits) for one in contacts] == [(0, 9), (1, 1)]
    assert contacts[1].median < contacts[0].median, "who shouts is heard"


def test_the_first_row_of_a_status_history_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "procedure.yaml").write_text(
        """procflow: 1
procedure: tickets
version: "1"
roles: { desk: Works }
start: new
steps:
  new: { by: desk, actions: { take: active } }
  active: { by: desk, actions: { finish: closed } }
  closed: { end: done }
fairness: { first-come: { in: new } }
""",
        encoding="utf-8",
    )
    (tmp_path / "map.yaml").write_text(
        "case: case\ntime: at\nactor: who\nopened: { column: opened }\n"
        "status: { column: status, to: { new: new, active: active } }\n",
        encoding="utf-8",
    )
    rows = ["case,at,status,who,opened", f"1,{at(20)},new,ana,{at(0)}", f"2,{at(10)},new,ana,{at(5)}"]
    rows += [f"1,{at(30)},active,ion,{at(0)}", f"2,{at(40)},active,ion,{at(5)}"]
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    report = audit(tmp_path / "procedure.yaml", tmp_path / "log.csv", mapping=tmp_path / "map.yaml")
    assert codes(report) == []
    rows[3:] = [f"1,{at(40)},active,ion,{at(0)}", f"2,{at(30)},active,ion,{at(5)}"]
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    report = audit(tmp_path / "procedure.yaml", tmp_path / "log.csv", mapping=tmp_path / "map.yaml")
    assert [(one.case, one.values["cases"]) for one in fairness_of(report).deviations] == [("2", "1")]
    assert [one.slipped for one in fairness_of(report).jumps] == [None], "nothing says how long it was worked on"
    assert "how much others slipped meanwhile is not known" in words(report)


def test_what_the_log_says_is_closed_waits_no_longer(tmp_path: Path) -> None:
    (tmp_path / "procedure.yaml").write_text(
        """procflow: 1
procedure: tickets
version: "1"
roles: { desk: Works }
start: new
steps:
  new: { by: desk, actions: { take: active } }
  active: { by: desk, actions: { solve: solved } }
  solved: { by: desk, actions: { close: closed } }
  closed: { end: done }
fairness: { first-come: { in: new } }
""",
        encoding="utf-8",
    )
    (tmp_path / "map.yaml").write_text(
        "case: case\ntime: at\nstatus: { column: status, to: { new: new, active: active, solved: solved, closed: closed } }\n"
        "actor: who\ncases: closed\n",
        encoding="utf-8",
    )
    rows = ["case,at,status,who", f"1,{at(0)},new,ana", f"1,{at(10)},closed,ana"]
    for number in range(2, 6):
        passed = ("new", "active", "solved", "closed")
        rows += [f"{number},{at(10 * number + place)},{name},ana" for place, name in enumerate(passed)]
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    report = audit(tmp_path / "procedure.yaml", tmp_path / "log.csv", mapping=tmp_path / "map.yaml")
    assert report.cases[0].outcome is None, "no way leads from new to closed"
    assert codes(report) == []
