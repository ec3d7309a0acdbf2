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
    """Return how long, and how many times, each had it: from the opening to the end of the case, or to `now`."""
    over = [one.at for one in marks if one.ends]
    found: dict[Holder, tuple[int, int]] = {}
    at = marks[0].at
    last: Holder | None = None
    for index, (mark, holder) in enumerate(zip(marks, holders, strict=True)):
        at = max(at, mark.at)
        until = max(at, marks[index + 1].at) if index + 1 < len(marks) else max(at, now)
        if index + 1 == len(marks) and over and holder.kind == "resolved":
            until = at
        wall, times = found.get(holder, (0, 0))
        found[holder] = (wall + until - at, times + (holder != last))
        at, last = until, holder
    return found
