"""A1.2: customer service is not a department. What departments and suppliers have agreed on adds up to what is promised."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from procflow import audit
from procflow.auditor.promising import simulate_promise
from procflow.calendars.book import CalendarSet
from procflow.errors import Finding
from procflow.lint import lint
from procflow.loading.procedure import read_procedure
from procflow.reports.audit_json import audit_document
from procflow.reports.audit_text import Layout, audit_lines
from procflow.reports.paper import plain
from tests.property.promised_desk import log, procedure, written
from tests.unit.timed_stories import BUCHAREST, week

OFFICE = week("office", BUCHAREST, {"01234": "09:00-17:00"})
CHAIN = """\
procflow: 1
procedure: desk
version: "1"
title: A desk
calendar: office
roles:
  desk: Takes it in
  engineer: Finds the fault
  vendor: { title: Repairs, external: supplier }
  client: { title: Waits, external: true }
clocks:
  repaired: { to: client, until: case ends, within: SLA }
  taken-in: { to: team, from: enters intake, until: leaves intake, within: ONE }
  diagnosed: { to: team, from: enters diagnosis, until: leaves diagnosis, within: TWO }
  mended: { to: KIND, from: enters repair, until: leaves repair, within: THREE }
start: intake
steps:
  intake: { by: desk, actions: { pass-on: diagnosis } }
  diagnosis: { by: engineer, actions: { send: repair } }
  repair: { by: WHO, actions: { mend: closed } }
  closed: { end: repaired }
"""


def chain(sla: str, one: str, two: str, three: str, *, supplier: bool = False, more: str = "") -> str:
    text = CHAIN.replace("SLA", sla).replace("ONE", one).replace("TWO", two).replace("THREE", three)
    text = text.replace("KIND", "supplier" if supplier else "team").replace("WHO", "vendor" if supplier else "desk")
    return text.replace("start: intake\n", f"{more}start: intake\n")


def told(text: str, *codes: str) -> list[Finding]:
    loaded = read_procedure(text.encode(), "desk.yaml")
    assert loaded.procedure is not None, loaded.findings
    found = lint(loaded.procedure, calendars=CalendarSet([OFFICE]))
    return [one for one in found if one.code in codes]


@pytest.mark.parametrize("supplier", [False, True], ids=["OLA", "UC"])
def test_eight_hours_hold_half_an_hour_three_and_four(supplier: bool) -> None:
    fits = chain("8 working hours", "30 working minutes", "3 working hours", "4 working hours", supplier=supplier)
    assert told(fits, "PF412", "PF413") == []


@pytest.mark.parametrize("supplier", [False, True], ids=["OLA", "UC"])
def test_but_not_half_an_hour_three_and_six_and_the_path_is_named(supplier: bool) -> None:
    breaks = chain("8 working hours", "30 working minutes", "3 working hours", "6 working hours", supplier=supplier)
    (one,) = told(breaks, "PF412", "PF413")
    assert one.code == "PF412"
    assert (
        "`taken-in`, `diagnosed` and `mended` may take 30 working minutes and 9 working hours together" in one.message
    )
    assert "`repaired` promises 8 working hours" in one.message
    way = " ".join((one.hint or "").split())
    assert "intake (taken-in: 30 working minutes) -(pass-on)-> diagnosis (diagnosed: 3 working hours)" in way
    assert "-(send)-> repair (mended: 6 working hours)" in way


def test_office_hours_behind_a_promise_by_day_and_night_are_told() -> None:
    narrow = chain("10 hours", "30 minutes", "3 working hours", "4 hours")
    found = told(narrow, "PF413")
    assert [one.code for one in found] == ["PF413"]
    assert "`diagnosed` gives 3 working hours" in found[0].message
    assert "counted on `office`" in found[0].message


# --- the time until somebody accepts --------------------------------------------------------------------------------

ACCEPTED = """\
hand-offs: { accept-within: ACCEPT }
"""


def test_the_time_until_somebody_accepts_belongs_to_the_path() -> None:
    """An agreement that counts from acceptance: what lies before it is the time on offer, once for each hand-off."""
    text = chain("8 working hours", "30 working minutes", "3 working hours", "4 working hours")
    text = text.replace("from: enters diagnosis", "from: diagnosis.accept-hand-off")
    text = text.replace("from: enters repair", "from: repair.accept-hand-off")
    fits = text.replace("start: intake\n", ACCEPTED.replace("ACCEPT", "15 working minutes") + "start: intake\n")
    assert told(fits, "PF412", "PF413") == []
    breaks = text.replace("start: intake\n", ACCEPTED.replace("ACCEPT", "30 working minutes") + "start: intake\n")
    (one,) = told(breaks, "PF412", "PF413")
    way = " ".join((one.hint or "").split())
    assert "diagnosis (diagnosis.acceptance: 30 working minutes) (diagnosed: 3 working hours)" in way
    assert "`diagnosis.acceptance`" in one.message
    assert "90 working minutes and 7 working hours together" in one.message


def test_an_agreement_that_counts_from_the_offer_has_the_acceptance_in_it() -> None:
    text = chain("8 working hours", "30 working minutes", "3 working hours", "4 working hours")
    inside = text.replace("start: intake\n", ACCEPTED.replace("ACCEPT", "2 working hours") + "start: intake\n")
    assert told(inside, "PF412", "PF413") == []


def test_acceptance_alone_may_be_too_long() -> None:
    text = "\n".join(
        line for line in chain("8 working hours", "x", "x", "x").splitlines() if not line.endswith("within: x }")
    )
    text += "\n"
    fits = text.replace("start: intake\n", ACCEPTED.replace("ACCEPT", "4 working hours") + "start: intake\n")
    assert told(fits, "PF412") == []
    breaks = text.replace("start: intake\n", ACCEPTED.replace("ACCEPT", "5 working hours") + "start: intake\n")
    (one,) = told(breaks, "PF412")
    assert "`diagnosis.acceptance` and `repair.acceptance` may take 10 working hours together" in one.message


def test_side_by_side_the_longest_branch_counts() -> None:
    """The critical path: agreements in parallel branches are not added up."""
    text = """\
