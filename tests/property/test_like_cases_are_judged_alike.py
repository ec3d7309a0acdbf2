"""Law: rules alone, judged over the tree of cases, say what they say over each case by itself, word for word.

Also of who did it, when, in which row, and of what is still owed; whatever cases came before, in whatever order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from procflow.auditor.case_told import deviations_of, due_of, not_examined, standings_of
from procflow.auditor.policies_alone import bare_procedure
from procflow.auditor.positions_alone import Reader, can_be_told
from procflow.auditor.rules_alone import CaseOutcome, Outcome, RulesAlone, by_sequence, fold
from procflow.loading.policies import read_policies
from procflow.model.deviation import Deviation
from procflow.model.event import EVERYTHING, Act, Event, Kind, Lifecycle, Override, Source, Trace, Waiver, Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import RuleStanding, RuleStatus
from procflow.monitors.moment import NotExamined
from procflow.monitors.rules.book import RuleBook

EXAMPLES = 150
NAMES = ("a", "b", "c")
AS_OF = datetime(2026, 3, 20, tzinfo=UTC)


def random_rules(rng: Random, *, statuses: bool) -> Procedure:
    """Return policies with a few rules of any form, as a procedure without steps."""
    lines = [f"  r{number}: {{ {_rule(rng, statuses)} }}" for number in range(rng.randint(1, 6))]
    fields = "data:\n  amount: number\n  helper: person\n  unread: number\n"
    uses = "  uses-data: { never: NEVER, when: amount > 99 and unread > 99 and has(helper) }\n"
    uses = uses.replace("NEVER", "enters zzz" if statuses else "zzz")
    text = f'procflow: 1\npolicies: some\nversion: "1"\n{fields}rules:\n{uses}' + "\n".join(lines) + "\n"
    loaded = read_policies(text, "policies.yaml")
    assert loaded.policies is not None, (text, [str(one) for one in loaded.findings])
    return bare_procedure(loaded.policies)


def _rule(rng: Random, statuses: bool) -> str:
    names = [_happening(name, rng, statuses) for name in rng.sample(NAMES, 3)]
    a, b, c = names
    n = rng.randint(1, 2)
    rule = rng.choice(
        (
            f"must-happen: {a}",
            f"never: [{a}, {b}]",
            f"exactly: {n}, of: {a}",
            f"at-most: {n}, of: [{a}, {b}]",
            f"at-least: {n}, of: {a}",
            f"first: [{a}, {b}]",
            f"last: {a}",
            f"if: {a}, also: {b}",
            f"after: {a}, there-must-be: {b}",
            f"after: [{a}, {c}], there-must-be: {b}",
            f"before: {b}, there-must-be: {a}",
            f"after: {a}, before: {b}",
            f"together: [{a}, {b}, {c}]",
            f"any-of: [{a}, {b}]",
            f"one-of: [{a}, {b}]",
            f"not-both: [{a}, {b}]",
            f"if: {a}, never: {b}",
            f"after: {a}, never: {b}",
            f"before: {b}, never: {a}",
            f"same-person: [{a}, {b}]" if not statuses else f"last: {a}",
            f"different-person: [{a}, {b}]" if not statuses else f"first: {a}",
        )
    )
    chained = rule.startswith(("after", "before"))
    if chained and rng.random() < 0.5:
        never = "never" in rule
        rule += ", next: true" if never or rng.random() < 0.5 else ", each-time: true"
    if rng.random() < 0.2 and rule.startswith(("after", "if")) and ", before" not in rule:
        rule += rng.choice((", within: 1 day", ", same: person", ", when: amount > 3"))
    return rule + rng.choice(("", ", severity: minor", ", because: 'ISO 1'", ", refuse: false"))


def _happening(name: str, rng: Random, statuses: bool) -> str:
    if rng.random() < 0.08:
        return rng.choice(("case opens", "case ends"))
    if statuses:
        return f"{rng.choice(('enters', 'enters', 'leaves'))} {name}"
    return f"starts {name}" if rng.random() < 0.15 else name


def random_trace(case: str, rng: Random, *, statuses: bool) -> Trace:
    """Return a case with whatever a log may hold: gaps, starts, refusals, waivers, overrides, nobody's work."""
    at = datetime(2026, rng.randint(1, 3), 1, tzinfo=UTC)
    events: list[Event] = []
    for seq in range(1, rng.randint(2, 9)):
        at += timedelta(hours=rng.choice((0, 1, 5, 40)))
        kind = Kind.STATUS if statuses else Kind.ACTION
        event = Event(
            case=case,
            seq=seq,
            kind=kind,
            action=rng.choice((*NAMES, "d")),
            occurred_at=at,
            actor=rng.choice(("ana", "dan", "eva", None)),
            data=rng.choice(({}, {}, {"amount": rng.randint(0, 6)}, {"amount": "much"})),
            gap=rng.random() < 0.08,
            source=Source(file=f"{case}.csv", line=seq * 2),
        )
        events.append(_odd(event, rng))
    if rng.random() < 0.3:
        events[0] = replace(events[0], kind=Kind.OPENED, action="", lifecycle=Lifecycle.COMPLETE, override=None)
    if rng.random() < 0.3:
        last = replace(events[-1], kind=Kind.CLOSED, action="", lifecycle=Lifecycle.COMPLETE, override=None)
        events.append(replace(last, seq=len(events) + 1))
    closed = events[-1].kind is Kind.CLOSED or rng.random() < 0.5
    return Trace(case=case, events=tuple(events), closed=closed, cut=rng.random() < 0.1)


