"""When an event is said to have happened, held against when it was written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.length import Length, Unit
from procflow.errors import CalendarError, SourceSpan
from procflow.expressions.values import show_value
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.event import Event, Kind
from procflow.monitors.clocks.tape import Meter

_TOLERANCE = timedelta(seconds=120)
"""How far clocks of machines may be apart."""
_A_DAY = timedelta(days=1)


def judge_dating(event: Event, calendar: Calendar | None, where: SourceSpan) -> Iterator[Deviation]:
    """Yield what is wrong with when an event is said to have happened; `calendar` is that of the procedure."""
    recorded, occurred = event.recorded_at, event.occurred_at
    if recorded is None or event.kind is Kind.TIMER:
        return
    if occurred > recorded + _TOLERANCE:
        yield _deviation(
            event,
            "DV404",
            where,
            f"it is said to have happened {show_value(occurred - recorded)} after it was recorded",
            "record what has happened, when it has",
            refuses=True,
        )
    elif recorded - occurred > _A_DAY and _long_ago(event, calendar):
        yield _deviation(
            event,
            "DV403",
            where,
            f"it was recorded {show_value(recorded - occurred)} after it is said to have happened",
            "record things on the day they happen",
            refuses=False,
        )


def _long_ago(event: Event, calendar: Calendar | None) -> bool:
    """Return True if more than a working day lies between; without a calendar that reaches so far, a day."""
    assert event.recorded_at is not None
    if calendar is None:
        return True
    try:
        day = calendar.budget(event.occurred_at, Length(count=1, unit=Unit.DAY, working=True))
        return Meter(calendar, working=True).used(event.occurred_at, event.recorded_at) > day
    except CalendarError:
        return ALWAYS.between(event.occurred_at, event.recorded_at) > _A_DAY


def _deviation(event: Event, code: str, where: SourceSpan, message: str, remedy: str, *, refuses: bool) -> Deviation:
    assert event.recorded_at is not None
    return Deviation(
        code=code,
        severity=REGISTRY[code].severity,
        message=message,
        where=where,
        case=event.case,
        seq=event.seq,
        action=event.action or None,
        actor=event.actor,
        values={"happened": show_value(event.occurred_at), "recorded": show_value(event.recorded_at)},
        remedy=remedy,
        source=event.source,
        refuses=refuses,
    )
