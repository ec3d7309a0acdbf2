"""What the checks of flow, knowledge and control say, word by word, and where a case is saved from a trap."""

from __future__ import annotations

import pytest

from procflow.lint import lint
from procflow.loading.procedure import read_procedure

HEAD = """procflow: 1
procedure: example
version: "1"
title: An example
roles:
  agent: Talks to the client
  lead: Decides
data:
  amount: { type: money, currency: EUR }
start: intake
steps:
"""


def told(steps: str) -> list[str]:
    """Return what is found in a procedure with these steps: code, message and hint."""
    loaded = read_procedure(HEAD + steps, "example.yaml")
    assert loaded.procedure is not None, loaded.findings
    return [f"{one.code} {one.message} | {one.hint}" for one in lint(loaded.procedure)]


def test_each_mistake_is_told_once_with_the_way_that_shows_it() -> None:
    assert told(
        """  intake: { by: agent, actions: { accept: check, pass-on: pay } }
  check: { by: lead, four-eyes: pay, actions: { agree: pay, send-back: intake } }
  pay: { by: agent, actions: { transfer: { to: closed, when: amount < 5 }, park: parked } }
  parked: { by: agent, actions: { note-it: same } }
  orphan: { by: agent, actions: { go: closed } }
  closed: { end: done-well }
"""
    ) == [
        "PF602 four-eyes bars nobody: no case comes through `pay` before `check` | "
        "name a step that comes before `check`, or remove `pay`",
        "PF604 `send-back` sends a case back to `intake`, and whoever does it need not say why | add `reason: required`",
        "PF308 nothing limits how often a case goes round: intake -(accept)-> check -(send-back)-> intake | "
        "give `send-back` a limit, such as `at-most: 3`, or another action of the circle",
        "PF209 nobody is asked for `amount` before it is needed: without it nobody can say whether `transfer` is possible | "
        "let `pay`, or a step before it, `collect: [amount]`; or ask with `has(amount)`; "
        "if it is given when the case is opened, set this aside and give that as the reason",
        "PF303 `parked` is a dead end: `note-it` stays there, so the case never ends | "
        "let one of its actions lead to another step\nthe way there: start -> intake -(pass-on)-> pay -(park)-> parked",
        "PF301 no case ever comes to `orphan`: work begins with `intake`, and no way leads from there to `orphan` | "
        "let an action lead there (`to: orphan`), or remove it",
    ]


def test_a_way_on_which_a_field_is_missing_is_shown() -> None:
    assert told(
        """  intake: { by: agent, collect: [amount], actions: { accept: pay, pass-on: { to: pay, incomplete: true } } }
  pay: { by: lead, actions: { transfer: { to: closed, when: amount < 5 }, refuse: closed } }
  closed: { end: done-well }
"""
    ) == [
        "PF509 `amount` may still be unknown in `pay`: then nobody can say whether `transfer` is possible | "
        "let the way there `collect: [amount]`, or ask with `has(amount)` first\n"
        "the way without it: start -> intake -(pass-on)-> pay"
    ]


BLOCK = """  intake:
    parallel:
      technical:
        start: look
        steps:
          look: { by: agent, actions: { submit: done, fall: pit } }
          pit: { by: agent, actions: { dig: same } }
      legal: LEGAL
    then: closed
  closed: { end: answered }
anytime:
  save: { to: closed, by: agent, while: [WHILE] }
"""
ONE_STEP = "{ by: lead, actions: { give-opinion: done } }"
NESTED = "{ parallel: { first: { by: lead, actions: { one: done } }, second: { by: lead, actions: { two: done } } }, then: done }"


@pytest.mark.parametrize(
    ("legal", "during", "stuck"),
    [
        (ONE_STEP, "pit", False),
        (ONE_STEP, "intake", False),
        (ONE_STEP, "look", True),
        # The branch beside may be done before the case is saved from it.
        (ONE_STEP, "legal", True),
        (NESTED, "first", True),
        (NESTED, "legal", True),
        ("{ start: first, steps: { first: { by: lead, actions: { one: second } }, "
         "second: { by: lead, actions: { two: { to: first, at-most: 2 }, three: done } } } }", "first", True),
    ],
)  # fmt: skip
def test_an_anytime_action_saves_a_case_only_where_it_is_possible_for_sure(
    legal: str, during: str, stuck: bool
) -> None:
    found = told(BLOCK.replace("LEGAL", legal).replace("WHILE", during))
    assert [one[:5] for one in found if one[:5] in ("PF303", "PF304")] == (["PF303"] if stuck else [])


