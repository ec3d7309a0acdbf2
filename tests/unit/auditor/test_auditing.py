"""Logs in, one report out: versions, people, moments, status histories, gaps and cut cases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.errors import EventLogError, ProcedureInvalid, ProcflowError
from procflow.model.report import AuditReport, CaseAudit

PROCEDURE = """
procflow: 1
procedure: ticket
version: "{version}"
effective: {{ from: {day} }}
roles: {{ agent: Works, lead: Decides, client: {{ title: The client, external: true }} }}
data: {{ solved: {{ type: yes-no }} }}
start: intake
steps:
  intake: {{ by: agent, actions: {{ take: working, reject: {{ to: closed, by: lead }} }} }}
  working: {{ by: agent, actions: {{ ask: waiting, solve: {{ to: resolved, when: {when} }} }} }}
  waiting: {{ waiting-for: {{ party: client }}, actions: {{ answer: working }} }}
  resolved: {{ by: lead, four-eyes: working, actions: {{ confirm: closed, reopen: working }} }}
  closed: {{ end: over }}
"""
ACTIONS = "case: case\ntime: { column: at }\naction: { column: what }\nactor: who\n"
STATUS = """
case: case
time: { column: at }
actor: who
status:
  column: status
  to: { New: intake, Active: working, Waiting: waiting, Resolved: resolved, Closed: closed }
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def version(folder: Path, number: str = "1", day: str = "2026-01-01", when: str = "1 < 2") -> Path:
    return write(folder, f"v{number}.yaml", PROCEDURE.format(version=number, day=day, when=when))


def table(folder: Path, columns: str, *rows: str) -> Path:
    return write(folder, "log.csv", "\n".join([columns, *rows]) + "\n")


def told(folder: Path, columns: str, *rows: str, mapping: str = ACTIONS, **more: object) -> AuditReport:
    procedure = version(folder)
    log = table(folder, columns, *rows)
    return audit(procedure, log, mapping=write(folder, "map.yaml", mapping), **more)  # type: ignore[arg-type]


def codes(case: CaseAudit) -> list[str]:
    return [one.code for one in case.deviations]


def test_every_case_is_judged_by_the_version_in_force_when_it_began(tmp_path: Path) -> None:
    for number, day, when in (("1", "2026-01-01", "1 < 2"), ("2", "2026-06-01", "solved")):
        version(tmp_path, number, day, when)
    rows = [
        f"{case},{day},{what},ana" for case, day in (("old", "2026-05-31"), ("new", "2026-06-01")) for what in ("take",)
    ]
    rows += ["old,2026-07-01,solve,ana", "new,2026-07-01,solve,ana", "early,2025-01-01,take,ana"]
    report = audit(
        tmp_path, table(tmp_path, "case,at,what,who", *rows), mapping=write(tmp_path.parent, "map.yaml", ACTIONS)
    )
    assert [(case.case, case.version) for case in report.cases] == [("old", "1"), ("new", "2"), ("early", "1")]
    assert [(one.version, one.cases) for one in report.versions] == [("1", 2), ("2", 1)]
    assert "DV305" not in codes(report.cases[0])
    assert report.procedure == "ticket"


def test_an_opening_column_says_when_a_case_began(tmp_path: Path) -> None:
    version(tmp_path, "1")
    version(tmp_path, "2", "2026-06-01")
    mapping = write(tmp_path.parent, "map.yaml", ACTIONS + "opened: { column: since }\n")
    log = table(
        tmp_path, "case,at,what,who,since", "1,2026-07-01,take,ana,2026-05-01", "2,2026-07-01,take,ana,2026-06-02"
    )
    assert [case.version for case in audit(tmp_path, log, mapping=mapping).cases] == ["1", "2"]


