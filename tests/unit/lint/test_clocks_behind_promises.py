"""What is told of clocks that stand behind a promise, of duties, and of pauses."""

from __future__ import annotations

import pytest

from procflow.lint import lint
from tests.unit.monitors.stories import procedure_of

ROLES = """\
calendar: 24x7
roles: { desk: Works, vendor: { title: V, external: supplier }, client: { title: C, external: true } }
"""
ORDERS = """\
start: new
steps:
  new: { by: desk, actions: { order: ordered } }
  ordered: { waiting-for: { party: vendor, asked: required, due: required }, actions: { delivered: fixed } }
  fixed: { end: fixed }
"""
DETOUR = """\
start: new
steps:
  new: { by: desk, actions: { order: { to: ordered, at-most: 2 }, finish: fixed } }
  ordered: { waiting-for: { party: vendor, asked: required, due: required }, actions: { delivered: new } }
  fixed: { end: fixed }
"""


def told(clocks: str, steps: str, *codes: str) -> list[str]:
    found = lint(procedure_of(f"{ROLES}clocks:\n{clocks}{steps}"))
    return [one.message for one in found if one.code in codes]


@pytest.mark.parametrize("begins", ["", "from: case opens, ", "from: enters new, "])
def test_an_agreement_that_begins_with_the_case_stands_behind_a_promise(begins: str) -> None:
    clocks = f"""\
  sla: {{ to: client, within: 4 working hours, until: leaves new }}
  ola: {{ to: team, within: 2 working days, {begins}until: leaves new }}
"""
    assert told(clocks, ORDERS, "PF412") == ["`ola` may take 2 working days, and `sla` promises 4 working hours"], (
        "no other way of beginning hides it"
    )
    assert not told(clocks.replace("2 working days", "2 working hours"), ORDERS, "PF412")


def test_the_way_out_to_a_supplier_and_back_is_gone_once() -> None:
    clocks = """\
  sla: { to: client, within: 1 day }
  uc: { to: supplier, within: 3 days, from: enters ordered, until: leaves ordered }
"""
    assert told(clocks, DETOUR, "PF412") == ["`uc` may take 3 days, and `sla` promises 1 day"]
    assert not told(clocks.replace("within: 3 days", "within: 20 hours"), DETOUR, "PF412"), "once, not twice"
    assert not told(clocks.replace("1 day }", "1 day, paused-in: [ordered] }"), DETOUR, "PF412")


def test_a_duty_that_only_somebody_outside_can_do() -> None:
    clock = "  told: { every: 2 days, by-action: delivered }\n"
    assert told(clock, ORDERS, "PF420") == ["`told` is our duty, and only `vendor` can do `delivered`"]
    assert not told(clock.replace("every", "to: supplier, every"), ORDERS, "PF420"), "they owe it"
    ours = ORDERS.replace("delivered: fixed", "delivered: { to: fixed, by: desk }")
    assert not told(clock, ours, "PF420"), "we write down that it came"
    assert not told(clock.replace("delivered", "[delivered, order]"), ORDERS, "PF420"), "one of them is ours"


def test_a_pause_where_the_clock_never_runs() -> None:
    clock = "  sla: { within: 2 days, until: enters ordered, paused-in: [ordered] }\n"
    assert told(clock, ORDERS, "PF421") == ["`sla` does not run in `ordered`, in which it is to pause"]
    assert not told(clock.replace("enters", "leaves"), ORDERS, "PF421")
    late = "  sla: { within: 2 days, from: leaves new, until: case ends, paused-in: [ordered] }\n"
    assert not told(late, ORDERS, "PF421")


def test_an_action_that_is_always_possible_may_lead_to_a_pause() -> None:
    clock = "  sla: { within: 2 days, until: enters ordered, paused-in: [held] }\n"
    held = """\
  held: { waiting-for: { party: client, asked: required, due: required }, actions: { reply: new } }
anytime:
  hold: { to: held, by: desk }
"""
    assert not told(clock, ORDERS + held, "PF421")
