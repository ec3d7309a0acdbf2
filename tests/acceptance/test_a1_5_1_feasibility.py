"""A1.5.1: are my expectations realistic? Told before submitting, from what is on record, and what to bring along."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from procflow import Actor, Engine
from procflow.auditor.forecasting import forecast_from
from procflow.cli import main
from procflow.errors import ProcflowError
from procflow.forecast import FEW, LATEST, forecast, given_of, rank, units_needed
from procflow.loading.procedure import load_procedure
from procflow.model.promising import Likely, wilson

DESK = """\
procflow: 1
procedure: desk
version: "1"
title: A desk
roles: { agent: Does the work, client: { title: Waits, external: true } }
data:
  kind: { type: choice, of: [small, large], ask: Which? }
  size: { type: number, ask: How many? }
start: intake
steps:
  intake:
    by: agent
    collect: [kind, size]
    actions: { begin: { to: work, evidence: [order] }, drop: { to: dropped, incomplete: true } }
  work: { by: agent, within: 3 days, actions: { hand-over: confirmation } }
  confirmation:
    waiting-for: { party: client }
    resolved: true
    within: 30 days
    actions: { confirm: closed }
  closed: { end: done }
  dropped: { end: cancelled }
"""
MAPPING = """\
case: case
time: time
action: action
actor: who
data: { kind: kind, size: size }
cases: closed
witnesses: [time, actor, data]
"""
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def rows(number: int, kind: str, hours: int, *, confirmed: int = 200) -> list[str]:
    """Return a case that is worked on for some hours; the client confirms long after that."""
    begins = START + timedelta(hours=number)
    done = begins + timedelta(hours=hours)
    said = done + timedelta(hours=confirmed)
    case = f"{kind}-{number:03}"
    return [
        f"{case},{begins.isoformat()},begin,ana,{kind},1",
        f"{case},{done.isoformat()},hand-over,ana,,",
        f"{case},{said.isoformat()},confirm,carl,,",
    ]


def written(folder: Path, cases: list[list[str]]) -> tuple[Path, Path, Path]:
    log = "\n".join(["case,time,action,who,kind,size", *(one for case in cases for one in case)]) + "\n"
    paths = folder / "desk.yaml", folder / "log.csv", folder / "log.map.yaml"
    for path, text in zip(paths, (DESK, log, MAPPING), strict=True):
        path.write_text(text, "utf-8")
    return paths


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, Path, Path]:
    small = [rows(number, "small", number + 1) for number in range(20)]
    large = [rows(number, "large", 100) for number in range(FEW - 1)]
    dropped = [[f"gone-{number},{START.isoformat()},drop,ana,small,1"] for number in range(5)]
    return written(tmp_path, [*small, *large, *dropped])


def test_half_and_85_of_100_are_told_of_the_cases_alike(desk: tuple[Path, Path, Path]) -> None:
    file, log, mapping = desk
    found = forecast_from(file, log, {"kind": "small"}, mapping=mapping)
    assert (found.n, found.looked_at) == (20, 20 + FEW - 1)
    assert found.wall is not None
    assert (found.wall.p50, found.wall.p85, found.wall.p95) == tuple(timedelta(hours=one) for one in (10, 17, 19))
    assert found.working is None  # it names no calendar


@pytest.mark.parametrize(
    ("within", "kept", "likely"),
    [
        ("17 hours", 17, Likely.YES),
        ("16 hours", 16, Likely.MAYBE),
        ("10 hours", 10, Likely.MAYBE),
        ("9 hours", 9, Likely.NO),
    ],
)
def test_a_wish_is_held_against_the_record(
    desk: tuple[Path, Path, Path], within: str, kept: int, likely: Likely
) -> None:
    file, log, mapping = desk
    found = forecast_from(file, log, {"kind": "small"}, within, mapping=mapping)
    assert (found.kept, found.likely) == (kept, likely)
    assert found.between == wilson(kept, 20)
    assert str(found.instead) == "17 hours"


def test_of_few_cases_nothing_is_said(desk: tuple[Path, Path, Path]) -> None:
    file, log, mapping = desk
    found = forecast_from(file, log, {"kind": "large"}, "1 day", mapping=mapping)
    assert (found.n, found.wall, found.kept, found.likely) == (FEW - 1, None, None, Likely.UNKNOWN)
    assert found.nearby == {"kind": 20 + FEW - 1}
    shown = CliRunner().invoke(
        main,
        ["forecast", str(file), str(log), "--mapping", str(mapping), "--given", "kind=large"],
        prog_name="procflow",
    )
    assert shown.exit_code == 0
    assert "Not enough data" in shown.output


def test_it_is_said_what_to_bring_along(desk: tuple[Path, Path, Path]) -> None:
    file, log, mapping = desk
    assert forecast_from(file, log, {"kind": "small"}, mapping=mapping).ask == ("size", "order")


@pytest.mark.parametrize(
    ("given", "within", "said"),
    [
        ({"knid": "small"}, None, "collects no knid"),
        ({"kind": "medium"}, None, "medium"),
        ({}, "soon", "not a length of time"),
        ({}, "2 working days", "needs a calendar"),
    ],
)
def test_what_cannot_be_asked_is_told(
    desk: tuple[Path, Path, Path], given: dict[str, str], within: str | None, said: str
) -> None:
    file, log, mapping = desk
    with pytest.raises(ProcflowError, match=said) as told:
        forecast_from(file, log, given, within, mapping=mapping)
    assert told.value.hint


def test_the_engine_says_the_same_of_its_own_cases(tmp_path: Path) -> None:
    file, _, _ = written(tmp_path, [])
    now = [START]
    engine = Engine.open("memory://", clock=lambda: now[0])
    engine.publish(file)
    ana, carl = Actor("ana", roles={"agent"}), Actor("carl", roles={"client"})
    for number in range(FEW):
        now[0] = START + timedelta(days=10 * number)
        case = engine.start("desk", by=ana)
        engine.perform(
            case.id, "begin", by=ana, data={"kind": "small", "size": number}, evidence={"order": "mail:1"}
        ).or_raise()
        now[0] += timedelta(hours=number + 1)
        engine.perform(case.id, "hand-over", by=ana).or_raise()
        now[0] += timedelta(days=5)
        engine.perform(case.id, "confirm", by=carl).or_raise()
        if number == FEW - 2:
            assert engine.forecast("desk", {"kind": "small"}).wall is None
    found = engine.forecast("desk", {"kind": "small"}, within="9 hours")
    assert (found.n, found.kept, found.likely, found.most) == (FEW, 9, Likely.YES, LATEST)
    assert found.wall is not None
    assert found.wall.p50 == timedelta(hours=5)
    assert engine.forecast("desk", {"kind": "large"}).n == 0
    with (tmp_path / "export.jsonl").open("wb") as out:
        engine.export(out)
    again = forecast_from(file, tmp_path / "export.jsonl", {"kind": "small"}, "9 hours")
    assert (again.wall, again.kept, again.likely) == (found.wall, found.kept, found.likely)


def test_for_programs_lengths_are_seconds(desk: tuple[Path, Path, Path]) -> None:
    file, log, mapping = desk
    words = [
        "forecast",
        str(file),
        str(log),
        "--mapping",
        str(mapping),
        "--given",
        "kind=small",
        "--within",
        "1 day",
        "--json",
    ]
    done = CliRunner().invoke(main, words, prog_name="procflow")
    document = json.loads(done.output)
    assert (document["kind"], document["n"], document["likely"]) == ("forecast", 20, "realistic")
    assert document["wall"]["p85_seconds"] == 17 * 3600


def test_quantiles_are_figures_that_occurred() -> None:
    assert [rank(percent, 20) for percent in (50, 85, 95)] == [9, 16, 18]
    assert [rank(percent, 1) for percent in (1, 50, 100)] == [0, 0, 0]


def test_nothing_on_record_is_no_forecast(tmp_path: Path) -> None:
    file, _, _ = written(tmp_path, [])
    procedure = load_procedure(file)
    found = forecast(procedure, given_of(procedure, {}), ())
    assert (found.n, found.wall, found.likely, found.nearby) == (0, None, None, {})


def test_units_are_the_fewest_that_suffice() -> None:
    from procflow.calendars.calendar import ALWAYS
    from procflow.loading.lengths import length_of

    hour = length_of("1 hour")
    assert hour is not None
    assert units_needed(START, timedelta(hours=3), hour, ALWAYS) == 3
    assert units_needed(START, timedelta(hours=3, minutes=1), hour, ALWAYS) == 4
    assert units_needed(START, timedelta(0), hour, ALWAYS) == 1


def test_an_interval_is_wilsons() -> None:
    """Of 8 of 10: 0.4902 to 0.9433 (Wilson 1927; Newcombe 1998, method 3)."""
    found = wilson(8, 10)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.4902, 0.9433)
    assert wilson(0, 0) is None
    for n in range(1, 30):
        for kept in range(n + 1):
            one = wilson(kept, n)
            assert one is not None
            assert 0 <= one.low <= kept / n <= one.high <= 1