procflow: 1
procedure: desk
version: "1"
title: A desk
calendar: office
roles: { desk: Takes it in, engineer: Finds the fault, lawyer: Reads the contract }
clocks:
  answered: { to: client, until: case ends, within: 8 working hours }
  taken-in: { to: team, from: enters intake, until: leaves intake, within: 1 working hour }
  found: { to: team, from: enters fault, until: leaves fault, within: FAULT }
  read: { to: team, from: enters contract, until: leaves contract, within: 6 working hours }
start: intake
steps:
  intake: { by: desk, actions: { pass-on: both } }
  both:
    parallel:
      fault: { by: engineer, actions: { found-out: done } }
      contract: { by: lawyer, actions: { read-it: done } }
    need: all
    then: closed
  closed: { end: answered }
"""
    assert told(text.replace("FAULT", "7 working hours"), "PF412") == []
    (one,) = told(text.replace("FAULT", "8 working hours"), "PF412")
    assert "`taken-in` and `found` may take 9 working hours together" in one.message


# --- what the record says of the chain ------------------------------------------------------------------------------


def test_the_weakest_link_comes_first(tmp_path: Path) -> None:
    file, rows, mapping = written(tmp_path, procedure("within: 1 working day"), log(random.Random(4), 60))
    found = simulate_promise(file, rows, "solved", mapping=mapping, honest=())
    assert [one.attained.clock for one in found.now] == ["solved"]
    assert {one.clock for one in found.links} == {"expert-answers", "work", "asked-expert"}
    ranked = [(-one.late_together, one.kept.gross) for one in found.links]
    assert ranked == sorted(ranked, key=lambda one: (one[0], one[1] or 0))
    late = found.now[0].attained.breached
    assert all(one.late == late and one.late_together <= late for one in found.links)
    report = audit(file, rows, mapping=mapping)
    assert report.links == found.links


def test_an_audit_shows_what_stands_behind_a_promise_that_was_broken(tmp_path: Path) -> None:
    """Two of three late answers were late because the expert was; the third took its time at the desk."""
    file, rows, mapping = written(tmp_path, procedure("within: 6 working hours"), "")
    rows.write_text(
        "\n".join(
            [
                "case,time,action,who,priority,asked,due",
                *case("late-1", "09:00 pass-on", "16:00 pass-back", "16:30 solve"),
                *case("late-2", "09:00 pass-on", "15:00 pass-back", "16:00 solve"),
                *case("late-3", "15:00 pass-on", "15:30 pass-back", "17:00 solve"),
                *case("in-time", "10:00 pass-on", "12:00 pass-back", "13:00 solve"),
            ]
        )
        + "\n",
        "utf-8",
    )
    report = audit(file, rows, mapping=mapping)
    first = report.links[0]
    assert (first.promise, first.clock, first.late_together, first.late) == ("solved", "expert-answers", 2, 3)
    assert (first.kept.met, first.kept.n) == (2, 4)
    shown = plain(audit_lines(report, Layout(cells=110)))
    assert "Behind the promises" in shown
    assert "2 of 3" in shown
    assert "expert-answers, OLA behind solved (kept 25.0 % of 4)" in shown
    assert json.loads(json.dumps(audit_document(report)))["behind"][0]["late_together"] == 2


def case(name: str, *events: str) -> list[str]:
    """Return the rows of a case on Monday, the second of November 2026, on the wall clock of the office; it opens at nine."""
    told = [f"{name},2026-11-02T09:00:00+02:00,say-hello,ana,,,"]
    return told + [f"{name},2026-11-02T{one[:5]}:00+02:00,{one[6:]},ana,,," for one in events]
