"""Overrides and waivers as maps in the body of an entry, and back.

    "override":{"act":"undo", "to":"draft", "asked_by":..., "caused_by":"requester", "second":...}
    "waiver":{"code":"DV202", "person":"ana", "until":"2026-12-01T00:00:00.000000Z", "step":..., "action":...,
              "clock":...}

An event has such a map exactly if its kind says so: a waiver hidden in another event would excuse unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procflow.model.event import Act, Cause, Event, Kind, Override, Waiver
from procflow.trail.instant import instant_text, parse_instant
from procflow.trail.keys import EntryInvalid, check_known, mapping, maybe_text, one_of, present, text

_OVERRIDE = frozenset(("act", "to", "asked_by", "caused_by", "second"))
_WAIVER = frozenset(("code", "person", "until", "step", "action", "clock"))
_OF_AUTHORITY = (Kind.OVERRIDE, Kind.WAIVER)


def check_authority(event: Event) -> None:
    """Raise EntryInvalid unless the event has an override or a waiver exactly if it is one, named in text."""
    if event.kind not in _OF_AUTHORITY and event.override is None and event.waiver is None:
        return
    for kind, name, there in (
        (Kind.OVERRIDE, "override", event.override is not None),
        (Kind.WAIVER, "waiver", event.waiver is not None),
    ):
        if (event.kind is kind) != there:
            lacks = "lacks its" if event.kind is kind else "has an unexpected"
            raise EntryInvalid(
                f"Event {event.seq} of case {event.case!r} is of kind {event.kind.value} and {lacks} {name}."
            )
    for name, value in _named(event):
        if value is not None and not isinstance(value, str):
            raise EntryInvalid(
                f"`{name}` of event {event.seq} must be text, and {value!r} is not.", hint=f"Give it as {str(value)!r}."
            )


def _named(event: Event) -> Iterator[tuple[str, object]]:
    if event.override is not None:
        yield from (("to", event.override.to), ("asked_by", event.override.asked_by), ("second", event.override.second))
    if event.waiver is not None:
        yield from (("code", event.waiver.code), ("person", event.waiver.person))
        yield from (("step", event.waiver.step), ("action", event.waiver.action), ("clock", event.waiver.clock))


def authority_record(event: Event) -> dict[str, Any]:
    """Return the map of the event's override or waiver under its key; {} if it is neither."""
    if event.override is not None:
        one = event.override
        cause = None if one.caused_by is None else one.caused_by.value
        said = {"act": one.act.value, "to": one.to, "asked_by": one.asked_by, "caused_by": cause, "second": one.second}
        return {"override": present(said)}
    if event.waiver is not None:
        it = event.waiver
        until = instant_text(it.until)
        where = {"step": it.step, "action": it.action, "clock": it.clock}
        return {"waiver": present({"code": it.code, "person": it.person, "until": until, **where})}
    return {}


def read_override(record: Mapping[str, Any]) -> Override | None:
    """Return the override of a body; None if it has none."""
    if "override" not in record:
        return None
    said = mapping(record, "override")
    check_known(said, _OVERRIDE, "The override")
    return Override(
        act=one_of(Act, said, "act"),
        to=text(said, "to"),
        asked_by=maybe_text(said, "asked_by"),
        caused_by=one_of(Cause, said, "caused_by") if "caused_by" in said else None,
        second=maybe_text(said, "second"),
    )


def read_waiver(record: Mapping[str, Any]) -> Waiver | None:
    """Return the waiver of a body; None if it has none."""
    if "waiver" not in record:
        return None
    said = mapping(record, "waiver")
    check_known(said, _WAIVER, "The waiver")
    return Waiver(
        code=text(said, "code"),
        person=text(said, "person"),
        until=parse_instant(text(said, "until")),
        step=maybe_text(said, "step"),
        action=maybe_text(said, "action"),
        clock=maybe_text(said, "clock"),
    )
