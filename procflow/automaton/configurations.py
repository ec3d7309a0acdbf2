"""Configurations from their canonical text: read whole and valid, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from procflow.automaton.machine import offered_places, places_of
from procflow.model.configuration import BRANCH_DONE, NOT_NEEDED, Configuration, Standing
from procflow.model.procedure import Branch, Procedure, Region


def parse_configuration(text: str, procedure: Procedure) -> Configuration:
    """Return the configuration of `procedure` whose canonical text is `text`.

    Raises ValueError if it is no such text: an unknown place, a block without all its branches in their order, an
    unneeded branch that has no `only-if`, a block whose branches all rest (it would have been left), an action done
    early that is due there or cannot be done early.
    """
    reader = _Reader(text)
    found = _region(reader, procedure.top, branch=None)
    if reader.rest.startswith("+{") and reader.rest.endswith("}"):
        found, reader.rest = _with_early(found, reader.rest[2:-1].split(","), procedure), ""
    if reader.rest:
        raise ValueError(f"{text!r}: nothing may follow the configuration, yet {reader.rest!r} does")
    return found


@dataclass(slots=True)
class _Reader:
    rest: str

    def place(self) -> str:
        """Take what comes before `[`, `]`, `,` or the end; the braces of a checklist belong to the place."""
        depth = length = 0
        for character in self.rest:
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth == 0 and character in "[],+":
                break
            length += 1
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def expect(self, text: str) -> None:
        if not self.rest.startswith(text):
            raise ValueError(f"expected {text!r} before {self.rest!r}")
        self.rest = self.rest[len(text) :]


def _with_early(at: Configuration, early: list[str], procedure: Procedure) -> Configuration:
    if early != sorted(set(early)) or procedure.top.steps[at.step].end is not None:
        raise ValueError(f"{','.join(early)!r}: actions done early stand sorted, each once, and only before an end")
    if not procedure.may_be_early.issuperset(early):
        raise ValueError(f"not all of {','.join(early)!r} can be done early")
    if due := _due(procedure.top, at) & set(early):
        raise ValueError(f"{min(due)!r} is due there, so it is not early")
    return Standing(at.place, at.branches, tuple(early))


def _due(region: Region, at: Standing) -> set[str]:
    """Return what is due at a standing, of what may be done early."""
    step = region.steps.get(at.step)
    if step is None:
        return set()
    if step.parallel is not None:
        inside = zip(step.parallel.branches, at.branches, strict=True)
        return set().union(*(_due(branch.region, state) for branch, (_, state) in inside))
    if step.checklist is None:
        return set(step.actions)
    places = places_of(step)
    at = Standing(step.id) if at.on_offer else at
    last = at.place == places[-1]
    due = {name for name, action in step.actions.items() if last or action.incomplete}
    if step.checklist.any_order:
        done = at.place.partition("/")[2].strip("{}").split(",")
        return due.union(item for item in step.checklist.items if item not in done)
    return due.union(step.checklist.items[places.index(at.place) :][:1])


def _region(reader: _Reader, region: Region, branch: Branch | None) -> Standing:
    place = reader.place()
    if branch is not None and place == BRANCH_DONE:
        return Standing(BRANCH_DONE)
    if branch is not None and branch.only_if is not None and place == NOT_NEEDED:
        return Standing(NOT_NEEDED)
    step = _places(region).get(place)
    if step is None:
        raise ValueError(f"the procedure has no place {place!r} here")
    block = region.steps[step].parallel
    if block is None:
        return Standing(place)
    branches = []
    for index, inner in enumerate(block.branches):
        reader.expect("[" if index == 0 else ",")
        reader.expect(f"{inner.id}:")
        branches.append((inner.id, _region(reader, inner.region, inner)))
    reader.expect("]")
    if all(state.at_rest for _, state in branches):
        raise ValueError(f"no branch of {place!r} is active")
    return Standing(place, tuple(branches))


def _places(region: Region) -> Mapping[str, str]:
    return {place: step.id for step in region.steps.values() for place in (*places_of(step), *offered_places(step))}
