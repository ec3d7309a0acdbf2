"""A2.2 Not the loudest, not friends: who came first is served first, unless a reason is on record."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from procflow.auditor import audit
from procflow.reports.audit_text import audit_lines
from procflow.reports.paper import plain
from tests.acceptance.logs import at, audited, codes, fairness_of

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
