"""Questions about waiting: who waits for whom in a case, and who for each other over all of them."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.engine import offers
from procflow.engine.circles import Circle, circles_of
from procflow.engine.office import Office
from procflow.engine.rows import standing_of
from procflow.model.waiting import Wait
from procflow.stores.base import CaseRow, Transaction


class WaitQuestions:
    """Answers them; nothing is written."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def waits(self, case: str) -> tuple[Wait, ...]:
        """Return every wait of a case so far."""
        with self._office.store.read() as transaction:
            return self._waits(transaction, transaction.case(case))

    def circles(self) -> tuple[Circle, ...]:
        """Return who waits for each other now."""
        with self._office.store.read() as transaction:
            waits = [one for row in self._waiting(transaction) for one in self._waits(transaction, row)]
        return circles_of((one for one in waits if one.until is None), self._office.directory)

    def _waits(self, transaction: Transaction, row: CaseRow) -> tuple[Wait, ...]:
        held = self._office.hold(transaction, self._office.judge_of(transaction, row), row)
        return held.judge.waits(held.state, self._office.now())

    def _waiting(self, transaction: Transaction) -> Iterator[CaseRow]:
        """Yield the open cases in which somebody waits: no other has to be judged for it."""
        asked = {one.case for one in transaction.ready(None) if offers.asks(one)}
        for row in transaction.cases(None, True):
            procedure = self._office.judge_of(transaction, row).procedure
            at = standing_of(row, procedure)
            waits = any(procedure.steps[name].waiting is not None for name in at.active_steps())
            if row.case in asked or waits or next(at.offered_steps(), None) is not None:
                yield row
