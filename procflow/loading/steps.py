"""Regions and their steps: work steps, blocks with their branches, waiting steps, ends."""

from __future__ import annotations

from types import MappingProxyType

from procflow.loading.actions import read_actions, read_arrows
from procflow.loading.clocks import read_step_clock
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.outline import RegionNode, checklist_of, kind_of, region_of_branch
from procflow.loading.texts import read_names, read_text
from procflow.model.procedure import Branch, Checklist, Parallel, Region, Step, Waiting


def read_region(region: RegionNode, lookup: Lookup) -> Region:
    """Return a region with everything inside it."""
    steps = {name: _step(node, region, lookup) for name, node in region.steps.items()}
    return Region(start=lookup.start(region), steps=MappingProxyType(steps))


def _step(node: Node, region: RegionNode, lookup: Lookup) -> Step:
    match kind_of(node):
        case "end":
            title = read_text(node.get("title"))
            return Step(id=node.name, title=title, end=node.get("end").text or None, where=node.whole)
        case "block":
            return _block(node, region, lookup)
        case "waiting":
            return _waiting(node, region, lookup)
    return _work(node, region, lookup)


def _work(node: Node, region: RegionNode, lookup: Lookup) -> Step:
    _check_way_on(node, lookup)
    return Step(
        id=node.name,
        title=read_text(node.get("title")),
        by=lookup.by(node.get("by")),
        not_by=lookup.fields(node.get("not-by"), ("person",)),
        four_eyes=lookup.steps(node.get("four-eyes"), acting=True),
        four_eyes_where=node.get("four-eyes").whole if node.has("four-eyes") else None,
        collect=lookup.fields(node.get("collect")),
        optional=lookup.fields(node.get("optional")),
        evidence=tuple(read_names(node.get("evidence"), lookup.notebook)),
        checklist=_checklist(node, lookup),
        clock=read_step_clock(node, region, lookup),
        resolved=node.get("resolved").is_true,
        actions=read_actions(node.get("actions"), region, lookup),
        where=node.whole,
    )


def _checklist(node: Node, lookup: Lookup) -> Checklist | None:
    items = tuple(read_names(checklist_of(node), lookup.notebook))
    if not items:
        return None
    checklist = node.get("checklist")
    return Checklist(items=items, any_order=checklist.is_map, where=checklist.whole)


def _block(node: Node, region: RegionNode, lookup: Lookup) -> Step:
    branches = tuple(
        Branch(
            id=name,
            region=read_region(region_of_branch(branch), lookup),
            only_if=lookup.condition(branch.get("only-if")),
            where=branch.whole,
            only_if_where=branch.get("only-if").where if branch.has("only-if") else None,
        )
        for name, branch in node.get("parallel").items()
    )
    then = read_arrows(node.get("then"), region, lookup, same=False)
    return Step(
        id=node.name,
        title=read_text(node.get("title")),
        parallel=Parallel(branches=branches, then=then),
        clock=read_step_clock(node, region, lookup),
        where=node.whole,
    )


def _waiting(node: Node, region: RegionNode, lookup: Lookup) -> Step:
    waiting = node.get("waiting-for")
    _check_way_on(node, lookup)
    return Step(
        id=node.name,
        title=read_text(node.get("title")),
        waiting=Waiting(
            party=lookup.role(waiting.get("party"), or_any=False),
            asked=waiting.get("asked").text == "required",
            due=waiting.get("due").text == "required",
        ),
        clock=read_step_clock(node, region, lookup),
        resolved=node.get("resolved").is_true,
        actions=read_actions(node.get("actions"), region, lookup),
        where=node.whole,
    )


def _check_way_on(node: Node, lookup: Lookup) -> None:
    """Write down that nothing leads on from a step. Time alone may, if `late` says where to."""
    late = node.get("late")
    entries = [late] if late.is_map else list(late.entries())
    if node.has("late") and not node.has("actions") and not any(one.has("go-to") for one in entries):
        hint = "add `actions`, or `late: { go-to: ... }` if only time is to pass here"
        lookup.notebook.note("PF101", f"`{node.name}` has no `actions`", node.key_where, hint)
