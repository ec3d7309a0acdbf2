"""Wrong order: an action skipped here and done there is told once, at the event that was out of its place."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.automaton.projection import ENTERS
from procflow.automaton.wrong_order import MOST_UNPAIRED, Astray, partner
from procflow.model.deviation import Deviation
from procflow.model.event import Kind, Lifecycle
from procflow.monitors.moment import Judged, Lone, Moment, Withdrawn


class Pairing:
    """What is without a partner so far, while one event is judged. Pairs as the alignment does, which counts on it."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self.lone = moment.memory.lone

    def of_skip(self, action: str, said: Judged) -> Iterator[Judged]:
        """Yield what is said of an action that is skipped before the event."""
        if isinstance(said, Deviation):
            yield from self._paired(Lone(action, Astray.SKIPPED, said, event_name(self._moment)))
        else:
            yield said

    def of_event(self, said: Deviation) -> Iterator[Judged]:
        """Yield what is said of an event that is not due."""
        event = self._moment.event
        if said.code == "DV102" and event.flows and event.lifecycle is not Lifecycle.START:
            label = ENTERS + event.action if event.kind is Kind.STATUS else event.action
            yield from self._paired(Lone(label, Astray.LEFT_OUT, said, event_name(self._moment)))
        else:
            yield said

    def _paired(self, one: Lone) -> Iterator[Judged]:
        at = partner(tuple((lone.action, lone.astray.value) for lone in self.lone), one.action, one.astray)
        if at is not None:
            other = self.lone[at]
            self.lone = self.lone[:at] + self.lone[at + 1 :]
            yield Withdrawn(other.deviation)
            yield _too_late(other, one) if one.astray is Astray.LEFT_OUT else _too_early(one, other)
            return
        self.lone = (*self.lone, one)[-MOST_UNPAIRED:]
        yield one.deviation


def event_name(moment: Moment) -> str:
    """Return the event in words."""
    event = moment.event
    if event.kind is Kind.STATUS and moment.inferred is None:
        return f"it was seen in “{event.action}”"
    if event.kind is Kind.TIMER:
        return f"the time of “{event.action}” was up"
    if not event.flows:
        return "the case was closed" if event.kind is Kind.CLOSED else "the procedure was set aside"
    return f"“{moment.name}”"


def _too_early(skipped: Lone, done: Lone) -> Deviation:
    return _in_wrong_order(skipped, done, f"too early: its place was later, before {skipped.beside}", "later")


def _too_late(skipped: Lone, done: Lone) -> Deviation:
    return _in_wrong_order(skipped, done, f"too late: its place was before {skipped.beside}", "earlier")


def _in_wrong_order(skipped: Lone, done: Lone, how: str, when: str) -> Deviation:
    due, occurrence = skipped.deviation, done.deviation
    entered = done.action.removeprefix(ENTERS)
    seen = entered != done.action
    what = f"the case was seen in “{entered}”" if seen else f"“{entered}” was done"
    to_do = f"go through “{entered}”" if seen else f"do “{entered}”"
    return Deviation(
        code="DV103",
        severity=due.severity,
        message=f"{what} {how}",
        where=due.where,
        case=occurrence.case,
        seq=occurrence.seq,
        step=due.step,
        action=occurrence.action,
        actor=occurrence.actor,
        values={"done": f"event {occurrence.seq}", "due": f"before event {due.seq}"},
        remedy=f"{to_do} {when}, before {skipped.beside}",
        who_could=due.who_could,
        source=occurrence.source,
    )
