"""Questions: what stands where, whose turn it is, and what one may do. They read one moment of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from procflow.engine import exporting, offers, publishing
from procflow.engine.arguments import actor_of, case_of
from procflow.engine.cases import Case, Option, WorkItem
from procflow.engine.look import Look
from procflow.engine.office import Office
from procflow.engine.rows import standing_of
from procflow.engine.trial import Trial
from procflow.engine.turns import soonest
from procflow.errors import ProcflowError
from procflow.eventlogs.written import RecordFormat, Written
from procflow.model.across import Across
from procflow.model.deviation import Deviation
from procflow.model.organisation import Actor
from procflow.model.procedure import Procedure
from procflow.model.rule import Rule
from procflow.monitors.rules.across import answered, settled
from procflow.stores.base import CaseRow, Ready, Transaction
from procflow.trail.entry import open_entry


class Questions:
    """Answers them; nothing is written but what the store is still to be told for rules across cases."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def case(self, case: str) -> Case:
        """Return a case with its events and the judgement so far."""
        now = self._office.now()
        with self._office.store.read() as transaction:
            row = transaction.case(case_of(case))
            judge = self._office.judge_of(transaction, row)
            held = self._office.hold(transaction, judge, row)
            events = tuple(open_entry(body)[0] for body in transaction.bodies(case))
        due, judgement = soonest(judge.due(held.state)), judge.audit(held.state, as_of=now)
        return Case(
            id=row.case,
            procedure=row.procedure,
            version=row.version,
            digest=row.digest,
            mode=row.mode,
            client=row.client,
            ref=row.ref,
            seq=row.seq,
            configuration=held.state.configuration,
            outcome=judge.outcome(held.state),
            closed=row.closed,
            opened_at=row.opened_at,
            values=held.state.record.values,
            events=events,
            audit=answered(judgement, events, self._known(row)),
            due=due,
            overdue=due is not None and due < now,
            zone=self._office.house.zone(judge.procedure, held.calendars),
            on_offer=tuple(held.state.configuration.offered_steps()),
            accountable=judgement.tenures[-1].person if judgement.tenures else None,
            waits=tuple(one for one in judgement.waits if one.until is None),
        )

    def _known(self, row: CaseRow) -> frozenset[str]:
        """Return the digests of what has rules across cases: `across` says what a case alone cannot tell of them."""
        policies = self._office.policies
        return frozenset({row.digest} if policies is None else {row.digest, policies.digest})

    def cases(self, procedure: str | None, *, open_only: bool) -> tuple[str, ...]:
        """Return the ids of cases in the order of opening."""
        with self._office.store.read() as transaction:
            return tuple(row.case for row in transaction.cases(procedure, open_only))

    def procedure_of(self, case: str) -> Procedure:
        """Return the procedure a case runs by, as it was published."""
        with self._office.store.read() as transaction:
            return self._office.judge_of(transaction, transaction.case(case_of(case))).procedure

    def procedure(self, procedure: str) -> Procedure:
        """Return the version by which a case would be opened now."""
        with self._office.store.read() as transaction:
            definition = publishing.effective(procedure, transaction.definitions(procedure), self._office.now())
            return self._office.judge(definition).procedure

    def published(self) -> tuple[str, ...]:
        """Return the ids of the procedures that are published here."""
        with self._office.store.read() as transaction:
            return tuple(dict.fromkeys(one.procedure for one in transaction.definitions()))

    def worklist(self, by: Actor | str | None) -> tuple[WorkItem, ...]:
        """Return what waits for somebody, or for whomever it may be.

        What is on offer comes first, then what is due first, then what is oldest.
        """
        actor = actor_of(by, self._office.directory) if by is not None else None

        def waiting(transaction: Transaction, look: Look) -> tuple[WorkItem, ...]:
            seen: dict[tuple[str, ...], WorkItem] = {}
            for entry in list(transaction.ready(offers.parties(actor) if actor is not None else None)):
                alone = actor is None or offers.asks(entry)
                key = (entry.case, entry.step, entry.party) if alone else (entry.case, entry.step)
                item = self._item(transaction, look, entry, actor) if key not in seen else None
                if item is not None:
                    seen[key] = item
            return tuple(sorted(seen.values(), key=lambda one: not one.offered))

        return self._office.looked(waiting)

    def _item(self, transaction: Transaction, look: Look, entry: Ready, actor: Actor | None) -> WorkItem | None:
        """Return a line of somebody's worklist; None if a control bars them from everything there.

        Only a control needs the case judged; for the rest it is enough to know where it stands.
        """
        row = transaction.case(entry.case)
        judge = self._office.judge_of(transaction, row)
        now, zone = self._office.now(), self._office.house.zone_today(transaction, judge.procedure)
        if offers.asks(entry):
            trial = Trial(row, self._office.hold(transaction, judge, row), look)
            return offers.question_item(trial, row, entry, now, zone)
        step = judge.procedure.steps[entry.step]
        at = standing_of(row, judge.procedure)
        actions = tuple(name for due, name in offers.due_at(judge, at) if due.id == step.id)
        if actor is not None and actions:
            free = [name for name in actions if not look.may_bar(row.digest, judge.procedure, name)]
            if step.four_eyes or step.not_by or not free or judge.in_force.may_bar(free):
                trial = Trial(row, self._office.hold(transaction, judge, row), look)
                if offers.barred(trial, actor, actions, now):
                    return None
        offered = step.id in at.offered_steps()
        return offers.work_item(judge.procedure, row, entry, actions, now, zone, offered=offered)

    def may(self, case: str, by: Actor | str) -> tuple[Option, ...]:
        """Return what is due or possible in a case as this person sees it."""
        actor, id = actor_of(by, self._office.directory), case_of(case)

        def options(transaction: Transaction, look: Look) -> tuple[Option, ...]:
            row = transaction.case(id)
            trial = Trial(row, self._office.hold(transaction, self._office.judge_of(transaction, row), row), look)
            return tuple(offers.options(trial, actor, self._office.directory, self._office.now()))

        return self._office.looked(options)

    def rules_across(self) -> tuple[Rule, ...]:
        """Return the rules that are judged across cases."""
        return self._office.looked(lambda _, look: tuple(one.rule for one in look.asked("").rules))

    def across(self, case: str | None, as_of: datetime) -> Across:
        """Return what rules across cases say of all there is, or of one case."""
        id = None if case is None else case_of(case)

        def report(transaction: Transaction, look: Look) -> Across:
            row = None if id is None else transaction.case(id)
            look.asked("" if row is None else row.digest)
            if row is None:
                said = self._office.across.report(transaction, as_of)
            else:
                held = self._office.hold(transaction, self._office.judge_of(transaction, row), row)
                said = self._office.across.report_on(transaction, row, held.judge, held.state, as_of)
            return replace(said, deviations=settled(said.deviations, self._excused(transaction)))

        return self._office.looked(report)

    def _excused(self, transaction: Transaction) -> Callable[[str, list[Deviation]], list[Deviation]]:
        def excused(case: str, deviations: list[Deviation]) -> list[Deviation]:
            row = transaction.case(case)
            held = self._office.hold(transaction, self._office.judge_of(transaction, row), row)
            return held.judge.settled(held.state, deviations)

        return excused

    def export(
        self,
        out: BinaryIO,
        cases: Iterable[str] | None,
        format: RecordFormat,
        mapping: BinaryIO | None,
        calendars: BinaryIO | None,
    ) -> Written:
        """Write events, case by case, and the calendars they name; return how many, and what the format could not carry."""
        exporting.check_format(format, out, mapping)
        if isinstance(cases, str):
            raise ProcflowError(f"cases is the text {cases!r}", hint=f"give a list of ids: [{cases!r}]")
        with self._office.store.read() as transaction:
            rows = list(transaction.cases() if cases is None else (transaction.case(case_of(case)) for case in cases))
            heads = [(row.case, row.seq) for row in rows]
            versions = {row.digest: row for row in rows}.values() if format == "csv" else ()
            procedures = [self._office.judge_of(transaction, row).procedure for row in versions]

        def bodies() -> Iterator[bytes]:
            return (body for case, seq in heads for body in self._bodies(case, seq))

        written = exporting.write(bodies, out, format, mapping, procedures)
        if calendars is not None:
            named = exporting.calendars_named(bodies())
            with self._office.store.read() as transaction:
                exporting.write_calendars((transaction.calendars(digest) for digest in named), calendars)
        return written

    def _bodies(self, case: str, seq: int) -> list[bytes]:
        """Return the events of a case up to `seq`. Nothing is ever changed, so a later transaction sees the same."""
        with self._office.store.read() as transaction:
            return list(islice(transaction.bodies(case), seq))
