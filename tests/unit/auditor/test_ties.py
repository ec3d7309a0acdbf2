"""What the log does not order is held against nobody; what it does order is."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.model.report import CaseAudit

PROCEDURE = """
procflow: 1
procedure: errand
version: "1"
roles: { agent: Works }
data: { size: { type: number } }
start: a
steps:
  a: { by: agent, collect: [size], actions: { one: b } }
  b: { by: agent, actions: { two: { to: c, when: size > 1 } } }
  c: { by: agent, actions: { three: d } }
  d: { by: agent, actions: { four: e } }
  e: { by: agent, actions: { five: f } }
  f: { by: agent, actions: { six: over } }
  over: { end: done }
anytime: { note: { to: same, by: any } }
"""
MAPPING = "case: case\ntime: {}\naction: action\ndata: {{ size: size }}\ncases: closed\n"


def judged(folder: Path, rows: str, time: str = "at", more: str = "", procedure: str = PROCEDURE) -> CaseAudit:
    """Return the audit of the one case whose rows are `at action size`, the times as minutes and seconds."""
    lines = [row.split() for row in rows.strip().splitlines()]
    table = ["n,case,at,action,size"]
    table += [f"{line[3] if len(line) > 3 else ''},1,2026-03-01T10:{line[0]},{line[1]},{line[2]}" for line in lines]
    (folder / "log.csv").write_text("\n".join(table).replace(",-", ",") + "\n")
    (folder / "map.yaml").write_text(MAPPING.format(time) + more)
    (folder / "errand.yaml").write_text(procedure)
    (case,) = audit(folder / "errand.yaml", folder / "log.csv", mapping=folder / "map.yaml").cases
    return case


def codes(case: CaseAudit) -> list[str]:
    return [one.code for one in (*case.deviations, *case.findings)]


REST = "\n03:00 three -\n04:00 four -\n05:00 five -\n06:00 six -"
TURNED = "01:00 two 2\n01:00 one 2" + REST


def test_equal_times_in_the_wrong_order_are_judged_in_the_right_one(tmp_path: Path) -> None:
    case = judged(tmp_path, TURNED)
    assert codes(case) == ["DV807", "DV806"], "the value that both rows show was known to both"
    assert (case.flow_cost, case.fitness, case.clean) == (0, 1.0, True)
    found = case.findings[1]
    assert found.where is not None
    assert found.where.line == 2
    assert "“two” and “one”" in found.message


def test_with_a_number_the_wrong_order_is_one(tmp_path: Path) -> None:
    case = judged(
        tmp_path,
        "01:00 two 2 1\n01:00 one 2 2\n03:00 three - 3\n04:00 four - 4\n05:00 five - 5\n06:00 six - 6",
        more="order: n\n",
    )
    assert [one.code for one in case.deviations] == ["DV103"]


def test_times_a_second_apart_tell_the_order_unless_the_log_is_not_so_exact(tmp_path: Path) -> None:
    rows = "01:00 two 2\n01:01 one 2" + REST
    assert "DV103" in codes(judged(tmp_path, rows))
    assert codes(judged(tmp_path, rows, time="{ column: at, resolution: 2 seconds }")) == ["DV807", "DV806"]


def test_an_order_that_fits_is_told_as_the_rows_stand(tmp_path: Path) -> None:
    case = judged(tmp_path, "01:00 one 2\n01:00 two 2" + REST)
    assert codes(case) == ["DV807"]


def test_a_tie_excuses_no_more_than_the_order(tmp_path: Path) -> None:
    case = judged(tmp_path, "01:00 three 2\n01:00 one 2\n04:00 four -\n05:00 five -\n06:00 six -")
    assert [one.code for one in case.deviations] == ["DV101"], "two was never done"
    case = judged(tmp_path, "01:00 three 2\n02:00 two 2\n02:00 one 2\n04:00 four -\n05:00 five -\n06:00 six -")
    assert codes(case) == ["DV103", "DV807", "DV806"], "three came a minute too early"


def test_a_condition_is_read_in_the_order_that_fits(tmp_path: Path) -> None:
    case = judged(tmp_path, "01:00 two 1\n01:00 one 1" + REST)
    assert [one.code for one in case.deviations] == ["DV104"], "its size is too small, whenever it was done"


def test_a_whole_day_in_no_order_is_judged_in_the_one_that_fits(tmp_path: Path) -> None:
    names = ["six", "note", "five", "four", "note", "three", "two", "note", "one"]
    rows = "\n".join(f"{at + 1:02}:00 {name} 2" for at, name in enumerate(names))
    day = judged(tmp_path, rows, time="{ column: at, resolution: 1 day }")
    assert (codes(day), day.outcome) == (["DV807", "DV806"], "done")
    assert not judged(tmp_path, rows, time="{ column: at, resolution: 1 second }").clean


def test_a_run_that_takes_too_long_is_judged_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procflow.auditor.ties.MOST_TRIED", 1)
    assert "DV103" in codes(judged(tmp_path, TURNED))


def test_of_one_row_the_start_comes_before_the_end(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "case,from,to,action,size\n1,2026-03-01,2026-03-01,two,2\n1,2026-03-01,2026-03-01,one,2\n"
        "1,2026-03-02,2026-03-02,three,2\n1,2026-03-03,2026-03-03,four,2\n1,2026-03-04,2026-03-04,five,2\n"
        "1,2026-03-05,2026-03-05,six,2\n"
    )
    (tmp_path / "map.yaml").write_text(
        "case: case\nstart: from\ncomplete: to\naction: action\ndata: { size: size }\ncases: closed\n"
    )
    (tmp_path / "errand.yaml").write_text(PROCEDURE)
    (case,) = audit(tmp_path / "errand.yaml", tmp_path / "log.csv", mapping=tmp_path / "map.yaml").cases
    assert codes(case) == ["DV807", "DV806"]


def test_a_status_history_in_the_wrong_order_within_a_minute(tmp_path: Path) -> None:
    rows = "01:00 b 2\n01:00 a 2\n02:00 c 2\n03:00 d 2\n04:00 e 2\n05:00 f 2\n06:00 over 2"
    (tmp_path / "log.csv").write_text(
        "case,at,status,size\n"
        + "".join(f"1,2026-03-01T10:{at},{step},{size}\n" for at, step, size in map(str.split, rows.splitlines()))
    )
    (tmp_path / "map.yaml").write_text(
        "case: case\ntime: at\nstatus: { column: status, repeated: note, to: "
        "{ a: a, b: b, c: c, d: d, e: e, f: f, over: over } }\ndata: { size: size }\ncases: closed\n"
    )
    (tmp_path / "errand.yaml").write_text(PROCEDURE)
    (case,) = audit(tmp_path / "errand.yaml", tmp_path / "log.csv", mapping=tmp_path / "map.yaml").cases
    assert codes(case) == ["DV807", "DV806"]
