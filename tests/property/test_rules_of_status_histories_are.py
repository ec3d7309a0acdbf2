"""Of a status history rules are judged that speak of its steps alone, and what they say is what their definitions say."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest

from procflow.judge import Judge
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind, Trace
from procflow.model.report import CaseAudit
from procflow.model.rule import RuleStatus
from procflow.monitors.rules.position import Position
from tests.oracle.conditions import read_value
from tests.oracle.rule_words import Case, Sight, Spot, named
from tests.oracle.rules import STATES, told_of
from tests.property.judged_by_rules import Rules, found_of, with_rules
from tests.property.strategies_rules import (
    BEGUN,
    FIELDS,
    FORMS,
    PEOPLE,
    PROCEDURE,
    ROLES,
    Words,
    random_raw,
    random_rule,
)

SETS = int(os.environ.get("PROCFLOW_RULES", "1500")) // 5
CHUNKS = 3
STEPS = ("s1", "s2", "e1", "e2")
MOVES = ("enters s1", "leaves s1", "enters s2", "leaves s2", "enters e1", "enters e2", "case opens", "case ends")


class OfSteps(Words):
    """Rules of steps; only conditions speak of actions."""

    def one(self, rng: Random) -> str:
        return rng.choice(self.others)


OF_STEPS = OfSteps(actions=("a", "b"), others=MOVES, fields=FIELDS)
OF_BOTH = Words(actions=("a", "b"), others=(*MOVES, "s1.a", "starts b"), fields=FIELDS)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_they_say_what_their_definitions_say(chunk: int) -> None:
    told = Counter[str]()
    for number in range(chunk, SETS, CHUNKS):
        rng = Random(f"statuses {number}")
        rules = {
            f"r{one}": random_rule(OF_BOTH if one == 3 else OF_STEPS, rng, FORMS[(number + one) % len(FORMS)])
            for one in range(4)
        }
        judge = Judge(with_rules(rules), statuses=True)
        for _ in range(4):
            rows = random_rows(rng)
            state = judge.run(Trace(case="case-1", events=tuple(rows), closed=False))
            spots = spots_of(rows, judge.positions(state, closed=False))
            wrong = unlike(rules, judge.audit(state), spots, told)
            assert not wrong, "\n".join(map(str, [f"statuses {number}", *wrong, rules, *spots]))
    assert told["not judged"]
    assert told["findings"]


def random_rows(rng: Random) -> list[Event]:
    """Return which steps a case was seen in, one after the other, the same one again now and then."""
    rows, now = list[Event](), BEGUN
    for seq in range(1, rng.randint(1, 8)):
        now += timedelta(minutes=rng.choice((0, 1, 30, 120, 60 * 24, 60 * 24 * 3)))
        rows.append(
            Event(
                case="case-1",
                seq=seq,
                kind=Kind.STATUS,
                action=rng.choice(STEPS[:2] if rng.random() < 0.8 else STEPS),
                occurred_at=now,
                actor=rng.choice(PEOPLE) if rng.random() < 0.9 else None,
                roles=frozenset(one for one in ROLES if rng.random() < 0.4),
                data={name: random_raw(type, rng) for name, type in FIELDS.items() if rng.random() < 0.4},
                gap=rng.random() < 0.04,
            )
        )
    return rows


def spots_of(rows: Sequence[Event], positions: Sequence[Position]) -> list[Spot]:
    """Return the rows as rules see them; where the case ends only the path that explains it tells."""
    ends = {one.seq: one.cancelled for one in positions if one.ends}
    spots = [Spot(None, None, ("case opens",), performs=False)]
    before, values = "", dict(spots[0].values)
    for row in rows:
        moved: tuple[str, ...] = ()
        if row.action != before:
            moved = (*((f"leaves {before}",) if before else ()), f"enters {row.action}")
        before = row.action
        values |= {name: read_value(FIELDS[name], raw) for name, raw in row.data.items()}
        spots.append(
            Spot(
                seq=row.seq,
                at=row.occurred_at,
                happenings=(*moved, *(("case ends",) if row.seq in ends else ())),
                performs=bool(moved),
                actor=row.actor,
                roles=row.roles,
                values=dict(values),
                gap=row.gap,
                ends=row.seq in ends,
                cancelled=ends.get(row.seq, False),
            )
        )
    for spot in spots:
        assert not spot.ends or any(one in spot.happenings for one in ("enters e1", "enters e2")), "it ends in an end"
    seen = [(spot.seq, spot.happenings, spot.performs) for spot in spots if spot.happenings]
    assert seen == [(one.seq, tuple(map(str, one.happenings)), one.performs) for one in positions if one.happenings]
    return spots


def unlike(rules: Rules, audit: CaseAudit, spots: Sequence[Spot], tally: Counter[str]) -> list[str]:
    """Return where the judge and the definitions part."""
    wrong = []
    for standing in audit.rules:
        rule = rules[standing.rule]
        found = Counter(found_of(one) for one in audit.deviations if of_rule(one, standing.rule))
        if not all(one in MOVES for word in rule.values() if isinstance(word, str | list) for one in happenings(word)):
            tally["not judged"] += 1
            if found or standing.status is not RuleStatus.NOT_EXAMINED or standing.activations:
                wrong.append(f"{standing.rule} speaks of what no status tells: {standing} {found}")
            continue
        said = told_of(Case(rule, spots, PROCEDURE, Sight(counts=False)))
        tally["findings"] += len(said.found)
        stands = (standing.status.value, *(getattr(standing, state) for state in STATES))
        if stands != (said.status, *(said.count(state) for state in STATES)) or found != Counter(said.found):
            wrong.append(
                f"{standing.rule}: the judge {stands} {found}\nthe oracle {said.status} {said.fates} {said.found}"
            )
    return wrong


def of_rule(one: Deviation, rule: str) -> bool:
    return (one.breach is not None and one.breach.rule == rule) or one.values.get("rule") == rule


def happenings(word: str | list[str]) -> list[str]:
    """Return what is written there of what happens; nothing of a condition, a role, a length or a field."""
    return [one for one in named(word) if one in (*OF_BOTH.actions, *OF_BOTH.others)]