def _odd(event: Event, rng: Random) -> Event:
    chance = rng.random()
    if chance < 0.1:
        return replace(event, kind=Kind.ACTION, lifecycle=Lifecycle.START)
    if chance < 0.15:
        return replace(event, lifecycle=Lifecycle.REFUSED)
    if chance < 0.2:
        act = rng.choice((Act.DO_EARLY, Act.REDO))
        return replace(event, kind=Kind.OVERRIDE, override=Override(act=act, to="somewhere"))
    if chance < 0.23:
        waiver = Waiver(code="DV507", person="dan", until=AS_OF)
        return replace(event, kind=Kind.WAIVER, action="", waiver=waiver)
    return event


def test_the_tree_says_what_each_case_says() -> None:
    compared = spared = broken = of_statuses = released = 0
    for number in range(EXAMPLES):
        rng = Random(f"alike {number}")
        statuses = rng.random() < 0.4
        witness = rng.choice((EVERYTHING, EVERYTHING, Witness(actor=False), Witness(time=False, data=frozenset())))
        procedure = random_rules(rng, statuses=statuses)
        told = [one for one in procedure.rules if can_be_told(one, statuses=statuses)]
        cancelling = frozenset(rng.choice(((), (), (NAMES[0],), ("d", NAMES[1]))))
        alone = RulesAlone(procedure.rules, witness, statuses=statuses, procedure=procedure, cancelling=cancelling)
        reader = Reader(procedure.data, told, witness, cancelling=cancelling)
        whole = RuleBook(procedure, told, witness, statuses=statuses)
        spared += sum(map(by_sequence, told))
        for index in range(25):
            trace = random_trace(f"case {index}", rng, statuses=statuses)
            found = alone.judge(trace, AS_OF)
            by_itself = fold(whole, reader, trace, AS_OF)
            never_told = [one.id for one in procedure.rules if one not in told]
            assert _as_told(alone, found) == _plainly(by_itself, never_told), (number, trace, procedure.rules)
            compared, broken = compared + 1, broken + bool(found.breaches)
            of_statuses += bool(found.breaches and statuses)
            released += any(one.released for one in by_itself.standings)
    assert compared == EXAMPLES * 25
    assert spared > EXAMPLES
    assert broken > compared / 4
    assert of_statuses > broken / 5
    assert released > compared / 50


def _as_told(alone: RulesAlone, found: CaseOutcome) -> object:
    standings = {one.rule: one for one in standings_of(alone, found)}
    return deviations_of(found), standings, due_of(found), not_examined(alone, found)


def _plainly(by_itself: Outcome, never_told: Sequence[str]) -> object:
    """Return the same, of a case that was judged by itself in one book with all rules."""
    unseen = Counter(one.concern for one in by_itself.judged if isinstance(one, NotExamined))
    unseen.update(f"rule: {name}" for name in never_told)
    standings = {one.rule: one for one in by_itself.standings} | {name: _never(name) for name in never_told}
    deviations = sorted(by_itself.deviations, key=lambda one: (one.seq is None, one.seq or 0, _line(one)))
    due = sorted(by_itself.due, key=lambda one: (one.due is None, one.due or AS_OF, one.where.line))
    return tuple(deviations), standings, tuple(due), dict(unseen)


def _line(one: Deviation) -> int:
    return one.where.line if one.where is not None else 0


def _never(rule: str) -> RuleStanding:
    status = RuleStatus.NOT_EXAMINED
    return RuleStanding(rule=rule, status=status, activations=0, kept=0, broken=0, pending=0, unseen=0, released=0)
