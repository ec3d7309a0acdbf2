"""Actions done early wait in the configuration, and are not asked for when their turn comes."""

from __future__ import annotations

import pytest

from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.automaton.configurations import parse_configuration
from procflow.expressions.expression import Expression
from procflow.loading.procedure import read_procedure
from procflow.model.procedure import Procedure

VISIT = """
procflow: 1
procedure: visit
version: "1"
roles: { agent: Plans }
data: { far: { type: yes-no } }
start: plan
steps:
  plan: { by: agent, actions: { ask: route } }
  route:
    by: agent
    collect: [far]
    actions: { ride: [{ to: pack, when: far }, { to: there, otherwise: true }], stay: { to: same } }
  pack: { by: agent, checklist: [map, tent], actions: { go: there } }
  there:
    parallel:
      look: { by: agent, actions: { see: done } }
      note: { by: agent, actions: { write: done } }
    then: home
  home: { by: agent, actions: { rest: over } }
  over: { end: rested }
anytime: { call: { to: same, by: agent } }
"""


@pytest.fixture(scope="module")
def visit() -> Procedure:
    loaded = read_procedure(VISIT, "visit.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def true(_: Expression) -> Reading:
    return Reading.TRUE


def after(visit: Procedure, at: str, action: str) -> list[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]]:
    automaton = Automaton(visit)
    standing = parse_configuration(at, visit)
    moves = automaton.moves(standing, action, start=False, read=true, used_up=frozenset())
    return [(str(move.target), move.consumed) for move in moves]


@pytest.mark.parametrize(
    ("at", "action", "to"),
    [
        ("plan+{rest}", "ask", "route+{rest}"),
        ("route+{go,map,tent}", "ride", "there[look:look,note:note]"),
        ("route+{map}", "ride", "pack/1"),
        ("route+{tent}", "ride", "pack+{tent}"),
        ("pack+{tent}", "map", "pack/2"),
        ("pack/2+{see}", "go", "there[look:done,note:note]"),
        ("pack/2+{see,write}", "go", "home"),
        ("pack/2+{rest,see,write}", "go", "over"),
        ("there[look:look,note:done]+{rest}", "see", "over"),
        ("route+{rest}", "stay", "route+{rest}"),
        ("route+{rest}", "call", "route+{rest}"),
    ],
)
def test_what_was_done_early_is_done(visit: Procedure, at: str, action: str, to: str) -> None:
    assert [target for target, _ in after(visit, at, action)] == [to]


def test_the_steps_it_leaves_are_told_apart(visit: Procedure) -> None:
    assert after(visit, "pack/2+{see,write}", "go") == [
        ("home", (("see", ("look", "there")), ("write", ("note", "there"))))
    ]


def test_skips_carry_it_along(visit: Procedure) -> None:
    skips = Automaton(visit).skips(parse_configuration("plan+{map}", visit), true)
    assert [str(move.target) for move in skips] == ["route+{map}"]


@pytest.mark.parametrize(
    ("at", "action", "why"),
    [
        ("plan", "ask", "is due"),
        ("plan", "ride", "may lead to different places"),
        ("plan", "call", "may lead to different places"),
        ("plan", "dance", "may lead to different places"),
        ("plan+{map}", "map", "done early already"),
        ("over", "map", "has ended"),
    ],
)
def test_what_cannot_be_done_early_is_refused(visit: Procedure, at: str, action: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Automaton(visit).done_early(parse_configuration(at, visit), action)


def test_it_is_kept_sorted(visit: Procedure) -> None:
    automaton = Automaton(visit)
    at = automaton.done_early(automaton.done_early(parse_configuration("plan", visit), "tent"), "go")
    assert str(at) == "plan+{go,tent}"
    assert parse_configuration(str(at), visit) == at


@pytest.mark.parametrize(
    "text",
    ["plan+{}", "plan+{ask}", "plan+{tent,go}", "plan+{go,go}", "over+{go}", "plan+{ride}", "plan+{dance}", "plan+go",
     "pack/1+{tent}", "there[look:look+{rest},note:note]", "there[look:look,note:done]+{see}", "plan+{go}x"],
)  # fmt: skip
def test_texts_that_are_no_configuration_are_refused(visit: Procedure, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_configuration(text, visit)
