"""What rules alone say of one case: said of a case of nobody first, then of whoever it was, when, and in which row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from procflow.auditor.rules_alone import CaseOutcome, RulesAlone, nobodys_month, seq_of_nobody
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Trace
from procflow.model.rule import Obligation, RuleStanding, Tally
from procflow.monitors.moment import NotExamined
from procflow.monitors.rules import standing


def deviations_of(told: CaseOutcome) -> tuple[Deviation, ...]:
    """Return every deviation of the case, in the order of its events, what no event is blamed for last.

    Of one event those of the first line come first.
    """
    alike = [_of_case(one, told.trace) for one in told.alike.deviations]
    return tuple(sorted((*alike, *told.own.deviations), key=_place))


def standings_of(alone: RulesAlone, told: CaseOutcome) -> tuple[RuleStanding, ...]:
    """Return how each rule stands in the case, in the order of the file."""
    named = {one.rule: one for one in told.own.standings}
    if told.alike.standings:
        months = _months(told.trace)
        named |= {one.rule: _standing(one, told.trace.events, months) for one in told.alike.standings}
    return tuple(named.get(rule.id) or standing.not_examined(rule) for rule in alone.rules)


def due_of(told: CaseOutcome) -> tuple[Obligation, ...]:
    """Return what is still demanded in the case, soonest first, what is due only before its end last."""
    alike = [replace(one, case=told.trace.case) for one in told.alike.due]
    return tuple(sorted((*alike, *told.own.due), key=_soonest))


def not_examined(alone: RulesAlone, told: CaseOutcome) -> Mapping[str, int]:
    """Return what the log could not witness of the case, with how often it would have been looked at."""
    counted = Counter(one.concern for one in (*told.alike.judged, *told.own.judged) if isinstance(one, NotExamined))
    counted.update(f"rule: {rule.id}" for rule in alone.never_told)
    return dict(sorted(counted.items()))


def _place(one: Deviation) -> tuple[bool, int, int]:
    return one.seq is None, one.seq or 0, 0 if one.where is None else one.where.line


def _soonest(one: Obligation) -> tuple[bool, float, int]:
    return one.due is None, 0.0 if one.due is None else one.due.timestamp(), one.where.line


def _of_case(one: Deviation, trace: Trace) -> Deviation:
    """Return what was said of the case of nobody, of this one."""
    actor = seq_of_nobody(one.actor)
    return replace(
        one,
        case=trace.case,
        actor=None if actor is None else trace.events[actor - 1].actor,
        source=None if one.source is None else trace.events[one.source.line - 1].source,
    )


def _months(trace: Trace) -> Callable[[str], str]:
    """Return what names the month in which an event of the case of nobody happened in this one."""
    months = {nobodys_month(event.seq): event for event in trace.events}

    def of(name: str) -> str:
        event = months.get(name)
        return name if event is None else f"{event.occurred_at:%Y-%m}"

    return of


def _standing(one: RuleStanding, events: Sequence[Event], month: Callable[[str], str]) -> RuleStanding:
    if not one.by_person and not one.by_period:
        return one

    def person(name: str) -> str:
        seq = seq_of_nobody(name)
        return name if seq is None else events[seq - 1].actor or ""

    return replace(one, by_person=_renamed(one.by_person, person), by_period=_renamed(one.by_period, month))


def _renamed(tallies: Mapping[str, Tally], name: Callable[[str], str]) -> Mapping[str, Tally]:
    """Return tallies under other names; those that have the same name now are added up."""
    sums: dict[str, Tally] = {}
    for old, one in tallies.items():
        new = name(old)
        before = sums.get(new)
        sums[new] = one if before is None else Tally(kept=before.kept + one.kept, broken=before.broken + one.broken)
    return dict(sorted(sums.items()))