# --- one mistake, one finding; and no alarm where a wise colleague would raise none ----------------------------------


def codes(steps: str) -> list[str]:
    return [one.split()[0] for one in told(steps)]


def test_of_a_circle_nobody_leaves_no_limit_is_asked_for() -> None:
    assert codes(
        """  intake: { by: agent, actions: { accept: look, refuse: closed } }
  look: { by: agent, collect: [amount], actions: { pass-on: ask } }
  ask: { by: lead, actions: { answer: look } }
  closed: { end: done-well }
"""
    ) == ["PF304"]
    assert codes(
        """  intake:
    parallel:
      first:
        start: look
        steps:
          look: { by: agent, collect: [amount], actions: { pass-on: ask } }
          ask: { by: lead, actions: { answer: look } }
      second: { by: agent, actions: { finish: done } }
    then: closed
  closed: { end: done-well }
"""
    ) == ["PF309"]


def test_a_limit_is_not_proposed_for_the_only_way_out_of_a_step() -> None:
    (found,) = told(
        """  intake: { by: agent, collect: [amount], actions: { ask: waiting, finish: closed } }
  waiting: { waiting-for: { party: lead }, actions: { answered: intake } }
  closed: { end: done-well }
"""
    )
    assert found.startswith("PF308 ")
    assert found.endswith("give `ask` a limit, such as `at-most: 3`, or another action of the circle")


ONE_OR_THE_OTHER = """  intake: { by: agent, collect: [amount], actions: { accept: look } }
  look:
    parallel:
      small: { only-if: amount < 100, by: agent, collect: [cause], actions: { sign: done } }
      large: { only-if: amount >= 100, by: lead, actions: { weigh: done } }
    then:
      - { to: checked, when: 'THEN' }
      - { to: closed, otherwise: true }
  checked: { by: lead, four-eyes: [small, large], actions: { agree: closed } }
  closed: { end: done-well }
"""


@pytest.mark.parametrize(
    ("then", "found"),
    [
        ('amount < 100 and cause == "rust"', []),
        ('amount < 101 and cause == "rust"', ["PF509"]),
        ('cause == "rust"', ["PF509"]),
    ],
)
def test_what_a_branch_gives_is_known_where_the_branch_was_needed(then: str, found: list[str]) -> None:
    head = HEAD.replace("data:\n", "data:\n  cause: text\n")
    loaded = read_procedure(head + ONE_OR_THE_OTHER.replace("THEN", then), "example.yaml")
    assert loaded.procedure is not None, loaded.findings
    assert [one.code for one in lint(loaded.procedure)] == found


def test_four_eyes_with_branches_of_which_one_may_not_be_needed_is_told() -> None:
    """The same block with a hole in it: at 100 nobody has looked."""
    steps = ONE_OR_THE_OTHER.replace("amount >= 100", "amount > 100").replace("'THEN'", "amount <= 100")
    head = HEAD.replace("data:\n", "data:\n  cause: text\n")
    loaded = read_procedure(head + steps, "example.yaml")
    assert loaded.procedure is not None, loaded.findings
    assert [one.code for one in lint(loaded.procedure)] == ["PF608"]


def test_a_way_is_not_forbidden_by_what_held_before_a_field_was_asked_for_again() -> None:
    """Whoever was passed on with a small amount may be paid a large one: then nobody knows the cause."""
    steps = """  intake:
    by: agent
    collect: [amount]
    actions: { pass-on: [{ to: pay, when: amount < 100 }, { to: look, otherwise: true }] }
  look: { by: lead, collect: [cause], actions: { find: pay } }
  pay:
    by: lead
    optional: [amount]
    actions: { transfer: { to: closed, when: 'amount < 100 or cause == "rust"' }, refuse: closed }
  closed: { end: done-well }
"""
    head = HEAD.replace("data:\n", "data:\n  cause: text\n")
    for text, found in ((steps, ["PF509"]), (steps.replace("    optional: [amount]\n", ""), [])):
        loaded = read_procedure(head + text, "example.yaml")
        assert loaded.procedure is not None, loaded.findings
        assert [one.code for one in lint(loaded.procedure)] == found


