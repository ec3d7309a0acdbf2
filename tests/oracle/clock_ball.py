"""Who has the ball, from one event of a case to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.oracle.clock_words import Mark, steps_of
from tests.oracle.plain import Plain


class Holder(NamedTuple):
    """Who has it."""

    kind: str
    """`team`, `supplier`, `client`, `nobody` or `resolved`."""
    names: tuple[str, ...] = ()


class Court:
    """Says who has the ball in cases of a procedure."""

    def __init__(self, procedure: Plain) -> None:
        self.steps = dict(steps_of(procedure["steps"]))
        self.roles: Plain = procedure.get("roles", {})

    def side(self, role: str) -> str:
        """Return whose side a role is on."""
        role_says = self.roles.get(role, "")
        external = role_says.get("external", False) if not isinstance(role_says, str) else False
        return "supplier" if external == "supplier" else "client" if external else "team"

    def holder(self, mark: Mark) -> Holder:
        """Return who has the ball after an event."""
        if mark.ends:
            return Holder("resolved")
        having: dict[str, list[str]] = {}
        for name in mark.stands:
            step = self.steps[name]
            if name in mark.offered:
                having.setdefault("nobody", [])
                continue
            if "end" in step or step.get("resolved"):
                having.setdefault("resolved", [])
                continue
            by = step["waiting-for"]["party"] if "waiting-for" in step else step["by"]
            if not isinstance(by, str):
                value = mark.values.get(by["field"])
                if value is None:
                    having.setdefault("nobody", [])
                    continue
                having.setdefault("team", []).append(str(value))
            else:
                having.setdefault(self.side(by), []).append(by)
        for side in ("team", "supplier", "client"):
            if side in having:
                return Holder(side, tuple(dict.fromkeys(having[side])))
        return Holder("nobody" if "nobody" in having or not having else "resolved")

    def told(self, marks: Sequence[Mark]) -> list[Holder]:
        """Return who has the ball after each event; once the case is over, nobody takes it any more."""
        found: list[Holder] = []
        over = False
        for mark in marks:
            over = mark.ends or (over and not mark.reopens)
            found.append(Holder("resolved") if over else self.holder(mark))
        return found


def shares(marks: Sequence[Mark], holders: Sequence[Holder], now: int) -> dict[Holder, tuple[int, int]]:
    """Return how long, and how many times, each had it: from the opening to the end of the case, or to `now`.

    A passing that is told late takes effect when it was, though not before that of before.
    """
    given: list[tuple[Holder, int]] = []
    over = None
    for mark, holder in zip(marks, holders, strict=True):
        at = max(mark.at, given[-1][1]) if given else mark.at
        if not given or holder != given[-1][0]:
            given.append((holder, at))
        over = at if mark.ends else None if mark.reopens else over
    found: dict[Holder, tuple[int, int]] = {}
    ends = [at for _, at in given[1:]] + [max(given[-1][1], now) if over is None else max(given[-1][1], over)]
    for (holder, at), end in zip(given, ends, strict=True):
        wall, times = found.get(holder, (0, 0))
        found[holder] = (wall + end - at, times + 1)
    return {holder: share for holder, share in found.items() if share[0] or holder.kind != "resolved"}
