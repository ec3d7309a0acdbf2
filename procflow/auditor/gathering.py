"""What rules across cases say of a log: the positions of its cases brought together while they are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from procflow.auditor.compliance import compliance_across
from procflow.calendars.book import EMPTY, CalendarSet
from procflow.explanation import attempts_of
from procflow.judge import CaseState, Judge
from procflow.model.across import Across, PolicyUsed
from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import Trace, Witness
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit, RuleCompliance
from procflow.model.text import text_of
from procflow.monitors.rules.across import Attempt, Record, answered, in_place, settled
from procflow.monitors.rules.asking import askings


def used(policies: Policies | None) -> PolicyUsed | None:
    """Return how a report names policies."""
    if policies is None:
        return None
    title = text_of(policies.title, default=policies.id)
    return PolicyUsed(id=policies.id, version=policies.version, digest=policies.digest, title=title)


class Gathering:
    """Takes cases one by one; `across` then returns what is said of all of them. Empty if no rule asks across cases."""

    def __init__(
        self,
        policies: Policies | None,
        versions: Sequence[Procedure],
        witness: Witness,
        *,
        statuses: bool,
        calendars: CalendarSet = EMPTY,
    ) -> None:
        """What rules across cases count in working time they count on `calendars`."""
        self._asked = askings(policies, versions, witness, statuses=statuses, calendars=calendars)
        self._record = Record(self._asked)
        self._attempted = False
        self._waived: dict[str, tuple[Judge, CaseState]] = {}
        self._cut = False

    def take(self, judge: Judge, state: CaseState, trace: Trace, audit: CaseAudit) -> None:
        """Take a case after its last event."""
        attempts = attempts_of(state.asides)
        if not (self._asked.rules or attempts):
            return
        recorded = {event.seq: event.recorded_at for event in trace.events}
        procedure = judge.procedure
        if self._asked.rules:
            positions = judge.positions(state, closed=trace.closed)
            self._record.take(trace.client, procedure, in_place(positions, recorded))
        grounds = {one.seq for one in audit.deviations if one.disposition is Disposition.PREVENTED}
        for event, position in attempts:
            if event.policies is not None:
                self._attempted = True
                attempt = Attempt(
                    case=event.case,
                    seq=event.seq,
                    action=event.action,
                    actor=event.actor,
                    policies=event.policies,
                    grounded=event.seq in grounds,
                )
                (entry,) = in_place([position], recorded)
                self._record.attempt(trace.client, procedure, attempt, entry)
        self._cut = self._cut or trace.cut
        if state.waivers:
            self._waived[trace.case] = judge, state

    def answered(self, state: CaseState, audit: CaseAudit) -> CaseAudit:
        """Return the audit of a case without what is answered across cases."""
        attempts = attempts_of(state.asides)
        return answered(audit, (event for event, _ in attempts), self._asked.origins) if attempts else audit

    def across(self, as_of: datetime | None) -> Across | None:
        """Return what is said of all cases; None if nothing asks across them."""
        if not (self._asked.rules or self._attempted):
            return None
        said = self._record.judged(as_of, cut=self._cut)
        return replace(said, deviations=settled(said.deviations, self._excused))

    def compliance(self, across: Across | None) -> tuple[RuleCompliance, ...]:
        """Return how far each rule across cases was complied with, over all clients or all people."""
        return compliance_across((one.rule for one in self._asked.rules), across)

    def _excused(self, case: str, deviations: list[Deviation]) -> list[Deviation]:
        found = self._waived.get(case)
        return deviations if found is None else found[0].settled(found[1], deviations)