def test_of_two_ways_between_two_steps_each_is_tried() -> None:
    """On the first way the condition is decided, on the second it is not."""
    steps = """  intake: { by: agent, collect: [amount], actions: { small: { to: pay, when: amount < 100 }, large: { to: pay, when: amount >= 100 } } }
  pay: { by: lead, actions: { transfer: { to: closed, when: 'amount < 100 or cause == "rust"' }, refuse: closed } }
  look: { by: lead, optional: [cause], actions: { find: pay } }
  closed: { end: done-well }
anytime:
  look-again: { to: look, by: lead, while: [pay], at-most: 1 }
"""  # noqa: E501
    head = HEAD.replace("data:\n", "data:\n  cause: text\n")
    loaded = read_procedure(head + steps, "example.yaml")
    assert loaded.procedure is not None, loaded.findings
    assert [one.code for one in lint(loaded.procedure)] == ["PF509"]


def test_what_the_conditions_on_every_way_make_needless_is_not_asked_for() -> None:
    """Whoever is in the block came with a large amount: nobody reads the cause there."""
    steps = """  intake: { by: agent, collect: [amount], actions: { accept: [{ to: pay, when: amount > 100 }, { to: ask, otherwise: true }] } }
  pay: { by: lead, actions: { transfer: { to: closed, when: 'amount > 50 or cause == "rust"' }, refuse: closed } }
  ask: { by: agent, collect: [cause], actions: { find: closed } }
  closed: { end: done-well }
"""  # noqa: E501
    head = HEAD.replace("data:\n", "data:\n  cause: text\n")
    loaded = read_procedure(head + steps, "example.yaml")
    assert loaded.procedure is not None, loaded.findings
    assert [one.code for one in lint(loaded.procedure)] == []


def test_of_steps_nobody_reaches_the_first_of_them_is_named() -> None:
    """Wherever they stand in the file: what only leads on is named with it, and not a second time."""
    (found,) = told(
        """  intake: { by: agent, collect: [amount], actions: { accept: closed } }
  pay: { by: lead, actions: { transfer: closed } }
  look: { by: agent, actions: { find: pay } }
  closed: { end: done-well }
"""
    )
    assert found.startswith("PF301 no case ever comes to `look`: ")
    assert "nor to `pay`, where only `look` leads" in found


def codes_with_cause(steps: str) -> list[str]:
    loaded = read_procedure(HEAD.replace("data:\n", "data:\n  cause: text\n") + steps, "example.yaml")
    assert loaded.procedure is not None, loaded.findings
    return [one.code for one in lint(loaded.procedure)]


BESIDE = """  intake:
    parallel:
      first: { by: agent, collect: [amount], actions: { find: done } }
      second: { by: lead, collect: [cause], actions: { small: { to: done, when: amount < 5 }, large: { to: done, when: amount >= 5 } } }
    then: closed
  checked: { by: lead, actions: { agree: [{ to: closed, when: amount < 5 }, { to: refused, otherwise: true }] } }
  closed: { end: done-well }
  refused: { end: refused }
anytime:
  check: { to: checked, by: lead, while: [second] }
"""  # noqa: E501


def test_what_the_branch_beside_asks_for_may_be_known_or_not() -> None:
    """In the other branch, and where the block is cut short: so it is not told that nobody is asked."""
    assert codes_with_cause(BESIDE) == ["PF509", "PF509"]


def test_once_a_branch_was_needed_or_not_its_field_is_known() -> None:
    """The doubt is told where the block is entered, and not again after it."""
    assert codes_with_cause(
        """  intake: { by: agent, optional: [amount], actions: { accept: look } }
  look:
    parallel:
      first: { only-if: amount > 5, by: agent, collect: [cause], actions: { find: done } }
      second: { by: lead, actions: { watch: done } }
    then: pay
  pay: { by: lead, actions: { transfer: [{ to: closed, when: amount < 5 }, { to: refused, otherwise: true }] } }
  closed: { end: done-well }
  refused: { end: refused }
"""
    ) == ["PF509"]
