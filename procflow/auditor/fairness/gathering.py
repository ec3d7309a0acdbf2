"""What an audit says of many cases together, brought together while they are judged, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from procflow.auditor.fairness import findings
from procflow.auditor.fairness.after_hours import Clocked
from procflow.auditor.fairness.exceptions import exceptions, used_by
from procflow.auditor.fairness.keepers import keepers
from procflow.auditor.fairness.load import holder, load, overloaded
from procflow.auditor.fairness.queue import Queues, contacts, pairs, queues
from procflow.auditor.fairness.spread import uneven, waits
from procflow.auditor.fairness.thanking import summaries, thanks
from procflow.auditor.fairness.urgency import Account, Claim, accounts, claim
from procflow.auditor.fairness.visits import Visit, Visits
from procflow.calendars.book import EMPTY, CalendarSet
from procflow.calendars.calendar import ALWAYS
from procflow.judge import CaseState, Judge
from procflow.model.deviation import Deviation
from procflow.model.event import Trace, Witness
from procflow.model.fairness import Fairness, FirstCome
from procflow.model.fairness_report import ExceptionMade, FairnessReport, Keepers, Load, QueueJump, Thanks, Waits
from procflow.model.organisation import Directory
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.monitors.rules.across import settled


class FairnessGathering:
    """Takes cases one by one; `report` then says what is seen over all of them.

    What is asked for is what the last version with `fairness` asks for. Empty if none has it.
    """

    def __init__(
        self, versions: Sequence[Procedure], witness: Witness, people: Directory | None, calendars: CalendarSet = EMPTY
    ) -> None:
        asking = [one for one in versions if one.fairness is not None]
        self._procedure = asking[-1] if asking else None
        self._fairness: Fairness | None = self._procedure.fairness if self._procedure is not None else None
        self._witness = witness
        self._people = people
        self._calendar = ALWAYS
        if self._procedure is not None and self._procedure.calendar in calendars:
            self._calendar = calendars[self._procedure.calendar or ALWAYS.id]
        loaded = self._fairness is not None and self._fairness.workload is not None
        self._clocked = Clocked(self._calendar) if loaded and not self._calendar.always else None
        self._ways: dict[str, Visits] = {}
        self._waived: dict[str, tuple[Judge, CaseState]] = {}
        self._visits: list[Visit] = []
        self._claims: list[Claim] = []
        self._holders: Counter[str] = Counter()
        self._exceptions: list[ExceptionMade] = []
        self._thanks: list[Thanks] = []
        self._unseen: Counter[str] = Counter()
        self._counts_contacts = False

    def take(self, judge: Judge, state: CaseState, trace: Trace, audit: CaseAudit) -> None:
        """Take a case after its last event."""
        asked = self._fairness
        if asked is None or not trace.events:
            return
        procedure, passages = judge.procedure, judge.passages(state)
        visits = self._ways.get(procedure.digest)
        if visits is None:
            visits = self._ways[procedure.digest] = Visits(procedure, asked)
        self._counts_contacts = self._counts_contacts or visits.counts_contacts
        self._visits += visits.of_case(trace, passages, reasons=self._witness.reason, closed=audit.closed)
        if asked.urgent is not None:
            said = claim(trace, passages, asked.urgent, procedure, self._people)
            if isinstance(said, Claim):
                self._claims.append(said)
            else:
                self._unseen[said] += 1
        if asked.workload is not None and not audit.closed and audit.outcome is None:
            whose = holder(passages, asked.workload)
            if whose is not None:
                self._holders[whose] += 1
            else:
                self._unseen["workload: who has the case"] += 1
        if self._clocked is not None:
            self._clocked.take(trace, passages, procedure)
        if state.waivers:
            self._waived[trace.case] = judge, state
        self._exceptions += exceptions(trace, audit)
        self._thanks += thanks(passages, procedure)

    def report(self, as_of: datetime | None) -> FairnessReport | None:
        """Return what is seen over all cases; None if no version asks."""
        asked, procedure = self._fairness, self._procedure
        if asked is None or procedure is None:
            return None
        if as_of is None:
            return FairnessReport()
        steps = Visits(procedure, asked).steps
        first, urgent, one, much = asked.first_come, asked.urgent, asked.one_person, asked.workload
        queued, found, late = self._queues(first, as_of) if first is not None else (None, [], [])
        claimed = accounts(self._claims, urgent, found) if urgent is not None else []
        kept = keepers(steps, self._visits, one, as_of, self._people) if one is not None else []
        carried = load(self._holders, much) if much is not None else None
        long = waits(steps, self._visits, asked.wait_spread) if asked.wait_spread is not None else []
        told = [*late, *self._deviations(claimed, kept, carried, long)]
        waited = [each for each in self._visits if first is not None and each.step in first.steps]
        return FairnessReport(
            deviations=tuple(sorted(told, key=lambda each: (each.code, each.case, each.seq or 0))),
            jumps=tuple(found),
            overtaken=tuple(queued.overtaken) if queued is not None else (),
            pairs=pairs(found),
            contacts=contacts(waited) if self._counts_contacts else (),
            urgency=tuple(each.told for each in claimed),
            keepers=tuple(kept),
            load=carried,
            after_hours=self._clocked.told if self._clocked is not None else None,
            waits=tuple(long),
            exceptions=tuple(used_by(each, late) for each in self._exceptions),
            thanks=tuple(self._thanks),
            summaries=summaries(self._thanks, self._visits),
            not_examined=dict(sorted(self._not_examined(queued).items())),
        )

    def _queues(self, asked: FirstCome, as_of: datetime) -> tuple[Queues, list[QueueJump], list[Deviation]]:
        """Return what is seen of queues: all of it, the jumps with what excuses them, and what of them is told."""
        seen = queues(self._visits, asked, as_of, self._witness.resolution, self._calendar)
        rows = {(one.case, one.seq): one.source for one in self._visits}

        def told(jump: QueueJump, again: int) -> Deviation:
            return findings.jumped(jump, asked, rows.get((jump.case, jump.seq)), again)

        tried = [told(one, 0) for one in seen.jumps if one.expedite is None and one.case in self._waived]
        by = {(one.case, one.step, one.seq): one.settled_by for one in settled(tried, self._excused)}
        found = [replace(one, waiver=by.get((one.case, one.step, one.seq))) if by else one for one in seen.jumps]
        often = Counter((one.agent, one.requester) for one in found if one.unexcused)
        named = [(one, bool(one.agent and one.requester)) for one in found if one.expedite is None]
        late = [told(one, often[one.agent, one.requester] if both else 0) for one, both in named]
        return seen, found, list(settled(late, self._excused))

    def _excused(self, case: str, deviations: list[Deviation]) -> list[Deviation]:
        found = self._waived.get(case)
        return deviations if found is None else found[0].settled(found[1], deviations)

    def _deviations(
        self,
        claimed: Iterable[Account],
        kept: Iterable[Keepers],
        carried: Load | None,
        long: Iterable[Waits],
    ) -> Iterator[Deviation]:
        """Yield what of it deviates from what is asked for."""
        asked, procedure = self._fairness, self._procedure
        assert asked is not None
        assert procedure is not None
        if asked.urgent is not None:
            for account in claimed:
                if account.abused:
                    yield findings.abused(account, asked.urgent)
        if asked.one_person is not None:
            for keeper in kept:
                if keeper.enough == 1:
                    yield findings.depends(keeper, asked.one_person, procedure.steps[keeper.step])
        if asked.workload is not None and carried is not None:
            for person in overloaded(carried, asked.workload):
                yield findings.skewed(person, carried, asked.workload)
        if asked.wait_spread is not None:
            for one in long:
                if uneven(one, asked.wait_spread):
                    yield findings.spread_out(one, asked.wait_spread)

    def _not_examined(self, queued: Queues | None) -> Counter[str]:
        unseen = Counter(self._unseen)
        unseen["first come: the calendar does not reach so far"] = queued.beyond if queued is not None else 0
        unseen["after hours: the calendar does not reach so far"] = self._clocked.beyond if self._clocked else 0
        if self._fairness is not None and self._fairness.one_person is not None:
            unseen["one person: who did it"] = sum(
                one.left is not None and one.started is not None and one.finisher is None for one in self._visits
            )
        return Counter({name: count for name, count in unseen.items() if count})
