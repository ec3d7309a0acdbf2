"""The law between the monitors of rules and the oracle, for random rules over random cases: what breaks it, or None.

Position by position the same is said, taken back, counted and still demanded, and at any moment afterwards the same is
overdue. Cases here follow no procedure; `laws.py` holds rules along the path that a procedure explains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from procflow.model.rule import RuleStanding, Tally
from tests.oracle.rule_words import Case, Sight, Spot
from tests.oracle.rules import STATES, Said, told_of
from tests.property.judged_by_rules import Rules, Step, judged
from tests.property.strategies_rules import FORMS, PROCEDURE, SMALL, random_rule, random_sight, random_spots

AT_ONCE = 4
"""So many rules are judged side by side."""
CASES = 4


def examine_rules(number: int, tally: Counter[str]) -> str | None:
    """Hold the law against the rules of this number; return a complaint that can be pasted, or None."""
    rng = Random(f"rules {number}")
    forms = [FORMS[(number + one) % len(FORMS)] for one in range(AT_ONCE)]
    rules = {f"r{index}": random_rule(SMALL, rng, form) for index, form in enumerate(forms)}
    for _ in range(CASES):
        sight, cut = random_sight(rng), rng.random() < 0.08
        if any(" if " in rule.get("when", "") for rule in rules.values()):
            sight = replace(sight, fields=None)  # which of its values are asked for depends on others
        spots = random_spots(rng)
        if not sight.roles:
            spots = [one._replace(roles=frozenset(), teams=frozenset()) for one in spots]
        as_of = None
        if rng.random() < 0.7:
            times = [one.at for one in spots if one.at is not None]
            late = timedelta(minutes=rng.choice((0, 1, 2, 120, 24 * 60, 4 * 24 * 60)))
            as_of = max(times) + late if times else None
        tally["examples"] += 1
        if difference(rules, spots, sight, tally, cut=cut, as_of=as_of):
            return shortest(rules, spots, sight, cut=cut, as_of=as_of)
    return None


def shortest(
    rules: Rules, spots: Sequence[Spot], sight: Sight, *, cut: bool = False, as_of: datetime | None = None
) -> str:
    """Return the complaint of a case as short as it can be made by leaving things out."""

    def complaint(some: Rules, fewer: Sequence[Spot], at: datetime | None = as_of) -> str | None:
        return difference(some, fewer, sight, Counter(), cut=cut, as_of=at)

    for name in list(rules):
        fewer_rules = {one: rule for one, rule in rules.items() if one != name}
        rules = fewer_rules if fewer_rules and complaint(fewer_rules, spots) else rules
    for name, rule in list(rules.items()):
        for key in ("when", "by", "within", "in", "same", "different", "each-time", "next", "refuse"):
            plainer = {**rules, name: {word: said for word, said in rule.items() if word != key}}
            if key in rule and complaint(plainer, spots):
                rules, rule = plainer, plainer[name]
    for index in range(len(spots) - 1, 0, -1):
        fewer = [*spots[:index], *spots[index + 1 :]]
        spots = fewer if complaint(rules, fewer) else spots
    if complaint(rules, spots, None):
        as_of = None
    return complaint(rules, spots, as_of) or ""


def difference(
    rules: Rules,
    spots: Sequence[Spot],
    sight: Sight,
    tally: Counter[str],
    *,
    cut: bool = False,
    as_of: datetime | None = None,
) -> str | None:
    """Return where the monitors and the oracle part, as short as it can be told, or None."""
    steps = judged(rules, spots, sight, cut=cut, as_of=as_of)
    before = {name: Said((), (), "", (0, None)) for name in rules}
    for upto, step in enumerate(steps, 1):
        moment = as_of if upto > len(spots) else None
        after = {name: told_of(Case(rule, spots[:upto], PROCEDURE, sight, cut, moment)) for name, rule in rules.items()}
        tally["positions"] += 1
        wrong = _unlike(step, before, after, tally, dated=spots[0].at is not None)
        if wrong:
            about = [f"after position {upto}{f', as of {moment}' if moment else ''}, cut {cut}, {sight}", *wrong]
            return "\n".join(map(str, [*about, rules, *(f"{one._asdict()}," for one in spots[:upto])]))
        before = after
    return None


def _unlike(
    step: Step, before: Mapping[str, Said], after: Mapping[str, Said], tally: Counter[str], *, dated: bool
) -> list[str]:
    """Return where they part; `dated` if all months can be told: an opening without a time has none of its own."""
    was = Counter(one for said in before.values() for one in said.found)
    now = Counter(one for said in after.values() for one in said.found)
    tally["findings compared"] += (now - was).total()
    wrong = []
    for what, said, true in (("says", step.new, now - was), ("takes back", step.gone, was - now)):
        if Counter(said) != true:
            wrong.append(f"the monitor {what} {sorted(said, key=str)}\nthe oracle {sorted(true.elements(), key=str)}")
    for standing in step.told:
        told = after[standing.rule]
        tally[told.status] += 1
        if unlike := _counted_otherwise(standing, told, dated=dated):
            wrong.append(unlike)
        owed = [one for one in step.due if one.rule == standing.rule]
        if (
            sum(one.times for one in owed),
            min((one.due for one in owed if one.due is not None), default=None),
        ) != told.owed:
            wrong.append(f"{standing.rule}: still demanded {owed}\nthe oracle {told.owed}")
        wrong += [
            f"{standing.rule}: asked of {one.who} since {one.since}\nthe oracle {told.who} since {told.since}"
            for one in owed
            if (frozenset(one.who), one.since) != (told.who, told.since)
        ]
    if list(step.due) != sorted(
        step.due, key=lambda one: (one.due is None, one.due or datetime.max.replace(tzinfo=UTC))
    ):
        wrong.append(f"the soonest is not the first of {step.due}")
    return wrong


def _counted_otherwise(standing: RuleStanding, told: Said, *, dated: bool) -> str | None:
    counts = {state: getattr(standing, state) for state in STATES}
    mine = {state: told.count(state) for state in STATES}
    if (standing.status.value, counts) != (told.status, mine) or standing.activations != sum(mine.values()):
        return (
            f"{standing.rule}: the monitor {standing.status.value} {standing.activations} {counts}\n"
            f"the oracle {told.status} {mine}"
        )
    people, months = ({name: (one.kept, one.broken) for name, one in some.items()} for some in _tallies(standing))
    if (people, months if dated else told.tallies.by_period) != told.tallies:
        return f"{standing.rule}: the monitor counts {people} {months}\nthe oracle {told.tallies}"
    return None


def _tallies(standing: RuleStanding) -> tuple[Mapping[str, Tally], Mapping[str, Tally]]:
    return standing.by_person, standing.by_period