@pytest.mark.parametrize("mapping", [ACTIONS, STATUS])
def test_rules_count_from_when_a_column_says_a_case_began(tmp_path: Path, mapping: str) -> None:
    rules = """
rules:
  solved-soon: { after: case opens, there-must-be: enters resolved, within: 3 days }
"""
    procedure = write(tmp_path, "v1.yaml", PROCEDURE.format(version="1", day="2026-01-01", when="1 < 2") + rules)
    days = ("2026-07-02", "2026-07-04", "2026-07-05")
    seen = zip(days, ("take", "solve", "confirm"), ("Active", "Resolved", "Closed"), strict=True)
    rows = [(day, what, status) for day, what, status in seen]
    log = table(
        tmp_path,
        "case,at,what,status,who,since",
        *(f"late,{day},{what},{status},ana,2026-06-30" for day, what, status in rows),
        *(f"soon,{day},{what},{status},ana,2026-07-01" for day, what, status in rows),
        *(f"askew,{day},{what},{status},ana,2026-08-01" for day, what, status in rows),
    )
    opened = write(tmp_path.parent, "opened.yaml", mapping + "opened: { column: since }\n")
    told = {case.case: case for case in audit(procedure, log, mapping=opened).cases}
    assert {name: [one.kept for one in case.rules] for name, case in told.items()} == {
        "late": [0], "soon": [1], "askew": [1],
    }  # fmt: skip
    assert "DV507" in codes(told["late"])
    without = audit(procedure, log, mapping=write(tmp_path.parent, "map.yaml", mapping))
    assert all(case.rules[0].kept for case in without.cases)


def test_a_folder_holds_the_versions_of_one_procedure(tmp_path: Path) -> None:
    log = table(tmp_path, "case,at,what,who", "1,2026-07-01,take,ana")
    mapping = write(tmp_path.parent, "map.yaml", ACTIONS)
    with pytest.raises(ProcedureInvalid, match="no procedure"):
        audit(tmp_path, log, mapping=mapping)
    version(tmp_path, "1")
    write(
        tmp_path, "other.yaml", PROCEDURE.format(version="1", day="2026-01-01", when="1 < 2").replace("ticket", "other")
    )
    with pytest.raises(ProcedureInvalid, match="several procedures"):
        audit(tmp_path, log, mapping=mapping)


def test_roles_come_from_the_log_or_from_the_file_of_people_or_are_not_examined(tmp_path: Path) -> None:
    rows = ("1,2026-03-01,take,ana", "1,2026-03-02,solve,bob", "1,2026-03-03,confirm,bob")
    people = write(tmp_path, "people.yaml", "people:\n  ana: { roles: [agent] }\n  bob: { roles: [lead] }\n")
    alone = told(tmp_path, "case,at,what,who", *rows).cases[0]
    assert (codes(alone), alone.not_examined) == (["DV202"], {"people: roles": 3})
    known = told(tmp_path, "case,at,what,who", *rows, people=people).cases[0]
    assert (codes(known), known.not_examined) == (["DV201", "DV202"], {})


def test_as_of_leaves_out_what_came_later(tmp_path: Path) -> None:
    rows = ("1,2026-03-01,take,ana", "1,2026-03-02,solve,ana", "1,2026-03-03,confirm,ana", "2,2026-03-04,take,ana")
    then = told(tmp_path, "case,at,what,who", *rows, as_of=datetime(2026, 3, 2, tzinfo=UTC))
    assert [(case.case, case.configuration, case.clean) for case in then.cases] == [("1", "resolved", True)]
    assert (then.rows.read, then.rows.used, then.rows.ignored) == (4, 2, 2)
    assert then.as_of == datetime(2026, 3, 2, tzinfo=UTC)
    now = told(tmp_path, "case,at,what,who", *rows)
    assert now.as_of == datetime(2026, 3, 4, tzinfo=UTC), "the last row's time, never the machine's"
    assert codes(now.cases[0]) == ["DV202"]


def test_a_status_history_shows_what_was_skipped_and_infers_what_must_have_been_done(tmp_path: Path) -> None:
    rows = ("1,2026-03-01,New,ana", "1,2026-03-02,Active,ana", "1,2026-03-03,Active,ana", "1,2026-03-04,Closed,lea")
    report = told(tmp_path, "case,at,status,who", *rows, mapping=STATUS)
    (case,) = report.cases
    (found,) = case.deviations
    assert (found.code, found.step, found.action) == ("DV101", "working", None)
    assert found.message == "the case never stood in “resolved” before “confirm”"
    assert case.inferred == 2, "only `take` leads from intake to working, only `confirm` from resolved to closed"
    assert (report.rows.used, report.rows.repeated, report.rows.first) == (3, 1, 1)
    assert report.first_statuses == {"intake": 1}
    assert report.status_changes == {"intake -> working": 1, "working -> closed": 1}


