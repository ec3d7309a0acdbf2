"""Who took part: which roles people are seen to hold, who spoke with whom, and who waits for whom over several cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from procflow.auditor.circles import circles, told
from procflow.errors import SourceSpan
from procflow.judge import Judge
from procflow.model.event import Kind, Lifecycle, Trace
from procflow.model.hand_off import REFUSE
from procflow.model.procedure import Action, Procedure
from procflow.model.report import CaseAudit
from procflow.model.waiting import Wait
from procflow.model.waiting_report import CaseContacts, TakingPart


class TakingPartGathering:
    """Takes cases one by one; `told` then says what it has seen."""

    def __init__(self, versions: Sequence[Procedure]) -> None:
        self._departments = {
            role.id: role.department for one in versions for role in one.roles.values() if role.department
        }
        self._holders: defaultdict[str, set[str]] = defaultdict(set)
        self._waits: list[Wait] = []
        self._contacts: list[CaseContacts] = []
        self._refusals: set[tuple[str, int]] = set()
        self._where: dict[str, SourceSpan] = {}
        self._quiet = frozenset(
            one.digest for one in versions if not one.hands_off and not any(map(_speaks, one.anytime.values()))
        )
        """Of versions by which nobody waits for anybody of us, and nobody speaks with a client."""

    def take(self, judge: Judge, trace: Trace, audit: CaseAudit) -> None:
        """Take a case."""
        procedure = judge.procedure
        if procedure.digest in self._quiet:
            return
        ways = procedure.anytime.values()
        chases = {one.id for one in ways if one.on_behalf_of is not None}
        tells = {one.id for one in ways if one.tells is not None}
        thanks = {one.id for one in ways if one.thanks}
        if chases or tells or thanks:
            done = [
                event.action
                for event in trace.events
                if event.kind is Kind.ACTION and event.lifecycle is Lifecycle.COMPLETE
            ]
            counts = [sum(one in names for one in done) for names in (chases, tells, thanks)]
            if any(counts):
                asked, told_of, thanked = counts
                self._contacts.append(CaseContacts(case=trace.case, chases=asked, updates=told_of, thanks=thanked))
        if audit.waits:
            self._waits += audit.waits
            asks = (one.ask for one in ways if one.ask is not None)
            self._where[trace.case] = next((one.where for one in asks), procedure.where)
        for event in trace.events:
            if event.action == REFUSE and event.kind is Kind.ACTION and event.lifecycle is Lifecycle.COMPLETE:
                self._refusals.add((trace.case, event.seq))
            if event.actor is not None:
                for role in event.roles:
                    if role in procedure.roles:
                        self._holders[role].add(event.actor)

    def told(self) -> TakingPart:
        """Return what was seen."""
        found = tuple(circles(self._waits, self._holders))
        return TakingPart(
            departments=dict(sorted(self._departments.items())),
            contacts=tuple(self._contacts),
            refusals=frozenset(self._refusals),
            circles=found,
            deviations=tuple(told(one, self._where[one.case]) for one in found),
        )


def _speaks(action: Action) -> bool:
    """Return True if an action has to do with somebody else."""
    return bool(action.ask or action.tells or action.on_behalf_of or action.thanks)
