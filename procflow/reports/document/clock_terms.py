"""A clock as it stands in the file: `to: client, until: send, within: 2 working days`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.calendars.length import Length
from procflow.model.clock import Clock, ClockKind, Graded, LateAct, OnChange, Reopening
from procflow.model.rule import Happening


def clock_terms(clock: Clock) -> str:
    """Return what a clock says as its author would write it on one line, in the ids of the file."""
    return ", ".join(f"{key}: {value}" for key, value in _terms(clock))


def graded_text(graded: Graded[Length] | Graded[str] | Graded[int]) -> str:
    """Return what may depend on data, as it stands in the file."""
    if graded.by is None:
        return str(graded.otherwise)
    values = [f"{_key(value)}: {one}" for value, one in graded.values.items()]
    rest = [f"otherwise: {graded.otherwise}"] if graded.otherwise is not None else []
    return f"{{ {', '.join([f'depends-on: {graded.by}', *values, *rest])} }}"


def _key(value: str) -> str:
    """Return a value as a key: in quotes if YAML would read something else than a text."""
    return f'"{value}"' if value in ("true", "false") or value.lstrip("-").replace(".", "", 1).isdigit() else value


def _terms(clock: Clock) -> Iterator[tuple[str, str]]:
    if clock.step is None:
        yield "to", clock.to.value
        yield from _span(clock)
    yield from _measure(clock)
    yield from _pauses(clock)
    if clock.calendar is not None:
        yield "calendar", graded_text(clock.calendar)
    if clock.warn:
        at = _names([f"{one}%" for one in clock.warn], always=True)
        yield "warn", at if clock.warns is None else f"{{ at: {at}, notify: {clock.warns} }}"
    if clock.late:
        acts = [_act(one) for one in clock.late]
        yield "late", acts[0] if len(acts) == 1 else f"[{', '.join(acts)}]"
    if clock.on_change is not OnChange.KEEP_ELAPSED:
        yield "on-change", clock.on_change.value
    if clock.reopening is not Reopening.NEW_CYCLE:
        yield "reopen", clock.reopening.value
    if clock.reopen_within is not None:
        yield "reopen-within", str(clock.reopen_within)


def _span(clock: Clock) -> Iterator[tuple[str, str]]:
    """Yield from when to when it runs."""
    if clock.since is not None:
        yield "from", f"{{ field: {clock.since} }}"
    elif clock.known:
        yield "from", f"{{ known: {_names(clock.known, always=True)} }}"
    elif clock.starts:
        yield "from", _several(clock.starts)
    if clock.kind is not ClockKind.COUNT:
        yield "until", _several(clock.stops)
    if clock.cancels:
        yield "cancelled-by", _several(clock.cancels)
    if clock.when is not None:
        yield "when", " ".join(clock.when.text.split())


def _measure(clock: Clock) -> Iterator[tuple[str, str]]:
    """Yield what is promised."""
    if clock.kind is ClockKind.TIMER and clock.each_hand_off:
        yield "each", "hand-off"
    for key, graded in (("within", clock.within), ("every", clock.every), ("at-most", clock.at_most)):
        if graded is not None:
            yield key, graded_text(graded)
    if clock.deadline is not None:
        yield "by", f"{{ field: {clock.deadline} }}"
    if clock.while_ours:
        yield "while", "ours-to-act"
    if clock.by_action:
        yield "by-action", _names(clock.by_action)
    if clock.kind is ClockKind.COUNT:
        yield "of", "hand-off" if clock.each_hand_off else _several(clock.counts)


def _pauses(clock: Clock) -> Iterator[tuple[str, str]]:
    if clock.paused_in:
        yield "paused-in", _names(clock.paused_in)
    if clock.max_pause is not None:
        yield "max-pause", str(clock.max_pause)
    if clock.resumed_by:
        yield "resumed-by", _names(clock.resumed_by)


def _act(act: LateAct) -> str:
    after = f"after: {act.after}, " if act.after is not None else ""
    return f"{{ {after}{act.does.value}: {act.to} }}"


def _several(happenings: Sequence[Happening]) -> str:
    return _names([str(one) for one in happenings])


def _names(names: Sequence[str], *, always: bool = False) -> str:
    return names[0] if len(names) == 1 and not always else f"[{', '.join(names)}]"
