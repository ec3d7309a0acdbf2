"""`procflow ledger` and `procflow sla`, as somebody at a desk uses them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from procflow.engine import Engine
from procflow.model.organisation import Actor
from tests.unit.cli.desk import Desk
from tests.unit.reports.test_clocks_text import DESK, LOG, MAPPING, PROCEDURE

NOW = datetime.now(UTC)
LATE = NOW - timedelta(days=30)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A store with one case that is long late, one that has just begun, and one that is over."""
    desk.put("letter.yaml", PROCEDURE)
    desk.put("calendars/desk.yaml", DESK.replace("2026..2027", f"{NOW.year - 1}..{NOW.year + 1}"))
    desk.put("clients.yaml", "clients: { acme: { name: Acme Industries, language: ro, tier: premium } }")
    desk.put("agreements.yaml", "tiers: { basic: Basic, premium: { en: Premium, ro: De vârf } }")
    return desk


def _same(moment: datetime) -> datetime:
    return moment


def opened_at(desk: Desk, *moments: datetime) -> list[str]:
    """Open a case at each moment, by the engine; return their ids."""
    cases: list[str] = []
    for moment in moments:
        with_clock = Engine.open(
            f"sqlite:///{desk.folder}/desk.db", workspace=desk.folder, clock=partial(_same, moment)
        )
        with_clock.publish(desk.folder / "letter.yaml")
        ana = Actor("ana", roles={"agent"})
        cases.append(with_clock.start("letter", by=ana, client="acme", data={"tier": "basic"}).id)
        with_clock.close_store()
    return cases


def test_what_has_run_out_comes_first_and_is_told_to_cron(filled: Desk) -> None:
    late, fresh = opened_at(filled, LATE, NOW - timedelta(minutes=1))
    done = filled("sla", "status")
    assert done.exit_code == 1, done.output
    assert "1 overdue" in done.stdout
    assert " ago" in done.stdout
    assert re.search(r"ago  [0-9,]+ x ", done.stdout), "nobody reads 9,337 %"
    document = json.loads(filled("sla", "status", "--json", "--to", "client").stdout)
    assert [one["case"] for one in document["clocks"]] == [late, fresh]
    assert document["clocks"][0]["cycle"]["status"] == "overdue"
    assert document["clocks"][0]["client"] == "Acme Industries"
    assert filled("sla", "status", "--to", "supplier").exit_code == 0


