"""How far rules were complied with: each over all cases of a log, by person and by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from procflow.model.across import Across
from procflow.model.report import RuleCompliance
from procflow.model.rule import Rule, RuleStanding, RuleStatus, Tally
from procflow.model.text import text_of


def compliance(
    rules: Iterable[Rule], cases: Iterable[tuple[str, Iterable[RuleStanding]]]
) -> tuple[RuleCompliance, ...]:
    """Return how far each rule was complied with in the cases, given as (case, how each rule stands in it).

    In the order of `rules`; of two with one id the last says what it is called. A standing of no rule is left out.
    """
    by_id: dict[str, Rule] = {}
    for rule in rules:
        by_id[rule.id] = rule
    sums = {rule: _Sum() for rule in by_id}
    for _, standings in cases:
        for standing in standings:
            if (whole := sums.get(standing.rule)) is not None:
                whole.add(standing)
    return tuple(_told(rule, sums[rule.id]) for rule in by_id.values())


def compliance_across(rules: Iterable[Rule], across: Across | None) -> tuple[RuleCompliance, ...]:
    """Return how far rules across cases were complied with, over all clients or all people.

    There is no end at which a prohibition would be kept for good: what is kept so far counts as kept.
    """
    parties = () if across is None else across.parties
    so_far: Counter[str] = Counter()
    for one in parties:
        so_far[one.standing.rule] += one.standing.kept_so_far
    told = compliance(rules, ((one.party, [one.standing]) for one in parties))
    return tuple(replace(one, kept_so_far=so_far[one.rule]) for one in told)


class _Sum:
    """The standings of one rule, added up."""

    def __init__(self) -> None:
        self.statuses: Counter[RuleStatus] = Counter()
        self.counts = [0] * 5
        self.people: dict[str, list[int]] = {}
        self.periods: dict[str, list[int]] = {}

    def add(self, one: RuleStanding) -> None:
        self.statuses[one.status] += 1
        if not one.activations:
            return
        counts = self.counts
        counts[0] += one.kept
        counts[1] += one.broken
        counts[2] += one.pending
        counts[3] += one.unseen
        counts[4] += one.released
        _count(self.people, one.by_person)
        _count(self.periods, one.by_period)


def _count(sums: dict[str, list[int]], tallies: Mapping[str, Tally]) -> None:
    for name, tally in tallies.items():
        counts = sums.get(name)
        if counts is None:
            sums[name] = [tally.kept, tally.broken]
        else:
            counts[0] += tally.kept
            counts[1] += tally.broken


def _told(rule: Rule, whole: _Sum) -> RuleCompliance:
    kept, broken, pending, unseen, released = whole.counts
    return RuleCompliance(
        rule=rule.id,
        title=text_of(rule.title),
        clause=rule.because,
        where=rule.where,
        statuses={status: whole.statuses[status] for status in RuleStatus if whole.statuses[status]},
        kept=kept,
        broken=broken,
        pending=pending,
        unseen=unseen,
        released=released,
        by_person=_tallies(whole.people),
        by_period=_tallies(whole.periods),
    )


def _tallies(sums: Mapping[str, list[int]]) -> Mapping[str, Tally]:
    return {name: Tally(kept=kept, broken=broken) for name, (kept, broken) in sorted(sums.items())}
