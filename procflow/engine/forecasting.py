"""How long a case would take, by the latest of a store."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from procflow.calendars.length import Length
from procflow.engine.office import Office
from procflow.expressions.types import Raw
from procflow.forecast import LATEST, Past, forecast, given_of, wish_of
from procflow.model.procedure import Procedure
from procflow.model.promising import Forecast
from procflow.stores.base import CaseRow, Transaction
from procflow.trail.entry import open_entry


def forecast_in(
    office: Office, procedure: Procedure, given: Mapping[str, Raw], within: str | Length | None
) -> Forecast:
    """Return how long a case would take by the latest closed cases of a procedure, `LATEST` of them at most."""
    known, wish = given_of(procedure, given), wish_of(procedure, within)
    with office.store.read() as transaction:
        closed = deque((row for row in transaction.cases(procedure.id) if row.closed), maxlen=LATEST)
        past = list(_past(office, transaction, closed))
    return forecast(procedure, known, past, wish, most=LATEST)


def _past(office: Office, transaction: Transaction, rows: deque[CaseRow]) -> Iterator[Past]:
    for row in rows:
        held = office.hold(transaction, office.judge_of(transaction, row), row)
        judge = held.judge
        calendars = office.house.book.of(held.calendars) or office.house.book.default
        name = judge.procedure.calendar
        yield Past(
            audit=judge.audit(held.state),
            events=tuple(open_entry(body)[0] for body in transaction.bodies(row.case)),
            began_at=row.opened_at,
            calendar=calendars[name] if name is not None and name in calendars else None,
        )