def test_people_are_held_to_inferred_actions_only(tmp_path: Path) -> None:
    people = write(tmp_path, "people.yaml", "people:\n  ana: { roles: [agent, lead] }\n  bob: { roles: [client] }\n")
    rows = ("1,2026-03-01,New,ana", "1,2026-03-02,Active,bob", "1,2026-03-03,Resolved,ana", "1,2026-03-04,Closed,ana")
    (case,) = told(tmp_path, "case,at,status,who", *rows, mapping=STATUS, people=people).cases
    assert [(one.code, one.seq, one.action) for one in case.deviations] == [
        ("DV201", 2, "take"),
        ("DV202", 4, "confirm"),
    ]


def test_what_may_lie_in_a_gap_is_not_a_deviation(tmp_path: Path) -> None:
    mapping = STATUS + "order: n\n"
    whole = ("1,2026-03-01,New,ana,0", "1,2026-03-02,Resolved,ana,1")
    holed = ("1,2026-03-01,New,ana,0", "1,2026-03-02,Resolved,ana,3")
    (case,) = told(tmp_path, "case,at,status,who,n", *whole, mapping=mapping).cases
    assert (codes(case), [one.code for one in case.findings]) == (["DV101"], [])
    (case,) = told(tmp_path, "case,at,status,who,n", *holed, mapping=mapping).cases
    assert (codes(case), {one.code for one in case.findings}) == ([], {"DV804", "DV805"})


def test_a_case_that_began_before_the_window_is_judged_as_far_as_it_is_seen(tmp_path: Path) -> None:
    mapping = ACTIONS + "window: { from: 2026-03-01, to: 2026-03-31 }\ncases: closed\n"
    rows = ("1,2026-02-01,take,ana", "1,2026-03-02,solve,ana", "1,2026-03-03,confirm,lea", "2,2026-03-04,solve,ana")
    report = told(tmp_path, "case,at,what,who", *rows, mapping=mapping)
    cut, whole = report.cases
    assert (cut.cut, codes(cut), cut.events) == (True, [], 2)
    assert "DV809" in {one.code for one in cut.findings}
    assert (whole.cut, "DV101" in codes(whole) or "DV102" in codes(whole)) == (False, True)
    assert report.rows.ignored == 1


def test_a_column_filled_in_afterwards_is_known_only_from_its_moment(tmp_path: Path) -> None:
    procedure = write(tmp_path, "p.yaml", PROCEDURE.format(version="1", day="2026-01-01", when="not has(solved)"))
    log = table(tmp_path, "case,at,what,who,solved", "1,2026-03-01,take,ana,yes", "1,2026-03-02,solve,ana,yes")
    said = {}
    for name, more in (("at once", ""), ("later", "known-from: { solved: confirm }\n")):
        mapping = write(
            tmp_path, "map.yaml", ACTIONS + "data: { solved: { column: solved, to: { 'yes': 'true' } } }\n" + more
        )
        said[name] = codes(audit(procedure, log, mapping=mapping).cases[0])
    assert said == {"at once": ["DV104"], "later": []}


def test_a_mapping_that_does_not_fit_the_procedure_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ProcedureInvalid, match="does not fit"):
        told(tmp_path, "case,at,status,who", "1,2026-03-01,New,ana", mapping=STATUS.replace("intake", "intaek"))


def test_a_foreign_log_needs_a_mapping_and_the_error_begins_one(tmp_path: Path) -> None:
    log = table(tmp_path, "ticket,when,activity", "1,2026-03-01,take")
    with pytest.raises(EventLogError) as raised:
        audit(version(tmp_path), log)
    assert "case: ticket" in str(raised.value.hint)
    with pytest.raises(ProcflowError):
        audit(version(tmp_path), tmp_path / "nothing.csv")


def test_several_logs_are_one(tmp_path: Path) -> None:
    mapping, procedure = write(tmp_path, "map.yaml", ACTIONS), version(tmp_path)
    one = write(tmp_path, "1.csv", "case,at,what,who\n1,2026-03-01,take,ana\n")
    two = write(tmp_path, "2.csv", "case,at,what,who\n1,2026-03-02,solve,ana\n")
    for order in ([one, two], [two, one]):
        report = audit(procedure, order, mapping=mapping)
        assert [case.configuration for case in report.cases] == ["resolved"]
        assert report.logs == tuple(map(str, order))
