"""Law 8: empty is never compliant, and what a log cannot witness is not examined: neither a deviation nor clean."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procflow.auditor import audit
from procflow.cli import main
from procflow.errors import EventLogError
from procflow.model.report import AuditReport
from procflow.stores.memory import MemoryStore
from tests.property.strategies_cases import Desk, exported, random_day, random_text

PROCEDURE = """
procflow: 1
procedure: parcel
version: "1"
roles: { clerk: Packs, chief: Decides }
data: { weight: { type: number }, colour: { type: text }, rival: { type: person } }
start: pack
steps:
  pack:
    by: clerk
    collect: [weight]
    actions:
      wrap: { to: check, evidence: [photo], collect: [colour] }
      drop: { to: lost, reason: required }
  check: { by: chief, four-eyes: pack, not-by: rival, actions: { send: gone } }
  gone: { end: sent }
  lost: { end: lost }
"""
MAPPING = """
case: case
time: { column: at }
action: { column: action, to: { Wrap: wrap, Send: send, Drop: drop }, ignore: { Noise: not work } }
actor: who
role: role
reason: why
data: { weight: weight, colour: colour, rival: rival }
evidence: { photo: photo }
cases: closed
"""
COLUMNS = "case,at,action,who,role,why,weight,colour,rival,photo\n"
NOTHING_TO_JUDGE = {
    "a log without rows": ("", ""),
    "rows that cannot be read": ("1,yesterday,Wrap,,,,,,,\n,2026-01-01,Wrap,,,,,,,\n", ""),
    "rows that are left out on purpose": ("1,2026-01-01,Noise,,,,,,,\n", ""),
    "rows outside the window": ("1,2026-01-01,Wrap,,,,,,,\n", "window: { from: 2027-01-01, to: 2027-02-01 }\n"),
    "rows of all these kinds": ("1,never,Wrap,,,,,,,\n1,2026-01-01,Noise,,,,,,,\n", ""),
}


def told(folder: Path, rows: str, mapping: str = MAPPING, as_of: datetime | None = None) -> AuditReport:
    """Return the audit of these rows."""
    (folder / "procedure.yaml").write_text(PROCEDURE, encoding="utf-8")
    (folder / "log.csv").write_text(COLUMNS + rows, encoding="utf-8")
    (folder / "map.yaml").write_text(mapping, encoding="utf-8")
    return audit(folder / "procedure.yaml", folder / "log.csv", mapping=folder / "map.yaml", as_of=as_of)


def is_empty(report: AuditReport) -> bool:
    return report.cases == () and [one.code for one in report.findings][-1] == "DV810"


@pytest.mark.parametrize("name", NOTHING_TO_JUDGE)
def test_where_there_is_nothing_to_judge_that_is_the_finding(name: str, tmp_path: Path) -> None:
    rows, more = NOTHING_TO_JUDGE[name]
    report = told(tmp_path, rows, MAPPING + more)
    assert is_empty(report)
    assert report.rows.used == 0
    assert report.rows.read == rows.count("\n") == report.rows.ignored + report.rows.faulty


@pytest.mark.parametrize("name", NOTHING_TO_JUDGE)
def test_it_ends_with_exit_code_1_however_lenient_the_caller(name: str, tmp_path: Path) -> None:
    rows, more = NOTHING_TO_JUDGE[name]
    told(tmp_path, rows, MAPPING + more)
    files = [str(tmp_path / "procedure.yaml"), str(tmp_path / "log.csv"), "--mapping", str(tmp_path / "map.yaml")]
    for lenient in ([], ["--fail-on", "critical"]):
        with pytest.raises(SystemExit) as ended:
            main(["audit", *files, *lenient])
        assert ended.value.code == 1


def test_a_moment_before_everything_is_empty(tmp_path: Path) -> None:
    row = "1,2026-01-01,Wrap,ana,clerk,,2,red,,p.jpg\n"
    assert is_empty(told(tmp_path, row, as_of=datetime(2025, 12, 31, tzinfo=UTC)))
    assert not is_empty(told(tmp_path, row, as_of=datetime(2026, 1, 1, tzinfo=UTC)))


def test_an_engine_without_cases_exports_what_no_audit_calls_clean(tmp_path: Path) -> None:
    file, log = tmp_path / "procedure.yaml", tmp_path / "log.jsonl"
    file.write_text(PROCEDURE, encoding="utf-8")
    log.write_bytes(exported(Desk(MemoryStore(), file).engine))
    assert is_empty(audit(file, log))


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**64))
def test_no_moment_and_no_part_of_a_log_is_clean_without_a_case(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        file, log = Path(name) / "procedure.yaml", Path(name) / "log.jsonl"
        file.write_text(random_text(rng), encoding="utf-8")
        desk = Desk(MemoryStore(), file)
        random_day(desk, rng)
        lines = [b'{"v":1,"seq":1,"kind":"broken"}', *exported(desk.engine).splitlines()]
        log.write_bytes(b"\n".join(rng.sample(lines, rng.randint(0, len(lines))) or lines[:1]))
        for as_of in (None, *(one.at for one in desk.said[:3]), datetime(2020, 1, 1, tzinfo=UTC)):
            try:
                report = audit(file, log, as_of=as_of)
            except EventLogError:
                continue  # only a broken line: not even the format is to be seen
            assert (report.cases == ()) == ("DV810" in {one.code for one in report.findings})


# What a log cannot witness

BAD = """1,2026-01-01,Wrap,ana,guest,,,,,
1,2026-01-02,Send,ana,chief,,,,ana,
2,2026-01-01,Drop,ana,guest,,3,,,
"""
"""Every check fails: wrong role (twice), four-eyes, barred, no photo, no reason, no weight, no colour."""
SEEN = Counter({"DV201": 2, "DV202": 1, "DV208": 1, "DV301": 2, "DV303": 1, "DV306": 1})
WITNESSES = {
    "actor": (["DV201", "DV201", "DV202", "DV208"], {"people: roles": 3, "people: actor": 2}),
    "role": (["DV201", "DV201"], {"people: roles": 3}),
    "evidence": (["DV303"], {"evidence": 1}),
    "reason": (["DV306"], {"reason": 1}),
    "data: weight": (["DV301"], {"data: weight": 1}),
    "data: colour": (["DV301"], {"data: colour": 1}),
    "data: rival": (["DV208"], {"data: rival": 1}),
}
ALL = ("actor", "role", "time", "evidence", "reason", "data: weight", "data: colour", "data: rival")


def witnessed(folder: Path, rows: str, names: tuple[str, ...]) -> tuple[Counter[str], Counter[str]]:
    """Return the deviations and what was not examined, in all cases together."""
    claims = ", ".join(f'"{name}"' for name in names)
    cases = told(folder, rows, f"{MAPPING}witnesses: [{claims}]\n").cases
    deviations = Counter(one.code for case in cases for one in case.deviations)
    return deviations, sum((Counter(case.not_examined) for case in cases), Counter())


def test_a_log_that_witnesses_everything_leaves_nothing_unexamined(tmp_path: Path) -> None:
    assert witnessed(tmp_path, BAD, ALL) == (SEEN, Counter())


@pytest.mark.parametrize("name", WITNESSES)
def test_what_is_not_witnessed_moves_from_deviations_to_not_examined(name: str, tmp_path: Path) -> None:
    gone, counted = WITNESSES[name]
    deviations, not_examined = witnessed(tmp_path, BAD, tuple(one for one in ALL if one != name))
    assert deviations == SEEN - Counter(gone)
    assert not_examined == Counter(counted)


def test_a_log_that_witnesses_nothing_but_time_is_not_silently_clean(tmp_path: Path) -> None:
    deviations, not_examined = witnessed(tmp_path, BAD, ("time",))
    assert not deviations
    assert set(not_examined) == {
        "people: roles", "people: actor", "evidence", "reason", "data: weight", "data: colour",
    }  # fmt: skip


def test_a_condition_on_a_value_the_log_lacks_is_not_examined(tmp_path: Path) -> None:
    conditional = PROCEDURE.replace("wrap: { to: check,", "wrap: { to: check, when: weight > 2,")
    (tmp_path / "p.yaml").write_text(conditional, encoding="utf-8")
    said = {}
    for name, names in (("seen", ALL), ("unseen", tuple(one for one in ALL if one != "data: weight"))):
        claims = ", ".join(f'"{one}"' for one in names)
        told(tmp_path, "1,2026-01-01,Wrap,ana,clerk,,,red,,p.jpg\n", f"{MAPPING}witnesses: [{claims}]\n")
        (case,) = audit(tmp_path / "p.yaml", tmp_path / "log.csv", mapping=tmp_path / "map.yaml").cases
        said[name] = ({one.code for one in case.deviations} - {"DV107"}, dict(case.not_examined))
    assert said["seen"] == ({"DV301", "DV305"}, {})
    assert said["unseen"] == (set(), {"condition: weight > 2": 1, "data: weight": 1})
