"""How a wait is told that took longer than promised: who offered or asked, whom, what, since when."""

from __future__ import annotations

from procflow.calendars.moments import moment_in
from procflow.expressions.values import show_value
from procflow.model.clock import Clock, ClockKind
from procflow.model.words import joined
from procflow.monitors.clocks.cycle import Cycle

NOT_ACCEPTED, NOT_ANSWERED = "DV602", "DV608"


def late_code(clock: Clock) -> str:
    """Return the class of what is said of a clock that has run out."""
    if clock.accepts is not None:
        return NOT_ACCEPTED
    if clock.question is not None:
        return NOT_ANSWERED
    return "DV409" if clock.kind is ClockKind.PERIODIC else "DV401"


def wait_values(cycle: Cycle) -> dict[str, str]:
    """Return what is on record of a wait; of every other cycle nothing."""
    awaited = cycle.awaited
    if awaited is None:
        return {}
    whom, since = joined(awaited.whom), show_value(cycle.started_at)
    if awaited.question:
        found = {
            "step": awaited.step,
            "asked by": awaited.who,
            "waits for": whom,
            "asked": awaited.what,
            "since": since,
        }
    else:
        found = {"step": awaited.step, "offered by": awaited.who, "waits for": whom, "since": since}
    return {name: value for name, value in found.items() if value}


def wait_message(cycle: Cycle, name: str, due: str, over: str | None) -> str:
    """Return that nobody did in time what was waited for; `over`: by how much it was late, None while it goes on."""
    awaited = cycle.awaited
    assert awaited is not None
    since = moment_in(cycle.aim.zone, cycle.started_at)
    by, whom = f" by {awaited.who}" if awaited.who else "", joined(awaited.whom)
    stop = cycle.stop
    until = "" if stop is None else moment_in(cycle.aim.zone, stop.at)
    if awaited.question:
        what = f": “{awaited.what}”" if awaited.what else ""
        told = f"{name}: {whom} was asked{by} on {since}{what}"
        if stop is None:
            return f"{told}; the answer was due on {due}, and has not come"
        came = f"the case ended on {until} without it" if stop.by_end else f"came {until}"
        return f"{told}; the answer was due on {due}, and {came}: {over} late"
    told = f"{name}: the work in “{awaited.step}” was offered{f' to {whom}' if whom else ''}{by} on {since}"
    if stop is None:
        return f"{told}, and nobody had accepted it by {due}"
    return f"{told}, to be accepted by {due}, and was on offer until {until}: {over} late"
