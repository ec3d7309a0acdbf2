"""PF412 and PF411 tell just what going every way of a small procedure by hand tells: the longest that agreements may take, and
the quickest that delays allow.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from procflow.calendars.book import CalendarSet
from procflow.lint import lint
from procflow.loading.procedure import read_procedure
from tests.unit.timed_stories import BUCHAREST, week

OFFICE = week("office", BUCHAREST, {"01234": "09:00-17:00"})
PROCEDURES = 60
CHUNKS = 4
ROLES = ("desk", "engineer", "buyer")


@dataclass(frozen=True)
class Drawn:
    """A small procedure drawn by chance: `ways` lead onward only, so that it is gone through in a moment."""

    ways: Mapping[str, Sequence[str]]
    by: Mapping[str, str]
    agreed: Mapping[str, int]
    """Step -> hours of the agreement that runs in it."""
    from_acceptance: frozenset[str] = frozenset()
    """Steps whose agreement counts from the acceptance on."""
    accept: int | None = None
    delayed: Mapping[str, int] = field(default_factory=dict)
    """Step -> hours after which time leads on to its last way; without another way out, only time does."""
    stays: frozenset[str] = frozenset()
    """Of these, those that nobody leads out of."""

    @property
    def paths(self) -> Iterator[list[str]]:
        """Every way through, from the first step to the end."""
        waiting = [["s0"]]
        while waiting:
            path = waiting.pop()
            for onward in self.ways[path[-1]]:
                if onward == "closed":
                    yield path
                else:
                    waiting.append([*path, onward])


def drawn(chance: random.Random, *, delays: bool) -> Drawn:
    count = chance.randrange(2, 6)
    names = [f"s{number}" for number in range(count)]
    ways = {
        name: sorted(
            set(chance.sample([*names[at + 1 :], "closed"], min(chance.randrange(1, 4), count - at))),
            key=lambda one: (one == "closed", one),
        )
        for at, name in enumerate(names)
    }
    reached = {"s0"}
    for name in names:
        if name in reached:
            reached.update(ways[name])
    ways = {name: ways[name] for name in names if name in reached}
    by = {name: chance.choice(ROLES) for name in ways}
    if delays:
        delayed = {name: chance.randrange(1, 9) for name in ways if chance.random() < 0.7}
        stays = frozenset(name for name in delayed if len(ways[name]) == 1 and chance.random() < 0.8)
        return Drawn(ways=ways, by=by, agreed={}, delayed=delayed, stays=stays)
    agreed = {name: chance.randrange(1, 9) for name in ways if chance.random() < 0.8}
    accept = chance.choice([None, 1, 3, 6])
    handed = {
        name
        for name in agreed
        if name != "s0" and accept is not None and any(by[one] != by[name] for one in ways if name in ways[one])
    }
    return Drawn(
        ways=ways,
        by=by,
        agreed=agreed,
        from_acceptance=frozenset(name for name in sorted(handed) if chance.random() < 0.5),
        accept=accept,
    )


def text_of(one: Drawn, promised: int, unit: str) -> str:
    lines = ["procflow: 1", "procedure: drawn", 'version: "1"', "title: Drawn", "calendar: office", "roles:"]
    lines += [f"  {role}: Works" for role in ROLES]
    lines += ["clocks:", f"  promised: {{ until: case ends, within: {promised} {unit} }}"]
    for name, hours in one.agreed.items():
        begins = f"{name}.accept-hand-off" if name in one.from_acceptance else f"enters {name}"
        lines.append(f"  in-{name}: {{ to: team, from: {begins}, until: leaves {name}, within: {hours} {unit} }}")
    if one.accept is not None:
        lines.append(f"hand-offs: {{ accept-within: {one.accept} {unit} }}")
    lines += ["start: s0", "steps:"]
    for name, onward in one.ways.items():
        lines.append(f"  {name}:")
        lines.append(f"    by: {one.by[name]}")
        if name in one.delayed:
            lines.append(f"    within: {one.delayed[name]} {unit}")
            lines.append(f"    late: {{ go-to: {onward[-1]} }}")
        if name not in one.stays:
            acts = ", ".join(f"{name}-{to}: {to}" for to in onward)
            lines.append(f"    actions: {{ {acts} }}")
    lines.append("  closed: { end: done }")
    return "\n".join(lines) + "\n"


def longest(one: Drawn) -> int:
    """Return the longest that agreements may take together, on any way."""
    return max(sum(_takes(one, path, at) for at in range(len(path))) for path in one.paths)


def _takes(one: Drawn, path: list[str], at: int) -> int:
    """Return how long the agreements let a step take, on this way to it."""
    step = path[at]
    handed = at > 0 and one.accept is not None and one.by[path[at - 1]] != one.by[step]
    offered = (one.accept or 0) if handed else 0
    if step not in one.agreed:
        return offered
    if step in one.from_acceptance:
        # Work that comes from the same people is nobody's to accept: then that agreement does not run.
        return offered + one.agreed[step] if handed else 0
    return one.agreed[step]


def quickest(one: Drawn) -> int:
    """Return the soonest that a case may be over: only where nobody leads on does time take its time."""
    return min(sum(one.delayed[step] for step in path if step in one.stays) for path in one.paths)


def codes(text: str) -> set[str]:
    loaded = read_procedure(text.encode(), "drawn.yaml")
    assert loaded.procedure is not None, (loaded.findings, text)
    return {one.code for one in lint(loaded.procedure, calendars=CalendarSet([OFFICE]))}


@pytest.mark.parametrize("unit", ["hours", "working hours"])
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_agreements_are_told_if_and_only_if_they_take_longer(chunk: int, unit: str) -> None:
    for number in range(chunk, PROCEDURES, CHUNKS):
        one = drawn(random.Random(number), delays=False)
        most = longest(one)
        for promised in {max(most - 1, 1), max(most, 1), most + 1}:
            text = text_of(one, promised, unit)
            if most:
                assert ("PF412" in codes(text)) is (most > promised), f"{number}: {most} hours\n{text}"


@pytest.mark.parametrize("unit", ["hours", "working hours"])
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_promise_is_never_kept_if_and_only_if_the_quickest_way_is_longer(chunk: int, unit: str) -> None:
    for number in range(chunk, PROCEDURES, CHUNKS):
        one = drawn(random.Random(f"delays {number}"), delays=True)
        least = quickest(one)
        for promised in {max(least - 1, 1), max(least, 1), least + 1}:
            text = text_of(one, promised, unit)
            assert ("PF411" in codes(text)) is (least > promised), f"{number}: {least} hours\n{text}"
