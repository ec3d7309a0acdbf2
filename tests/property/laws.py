"""The laws between the judge and the oracle, for one random procedure and cases of it: what breaks them, or None.

Law 1: event by event or all at once, the same is said of a case. Law 2: a mutant is found exactly when it left the
language, and as what one of the best explanations says. Law 3: every cost is the optimum. Law 6: in whatever order
cases are judged, the same is said. And what becomes of each finding, and of what was refused, is what the oracle says.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence, Set
from itertools import product
from random import Random

from procflow.judge import CaseState, Judge
from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import Kind, Trace
from procflow.model.report import CaseAudit
from procflow.model.rule import BreachKind
from tests.oracle.explanations import Explanations, TooManyStories, in_order
from tests.oracle.oracle import Brief, Oracle, by_text
from tests.oracle.plain import Disposed, Finding, Plain, PlainEvent
from tests.oracle.rule_path import written as written_breach
from tests.oracle.rules import STATES
from tests.property.judged_by_rules import found_of
from tests.property.mutants import EXPECTED, mutant
from tests.property.strategies import load, to_events
from tests.property.strategies_acts import acting_trace, with_overrides
from tests.property.strategies_people import conforming_trace, peopled_procedure, peopled_trace, peopled_variant
from tests.property.strategies_rules import with_rules

NOWHERE = {"DV102", "DV105", "DV106", "DV107"}
"""Of these the judge says where the case stood; in the explanation they have no step."""
OF_CLOCKS = "DV4"
OF_WAITING = frozenset(f"DV6{number:02}" for number in range(1, 16)) - {"DV605"}
"""What is said of hand-offs, questions and who answers for a case is for tests of their own."""
TRACES = 10
ACTING = 3
"""So many cases in which the procedure is set aside."""
CONFORMING = 3
"""So many cases that follow the procedure, each with a mutant of every kind."""


def examine(number: int, tally: Counter[str]) -> str | None:
    """Hold the laws against the procedure of this number; return a complaint that can be pasted, or None."""
    rng = Random(f"laws, procedure {number}")
    written = with_overrides(peopled_procedure(rng), rng)
    if number % 2:
        written = with_rules(written, rng)
    case = Examined(written, tally)
    tally["procedures"] += 1
    traces: list[list[PlainEvent]] = []
    for _ in range(TRACES):
        fresh = not traces or rng.random() < 0.6
        traces.append(peopled_trace(written, rng) if fresh else peopled_variant(written, traces[-1], rng))
        if complaint := case.complaint(traces[-1]):
            return told(complaint, written, traces[-1])
    for _ in range(ACTING):
        traces.append(acting_trace(written, rng))
        if complaint := case.acted(traces[-1]):
            return told(complaint, written, traces[-1])
    for _ in range(CONFORMING):
        trace = conforming_trace(written, rng)
        if case.conforms(trace):
            for kind in EXPECTED:
                changed = mutant(kind, trace, case.oracle.flow.actions, rng)
                if changed is not None and (complaint := case.mutated(kind, changed)):
                    return told(f"mutant by {kind}: {complaint}", written, changed)
    if number % 4 == 0 and (complaint := case.in_another_order(traces)):
        return told(complaint, written, [])
    return None


class Examined:
    """A procedure, its judge and its oracle."""

    def __init__(self, written: Plain, tally: Counter[str]) -> None:
        self.procedure = load(written)
        self.judge, self.oracle, self.tally = Judge(self.procedure), Oracle(written), tally

    def complaint(self, trace: Sequence[PlainEvent]) -> str | None:
        """Laws 1 and 3, and that the findings are those of a best explanation."""
        self.tally["examples"] += 1
        states = judged(self.judge, trace)
        explained = self.oracle.explain(trace)
        audit = self.judge.audit(states[-1])
        if audit != at_once(self.judge, trace):
            return f"event by event {audit}, and at once {at_once(self.judge, trace)}"
        costs = tuple((state.cost.flow, state.cost.attached) for state in states)
        best = explained.optimum()
        if costs != best.prefixes:
            return f"prefixes cost {costs}, and at best {best.prefixes}"
        if audit.complete_proven and audit.complete_cost != best.complete:
            return f"as a complete case it costs {audit.complete_cost}, and at best {best.complete}"
        said = plain(audit.deviations)
        return different_findings(said, explained, self.tally) or self.standing(audit, trace)

    def standing(self, audit: CaseAudit, trace: Sequence[PlainEvent]) -> str | None:
        """How rules stand, as on one of the best explanations, and what time alone does in the end."""
        if not self.oracle.rules:
            return None
        said = tuple((one.rule, one.status.value, *(getattr(one, state) for state in STATES)) for one in audit.rules)
        try:
            best = self.oracle.standings(trace)
        except TooManyStories:
            return None
        self.tally["standings of rules"] += len(said)
        if said in best:
            return None
        try:
            if said in self.oracle.standings(trace, fewest=False):
                self.tally[BEYOND] += 1
                return None
        except TooManyStories:
            return None
        return different(said, best)

    def conforms(self, trace: Sequence[PlainEvent]) -> bool:
        """Return True if nothing can be said against the case, whichever explanation is told."""
        try:
            return self.oracle.explain(trace).findings() == {()}
        except TooManyStories:
            return False

    def mutated(self, kind: str, trace: Sequence[PlainEvent]) -> str | None:
        """Law 2."""
        self.tally["examples"] += 1
        self.tally[f"mutants by {kind}"] += 1
        said = plain(at_once(self.judge, trace).deviations)
        explained = self.oracle.explain(trace)
        if complaint := different_findings(said, explained, self.tally):
            return complaint
        codes = {one[0] for one in said}
        became = "equal" if not said else "found" if codes & EXPECTED[kind] else "reclassified"
        self.tally[f"mutants by {kind}: {became}"] += 1
        return None

    def acted(self, trace: Sequence[PlainEvent]) -> str | None:
        """What becomes of each finding once people set the procedure aside, and what is said of refused attempts."""
        self.tally["examples"] += 1
        self.tally["set aside"] += 1
        states = judged(self.judge, trace)
        audit = self.judge.audit(states[-1])
        if audit != at_once(self.judge, trace):
            return f"event by event {audit}, and at once {at_once(self.judge, trace)}"
        costs = tuple((state.cost.flow, state.cost.attached) for state in states)
        try:
            best, verdicts = self.oracle.explain(trace).prefixes, self.oracle.verdicts(trace)
            attempts = {at: self.oracle.prevented(trace, at) for at, one in enumerate(trace) if is_refused(one)}
        except TooManyStories:
            self.tally["too many explanations"] += 1
            return None
        if costs != best:
            return f"prefixes cost {costs}, and at best {best}"
        said, prevented = disposed(audit.deviations, trace)
        for code, *_, disposition in said:
            self.tally[f"findings {disposition}"] += 1
            self.tally[f"broken rules {disposition}"] += code.startswith("DV5")
        if self.oracle.rules:
            said, verdicts = _unplaced(said), {_unplaced(one) for one in verdicts}
        if said not in verdicts:
            return different(said, verdicts)
        if any(code in OF_WAITING for code, _ in prevented):
            return None
        possible = {tuple(sorted(sum(one, ()), key=str)) for one in product(*attempts.values())}
        self.tally["refused attempts"] += len(attempts)
        self.tally["refused attempts: wrongly"] += sum(code == "DV704" for code, _ in prevented)
        return different(prevented, possible) if prevented not in possible else None

    def in_another_order(self, traces: Sequence[Sequence[PlainEvent]]) -> str | None:
        """Law 6, in one process."""
        other = Judge(self.procedure)
        for trace in reversed(traces):
            if at_once(other, trace) != at_once(self.judge, trace):
                return "\n".join(["in another order of cases another audit of", *map(json.dumps, trace)])
        return None


def judged(judge: Judge, trace: Sequence[PlainEvent]) -> list[CaseState]:
    """Return the case when it opens and after each event."""
    events = to_events(trace)
    opened = events.pop(0) if events and events[0].kind is Kind.OPENED else None
    states = [judge.begin("case-1", opened)]
    for event in events:
        states.append(judge.advance(states[-1], event))
    return states


def at_once(judge: Judge, trace: Sequence[PlainEvent]) -> CaseAudit:
    """Return the audit of the case as a whole."""
    return judge.audit(judge.run(Trace(case="case-1", events=tuple(to_events(trace)), closed=False)))


def plain(deviations: Sequence[Deviation]) -> tuple[Finding, ...]:
    """Return deviations as the oracle tells them; what clocks say is for their own oracle."""
    return in_order(
        of_rule(one) or (one.code, one.seq, None if one.code in NOWHERE else one.step, one.action)
        for one in deviations
        if not one.code.startswith(OF_CLOCKS) and one.code not in OF_WAITING
    )


def of_rule(one: Deviation) -> Finding | None:
    """Return how a deviation breaks a rule, as the oracle tells it; None if it is not about one."""
    if one.breach is None:
        return None
    found = found_of(one)
    place = f"{one.step or ''}.{one.action or ''}" if one.breach.kind is BreachKind.FORBIDDEN else None
    return (one.code, one.seq, None if found.kind is None else written_breach(one.breach.rule, found), place)


def unplaced(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings without the place of undecided conditions: those of rules have none in the flow."""
    return in_order(("DV305", one[1], None, None) if one[0] == "DV305" else one for one in findings)


