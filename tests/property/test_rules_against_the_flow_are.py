"""What lint says that the ways of a procedure make impossible no case does that follows them.

Cases are walked through a judge, which must find nothing to say of their flow; what rules see of them is what judging
shows, and whether they keep a rule is told by definitions that know nothing of automata.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.expressions.effort import Effort
from procflow.judge import Judge
from procflow.lint.rules import bypassed
from procflow.lint.rules.against import Against
from procflow.lint.rules.conflicts import Conflicts, named_by
from procflow.lint.rules.idle import findings as idle
from procflow.lint.rules.search import monitors_in
from procflow.lint.rules.through import Acted, Through
from procflow.lint.rules.worlds import at_odds, units_of
from procflow.model.procedure import Procedure
from procflow.model.rule import Form, Happening, HappeningKind, Rule
from procflow.monitors.rules.position import Position
from tests.oracle.naive_rules import Happened, Naive
from tests.oracle.plain import PlainEvent
from tests.property.strategies import FLOW_ONLY, load, random_procedure, to_events
from tests.property.strategies_conditions import FEW_FIELDS, random_value
from tests.property.test_rules_said_to_conflict_do import random_rule

_LONGEST = 14
_PERSONS = (Form.SAME_PERSON, Form.DIFFERENT_PERSON)


def walk(procedure: Procedure, rng: Random) -> tuple[Position, ...] | None:
    """Return what rules see of a case that follows the procedure to an end that is not cancelled; None if it does not."""
    judge = Judge(procedure, witness=FLOW_ONLY)
    fields = [(name, type) for name, type in FEW_FIELDS if name in procedure.data]
    told = {name: random_value(type, rng) for name, type in fields}
    trace: list[PlainEvent] = [{"kind": "opened", "data": told}]
    state = judge.begin("case-1", to_events(trace)[0])
    for _ in range(_LONGEST):
        names = sorted(procedure.actions)
        rng.shuffle(names)
        for name in names:
            events = to_events([*trace, {"kind": "action", "action": name}])
            onward = judge.advance(state, events[-1])
            if onward.cost == state.cost:
                state = onward
                trace.append({"kind": "action", "action": name})
                break
        else:
            return None
        positions = judge.positions(state)
        if positions[-1].ends:
            return None if positions[-1].cancelled else positions
    return None


def told_of(positions: Sequence[Position]) -> Naive:
    kinds = ["opening", *("action" for _ in positions[1:])]
    return Naive([Happened(one.happenings, kind=kind) for one, kind in zip(positions, kinds, strict=True)])


def random_rules(procedure: Procedure, rng: Random, many: int) -> list[Rule]:
    actions = [Happening(kind=HappeningKind.ACTION, name=name) for name in sorted(procedure.actions)]
    steps = [
        Happening(kind=kind, name=name)
        for name in procedure.steps
        for kind in (HappeningKind.ENTERS, HappeningKind.LEAVES)
    ]
    others = [Happening(kind=HappeningKind.OPENS), Happening(kind=HappeningKind.ENDS)]
    of = [*actions, *actions, *rng.sample(steps, min(2, len(steps))), *others]
    of = list(dict.fromkeys(rng.sample(of, min(5, len(of)))))
    return [random_rule(rng, number, of) for number in range(many)] if len(of) > 1 else []


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_no_way_keeps_no_case_keeps(seed: int) -> None:
    rng = Random(seed)
    procedure = load(random_procedure(rng))
    rules = random_rules(procedure, rng, rng.randint(1, 3))
    procedure = replace(procedure, rules=tuple(rules))
    units = units_of(rules)
    ways = Through(procedure, named_by(units), Effort(10_000_000))
    against = Against(ways=ways, units=units, effort=Effort(10_000_000))
    against.look()
    walks = [found for _ in range(6) if (found := walk(procedure, rng)) is not None]
    for positions in walks:
        case = told_of(positions)
        for core in against.never:
            assert not all(case.keeps(rule) for rule in core.rules), (core.rules, positions)
        for action, core in against.barred.items():
            if case.places([action]):
                assert not all(case.keeps(rule) for rule in core.rules), (action, core.rules, positions)
        happened = {one for position in positions for one in position.happenings}
        assert happened & frozenset(named_by(units)) <= ways.everything
        for told in idle(procedure, ways, Conflicts(units=(), effort=Effort(1))):
            (rule,) = [one for one in rules if one.where == told.where]
            assert not case.places(rule.triggers), told.message
    for rule in rules if any(ways.is_over(place) for place in range(len(ways.places))) else ():
        if rule.form in _PERSONS:
            continue
        alone = [unit for unit in units if unit.rules == (rule,)]
        against_it, run = at_odds(alone, lambda taken: Acted(ways, monitors_in(taken)), None, Effort(10_000_000))
        assert (against_it is None) == (run is not None)
        if any(told_of(positions).keeps(rule) for positions in walks):
            assert run is not None


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_no_way_goes_past_no_case_goes_past(seed: int) -> None:
    rng = Random(seed)
    procedure = load(random_procedure(rng))
    rules = [rule for rule in random_rules(procedure, rng, 6) if bypassed.is_demanded(rule)]
    told = {one.where for one in bypassed.findings(procedure, rules, Effort(10_000_000))}
    ways = Through(procedure, [one for rule in rules for one in rule.targets], Effort(10_000_000))
    can_happen = {one for letter in ways.letters() for one in letter.happens}
    for positions in [found for _ in range(6) if (found := walk(procedure, rng)) is not None]:
        for rule in rules:
            # Of what happens on no way at all it is told that no way keeps the rule.
            if (
                can_happen.intersection(rule.targets)
                and rule.number in (None, 1)
                and not told_of(positions).keeps(rule)
            ):
                assert rule.where in told, (rule, positions)