@pytest.mark.parametrize("columns", ["60", "80", "140"])
def test_no_clock_and_no_case_is_cut_off(filled: Desk, columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    cases = opened_at(filled, LATE, NOW - timedelta(minutes=1))
    lines = filled("sla", "status").stdout.splitlines()
    text = " ".join(" ".join(lines).split())
    assert "…" not in text
    assert all(one in text for one in cases)
    assert "answer" in text
    assert columns == "140" or max(map(len, lines[2:])) <= int(columns)


def test_a_store_without_open_cases_is_in_time(filled: Desk) -> None:
    opened_at(filled)
    filled("publish", "letter.yaml")
    done = filled("sla", "status")
    assert done.exit_code == 0
    assert "Nothing is running" in done.stdout


def test_the_ledger_of_a_case_in_a_store(filled: Desk) -> None:
    (late,) = opened_at(filled, LATE)
    done = filled("ledger", late, "answer")
    assert done.exit_code == 0, done.output
    assert "Overdue: " in done.stdout
    assert "Europe/Bucharest" in done.stdout
    assert json.loads(filled("ledger", late, "answer", "--json").stdout)["cycle"]["status"] == "overdue"


def test_the_ledger_of_a_case_in_a_log(filled: Desk) -> None:
    filled.put("calendars/desk.yaml", DESK)
    filled.put("log.csv", LOG)
    filled.put("log.map.yaml", MAPPING)
    words = ("ledger", "--log", "log.csv", "--mapping", "log.map.yaml", "letter.yaml")
    done = filled(*words, "C1", "answer")
    assert done.exit_code == 0, done.output
    assert "Breached: 3 h 30 min of 2 h of open hours" in done.stdout
    for more, said in (
        (("C9", "answer"), "there is no case “C9”"),
        (("C1", "anwser"), "did you mean “answer”?"),
        (("C1", "answer", "--cycle", "4"), "answer has no cycle 4 in case C1"),
    ):
        wrong = filled(*words, *more)
        assert (wrong.exit_code, said in wrong.stderr) == (3, True), wrong.output


@pytest.mark.parametrize(
    "words",
    [
        ("ledger", "C1"),
        ("ledger", "--log", "log.csv", "C1", "answer"),
        ("ledger", "C1", "answer", "--mapping", "log.map.yaml"),
        ("sla", "statement", "letter.yaml", "--tier", "gold"),
        ("sla", "statement", "letter.yaml", "--clock", "nothing"),
        ("sla", "statement", "letter.yaml", "--language", "de"),
        ("sla", "statement", "letter.yaml", "--client", "acme", "--tier", "basic"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(filled: Desk, words: tuple[str, ...]) -> None:
    done = filled(*words)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_a_statement_for_a_client_is_in_its_language_and_for_its_tier(filled: Desk) -> None:
    done = filled("sla", "statement", "letter.yaml", "--client", "acme", "--workspace", ".")
    assert done.exit_code == 0, done.output
    assert "Nivel de servicii: De vârf." in done.stdout
    assert "2 ore lucrătoare" in done.stdout
    assert "2 zile lucrătoare" not in done.stdout
    document = json.loads(
        filled("sla", "statement", "letter.yaml", "--client", "acme", "--workspace", ".", "--json").stdout
    )
    assert (document["language"], document["tier"], len(document["promises"])) == ("ro", "premium", 1)


def test_a_client_nobody_knows_is_told_with_those_there_are(filled: Desk) -> None:
    done = filled("sla", "statement", "letter.yaml", "--client", "acne", "--workspace", ".")
    assert done.exit_code == 3
    assert "there is no client “acne”" in done.stderr


def test_without_its_calendar_a_statement_has_no_example(filled: Desk) -> None:
    (filled.folder / "calendars" / "desk.yaml").unlink()
    done = filled("sla", "statement", "letter.yaml")
    assert done.exit_code == 0
    assert "hours and examples are left out" in done.stderr
    assert "Example" not in done.stdout


def test_the_whole_is_written_where_a_program_can_read_it(filled: Desk) -> None:
    filled.put("calendars/desk.yaml", DESK)
    filled.put("log.csv", LOG)
    filled.put("log.map.yaml", MAPPING)
    out = filled("audit", "letter.yaml", "log.csv", "--mapping", "log.map.yaml", "--json")
    document = json.loads(out.stdout)
    assert document["clocks"][0]["n"] == 3
    assert document["time_zones"]
    assert [one["cycle"] for one in document["cases"][0]["clocks"]] == [1, 1]
    away = filled("audit", "letter.yaml", "log.csv", "--mapping", "log.map.yaml", "--calendars", "nowhere")
    assert away.exit_code == 3


def test_a_sentence_that_ends_with_a_name_has_one_point(filled: Desk) -> None:
    filled.put("clients.yaml", "clients: { acme: { name: Acme Sp. z o.o., tier: premium } }")
    told = filled("sla", "statement", "letter.yaml", "--client", "acme", "--language", "en").stdout
    assert "For this client: Acme Sp. z o.o.\n" in told


def test_a_ledger_says_why_a_clock_of_a_log_is_not_examined(filled: Desk) -> None:
    text = PROCEDURE.replace("clocks:", "clocks:\n  told: { every: 2 days, by-action: send }", 1)
    filled.put("letter.yaml", text)
    filled.put("log.csv", "case,at,state\n1,2026-11-23T09:00:00Z,W\n")
    filled.put("log.map.yaml", "case: case\ntime: at\nstatus: { column: state, to: { W: write } }\n")
    done = filled("ledger", "--log", "log.csv", "--mapping", "log.map.yaml", "letter.yaml", "1", "told")
    assert done.exit_code == 3
    assert "told is not examined in case 1" in " ".join(done.stderr.split())
