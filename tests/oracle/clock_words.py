"""What clocks are promised, read from plain data, and the case they run in, event by event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from tests.oracle.clock_time import Long
from tests.oracle.conditions import Value
from tests.oracle.plain import Plain


class Mark(NamedTuple):
    """One event of the path of a case, and where the case stands after it."""

    seq: int | None
    at: int
    """Microseconds since 1970."""
    happenings: tuple[str, ...]
    stands: tuple[str, ...]
    """The steps that somebody may act in or that end the case, blocks left out, in the order of the file."""
    active: frozenset[str] = frozenset()
    """The same with blocks."""
    values: Mapping[str, Value] = {}
    given: Mapping[str, Any] = {}
    """What came with the event itself, as it was given."""
    actor: str | None = None
    on_behalf_of: str | None = None
    roles: frozenset[str] = frozenset()
    reason: bool = False
    performs: bool = False
    ends: bool = False
    cancelled: bool = False
    reopens: bool = False
    calendars: str | None = None
    """The name of the book of calendars that holds from here on; None: the same as before."""
    kind: str = "action"
    recorded: int | None = None
    timer: str | None = None
    """The step whose time was up and led the case on."""
    offered: frozenset[str] = frozenset()
    """The steps whose work nobody has accepted."""
    fresh: frozenset[str] = frozenset()
    """Those of them whose work came just now."""
    asks: str | None = None
    """The action by which it asks somebody something."""
    answers: int | None = None
    """`seq` of the event that asked what it answers."""


@dataclass(frozen=True)
class Clock:
    """A clock, as it is written in `clocks:`; or the time of a step, as its `within` says it."""

    name: str
    says: Plain
    step: str | None = None
    accepts: str | None = None
    """The step whose `accept-within` it is."""
    question: str | None = None
    """The action whose `answer-within` it is."""

    @property
    def alone(self) -> bool:
        """True if it is none of `clocks:`."""
        return (self.step or self.accepts or self.question) is not None

    @property
    def kind(self) -> str:
        """`timer`, `deadline`, `periodic` or `count`."""
        for key, kind in (("every", "periodic"), ("at-most", "count"), ("by", "deadline")):
            if key in self.says and self.step is None:
                return kind
        return "timer"

    @property
    def each(self) -> bool:
        """True of a clock of each hand-off."""
        return "each" in self.says

    @property
    def starts(self) -> tuple[str, ...]:
        """What begins a cycle."""
        if self.step is not None:
            return (f"enters {self.step}",)
        written = self.says.get("from", "case opens")
        return () if self.each or isinstance(written, Mapping) else listed(written)

    @property
    def stops(self) -> tuple[str, ...]:
        """What ends one; the end of the case does, too."""
        if self.step is not None:
            return (f"leaves {self.step}",)
        return listed(self.says.get("until", "case ends"))

    @property
    def target(self) -> Any:
        """What is promised: text, or a map of grades."""
        return self.says.get(
            "within" if self.kind == "timer" else "every" if self.kind == "periodic" else "at-most", None
        )

    def all(self, key: str) -> tuple[str, ...]:
        """Return a list that may be written as one word."""
        return listed(self.says.get(key, ()))


def listed(written: Any) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)


def graded(written: Any, values: Mapping[str, Value], role: str = "") -> tuple[Any, str]:
    """Return what is promised and the grade that says so; None if it is unknown, or nothing is."""
    if not isinstance(written, Mapping):
        return written, ""
    by = written["depends-on"]
    value = role if by == "role" else values.get(by)
    grade = word(value)
    return written.get(grade, written.get("otherwise")), grade


def word(value: Value | None) -> str:
    """Return a value as a key of a map says it; "" of what is unknown."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Fraction():
            return str(value)
        case _:
            return str(value)


def clocks_of(procedure: Plain) -> Iterator[Clock]:
    """Yield all clocks: those of `clocks:`, then those of steps in the order of the file."""
    for name, says in procedure.get("clocks", {}).items():
        yield Clock(name, says)
    for name, step in steps_of(procedure["steps"]):
        if "within" in step or "late" in step:
            yield Clock(name, step, step=name)


def clocks_of_waits(procedure: Plain, demanded: Mapping[str, Plain]) -> Iterator[Clock]:
    """Yield the clocks of hand-offs, of which `demanded` says by step what is demanded, and then of questions."""
    for name, says in demanded.items():
        if "accept-within" in says:
            mine = {key: says[key] for key in ("warn", "late") if key in says}
            yield Clock(f"{name}.acceptance", {"within": says["accept-within"], **mine}, accepts=name)
    for name, action in procedure.get("anytime", {}).items():
        if "ask" in action:
            asks = action["ask"]
            mine = {key: asks[key] for key in ("warn", "late") if key in asks}
            yield Clock(f"{name}.answer", {"within": asks["answer-within"], **mine}, question=name)


def steps_of(steps: Plain) -> Iterator[tuple[str, Plain]]:
    """Yield all steps, those in blocks after their block."""
    for name, step in steps.items():
        yield name, step
        for branch, one in step.get("parallel", {}).items():
            yield from steps_of(one.get("steps", {branch: one}))


def long(written: str | None) -> Long | None:
    return None if written is None else Long(written)
