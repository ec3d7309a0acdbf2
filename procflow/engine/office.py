"""What commands and questions share: the store, the judges, the clock, and the cases judged last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from procflow.calendars.book import CalendarSet
from procflow.engine import publishing
from procflow.engine.across import CrossCases
from procflow.engine.calendars import House
from procflow.engine.locks import ForkLock
from procflow.engine.look import Behind, Look
from procflow.engine.memory import Held, Memory, Said, caught_up
from procflow.errors import ProcedureNotFound, StoreError
from procflow.judge import CaseState, Judge
from procflow.model.organisation import Directory
from procflow.model.policies import Policies
from procflow.stores.base import CaseRow, Definition, Store, Transaction
from procflow.trail.instant import in_utc

Clock = Callable[[], datetime]
Entropy = Callable[[int], bytes]
Answer = TypeVar("Answer")

MOST_JUDGES = 100
"""Versions of procedures whose automata are remembered; the least recently used are forgotten first."""
_TRIES = 5
"""Questions asked again, since something was written that rules across cases were not told of."""


class Office:
    """Holds no truth: the store has it."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        clock: Clock,
        entropy: Entropy,
        policies: Policies | None = None,
        calendars: CalendarSet | None = None,
        workspace: Path | None = None,
    ) -> None:
        self.store = store
        self.policies = policies
        self.house = House(calendars, workspace, policies)
        self.across = CrossCases(policies, self.judge, lambda: self.house.book.default)
        self.directory = directory
        self.entropy = entropy
        self.memory = Memory()
        self.said = Said()
        self._clock = clock
        self._judges: OrderedDict[str, Judge] = OrderedDict()
        self._loading = ForkLock()

    def now(self) -> datetime:
        """Return the present moment."""
        return in_utc(self._clock())

    def judge_of(self, transaction: Transaction, row: CaseRow) -> Judge:
        """Return who judges a case."""
        with self._loading.held():
            judge = self._judges.get(row.digest)
            if judge is not None:
                self._judges.move_to_end(row.digest)
                return judge
        definition = transaction.definition(row.digest)
        if definition is None:
            raise ProcedureNotFound(
                f"the version {row.version} of {row.procedure} that case {row.case} runs by is gone"
            )
        return self.judge(definition)

    def judge(self, definition: Definition) -> Judge:
        """Return who judges by a definition; one and the same for all threads, while it is remembered."""
        with self._loading.held():
            judge = self._judges.get(definition.digest)
            if judge is None:
                judge = self._judges[definition.digest] = self._new_judge(definition)
            self._judges.move_to_end(definition.digest)
            while len(self._judges) > MOST_JUDGES:
                self._judges.popitem(last=False)
            return judge

    def _new_judge(self, definition: Definition) -> Judge:
        procedure = publishing.reload(definition)
        policies = () if self.policies is None else self.policies.rules_for(procedure)
        return Judge(procedure, policies=policies, calendars=self.house.book)

    def prepare(self, transaction: Transaction, digest: str) -> None:
        """Have all at hand that rules across cases ask about, as those of the definition with this digest do."""
        self.across.prepare(transaction, digest, lambda row: self._state_of(transaction, row))

    def catch_up(self) -> None:
        """Do so for all that is published, a few cases at a time, so that others can write in between."""
        done = False
        while not done:
            with self.store.write() as transaction:
                done = self.across.catch_up(transaction, "", lambda row: self._state_of(transaction, row))

    def looked(self, question: Callable[[Transaction, Look], Answer]) -> Answer:
        """Return the answer to a question about one moment of the store, all told that rules across cases ask about."""
        for _ in range(_TRIES):
            try:
                with self.store.read() as transaction:
                    return question(transaction, Look(self.across, transaction))
            except Behind:
                self.catch_up()
        raise StoreError(
            "what rules across cases ask about is told anew all the time: other policies are at work in this store",
            hint="give all engines of a store the same policies",
        )

    def _state_of(self, transaction: Transaction, row: CaseRow) -> tuple[Judge, CaseState]:
        held = self.hold(transaction, self.judge_of(transaction, row), row)
        return held.judge, held.state

    def hold(self, transaction: Transaction, judge: Judge, row: CaseRow) -> Held:
        """Return the case as judged up to its head, reading only the events that are not held yet."""
        held = self.memory.recall(row.case)
        if held is not None and (held.judge is not judge or held.state.seq > row.seq):
            held = None
        if held is not None and held.leaf == row.leaf:
            return held

        def know(digest: str) -> None:
            self.house.know(transaction, digest)

        if held is not None and held.state.seq < row.seq:
            try:
                held = caught_up(held, judge, row, transaction.bodies(row.case, held.state.seq), know)
            except StoreError:
                held = None  # what is held may be of a store that was restored since: only the events are the truth
        else:
            held = None
        if held is None:
            held = caught_up(None, judge, row, transaction.bodies(row.case), know)
        self.memory.keep(row.case, held)
        return held
