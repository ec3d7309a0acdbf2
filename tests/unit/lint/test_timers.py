"""What is told of flows in which time runs out."""

from __future__ import annotations

from procflow.errors import Finding
from procflow.lint import lint
from tests.unit.monitors.stories import procedure_of

HEAD = "roles: { agent: Works, client: { title: Asked, external: true } }\n"


def told(text: str) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in found(text) if one.code and one.code.startswith("PF3")]


def found(text: str) -> list[Finding]:
    return list(lint(procedure_of(HEAD + text)))


def test_time_leads_to_a_step_and_out_of_one() -> None:
    text = """\
start: draft
steps:
  draft: { by: agent, actions: { ask: { to: waiting, at-most: 3 }, send: closed } }
  waiting: { waiting-for: { party: client }, within: 14 days, late: { go-to: asleep }, actions: { note: same } }
  asleep: { by: agent, actions: { wake: closed } }
  closed: { end: answered }
"""
    assert told(text) == [("PF315", "no case comes to `asleep` unless time has run out in `waiting`")]
    assert ("PF303", "`waiting` is a dead end: note stays there, so the case never ends") not in told(text)


def test_steps_that_only_wait_for_each_other() -> None:
    text = """\
start: one
steps:
  one: { by: agent, within: 1 day, late: { go-to: two }, actions: { note: same, leave: closed } }
  two: { by: agent, within: 1 day, late: { go-to: one }, actions: { write: same } }
  closed: { end: answered }
"""
    # That time alone takes it round, PF409 tells.
    assert told(text) == [("PF315", "no case comes to `two` unless time has run out in `one`")]
    assert ("PF304", "nobody ever gets out of one -(when late)-> two -(when late)-> one: the case never ends") in told(
        text.replace(", leave: closed", "")
    )


def test_nobody_is_caught_in_a_block_that_time_ends() -> None:
    text = """\
start: collect
steps:
  collect:
    within: 5 days
    late: { go-to: choose }
    parallel:
      offers:
        start: ask
        steps:
          ask: { by: agent, actions: { take-in: done, look: far } }
          far: { by: agent, actions: { wander: same } }
      note: { by: agent, actions: { write: done } }
    then: closed
  choose: { by: agent, actions: { decide: closed } }
  closed: { end: answered }
"""
    assert told(text) == [("PF315", "no case comes to `choose` unless time has run out in `collect`")]
    assert "PF303" in [code for code, _ in told(text.replace("    within: 5 days\n    late: { go-to: choose }\n", ""))]


def test_what_was_to_be_told_need_not_be_known_when_time_runs_out() -> None:
    text = """\
data: { cause: { type: text, ask: Why? } }
start: look
steps:
  look: { by: agent, within: 1 day, late: { go-to: write }, collect: [cause], actions: { find: write } }
  write: { by: agent, actions: { send: [{ to: closed, when: 'cause == "us"' }, { to: refused, otherwise: true }] } }
  closed: { end: answered }
  refused: { end: refused }
"""
    (one,) = [one for one in found(text) if one.code == "PF509"]
    assert "start -> look -(when late)-> write" in (one.hint or "")
    assert not [
        one for one in found(text.replace("within: 1 day, late: { go-to: write }, ", "")) if one.code == "PF509"
    ]


def test_rules_know_that_time_may_take_another_way() -> None:
    text = """\
start: look
steps:
  look: { by: agent, within: 1 day, late: { go-to: closed }, actions: { find: write } }
  write: { by: agent, actions: { send: closed } }
  closed: { end: answered }
rules:
  looked: { must-happen: find }
"""
    (one,) = [one for one in found(text) if one.code == "PF313"]
    assert "start -> look -(when late)-> closed" in (one.hint or "")
    barred = text.replace("looked: { must-happen: find }", "never: { never: leaves look }")
    assert [one.code for one in found(barred) if one.code in ("PF321", "PF322")] == ["PF322"]
    entered = text.replace("looked: { must-happen: find }", "never: { never: find }")
    assert not [one for one in found(entered) if one.code == "PF322"]


def test_an_end_that_nobody_answers_leads_to_is_nothing_to_tell() -> None:
    text = """\
start: draft
steps:
  draft: { by: agent, actions: { ask: { to: waiting, at-most: 3 }, send: closed } }
  waiting: { waiting-for: { party: client }, within: 14 days, late: { go-to: asleep }, actions: { reply: draft } }
  closed: { end: answered }
  asleep: { end: cancelled }
"""
    assert told(text) == []