def _unplaced(told: Sequence[Disposed]) -> tuple[Disposed, ...]:
    return by_text([(*one[:2], None, None, one[4]) if one[0] == "DV305" else one for one in told])


BEYOND = "fewer findings beyond the bounds of pairing"
"""What the tally calls a case of which a story as cheap has fewer findings, but not within the search's bounds."""


def different_findings(said: tuple[Finding, ...], explained: Explanations, tally: Counter[str]) -> str | None:
    """Findings must be those of one of the best explanations, or of an equally cheap one if pairing was bounded."""
    try:
        stories = explained.findings()
        if explained.rules is not None:
            said, stories = unplaced(said), {unplaced(one) for one in stories}
    except TooManyStories:
        tally["too many explanations"] += 1
        return None
    tally["findings compared"] += len(said)
    tally["explanations"] += len(stories)
    if said in stories:
        return None
    try:
        if said in {unplaced(one) if explained.rules else one for one in explained.findings(fewest=False)}:
            tally[BEYOND] += 1
            return None
    except TooManyStories:
        tally["too many explanations"] += 1
        return None
    return different(said, stories)


def different(said: tuple[object, ...], stories: Set[tuple[object, ...]]) -> str:
    """Return what the judge says beside what it might have said."""
    best = [str(one) for one in sorted(stories, key=str)[:5]]
    return "\n".join(["the judge says", *map(str, said), "and the best explanations", *best])


