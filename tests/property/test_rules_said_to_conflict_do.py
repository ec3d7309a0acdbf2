"""What lint says that rules make impossible is impossible, and what it does not say is possible.

Held against every short sequence of events, by definitions that know nothing of automata.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.calendars.length import Length, Unit
from procflow.errors import SourceSpan
from procflow.expressions.effort import Effort
from procflow.lint.rules import twice
from procflow.lint.rules.anyhow import Anyhow, about
from procflow.lint.rules.conflicts import Conflicts, named_by, related
from procflow.lint.rules.letters import Kind, Letter
from procflow.lint.rules.search import monitors_in
from procflow.lint.rules.worlds import at_odds, units_of
from procflow.model.by import By
from procflow.model.rule import PERSON, Form, Happening, HappeningKind, Manner, Rule
from tests.oracle.naive_rules import Happened, Naive

A, B, C = (Happening(kind=HappeningKind.ACTION, name=name) for name in "abc")
ENTERS, LEAVES = (Happening(kind=kind, name="s") for kind in (HappeningKind.ENTERS, HappeningKind.LEAVES))
OPENS, ENDS = (Happening(kind=kind) for kind in (HappeningKind.OPENS, HappeningKind.ENDS))
STARTS = Happening(kind=HappeningKind.STARTS, name="a")
ACTIONS = (A, B, C)
ANYTHING = (*ACTIONS, ENTERS, LEAVES, OPENS, ENDS, STARTS)

_TRIGGERED = (Form.IF_ALSO, Form.AFTER, Form.BEFORE, Form.IN_TURN, Form.IF_NEVER, Form.AFTER_NEVER, Form.BEFORE_NEVER)
_CHAINED = (Form.AFTER, Form.BEFORE, Form.IN_TURN, Form.AFTER_NEVER, Form.BEFORE_NEVER)
_LISTS = (Form.NEVER, Form.AT_MOST, Form.AT_LEAST, Form.EXACTLY, Form.FIRST, Form.LAST)


def random_rule(rng: Random, number: int, of: Sequence[Happening], *, near: bool = False) -> Rule:
    """Return a rule over some happenings; if `near`, one that asks for time, persons or values."""
    form = rng.choice(list(Form))
    triggers: tuple[Happening, ...] = ()
    targets: tuple[Happening, ...]
    if form in _TRIGGERED:
        trigger, target = rng.sample(of, 2)
        triggers, targets = (trigger,), (target,)
    else:
        many = {Form.NOT_BOTH: 2, Form.MUST_HAPPEN: 1}.get(form, rng.randint(1, 2))
        many = max(many, 2) if form not in (*_LISTS, Form.MUST_HAPPEN) else many
        targets = tuple(rng.sample(of, many))
    manner = rng.choice(list(Manner)) if form in _CHAINED else Manner.ANY_TIME
    if manner is Manner.EACH_TIME and form in (Form.AFTER_NEVER, Form.BEFORE_NEVER):
        manner = Manner.ANY_TIME
    same: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    within: Length | None = None
    by: By | None = None
    if near and (form in _TRIGGERED or form is Form.NOT_BOTH):
        same = rng.choice([(), (), ("x",), (PERSON,)])
        different = rng.choice([(), (), (PERSON,)]) if not same else ()
        within = rng.choice([None, Length(count=1, unit=Unit.HOUR), Length(count=2, unit=Unit.HOUR)])
        if different and manner is Manner.EACH_TIME:
            different = ()
    if near and form not in (Form.TOGETHER, Form.NOT_BOTH, Form.IN_TURN, Form.SAME_PERSON, Form.DIFFERENT_PERSON):
        by = rng.choice([None, None, By(role="lead"), By(role="agent")])
    return Rule(
        id=f"rule-{number}",
        form=form,
        triggers=triggers,
        targets=targets,
        number=rng.randint(1, 2) if form in (Form.AT_MOST, Form.AT_LEAST, Form.EXACTLY) else None,
        manner=manner,
        same=same,
        different=different,
        within=within,
        by=by,
        where=SourceSpan(file="rules.yaml", line=number + 1, column=3, end_line=number + 1, end_column=4),
    )


@cache
def plain_sequences(longest: int) -> tuple[Naive, ...]:
    """Return every sequence of actions up to a length, `x` standing for any that no rule names."""
    opening = Happened((OPENS,), kind="opening")
    x = Happening(kind=HappeningKind.ACTION, name="x")
    found = []
    for length in range(longest + 1):
        for things in product((*ACTIONS, x), repeat=length):
            events = [opening, *(Happened((one,)) for one in things)]
            found.append(Naive(_ended(events)))
    return tuple(found)


@cache
def stepped_sequences(longest: int) -> tuple[Naive, ...]:
    """Return every sequence of actions that may also leave and enter a step, of starts, and with any ending."""
    moves: list[Happened] = [Happened((STARTS,), kind="start")]
    for done, left, entered in product((A, B, C), (False, True), (False, True)):
        moves.append(Happened((done, *([LEAVES] * left), *([ENTERS] * entered))))
    found = []
    for opening in (Happened((OPENS,), kind="opening"), Happened((OPENS, ENTERS), kind="opening")):
        for length in range(longest + 1):
            for events in product(moves, repeat=length):
                found += [
                    Naive(_ended([opening, *events])),
                    Naive([opening, *events, Happened((ENDS,), kind="closing")]),
                ]
    return tuple(found)


def _ended(events: Sequence[Happened]) -> list[Happened]:
    *before, last = events
    return [*before, Happened((*last.things, ENDS), kind=last.kind)]


@cache
def rich_sequences(longest: int) -> tuple[Naive, ...]:
    """Return every sequence of actions with values, persons, roles and times."""
    people = (("ana", frozenset({"lead"})), ("ben", frozenset({"agent"})), ("cat", frozenset({"lead", "agent"})))
    opening = Happened((OPENS,), kind="opening")
    found = []
    for length in range(1, longest + 1):
        for every in product(product((A, B, C), (1, 2), people, (0, 2)), repeat=length):
            hours, events = 0, [opening]
            for done, value, (person, roles), gap in every:
                hours += gap
                events.append(Happened((done,), hours=hours, value=value, person=person, roles=roles))
            found.append(Naive(_ended(events)))
    return tuple(found)


def looked_at(rules: Sequence[Rule]) -> Conflicts:
    found = Conflicts(units=units_of(rules), effort=Effort(10_000_000))
    found.look()
    assert not found.left_out
    return found


def holds(found: Conflicts, sequences: Sequence[Naive]) -> None:
    """Hold what is impossible against sequences."""
    for core in found.nothing:
        for one in sequences:
            if len(one.events) > 1 and any(event.kind == "action" for event in one.events):
                assert not all(one.keeps(rule) for rule in core.rules), (core.rules, one.events)
    for happening, core in found.barred.items():
        for one in sequences:
            if one.places([happening]):
                assert not all(one.keeps(rule) for rule in core.rules), (happening, core.rules, one.events)


def events_of(run: Sequence[Letter]) -> list[Happened]:
    """Return a run that asks nothing of persons and times as events."""
    kinds = {Kind.OPENING: "opening", Kind.EVENT: "action", Kind.START: "start", Kind.CLOSING: "closing"}
    events = [
        Happened(tuple(one for group in letter.groups for one in group), kind=kinds[letter.kind]) for letter in run
    ]
    first = events[0]
    events[0] = Happened(tuple(dict.fromkeys((OPENS, *first.things))), kind=first.kind)
    if any(ENDS in event.things for event in events):
        return events
    return [*events, Happened((ENDS,), kind="closing")]


def allowed(rules: Sequence[Rule], found: Conflicts) -> Iterator[tuple[Happening, list[Happened]]]:
    """Yield what is not said to be impossible, each with a sequence that is to show it."""
    units = units_of(rules)
    for core in found.nothing:
        units = tuple(unit for unit in units if unit.rules != core.units[-1].rules)
    for one in named_by(units):
        if one.kind not in (HappeningKind.OPENS, HappeningKind.ENDS) and one not in found.barred:
            near = [about(unit, one) for unit in related(units, one)]
            _, run = at_odds(
                near,
                lambda taken, one=one, near=near: Anyhow(monitors_in(taken), one, monitors_in(near)),  # type: ignore[misc]
                lambda letter: letter.focus,
                Effort(10_000_000),
            )
            assert run is not None
            yield one, events_of(run)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_any_order_makes_impossible_is_impossible_and_nothing_else_is(seed: int) -> None:
    rng = Random(seed)
    rules = [random_rule(rng, number, ACTIONS) for number in range(rng.randint(1, 4))]
    found = looked_at(rules)
    holds(found, plain_sequences(5))
    plain = [rule for rule in rules if rule.form not in (Form.SAME_PERSON, Form.DIFFERENT_PERSON)]
    blamed = {rule.id for core in found.nothing for rule in (core.units[-1].rules)}
    for happening, events in allowed(rules, found):
        assert Naive(events).places([happening])
        for rule in plain:
            assert rule.id in blamed or Naive(events).keeps(rule), (rule, events)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_same_holds_where_steps_are_left_and_entered(seed: int) -> None:
    rng = Random(seed)
    rules = [random_rule(rng, number, ANYTHING) for number in range(rng.randint(1, 3))]
    found = looked_at(rules)
    holds(found, stepped_sequences(3))
    plain = [rule for rule in rules if rule.form not in (Form.SAME_PERSON, Form.DIFFERENT_PERSON)]
    blamed = {rule.id for core in found.nothing for rule in (core.units[-1].rules)}
    for happening, events in allowed(rules, found):
        assert Naive(events).places([happening])
        for rule in plain:
            assert rule.id in blamed or Naive(events).keeps(rule), (rule, events)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_nothing_false_is_said_of_time_persons_and_values(seed: int) -> None:
    rng = Random(seed)
    rules = [random_rule(rng, number, (A, B), near=True) for number in range(rng.randint(2, 3))]
    found = looked_at(rules)
    if found.nothing or found.barred:
        holds(found, rich_sequences(3))


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_adds_nothing_adds_nothing(seed: int) -> None:
    rng = Random(seed)
    near = rng.random() < 0.5
    rules = [random_rule(rng, number, (A, B) if near else ACTIONS, near=near) for number in range(2)]
    sequences = rich_sequences(3) if near else plain_sequences(5)
    for one in twice.findings(rules, Effort(10_000_000)):
        (rule,) = [rule for rule in rules if one.where == rule.where]
        others = [other for other in rules if f"`{other.id}`" in one.message and other is not rule]
        for sequence in sequences:
            if all(sequence.keeps(other) for other in others):
                assert sequence.keeps(rule), (one.message, rules, sequence.events)
