"""Arrows that cannot work: one action in two branches, and circles of blocks that nobody has to act in."""

from __future__ import annotations

from collections.abc import Mapping

from procflow.errors import SourceSpan
from procflow.loading.notebook import Notebook
from procflow.loading.outline import Outline
from procflow.model.hand_off import ACTS
from procflow.model.procedure import DONE, Parallel, Region


def check_flow(top: Region, outline: Outline, notebook: Notebook) -> None:
    """Write down what is wrong with the flow of a procedure whose names are in order."""
    _alphabet(top, notebook, outline)
    _passes(top, notebook, outline)


# --- PF312 ---------------------------------------------------------------------------------------------------------


def _alphabet(region: Region, notebook: Notebook, outline: Outline) -> set[str]:
    """Return the actions of a region, blocks inside it included; tell those in two branches of one block."""
    found: set[str] = set()
    for step in region.steps.values():
        found.update(step.actions)
        if step.checklist is not None:
            found.update(step.checklist.items)
        if step.parallel is not None:
            found |= _of_block(step.parallel, notebook, outline)
    return found


def _of_block(block: Parallel, notebook: Notebook, outline: Outline) -> set[str]:
    branch_of: dict[str, str] = {}
    for branch in block.branches:
        # Work in several branches is accepted in each of them: whose it is tells which one is meant.
        for action in sorted(_alphabet(branch.region, notebook, outline).difference(ACTS)):
            other = branch_of.setdefault(action, branch.id)
            if other != branch.id:
                message = f"`{action}` occurs in the branches `{other}` and `{branch.id}`, which run side by side"
                notebook.note("PF312", message, _place(branch.region, action, outline), "give them two names")
    return set(branch_of)


def _place(region: Region, action: str, outline: Outline) -> SourceSpan | None:
    """Return where an action stands in a region."""
    for step in region.steps.values():
        node = outline.steps[step.id]
        if action in step.actions:
            return node.get("actions").get(action).key_where
        if step.checklist is not None and action in step.checklist.items:
            return node.get("checklist").where
        for branch in step.branches:
            found = _place(branch.region, action, outline)
            if found is not None:
                return found
    return None


# --- PF306 ---------------------------------------------------------------------------------------------------------


def _passes(region: Region, notebook: Notebook, outline: Outline) -> bool:
    """Return True if a region may be gone through without anybody acting; tell the circles in it."""
    silent = {
        step.id: step.parallel
        for step in region.steps.values()
        if step.parallel is not None and _may_be_passed(step.parallel, notebook, outline)
    }
    for circle in _circles(silent):
        first = region.steps[circle[0]]
        way = " -> ".join(f"`{name}`" for name in [*circle, circle[0]])
        message = f"{way}: each of these blocks may be passed at once, so a case could go round for ever"
        hint = "put a step that somebody has to do into the circle"
        notebook.note("PF306", message, outline.steps[first.id].get("then").where, hint)
    return _reaches_done(region.start, silent)


def _may_be_passed(block: Parallel, notebook: Notebook, outline: Outline) -> bool:
    passable = [_passes(branch.region, notebook, outline) for branch in block.branches]
    return all(branch.only_if is not None or passes for branch, passes in zip(block.branches, passable, strict=True))


def _reaches_done(start: str, silent: Mapping[str, Parallel]) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        place = waiting.pop()
        if place == DONE:
            return True
        if place in silent and place not in seen:
            seen.add(place)
            waiting.extend(arrow.to for arrow in silent[place].then)
    return False


def _circles(silent: Mapping[str, Parallel]) -> list[list[str]]:
    """Return the circles of silent blocks, one for each arrow that closes one, found depth first without recursion."""
    circles: list[list[str]] = []
    done: set[str] = set()
    for root in silent:
        path: list[str] = []
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            place, leaving = stack.pop()
            if leaving:
                path.pop()
                done.add(place)
            elif place in path:
                circles.append(path[path.index(place) :])
            elif place in silent and place not in done:
                path.append(place)
                stack.append((place, True))
                stack.extend((arrow.to, False) for arrow in reversed(silent[place].then))
    return circles