def disposed(
    deviations: Sequence[Deviation], trace: Sequence[PlainEvent]
) -> tuple[tuple[Disposed, ...], tuple[Brief, ...]]:
    """Return deviations as the oracle tells them with what becomes of them, and those of refused attempts."""
    told: list[Disposed] = []
    prevented: list[Brief] = []
    for one in deviations:
        if one.code.startswith(OF_CLOCKS):
            continue
        if one.disposition is Disposition.PREVENTED or one.code == "DV704":
            if one.seq is not None and is_refused(trace[one.seq - 1]):
                prevented.append((one.code, one.seq))
            continue
        if one.code in OF_WAITING:
            continue
        act = one.code == "DV703" or (one.seq is not None and trace[one.seq - 1]["kind"] in ("override", "waiver"))
        step = None if act or one.code in NOWHERE else one.step
        told_as: Finding = of_rule(one) or (one.code, one.seq, step, None if act else one.action)
        finding: Disposed = (*told_as, one.disposition.value)
        if one.code != "DV703" or finding not in told:
            told.append(finding)
    return by_text(told), tuple(sorted(prevented, key=str))


def is_refused(event: PlainEvent) -> bool:
    return event.get("lifecycle") == "refused"


def told(complaint: str, written: Plain, trace: Sequence[PlainEvent]) -> str:
    """Return a failing example so that it can be pasted."""
    return "\n".join([complaint, json.dumps(written), *(json.dumps(event) for event in trace)])
