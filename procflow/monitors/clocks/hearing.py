"""What a clock hears of a position: which of its happenings begin, end, cancel, count or resume."""

from __future__ import annotations

from procflow.model.clock import Clock
from procflow.model.rule import Happening, HappeningKind

BEGINS, STOPS, CANCELS, COUNTS, RESUMES, FULFILS, STEP, ENTERS = 1, 2, 4, 8, 16, 32, 64, 128


class Ear:
    """What one clock listens to."""

    def __init__(self, clock: Clock) -> None:
        self._heard: dict[Happening, int] = {}
        step = clock.step or clock.accepts
        if step is not None:
            self._add(Happening(kind=HappeningKind.ENTERS, name=step), STEP | ENTERS)
            self._add(Happening(kind=HappeningKind.LEAVES, name=step), STEP)
        else:
            for each in clock.starts:
                self._add(each, BEGINS)
            for each in clock.stops:
                self._add(each, STOPS)
        for each in clock.cancels:
            self._add(each, CANCELS)
        for each in clock.counts:
            self._add(each, COUNTS)
        for name in clock.resumed_by:
            self._add(Happening(kind=HappeningKind.ACTION, name=name), RESUMES)
        for name in clock.by_action:
            self._add(Happening(kind=HappeningKind.ACTION, name=name), FULFILS)
        for name in clock.paused_in:
            self._add(Happening(kind=HappeningKind.ENTERS, name=name), STEP)

    def _add(self, happening: Happening, flag: int) -> None:
        self._heard[happening] = self._heard.get(happening, 0) | flag

    def mask(self, happenings: tuple[Happening, ...]) -> int:
        """Return what it hears of these."""
        mask = 0
        for one in happenings:
            mask |= self._heard.get(one, 0)
        return mask
