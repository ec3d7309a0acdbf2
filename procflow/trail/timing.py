"""What time did to a case as a map in the body of an entry, and back; and which calendars hold for it.

    "timer":{"clock":"first-answer", "cycle":1, "mark":"50%", "does":"notify", "to":"lead",
             "due":"2026-12-01T00:00:00.000000Z"}
    "calendars":"<digest of the set, hex>"

An event has the map exactly if its kind says so. Calendars are named by the event that opens a case, and by one of
their own kind when others hold from there on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procflow.model.clock import LateDoing, Timer
from procflow.model.event import Event, Kind
from procflow.trail.instant import instant_text, parse_instant
from procflow.trail.keys import EntryInvalid, check_known, mapping, maybe_text, one_of, text, whole_number

_TIMER = frozenset(("clock", "cycle", "mark", "does", "to", "due"))


def check_timing(event: Event) -> None:
    """Raise EntryInvalid unless the event has a timer and calendars where its kind asks for them, and nowhere else."""
    kind, timer, calendars = event.kind, event.timer, event.calendars
    if timer is None and calendars is None and kind is not _TIMED and kind is not _CALENDARS:
        return
    _check_there(event, "timer", wanted=kind is _TIMED, there=timer is not None)
    wanted = kind is _CALENDARS or (kind is _OPENED and calendars is not None)
    _check_there(event, "calendars", wanted=wanted, there=calendars is not None)
    if kind is _TIMED and event.refused:
        raise EntryInvalid(f"Event {event.seq} of case {event.case!r} is of time, and nobody can refuse time.")
    named = {"calendars": calendars}
    if timer is not None:
        named |= {"clock": timer.clock, "mark": timer.mark, "to": timer.to}
        if timer.clock != event.action:
            raise EntryInvalid(
                f"Event {event.seq} of case {event.case!r} is about {event.action!r}, its timer about {timer.clock!r}."
            )
        cycle: object = timer.cycle
        if not isinstance(cycle, int) or isinstance(cycle, bool) or cycle < 1:
            raise EntryInvalid(f"`cycle` of event {event.seq} must be a whole number from 1, and is {cycle!r}.")
    for name, value in named.items():
        if value is not None and not isinstance(value, str):
            raise EntryInvalid(
                f"`{name}` of event {event.seq} must be text, and {value!r} is not.", hint=f"Give it as {str(value)!r}."
            )


def _check_there(event: Event, name: str, *, wanted: bool, there: bool) -> None:
    if wanted != there:
        lacks = "lacks its" if wanted else "has an unexpected"
        raise EntryInvalid(
            f"Event {event.seq} of case {event.case!r} is of kind {event.kind.value} and {lacks} `{name}`."
        )


def timing_record(event: Event) -> dict[str, Any]:
    """Return what the event says of time under the keys of a body; {} if nothing."""
    said: dict[str, Any] = {}
    if event.timer is not None:
        one = event.timer
        said["timer"] = {
            "clock": one.clock,
            "cycle": one.cycle,
            "mark": one.mark,
            "does": one.does.value,
            "to": one.to,
            "due": instant_text(one.due),
        }
    if event.calendars is not None:
        said["calendars"] = event.calendars
    return said


def read_timer(record: Mapping[str, Any]) -> Timer | None:
    """Return the timer of a body; None if it has none."""
    if "timer" not in record:
        return None
    said = mapping(record, "timer")
    check_known(said, _TIMER, "The timer")
    return Timer(
        clock=text(said, "clock"),
        cycle=whole_number(said, "cycle"),
        mark=text(said, "mark"),
        does=one_of(LateDoing, said, "does"),
        to=text(said, "to"),
        due=parse_instant(text(said, "due")),
    )


def read_calendars(record: Mapping[str, Any]) -> str | None:
    """Return the digest of the calendars a body names; None if it names none."""
    return maybe_text(record, "calendars")


# A member of an Enum is looked up anew, in Python, wherever it is named.
_TIMED, _CALENDARS, _OPENED = Kind.TIMER, Kind.CALENDARS, Kind.OPENED
