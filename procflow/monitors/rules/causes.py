"""Causes: which earlier deviation of a case explains that a rule was broken.

What was skipped, set aside, late, or done by the wrong person explains why it was missing later; what should not have
been done at all explains what it set off, and what it did itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from procflow.model.deviation import Deviation, Disposition, Origin
from procflow.model.event import Event
from procflow.model.rule import BreachKind

_SKIPPED = "DV101"
_OVERRIDE = "DV701"
_FLOW = "DV1"
_PEOPLE = "DV2"


def with_causes(deviations: Sequence[Deviation]) -> list[Deviation]:
    """Return the deviations of a case, in the order in which they came to light, each with its cause.

    A cause that has a cause itself is passed over for that one.
    """
    if not any(one.breach is not None for one in deviations):
        return list(deviations)
    known = _Known()
    explained: list[Deviation] = []
    for order, one in enumerate(deviations):
        told = one
        if one.breach is not None and one.disposition is not Disposition.PREVENTED:
            first = min(known.explaining(one), default=None)
            if first is not None:
                told = replace(one, cause=_origin(explained[first]))
        explained.append(told)
        if one.disposition is not Disposition.PREVENTED:
            known.add(order, one)
    return explained


def with_rows(deviations: Sequence[Deviation], events: Mapping[int | None, Event]) -> list[Deviation]:
    """Return the deviations, what was late with the row of the event that set it off: nobody knew it then."""
    return [
        replace(one, source=events[one.seq].source) if one.of_time and one.seq in events else one for one in deviations
    ]


def _origin(one: Deviation) -> Origin:
    return one.cause or Origin(code=one.code, seq=one.seq, message=one.message)


class _Known:
    """What came to light so far, by place in the list."""

    def __init__(self) -> None:
        self._undone: defaultdict[str, list[int]] = defaultdict(list)
        """Action -> where it is said that it was skipped, set aside, missing or late."""
        self._wrong: defaultdict[int, list[int]] = defaultdict(list)
        """Event -> where it is said that the wrong person acted."""
        self._astray: defaultdict[int, list[int]] = defaultdict(list)
        """Event -> where it is said that it had no place in the flow, or set it aside."""

    def add(self, order: int, one: Deviation) -> None:
        """Note what may explain what comes later."""
        missing = one.breach is not None and one.breach.kind is not BreachKind.FORBIDDEN
        if one.action is not None and (missing or one.code in (_SKIPPED, _OVERRIDE)):
            self._undone[one.action].append(order)
        if one.seq is None:
            return
        if one.code.startswith(_PEOPLE):
            self._wrong[one.seq].append(order)
        elif one.code == _OVERRIDE or (one.code.startswith(_FLOW) and one.code != _SKIPPED):
            self._astray[one.seq].append(order)

    def explaining(self, one: Deviation) -> Iterator[int]:
        """Yield where the first of each kind stands that explains this one."""
        breach = one.breach
        assert breach is not None
        if breach.kind is not BreachKind.FORBIDDEN:
            if one.action is not None:
                yield from self._undone.get(one.action, ())[:1]
            if breach.target is not None:
                yield from self._wrong.get(breach.target, ())[:1]
        for seq in (*breach.activations, *((one.seq,) if one.seq is not None else ())):
            yield from self._astray.get(seq, ())[:1]
