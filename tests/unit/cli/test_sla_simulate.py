"""`procflow sla simulate`: what proposed targets would have meant, for people and for programs."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procflow import Actor, Engine, audit
from procflow.auditor.promising import simulate_promise
from procflow.cli import main
from tests.property.promised_desk import log, procedure, written

NOW = "within: { depends-on: priority, high: 4 working hours, otherwise: 2 working days }"


@pytest.fixture
def desk(tmp_path: Path) -> tuple[str, ...]:
    file, rows, mapping = written(tmp_path, procedure(NOW), log(random.Random(1), 60))
    return str(file), str(rows), "--mapping", str(mapping)


def simulate(desk: tuple[str, ...], *more: str) -> Result:
    return CliRunner().invoke(main, ["sla", "simulate", *desk, *more], prog_name="procflow", env={"COLUMNS": "110"})


def test_before_and_after_stand_in_one_table(desk: tuple[str, ...]) -> None:
    done = simulate(desk, "--clock", "solved", "--within", "1 working day", "--within", "5 days")
    assert done.exit_code == 0, done.output
    for words in (
        "desk 1.0.0: solved",
        "60 cases of",
        "now: high 4 working hours, otherwise 2 working days",
        "1 working day",
        "would have been late: C",
        "What could be promised",
        "to 80 of 100: ",
        "What stands behind it  the weakest first",
        "expert-answers, OLA: 4 working hours",
        "work, OLA, step: 1 working day",
    ):
        assert words in done.output, words


def test_for_programs_every_flip_is_there(desk: tuple[str, ...]) -> None:
    done = simulate(desk, "--clock", "solved", "--within", "1 working hour", "--tier", "high", "--keep", "70", "--json")
    document = json.loads(done.output)
    assert (document["kind"], document["cases"], document["clock"]) == ("sla-simulation", 60, "solved")
    (one,) = document["proposals"]
    assert (one["within"], one["grade"], one["pauses"]) == ("1 working hour", "high", True)
    assert {each["after"]["grade"] for each in one["broken"]} == {"high"}
    assert all(each["before"]["status"] in ("met", "running", "paused") for each in one["broken"])
    now, then = document["now"][0], one["kept"][0]
    assert then["breached"] - now["breached"] == len(one["broken"]) - len(one["mended"])
    low, high = then["gross_interval"]
    assert low <= then["gross"] <= high
    assert [each["percent"] for each in document["honest"]] == [70]


def test_without_a_target_it_says_what_could_be_promised(desk: tuple[str, ...]) -> None:
    found = json.loads(simulate(desk, "--clock", "solved", "--json").output)
    assert found["proposals"] == []
    assert [one["percent"] for one in found["honest"]] == [80, 90, 95]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--clock", "solvd"], "did you mean “solved”?"),
        (["--clock", "solved", "--within", "soon"], "“soon” is not a length of time"),
        (["--clock", "solved", "--within", "0 hours"], "is not a length of time"),
        (["--clock", "solved", "--within", "1 hour", "--tier", "urgent"], "there are: high, otherwise"),
        (["--clock", "expert-answers", "--within", "1 hour", "--tier", "high"], "leave out --tier"),
        (["--clock", "solved", "--within", "1 working day", "--on", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_proposed_is_told(desk: tuple[str, ...], words: list[str], said: str) -> None:
    done = simulate(desk, *words)
    assert done.exit_code == 3, done.output
    assert said in " ".join(done.output.split())


def test_few_cases_promise_nothing(tmp_path: Path) -> None:
    file, rows, mapping = written(tmp_path, procedure(NOW), log(random.Random(1), 8))
    done = simulate((str(file), str(rows), "--mapping", str(mapping)), "--clock", "solved", "--within", "1 day")
    assert "too few to promise anything on" in " ".join(done.output.split())
    assert "to 95 of 100: nothing that these cases show" in " ".join(done.output.split())


def test_a_waiver_counts_for_a_proposal_too_and_timers_on_record_do_no_harm(tmp_path: Path) -> None:
    """The engine warned, escalated and excused by the old target: what the new one says is what an audit of it says."""
    text = procedure(NOW, warn="warn: [50%]\n    late: { notify: expert }").replace(
        "calendar: office\n", "calendar: office\noverrides: { by: expert, reason: required }\n"
    )
    file, _, _ = written(tmp_path / "now", text, "")
    at = [datetime(2026, 11, 2, 8, tzinfo=UTC)]
    engine = Engine.open("memory://", clock=lambda: at[0])
    engine.publish(file)
    ana, eva = Actor("ana", roles={"agent"}), Actor("eva", roles={"expert"})
    for hours in (2, 6, 30, 100):
        case = engine.start("desk", by=ana, data={"priority": "high"})
        if hours == 30:
            until = at[0] + timedelta(days=90)
            engine.waive(
                case.id, "DV401", person="ana", until=until, by=eva, reason="a flood", clock="solved"
            ).or_raise()
        for _ in range(hours):
            at[0] += timedelta(hours=1)
            engine.advance()
        engine.perform(case.id, "solve", by=ana).or_raise()
    with (tmp_path / "export.jsonl").open("wb") as out:
        engine.export(out)
    for new in ("1 working hour", "5 working hours", "3 working days"):
        found = simulate_promise(file, tmp_path / "export.jsonl", "solved", [new], honest=())
        edited, _, _ = written(
            tmp_path / new.replace(" ", "-"),
            text.replace("4 working hours, otherwise: 2 working days", f"{new}, otherwise: {new}"),
            "",
        )
        again = next(
            one for one in audit(edited, tmp_path / "export.jsonl").clocks if (one.clock, one.grade) == ("solved", "")
        )
        whole = found.proposals[0].whole.attained
        assert (whole.statuses, whole.waived, whole.used, whole.wall) == (
            again.statuses,
            again.waived,
            again.used,
            again.wall,
        )
        assert whole.breached > 0 or new != "1 working hour"
    assert found.now[0].attained.waived == 1


@pytest.mark.parametrize("rows", [0, 1], ids=["nothing", "a-header"])
def test_of_an_empty_log_both_say_why_they_say_nothing(desk: tuple[str, ...], rows: int) -> None:
    log = Path(desk[1])
    log.write_text("".join(log.read_text("utf-8").splitlines(keepends=True)[:rows]), "utf-8")
    simulated = simulate(desk, "--clock", "solved", "--within", "5 days")
    forecast = CliRunner().invoke(main, ["forecast", *desk])
    for done in (simulated, forecast):
        assert done.exit_code == 0, done.output
        assert "note: DV810:" in done.output
    assert "Not enough data" in forecast.output
    assert "DV810" in json.loads(CliRunner().invoke(main, ["forecast", *desk, "--json"]).output)["notes"][0]
