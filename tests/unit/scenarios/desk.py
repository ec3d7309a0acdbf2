"""A refund desk for the tests of scenarios: stories are written as text and run."""

from __future__ import annotations

from textwrap import indent

from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.procedure import Procedure
from procflow.model.scenario import ScenarioResult
from procflow.scenarios.running import Run, run

REFUND = """
procflow: 1
procedure: refund
version: "1"
effective: { from: 2026-12-01 }
roles:
  agent: Talks to the client
  lead: Approves
  client: { title: The client, external: true }
data:
  amount: { type: money, currency: EUR }
  urgent: yes-no
  channel: text
  whom: person
  asked_for: text
start: prepare
steps:
  prepare:
    by: agent
    checklist: [thank, look-up]
    collect: [amount, urgent]
    optional: [whom, asked_for]
    actions:
      propose:
        - { to: approve, when: amount > 50 }
        - { to: pay, otherwise: true }
      ask: { to: wait-for-client, incomplete: true }
      refuse: { to: refused, when: not urgent and amount == 0, reason: required, by: lead }
  wait-for-client:
    waiting-for: { party: client, asked: required, due: required }
    actions: { answer: prepare }
  approve:
    by: lead
    four-eyes: prepare
    not-by: whom
    actions: { agree: pay, send-back: { to: prepare, reason: required, at-most: 1 } }
  pay: { by: agent, evidence: [transfer], actions: { transfer-money: paid } }
  paid: { end: paid }
  refused: { end: refused }
anytime:
  note-down: { to: same, by: any, when: has(channel), optional: [channel] }
"""


def procedure(scenarios: str = "", text: str = REFUND) -> Procedure:
    """Return the procedure with these scenarios; it must pass its checks."""
    whole = text + ("\nscenarios:\n" + indent(scenarios.strip("\n"), "  ") + "\n" if scenarios else "")
    loaded = read_procedure(whole, "refund.yaml")
    assert loaded.procedure is not None, [f"{one.where}: {one.message}" for one in loaded.findings]
    return loaded.procedure


def runs(scenarios: str, text: str = REFUND) -> tuple[Run, ...]:
    """Run the scenarios."""
    judge = Judge(procedure(scenarios, text))
    return tuple(run(one, judge) for one in judge.procedure.scenarios)


def result(scenario: str, text: str = REFUND) -> ScenarioResult:
    """Run one scenario, given without its name."""
    lines = "\n".join("  " + line for line in scenario.strip("\n").splitlines())
    (only,) = runs(f"- scenario: The story\n{lines}", text)
    return only.result


def done(one: ScenarioResult) -> list[str]:
    """Return what was done, as `ana accept`."""
    return [f"{event.actor} {event.action}" for event in one.events if event.action]


def said(one: ScenarioResult, action: str) -> dict[str, object]:
    """Return the data that came with the last event of an action."""
    return dict(next(event for event in reversed(one.events) if event.action == action).data)


def told(one: ScenarioResult) -> list[str]:
    """Return the codes of the deviations."""
    return [each.code for each in one.deviations]
